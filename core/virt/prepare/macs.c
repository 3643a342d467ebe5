/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/prepare/macs.h"

#include <stdlib.h>

#include "core/base/text.h"
#include "core/virt/conn/reach.h"
#include "core/virt/conn/xml.h"

static bool has_mac(virDomainPtr domain, const char *mac)
{
  g_autofree char *xml = take_text(virDomainGetXMLDesc(domain, 0));
  g_auto(GStrv) macs = xml ? xml_texts(xml, "/domain/devices/interface/mac/@address") : NULL;
  for (int i = 0; macs && macs[i]; i++)
    if (!g_ascii_strcasecmp(macs[i], mac))
      return true;
  return xml && reach_has_nic(xml, mac);
}

bool mac_is_free(virConnectPtr conn, const char *mac, GError **err)
{
  virDomainPtr *domains = NULL;
  const int count = mac ? virConnectListAllDomains(conn, &domains, 0) : 0;
  bool ok = count >= 0 || virt_error(err, NULL, "guests cannot be listed");
  for (int i = 0; i < count; i++) {
    if (ok && has_mac(domains[i], mac)) {
      g_autofree char *safe = text_safe(virDomainGetName(domains[i]));
      ok = error_set(err, ERROR_REFUSED, "Choose another one, or leave it out.", "mac %s: guest %s has it",
                     mac, safe);
    }
    virDomainFree(domains[i]);
  }
  free(domains);
  return ok;
}
