/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/sweep.h"

#include <stdlib.h>

#include "core/virt/act/act.h"
#include "core/virt/conn/xml.h"

/* Others may have guests of such a name: ours carry our mark. */
static bool is_meant(virDomainPtr domain, const char *prefix)
{
  g_autofree char *mark =
      take_text(virDomainGetMetadata(domain, VIR_DOMAIN_METADATA_ELEMENT, XML_OUR_NAMESPACE, 0));
  return mark && g_str_has_prefix(virDomainGetName(domain), prefix);
}

static bool delete (struct hub *hub, virDomainPtr domain, GError **err)
{
  static const char *const words[] = {"force-off", NULL};
  struct act act = {.action = ACTION_DELETE, .flags = words};
  virDomainGetUUIDString(domain, act.uuid);
  const bool done = act_do(hub, &act, err);
  g_free(act.result);
  return done;
}

bool sweep_guests(struct hub *hub, const char *prefix, int *ret_count, GError **err)
{
  g_autoptr(virConnect) conn = hub_action_conn(hub, err);
  virDomainPtr *domains = NULL;
  const int n = conn ? virConnectListAllDomains(conn, &domains, 0) : 0;
  bool ok = conn != NULL;
  *ret_count = 0;
  if (n < 0)
    return virt_error(err, NULL, "the guests cannot be listed");
  for (int i = 0; i < n; i++) {
    if (ok && is_meant(domains[i], prefix)) {
      ok = delete (hub, domains[i], err);
      *ret_count += ok;
    }
    virDomainFree(domains[i]);
  }
  free(domains);
  return ok;
}
