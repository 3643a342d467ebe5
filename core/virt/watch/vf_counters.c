/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/watch/vf_counters.h"

#include <glib.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

/* A function takes some 300 bytes, and a NIC has at most 256 of them. */
#define BUFFER_BYTES (128 << 10)
#define VFS_MAX 256

/* ---- where it is ---- */

static char *device_path(const char *sysfs, const char *address, const char *name)
{
  return g_build_filename(sysfs, "bus", "pci", "devices", address, name, NULL);
}

static char *target_of(const char *sysfs, const char *address, const char *name)
{
  g_autofree char *link = device_path(sysfs, address, name), *target = g_file_read_link(link, NULL);
  return target ? g_path_get_basename(target) : NULL;
}

/* -1: it is none of PF's. */
static int number_of(const char *sysfs, const char *pf, const char *address)
{
  for (int i = 0; i < VFS_MAX; i++) {
    g_autofree char *name = g_strdup_printf("virtfn%d", i), *made = target_of(sysfs, pf, name);
    if (!made || g_str_equal(made, address))
      return made ? i : -1;
  }
  return -1;
}

char *vf_find(const char *sysfs, const char *address, int *ret_number)
{
  g_autofree char *pf = target_of(sysfs, address, "physfn");
  g_autofree char *folder = pf ? device_path(sysfs, pf, "net") : NULL;
  *ret_number = pf ? number_of(sysfs, pf, address) : -1;
  GDir *dir = *ret_number >= 0 ? g_dir_open(folder, 0, NULL) : NULL;
  char *interface = dir ? g_strdup(g_dir_read_name(dir)) : NULL;
  if (dir)
    g_dir_close(dir);
  return interface;
}

/* ---- what the message says ---- */

/* Attributes of one level, by their numbers; those that are too short are left out. */
struct level {
  const struct nlattr **table;
  int most;
};

static int gather(const struct nlattr *attr, void *context)
{
  const struct level *level = context;
  const int type = mnl_attr_get_type(attr);
  if (type <= level->most)
    level->table[type] = attr;
  return MNL_CB_OK;
}

static void gather_nested(const struct nlattr *nest, const struct nlattr **table, int most)
{
  mnl_attr_parse_nested(nest, gather, &(struct level){table, most});
}

static bool take(const struct nlattr *attr, uint64_t *ret)
{
  if (!attr || mnl_attr_validate(attr, MNL_TYPE_U64) < 0)
    return false;
  *ret = mnl_attr_get_u64(attr);
  return true;
}

static bool take_counters(const struct nlattr *stats, struct vf_counters *ret)
{
  const struct nlattr *table[IFLA_VF_STATS_MAX + 1] = {NULL};
  uint64_t rx = 0, tx = 0;
  gather_nested(stats, table, IFLA_VF_STATS_MAX);
  ret->has_drops = take(table[IFLA_VF_STATS_RX_DROPPED], &rx) && take(table[IFLA_VF_STATS_TX_DROPPED], &tx);
  ret->drops = rx + tx;
  return take(table[IFLA_VF_STATS_RX_BYTES], &ret->rx_bytes) &&
         take(table[IFLA_VF_STATS_TX_BYTES], &ret->tx_bytes) &&
         take(table[IFLA_VF_STATS_RX_PACKETS], &ret->rx_packets) &&
         take(table[IFLA_VF_STATS_TX_PACKETS], &ret->tx_packets);
}

/* Each function's MAC says which one it is. */
static bool is_function(const struct nlattr *mac, int number)
{
  return mac && mnl_attr_get_payload_len(mac) >= sizeof(struct ifla_vf_mac) &&
         ((const struct ifla_vf_mac *)mnl_attr_get_payload(mac))->vf == (uint32_t)number;
}

static bool take_function(const struct nlattr *list, int number, struct vf_counters *ret)
{
  const struct nlattr *info;
  mnl_attr_for_each_nested(info, list)
  {
    const struct nlattr *table[IFLA_VF_MAX + 1] = {NULL};
    gather_nested(info, table, IFLA_VF_MAX);
    if (is_function(table[IFLA_VF_MAC], number))
      return table[IFLA_VF_STATS] && take_counters(table[IFLA_VF_STATS], ret);
  }
  return false;
}

bool vf_parse(const void *message, size_t length, int number, struct vf_counters *ret)
{
  const struct nlmsghdr *head = message;
  const struct nlattr *table[IFLA_MAX + 1] = {NULL};
  *ret = (struct vf_counters){0};
  if (length > INT_MAX || !mnl_nlmsg_ok(head, (int)length) || head->nlmsg_type != RTM_NEWLINK ||
      mnl_nlmsg_get_payload_len(head) < sizeof(struct ifinfomsg))
    return false;
  mnl_attr_parse(head, sizeof(struct ifinfomsg), gather, &(struct level){table, IFLA_MAX});
  return table[IFLA_VFINFO_LIST] && take_function(table[IFLA_VFINFO_LIST], number, ret);
}

/* ---- asking the kernel ---- */

static bool ask(struct mnl_socket *socket, unsigned index)
{
  char buffer[256];
  struct nlmsghdr *head = mnl_nlmsg_put_header(buffer);
  head->nlmsg_type = RTM_GETLINK;
  head->nlmsg_flags = NLM_F_REQUEST;
  struct ifinfomsg *link = mnl_nlmsg_put_extra_header(head, sizeof *link);
  link->ifi_index = (int)index;
  mnl_attr_put_u32(head, IFLA_EXT_MASK, RTEXT_FILTER_VF);
  return mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) == 0 &&
         mnl_socket_sendto(socket, head, head->nlmsg_len) >= 0;
}

bool vf_read(const char *interface, int number, struct vf_counters *ret)
{
  const unsigned index = if_nametoindex(interface);
  struct mnl_socket *socket = index ? mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC) : NULL;
  if (!socket)
    return false;
  g_autofree void *buffer = g_malloc(BUFFER_BYTES);
  const ssize_t length = ask(socket, index) ? mnl_socket_recvfrom(socket, buffer, BUFFER_BYTES) : -1;
  mnl_socket_close(socket);
  return length > 0 && vf_parse(buffer, (size_t)length, number, ret);
}
