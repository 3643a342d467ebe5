/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What guests tell of themselves, as libvirt hands it on: honest, hostile and too much. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/virt/watch/inside.h"

/* ---- addresses ---- */

static virDomainInterface with_address(char *name, char *mac, virDomainIPAddress *addresses, unsigned count)
{
  return (virDomainInterface){.name = name, .hwaddr = mac, .naddrs = count, .addrs = addresses};
}

static virDomainIPAddress address(char *text, unsigned prefix)
{
  return (virDomainIPAddress){.type = VIR_IP_ADDR_TYPE_IPV4, .addr = text, .prefix = prefix};
}

Test(inside, addresses_of_all_but_the_loopback)
{
  char lo[] = "lo", none[] = "00:00:00:00:00:00", eth[] = "eth0", mac[] = "52:54:00:01:02:03",
       local[] = "127.0.0.1", four[] = "10.0.2.15", six[] = "fe80::1";
  virDomainIPAddress of_lo[] = {address(local, 8)}, of_eth[] = {address(four, 24), address(six, 0)};
  virDomainInterface interfaces[] = {with_address(lo, none, of_lo, 1), with_address(eth, mac, of_eth, 2)};
  virDomainInterfacePtr told[] = {&interfaces[0], &interfaces[1]};
  struct inside *inside = inside_new();
  inside_take_interfaces(inside, told, 2);
  cr_assert_eq(inside->address_count, 2);
  cr_assert_str_eq(inside->addresses[0].device, "eth0");
  cr_assert_str_eq(inside->addresses[0].mac, mac);
  cr_assert_str_eq(inside->addresses[0].address, "10.0.2.15/24");
  cr_assert_str_eq(inside->addresses[1].address, "fe80::1");
  inside_unref(inside);
}

/* An agent may call a NIC as it likes, and need not tell its hardware address. */
Test(inside, a_device_called_lo_is_no_loopback_by_that)
{
  char lo[] = "lo", mac[] = "52:54:00:01:02:03", four[] = "10.0.2.15";
  virDomainIPAddress addresses[] = {address(four, 24)};
  virDomainInterface real = with_address(lo, mac, addresses, 1), bare = with_address(lo, NULL, addresses, 1);
  virDomainInterfacePtr told[] = {&real, &bare};
  struct inside *inside = inside_new();
  inside_take_interfaces(inside, told, 2);
  cr_assert_eq(inside->address_count, 2);
  cr_assert_null(inside->addresses[1].mac);
  inside_unref(inside);
}

Test(inside, so_many_addresses_and_no_more)
{
  char name[] = "eth0", mac[] = "52:54:00:01:02:03", text[] = "10.0.0.1";
  virDomainIPAddress many[INSIDE_MAX + 10];
  for (size_t i = 0; i < G_N_ELEMENTS(many); i++)
    many[i] = address(text, 8);
  virDomainInterface interface = with_address(name, mac, many, G_N_ELEMENTS(many));
  virDomainInterfacePtr told[] = {&interface};
  struct inside *inside = inside_new();
  inside_take_interfaces(inside, told, 1);
  cr_assert_eq(inside->address_count, INSIDE_MAX);
  inside_unref(inside);
}

/* ---- file systems ---- */

struct telling {
  virTypedParameterPtr params;
  int count, room;
};

static void tell_text(struct telling *t, const char *field, const char *text)
{
  cr_assert_eq(virTypedParamsAddString(&t->params, &t->count, &t->room, field, text), 0);
}

static void tell_count(struct telling *t, const char *field, unsigned n)
{
  cr_assert_eq(virTypedParamsAddUInt(&t->params, &t->count, &t->room, field, n), 0);
}

static void tell_bytes(struct telling *t, const char *field, unsigned long long n)
{
  cr_assert_eq(virTypedParamsAddULLong(&t->params, &t->count, &t->room, field, n), 0);
}

static struct inside *taken(struct telling *t)
{
  struct inside *inside = inside_new();
  inside_take_file_systems(inside, t->params, t->count);
  virTypedParamsFree(t->params, t->count);
  return inside;
}

/* libvirt's functions, even those that only make parameters, need it first. */
static void make_ready(void)
{
  cr_assert_eq(virInitialize(), 0);
}

Test(inside, file_systems_with_their_disks_and_sizes)
{
  struct telling t = {0};
  make_ready();
  tell_count(&t, "fs.count", 2);
  tell_text(&t, "fs.0.mountpoint", "/");
  tell_text(&t, "fs.0.fstype", "ext4");
  tell_bytes(&t, "fs.0.total-bytes", 8000);
  tell_bytes(&t, "fs.0.used-bytes", 3000);
  tell_count(&t, "fs.0.disk.count", 2);
  tell_text(&t, "fs.0.disk.0.alias", "vda");
  tell_text(&t, "fs.0.disk.1.alias", "vdb");
  tell_text(&t, "fs.1.mountpoint", "/boot");
  tell_bytes(&t, "fs.1.total-bytes", 100);
  struct inside *inside = taken(&t);
  cr_assert_eq(inside->file_system_count, 2);
  const struct inside_file_system *root = &inside->file_systems[0], *boot = &inside->file_systems[1];
  cr_assert_str_eq(root->mount, "/");
  cr_assert_str_eq(root->type, "ext4");
  cr_assert_str_eq(root->disks, "vda, vdb");
  cr_assert(root->sized && root->total_bytes == 8000 && root->used_bytes == 3000);
  cr_assert_str_eq(boot->mount, "/boot");
  cr_assert_null(boot->type);
  cr_assert_null(boot->disks);
  cr_assert_not(boot->sized);
  inside_unref(inside);
}

/* Counts that nothing stands behind, and fields of other types than they should be. */
Test(inside, counts_and_types_that_lie)
{
  struct telling t = {0};
  make_ready();
  tell_count(&t, "fs.count", 4000000000U);
  tell_text(&t, "fs.0.fstype", "no mount point");
  tell_bytes(&t, "fs.1.mountpoint", 7);
  tell_text(&t, "fs.2.mountpoint", "/\033[2J");
  tell_text(&t, "fs.2.total-bytes", "many");
  tell_count(&t, "fs.2.disk.count", 4000000000U);
  struct inside *inside = taken(&t);
  cr_assert_eq(inside->file_system_count, 1);
  cr_assert_str_eq(inside->file_systems[0].mount, "/\033[2J");
  cr_assert_not(inside->file_systems[0].sized);
  cr_assert_null(inside->file_systems[0].disks);
  inside_unref(inside);
}

Test(inside, nothing_told)
{
  struct telling t = {0};
  make_ready();
  struct inside *inside = taken(&t);
  inside_take_interfaces(inside, NULL, -1);
  cr_assert_eq(inside->address_count + inside->file_system_count, 0);
  inside_unref(inside);
}
