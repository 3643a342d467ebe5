/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/prepare/ports.h"

#include <stdlib.h>
#include <string.h>

#include "core/virt/conn/reach.h"

/* Whether A, which may be NULL, is the guest B. */
static bool is_same(virDomainPtr a, virDomainPtr b)
{
  unsigned char one[VIR_UUID_BUFLEN], two[VIR_UUID_BUFLEN];
  return a && virDomainGetUUID(a, one) == 0 && virDomainGetUUID(b, two) == 0 &&
         memcmp(one, two, sizeof one) == 0;
}

static void add_ports(GHashTable *ports, virDomainPtr domain)
{
  static const unsigned flags[] = {0, VIR_DOMAIN_XML_INACTIVE}; /* now, and at its next start */
  for (size_t i = 0; i < G_N_ELEMENTS(flags); i++) {
    g_autofree char *xml = take_text(virDomainGetXMLDesc(domain, flags[i]));
    int port = xml ? reach_port(xml) : 0;
    if (port)
      g_hash_table_add(ports, GINT_TO_POINTER(port));
  }
}

/* Those that guests of CONN but DOMAIN have, running or not. */
static GHashTable *ports_of_guests(virConnectPtr conn, virDomainPtr domain)
{
  GHashTable *ports = g_hash_table_new(NULL, NULL);
  virDomainPtr *list = NULL;
  int n = virConnectListAllDomains(conn, &list, 0);
  for (int i = 0; i < n; i++) {
    if (!is_same(domain, list[i]))
      add_ports(ports, list[i]);
    virDomainFree(list[i]);
  }
  if (n >= 0)
    free(list);
  return ports;
}

bool ports_hold(virConnectPtr conn, virDomainPtr domain, struct port_held *held, GError **err)
{
  g_autoptr(GHashTable) taken = ports_of_guests(conn, domain);
  return port_hold_next(held, REACH_FIRST_PORT, taken, err);
}

int ports_next(virConnectPtr conn)
{
  g_autoptr(GHashTable) taken = ports_of_guests(conn, NULL);
  return port_next(REACH_FIRST_PORT, taken);
}

void ports_give(struct blueprint *blueprint, int port)
{
  blueprint->ssh_port = port;
  if (!blueprint->mac)
    blueprint->mac = reach_new_mac();
}
