/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can be done to a guest: one row per action. */
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/virt/acting.h"
#include "core/virt/conn/xml.h"
#include "core/virt/snapshots.h"

#define STOP_DEADLINE_S 60.0 /* an operating system ends its services first */
#define STOP_PULSE_S 10.0    /* pulse knows no ACPI: this is to see it so */
#define LOOK_EVERY_US 50000

void acting_step(const struct acting *acting, double fraction, const char *step)
{
  if (acting->act->progress)
    acting->act->progress(acting->act->context, fraction, step);
}

static bool cancelled(const struct acting *acting)
{
  return acting->act->cancel && atomic_load(acting->act->cancel);
}

bool acting_goes_on(const struct acting *acting, GError **err)
{
  return !cancelled(acting) || error_set(err, ERROR_CANCELLED, NULL, "cancelled");
}

virDomainPtr acting_guest_called(const struct acting *acting, const char *name)
{
  return virDomainLookupByName(acting->conn, name);
}

bool acting_wait(const struct acting *acting, bool (*done)(void *context), void *context,
                 double deadline_seconds, const char *what, const char *advice, GError **err)
{
  int64_t deadline = clock_mono_ns() + (int64_t)(deadline_seconds * (double)NS_PER_S);
  while (!done(context)) {
    if (!acting_goes_on(acting, err))
      return false;
    if (clock_mono_ns() >= deadline)
      return error_set(err, ERROR_GENERAL, advice, "%s: not within %.0f s", what, deadline_seconds);
    g_usleep(LOOK_EVERY_US);
  }
  return true;
}

/* ---- actions on one guest ---- */

static bool start(struct acting *acting, virDomainPtr domain, GError **err)
{
  acting_step(acting, -1, "starting QEMU");
  return virDomainCreate(domain) == 0 || virt_error(err, NULL, "cannot start it");
}

static bool is_off(void *domain)
{
  int active = virDomainIsActive(domain);
  return active == 0 || (active < 0 && virGetLastErrorCode() == VIR_ERR_NO_DOMAIN);
}

static bool is_pulse(virDomainPtr domain)
{
  g_autofree char *metadata =
      take_text(virDomainGetMetadata(domain, VIR_DOMAIN_METADATA_ELEMENT, XML_OUR_NAMESPACE, 0));
  return metadata && strstr(metadata, "template=\"pulse\"");
}

static bool stop(struct acting *acting, virDomainPtr domain, GError **err)
{
  acting_step(acting, -1, "waiting for the guest to shut down");
  if (virDomainShutdown(domain) < 0)
    return virt_error(err, NULL, "cannot ask it to shut down");
  return acting_wait(acting, is_off, domain, is_pulse(domain) ? STOP_PULSE_S : STOP_DEADLINE_S,
                     "the guest did not shut down when asked",
                     "A guest that ignores ACPI (pulse does) can only be forced off.", err);
}

bool acting_force_off(virDomainPtr domain, GError **err)
{
  if (virDomainDestroy(domain) == 0)
    return true;
  /* A lab just opened finds its running guests again in the background; that fails on a guest we
   * end in the meantime, and then libvirt says that it was not running. */
  GError *fault = NULL;
  virt_error(&fault, NULL, "cannot force it off");
  if (!is_off(domain)) {
    g_propagate_error(err, fault);
    return false;
  }
  g_error_free(fault);
  return true;
}

static bool force_off(struct acting *acting, virDomainPtr domain, GError **err)
{
  acting_step(acting, -1, "ending QEMU");
  return acting_force_off(domain, err);
}

static bool pause_guest(struct acting *acting, virDomainPtr domain, GError **err)
{
  (void)acting;
  return virDomainSuspend(domain) == 0 || virt_error(err, NULL, "cannot pause it");
}

static bool resume(struct acting *acting, virDomainPtr domain, GError **err)
{
  (void)acting;
  return virDomainResume(domain) == 0 || virt_error(err, NULL, "cannot resume it");
}

static bool reboot(struct acting *acting, virDomainPtr domain, GError **err)
{
  if (virDomainReboot(domain, 0) < 0)
    return virt_error(err, NULL, "cannot ask it to reboot");
  acting->act->result = g_strdup("asked to reboot; a guest that ignores ACPI (pulse does) needs a reset");
  return true;
}

