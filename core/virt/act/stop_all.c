/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/stop_all.h"

#include <stdlib.h>

#include "core/virt/act/life.h"

struct ending {
  virDomainPtr *domains;
  int n;
};

static bool all_off(void *context)
{
  struct ending *ending = context;
  for (int i = 0; i < ending->n; i++)
    if (!life_is_off(ending->domains[i]))
      return false;
  return true;
}

static void ask_to_end(struct ending *ending)
{
  for (int i = 0; i < ending->n; i++)
    if (life_ignores_acpi(ending->domains[i]) || virDomainShutdown(ending->domains[i]) < 0)
      virDomainDestroy(ending->domains[i]);
}

static bool force_the_rest(struct ending *ending, GError **err)
{
  bool ok = true;
  for (int i = 0; i < ending->n; i++) {
    GError *fault = NULL;
    if (life_is_off(ending->domains[i]) || life_end(ending->domains[i], &fault))
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

bool stop_all(struct hub *hub, double deadline_seconds, GError **err)
{
  g_autoptr(virConnect) conn = hub_action_conn(hub, err);
  if (!conn)
    return false;
  struct ending ending;
  ending.n = virConnectListAllDomains(conn, &ending.domains, VIR_CONNECT_LIST_DOMAINS_ACTIVE);
  if (ending.n < 0)
    return virt_error(err, NULL, "the lab's guests cannot be listed");
  struct act act = {0};
  struct acting acting = {hub, conn, &act, NULL};
  ask_to_end(&ending);
  /* Half of the time is for asking, the rest for force. */
  acting_wait(&acting, all_off, &ending, deadline_seconds / 2, ERROR_GENERAL, "stop", NULL, NULL);
  bool ok = force_the_rest(&ending, err);
  for (int i = 0; i < ending.n; i++)
    virDomainFree(ending.domains[i]);
  free(ending.domains);
  return ok;
}
