/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/life.h"

#include "core/base/error.h"
#include "core/virt/act/reaching.h"
#include "core/virt/conn/xml.h"

#define STOP_PULSE_S 10.0 /* pulse knows no ACPI: this is to see it so */

bool life_start(struct acting *acting, virDomainPtr domain, GError **err)
{
  g_auto(port_holding) held = {0};
  if (!reaching_hold(acting, domain, &held, err))
    return false;
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
  g_autofree char *pulse = metadata ? xml_text(metadata, "/*[@template='pulse' or @base='pulse']") : NULL;
  return pulse != NULL;
}

bool life_stop(struct acting *acting, virDomainPtr domain, GError **err)
{
  const double given = acting->act->stop_seconds,
               seconds = life_ignores_acpi(domain) ? MIN(given, STOP_PULSE_S) : given;
  if (action_flag(acting->act->flags, "force"))
    return life_force_off(acting, domain, err);
  acting_step(acting, -1, "waiting for the guest to shut down");
  if (virDomainShutdown(domain) < 0)
    return virt_error(err, NULL, "cannot ask it to shut down");
  return acting_wait(acting, life_is_off, domain, seconds, ERROR_RISKY, "it does not shut down when asked",
                     "Add the word force: a guest that ignores ACPI (pulse does) can only be forced off.",
                     err);
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

bool life_undefine(virDomainPtr domain, bool keep_nvram, GError **err)
{
  const unsigned nvram = keep_nvram ? VIR_DOMAIN_UNDEFINE_KEEP_NVRAM : VIR_DOMAIN_UNDEFINE_NVRAM;
  /* What a driver does not know it refuses as a whole: the next row is tried then. */
  const unsigned rows[] = {
      VIR_DOMAIN_UNDEFINE_MANAGED_SAVE | VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA |
          VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA | nvram,
      VIR_DOMAIN_UNDEFINE_MANAGED_SAVE | VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA,
      VIR_DOMAIN_UNDEFINE_MANAGED_SAVE,
      0,
  };
  int code = VIR_ERR_INVALID_ARG;
  for (size_t i = 0; i < G_N_ELEMENTS(rows) && code == VIR_ERR_INVALID_ARG; i++)
    code = virDomainUndefineFlags(domain, rows[i]) < 0 ? virGetLastErrorCode() : VIR_ERR_OK;
  return code == VIR_ERR_OK || code == VIR_ERR_NO_DOMAIN ||
         virt_error(err, NULL, "the definition cannot be removed");
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

bool life_save(struct acting *acting, virDomainPtr domain, GError **err)
{
  if (virDomainIsPersistent(domain) == 0)
    return error_set(err, ERROR_REFUSED, "Pause it instead.",
                     "it is transient: nothing would start it again");
  acting_step(acting, -1, "writing its memory");
  if (virDomainManagedSave(domain, 0) < 0)
    return virt_error(err, NULL, "its memory cannot be saved");
  acting->act->result = g_strdup("its memory is saved: its next start goes on from here");
  return true;
}

bool life_save_drop(struct acting *acting, virDomainPtr domain, GError **err)
{
  (void)acting;
  const int has = virDomainHasManagedSaveImage(domain, 0);
  if (has == 0)
    return error_set(err, ERROR_REFUSED, NULL, "it has no saved state");
  return (has > 0 && virDomainManagedSaveRemove(domain, 0) == 0) ||
         virt_error(err, NULL, "its saved state cannot be removed");
}