static bool reset(struct acting *acting, virDomainPtr domain, GError **err)
{
  (void)acting;
  return virDomainReset(domain, 0) == 0 || virt_error(err, NULL, "cannot reset it");
}

static const struct row {
  bool (*whole)(struct acting *acting, GError **err); /* looks up what it needs itself */
  bool (*guest)(struct acting *acting, virDomainPtr domain, GError **err);
} rows[ACTION_COUNT] = {
    [ACTION_LAUNCH] = {act_launch, NULL},
    [ACTION_START] = {NULL, start},
    [ACTION_STOP] = {NULL, stop},
    [ACTION_FORCE_OFF] = {NULL, force_off},
    [ACTION_PAUSE] = {NULL, pause_guest},
    [ACTION_RESUME] = {NULL, resume},
    [ACTION_REBOOT] = {NULL, reboot},
    [ACTION_RESET] = {NULL, reset},
    [ACTION_DELETE] = {act_delete, NULL},
    [ACTION_TOUR] = {act_tour, NULL},
    [ACTION_SNAPSHOT] = {NULL, snapshot_take},
    [ACTION_REVERT] = {NULL, snapshot_revert},
    [ACTION_SNAPSHOT_DELETE] = {NULL, snapshot_delete},
};

static bool act_on_guest(struct acting *acting, const struct row *row, GError **err)
{
  g_autoptr(virDomain) domain = guest_of_uuid(acting->conn, acting->act->uuid, err);
  return domain && row->guest(acting, domain, err);
}

bool virt_act(struct virt *virt, struct act *act, GError **err)
{
  const struct row *row = &rows[act->action];
  if (virt_options(virt)->readonly)
    return error_set(err, ERROR_REFUSED, "Start virtlens without --readonly.", "%s: opened read-only",
                     action_row(act->action)->name);
  g_autoptr(virConnect) conn = virt_action_conn(virt, err);
  if (!conn)
    return false;
  struct acting acting = {virt, conn, act};
  return row->whole ? row->whole(&acting, err) : act_on_guest(&acting, row, err);
}

/* ---- the end of a lab session ---- */

struct ending {
  virDomainPtr *domains;
  int n;
};

static bool all_off(void *context)
{
  struct ending *ending = context;
  for (int i = 0; i < ending->n; i++)
    if (!is_off(ending->domains[i]))
      return false;
  return true;
}

static void ask_to_end(struct ending *ending)
{
  for (int i = 0; i < ending->n; i++)
    if (is_pulse(ending->domains[i]) || virDomainShutdown(ending->domains[i]) < 0)
      virDomainDestroy(ending->domains[i]);
}

static bool force_the_rest(struct ending *ending, GError **err)
{
  bool ok = true;
  for (int i = 0; i < ending->n; i++) {
    GError *fault = NULL;
    if (is_off(ending->domains[i]) || acting_force_off(ending->domains[i], &fault))
      continue;
    g_prefix_error(&fault, "guest %s: ", virDomainGetName(ending->domains[i]));
    if (ok)
      g_propagate_error(err, fault);
    else
      g_error_free(fault);
    ok = false;
  }
  return ok;
}

bool virt_stop_all(struct virt *virt, double deadline_seconds, GError **err)
{
  g_autoptr(virConnect) conn = virt_action_conn(virt, err);
  if (!conn)
    return false;
  struct ending ending;
  ending.n = virConnectListAllDomains(conn, &ending.domains, VIR_CONNECT_LIST_DOMAINS_ACTIVE);
  if (ending.n < 0)
    return virt_error(err, NULL, "the lab's guests cannot be listed");
  struct act act = {0};
  struct acting acting = {virt, conn, &act};
  ask_to_end(&ending);
  /* Half of the time is for asking, the rest for force. */
  acting_wait(&acting, all_off, &ending, deadline_seconds / 2, "stop", NULL, NULL);
  bool ok = force_the_rest(&ending, err);
  for (int i = 0; i < ending.n; i++)
    virDomainFree(ending.domains[i]);
  free(ending.domains);
  return ok;
}
