/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How SSH reaches a guest, written into definitions, read from them and changed in them. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/virt/conn/reach.h"

#define QEMU "xmlns:q='" XML_QEMU_NAMESPACE "'"
#define ARG(text) "<q:arg value='" text "'/>"
#define GUEST(...) "<domain " QEMU "><q:commandline>" __VA_ARGS__ "</q:commandline></domain>"

static char *changed(const char *xml, int port, const char *mac, const char *name)
{
  xmlDocPtr doc = xml_parse(xml);
  cr_assert_not_null(doc);
  if (port)
    reach_move(doc, port, mac);
  if (name)
    reach_rename(doc, name);
  return xml_finish(xmlDocGetRootElement(doc));
}

Test(virt_reach, what_is_written_is_read_again)
{
  xmlNodePtr domain = xml_begin("domain");
  reach_add_nic(domain, "virtio", "52:54:00:00:00:01", 2222);
  g_autofree char *xml = xml_finish(domain);
  xmlDocPtr doc = xml_parse(xml);
  g_autoptr(GPtrArray) nics = reach_nics(xmlDocGetRootElement(doc));
  xmlFreeDoc(doc);
  cr_assert_eq(nics->len, 1);
  const struct reach_nic *nic = nics->pdata[0];
  cr_assert_str_eq(nic->model, "virtio-net-pci");
  cr_assert_str_eq(nic->mac, "52:54:00:00:00:01");
  cr_assert_eq(nic->port, 2222);
  cr_assert_eq(reach_port(xml), 2222);
  cr_assert(reach_has_nic(xml, "52:54:00:00:00:01"));
  cr_assert_not(reach_has_nic(xml, "52:54:00:00:00:02"));
}

Test(virt_reach, passt_forwards_by_an_element)
{
  xmlNodePtr domain = xml_begin("domain");
  xmlNodePtr interface = xml_add(xml_add(domain, "devices", NULL), "interface", NULL);
  reach_add_forward(interface, 2224);
  cr_assert_eq(reach_interface_port(interface), 2224);
  g_autofree char *xml = xml_finish(domain), *moved = changed(xml, 2300, "52:54:00:00:00:02", NULL);
  cr_assert_eq(reach_port(xml), 2224);
  cr_assert_eq(reach_port(moved), 2300);
}

Test(virt_reach, a_port_moves_and_all_else_stays)
{
  static const char before[] = GUEST(
      ARG("-netdev") ARG("user,id=reach,net=10.0.3.0/24,hostfwd=tcp:127.0.0.1:80-:80,hostfwd=tcp::2222-:22")
          ARG("-device") ARG("e1000,netdev=reach,mac=52:54:00:00:00:01,addr=0x1c") ARG("-device")
              ARG("e1000,netdev=other,mac=52:54:00:00:00:09"));
  g_autofree char *moved = changed(before, 2223, "52:54:00:00:00:02", NULL);
  cr_assert_not_null(strstr(moved, "hostfwd=tcp:127.0.0.1:80-:80,hostfwd=tcp:127.0.0.1:2223-:22\""), "%s",
                     moved);
  cr_assert_not_null(strstr(moved, "netdev=reach,mac=52:54:00:00:00:02,addr=0x1c"), "%s", moved);
  cr_assert_not_null(strstr(moved, "netdev=other,mac=52:54:00:00:00:09"), "%s", moved);
  g_autofree char *again = changed(before, 2223, NULL, NULL);
  cr_assert_not_null(strstr(again, "netdev=reach,mac=52:54:00:00:00:01"), "%s", again);
}

Test(virt_reach, ports_of_others)
{
  static const struct {
    const char *xml;
    int port;
  } rows[] = {
      {GUEST(ARG("-netdev") ARG("user,id=n,hostfwd=:2400-:22") ARG("-device") ARG("e1000,netdev=n")), 2400},
      {GUEST(ARG("-netdev") ARG("user,id=n,hostfwd=tcp:[::1]:2401-10.0.2.15:22") ARG("-device")
                 ARG("e1000,netdev=n")),
       2401},
      {GUEST(ARG("-netdev") ARG("user,id=n,hostfwd=udp::2400-:22") ARG("-device") ARG("e1000,netdev=n")), 0},
      {GUEST(ARG("-netdev") ARG("user,id=n,hostfwd=tcp::2400-:2222") ARG("-device") ARG("e1000,netdev=n")),
       0},
      {GUEST(ARG("-netdev") ARG("user,id=n,hostfwd=tcp::99999-:22") ARG("-device") ARG("e1000,netdev=n")), 0},
      {GUEST(ARG("-netdev") ARG("user,id=n,hostfwd=-:22") ARG("-device") ARG("e1000,netdev=n")), 0},
      {GUEST(ARG("-netdev") ARG("user,id=n,hostfwd=tcp::2400-:22")), 0}, /* no device on it */
      {GUEST(ARG("-device") ARG("e1000,netdev=n") ARG("-netdev")), 0},
      {GUEST("<q:arg/><q:arg value=''/>"), 0},
      {"<domain><devices><interface><portForward proto='tcp'><range start='22'/></portForward></interface>"
       "</devices></domain>",
       22},
      {"<domain><devices><interface><portForward proto='tcp'><range start='2022' end='2023' to='22'/>"
       "</portForward></interface></devices></domain>",
       0},
      {"<domain><devices><interface><portForward proto='udp'><range start='2022' to='22'/></portForward>"
       "</interface></devices></domain>",
       0},
      {"<domain/>", 0},
      {"no XML", 0},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
    cr_assert_eq(reach_port(rows[i].xml), rows[i].port, "%s", rows[i].xml);
}

static char *host_name_of(const char *name)
{
  xmlNodePtr domain = xml_begin("domain");
  reach_add_facts(domain, &(struct reach_facts){.name = name});
  g_autofree char *xml = xml_finish(domain);
  return xml_text(xml, "/domain/sysinfo/entry");
}

Test(virt_reach, host_names_are_such)
{
  static const char *const rows[][2] = {
      {"l", "l"},
      {"linux-2", "linux-2"},
      {"two words", "two-words"},
      {"--help", "help"},
      {"a_b.c;$(x)`", "a-b-c---x"},
      {"東京", "guest"},
      {"0123456789012345678901234567890123456789012345678901234567890123456789",
       "012345678901234567890123456789012345678901234567890123456789012"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *host = host_name_of(rows[i][0]);
    cr_assert_str_eq(host, rows[i][1]);
  }
}

Test(virt_reach, a_new_name_is_told_and_keys_stay)
{
  xmlNodePtr domain = xml_begin("domain");
  reach_add_facts(domain, &(struct reach_facts){.name = "one", .keys = "ssh-rsa A,B\nssh-rsa C"});
  g_autofree char *xml = xml_finish(domain), *renamed = changed(xml, 0, NULL, "two");
  g_autofree char *host = xml_text(renamed, "/domain/sysinfo/entry[1]"),
                  *keys = xml_text(renamed, "/domain/sysinfo/entry[2]");
  cr_assert_str_eq(host, "two");
  cr_assert_str_eq(keys, "ssh-rsa A,B\nssh-rsa C");
}

Test(virt_reach, addresses_differ)
{
  g_autofree char *one = reach_new_mac(), *two = reach_new_mac();
  cr_assert_str_neq(one, two);
  cr_assert_eq(strlen(one), 17);
  cr_assert(g_str_has_prefix(one, "52:54:00:"));
}
