/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/life.h"

#include <string.h>

#include "core/virt/conn/xml.h"

#define STOP_DEADLINE_S 60.0 /* an operating system ends its services first */
#define STOP_PULSE_S 10.0    /* pulse knows no ACPI: this is to see it so */

bool life_start(struct acting *acting, virDomainPtr domain, GError **err)
{
  acting_step(acting, -1, "starting QEMU");
  return virDomainCreate(domain) == 0 || virt_error(err, NULL, "cannot start it");
}

bool life_is_off(void *domain)
{
  int active = virDomainIsActive(domain);
  return active == 0 || (active < 0 && virGetLastErrorCode() == VIR_ERR_NO_DOMAIN);
}

bool life_ignores_acpi(virDomainPtr domain)
{
  g_autofree char *metadata =
      take_text(virDomainGetMetadata(domain, VIR_DOMAIN_METADATA_ELEMENT, XML_OUR_NAMESPACE, 0));
  return metadata && strstr(metadata, "template=\"pulse\"");
}

bool life_stop(struct acting *acting, virDomainPtr domain, GError **err)
{
  acting_step(acting, -1, "waiting for the guest to shut down");
  if (virDomainShutdown(domain) < 0)
    return virt_error(err, NULL, "cannot ask it to shut down");
  return acting_wait(acting, life_is_off, domain, life_ignores_acpi(domain) ? STOP_PULSE_S : STOP_DEADLINE_S,
                     "the guest did not shut down when asked",
                     "A guest that ignores ACPI (pulse does) can only be forced off.", err);
}

bool life_end(virDomainPtr domain, GError **err)
{
  if (virDomainDestroy(domain) == 0)
    return true;
  /* A lab just opened finds its running guests again in the background; that fails on a guest we
   * end in the meantime, and then libvirt says that it was not running. */
  GError *fault = NULL;
  virt_error(&fault, NULL, "cannot force it off");
  if (!life_is_off(domain)) {
    g_propagate_error(err, fault);
    return false;
  }
  g_error_free(fault);
  return true;
}

bool life_force_off(struct acting *acting, virDomainPtr domain, GError **err)
{
  acting_step(acting, -1, "ending QEMU");
  return life_end(domain, err);
}

bool life_pause(struct acting *acting, virDomainPtr domain, GError **err)
{
  (void)acting;
  return virDomainSuspend(domain) == 0 || virt_error(err, NULL, "cannot pause it");
}

bool life_resume(struct acting *acting, virDomainPtr domain, GError **err)
{
  (void)acting;
  return virDomainResume(domain) == 0 || virt_error(err, NULL, "cannot resume it");
}

bool life_reboot(struct acting *acting, virDomainPtr domain, GError **err)
{
  if (virDomainReboot(domain, 0) < 0)
    return virt_error(err, NULL, "cannot ask it to reboot");
  acting->act->result = g_strdup("asked to reboot; a guest that ignores ACPI (pulse does) needs a reset");
  return true;
}

bool life_reset(struct acting *acting, virDomainPtr domain, GError **err)
{
  (void)acting;
  return virDomainReset(domain, 0) == 0 || virt_error(err, NULL, "cannot reset it");
}
