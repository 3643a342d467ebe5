/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The counters of virtual functions out of messages of rtnetlink, which are made here as the kernel makes
 * them (rtnl_fill_vfinfo in its net/core/rtnetlink.c): no NIC with functions was at hand to record one from.
 */
#include <glib.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "core/virt/watch/vf_counters.h"
#include "tests/unit/test.h"
#include "tests/unit/tree.h"

#define BYTES 4096

/* Function VF of a NIC, its counters being BASE and those after it; BASE 0: it has none. */
static void put_function(struct nlmsghdr *head, uint32_t vf, uint64_t base, bool drops)
{
  static const uint16_t counters[] = {IFLA_VF_STATS_RX_PACKETS, IFLA_VF_STATS_TX_PACKETS,
                                      IFLA_VF_STATS_RX_BYTES,   IFLA_VF_STATS_TX_BYTES,
                                      IFLA_VF_STATS_RX_DROPPED, IFLA_VF_STATS_TX_DROPPED};
  struct nlattr *info = mnl_attr_nest_start(head, IFLA_VF_INFO);
  const struct ifla_vf_mac mac = {.vf = vf, .mac = {0x52, 0x54, 0, 1, 2, 3}};
  const struct ifla_vf_vlan vlan = {.vf = vf, .vlan = 42};
  mnl_attr_put(head, IFLA_VF_MAC, sizeof mac, &mac);
  mnl_attr_put(head, IFLA_VF_VLAN, sizeof vlan, &vlan);
  struct nlattr *stats = base ? mnl_attr_nest_start(head, IFLA_VF_STATS) : NULL;
  for (size_t i = 0; stats && i < (drops ? 6 : 4); i++)
    mnl_attr_put_u64(head, counters[i], base + i);
  if (stats)
    mnl_attr_nest_end(head, stats);
  mnl_attr_nest_end(head, info);
}

static struct nlmsghdr *begin(char *buffer, uint16_t type)
{
  struct nlmsghdr *head = mnl_nlmsg_put_header(memset(buffer, 0, BYTES));
  head->nlmsg_type = type;
  mnl_nlmsg_put_extra_header(head, sizeof(struct ifinfomsg));
  mnl_attr_put_strz(head, IFLA_IFNAME, "enp2s0");
  return head;
}

static size_t three_functions(char *buffer)
{
  struct nlmsghdr *head = begin(buffer, RTM_NEWLINK);
  mnl_attr_put_u32(head, IFLA_NUM_VF, 3);
  struct nlattr *list = mnl_attr_nest_start(head, IFLA_VFINFO_LIST);
  put_function(head, 0, 100, true);
  put_function(head, 1, 5000000000, false); /* more than 32 bits hold */
  put_function(head, 2, 0, false);
  mnl_attr_nest_end(head, list);
  return head->nlmsg_len;
}

Test(virt_vf_counters, each_function_has_its_own)
{
  g_autofree char *buffer = g_malloc(BYTES);
  const size_t length = three_functions(buffer);
  struct vf_counters c;
  cr_assert(vf_parse(buffer, length, 0, &c));
  cr_assert(c.rx_packets == 100 && c.tx_packets == 101 && c.rx_bytes == 102 && c.tx_bytes == 103);
  cr_assert(c.has_drops && c.drops == 104 + 105);
  cr_assert(vf_parse(buffer, length, 1, &c));
  cr_assert(c.rx_bytes == 5000000002 && c.tx_bytes == 5000000003 && !c.has_drops);
  cr_assert_not(vf_parse(buffer, length, 2, &c), "its driver tells nothing");
  cr_assert_not(vf_parse(buffer, length, 3, &c), "there is none");
}

Test(virt_vf_counters, other_messages_say_nothing)
{
  g_autofree char *buffer = g_malloc(BYTES);
  struct vf_counters c;
  cr_assert_not(vf_parse(buffer, begin(buffer, RTM_NEWLINK)->nlmsg_len, 0, &c), "no functions");
  cr_assert_not(vf_parse(buffer, begin(buffer, NLMSG_ERROR)->nlmsg_len, 0, &c));
  cr_assert_not(vf_parse(buffer, 0, 0, &c));
}

/* The kernel is trusted, but not to have the same idea of a message's length. */
Test(virt_vf_counters, what_is_cut_off_is_not_read)
{
  g_autofree char *buffer = g_malloc(BYTES);
  const size_t length = three_functions(buffer);
  for (size_t cut = 0; cut < length; cut++) {
    g_autofree char *part = g_memdup2(buffer, cut);
    struct vf_counters c;
    cr_assert_not(vf_parse(part, cut, 0, &c), "%zu bytes of %zu", cut, length);
    if (cut < sizeof(struct nlmsghdr))
      continue;
    ((struct nlmsghdr *)(void *)part)->nlmsg_len = (uint32_t)cut; /* as if that were all */
    vf_parse(part, cut, 1, &c);
  }
}

Test(virt_vf_counters, functions_are_found_by_their_address)
{
  g_autofree char *dir = tree_new();
  int number;
  tree_point(dir, "bus/pci/devices/0000:02:10.2/physfn", "../0000:02:00.0");
  tree_point(dir, "bus/pci/devices/0000:02:00.0/virtfn0", "../0000:02:10.0");
  tree_point(dir, "bus/pci/devices/0000:02:00.0/virtfn1", "../0000:02:10.2");
  cr_assert_null(vf_find(dir, "0000:02:10.2", &number), "its device has no interface");
  tree_put(dir, "bus/pci/devices/0000:02:00.0/net/enp2s0/address", "");
  g_autofree char *interface = vf_find(dir, "0000:02:10.2", &number);
  cr_assert_str_eq(interface, "enp2s0");
  cr_assert_eq(number, 1);
  cr_assert_null(vf_find(dir, "0000:02:10.7", &number));
  cr_assert_null(vf_find(dir, "0000:02:00.0", &number), "it is no function");
  tree_clear(dir);
}

Test(virt_vf_counters, this_kernel_is_asked)
{
  struct vf_counters c;
  cr_assert_not(vf_read("lo", 0, &c), "it has no functions");
  cr_assert_not(vf_read("no-such-nic", 0, &c));
}
