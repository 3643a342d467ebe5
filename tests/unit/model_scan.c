/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scans, guests and what finds them. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/model/offers.h"
#include "core/model/scan.h"

static struct guest *named(const char *name, const char *uuid, enum guest_state state)
{
  struct guest_info *info = guest_info_new(name, uuid);
  struct guest *guest = guest_new(info);
  guest_info_unref(info);
  guest->state = state;
  return guest;
}

static struct conn_scan *conn_of(struct guest *const *guests)
{
  struct conn_scan *conn = conn_scan_new("test:///default");
  GPtrArray *array = g_ptr_array_new_with_free_func((GDestroyNotify)guest_free);
  for (; *guests; guests++)
    g_ptr_array_add(array, *guests);
  conn_scan_take_guests(conn, array);
  return conn;
}

static struct scan *example(void)
{
  struct scan *scan = scan_new(3); /* the third is not there yet */
  scan->conns[0] =
      conn_of((struct guest *[]){named("b", "u-b", GUEST_SHUTOFF), named("a", "u-a", GUEST_RUNNING),
                                 named("both", "u-2", GUEST_PAUSED), NULL});
  scan->conns[1] = conn_of(
      (struct guest *[]){named("both", "u-1", GUEST_RUNNING), named("c", "u-a", GUEST_CRASHED), NULL});
  return scan;
}

Test(scan, guests_are_sorted_and_counted)
{
  struct scan *scan = example();
  cr_assert_str_eq(scan->conns[0]->guests[0]->info->name, "a");
  cr_assert_str_eq(scan->conns[0]->guests[1]->info->name, "b");
  cr_assert_str_eq(scan->conns[0]->guests[2]->info->name, "both");
  cr_assert_eq(scan_guest_count(scan, false), 5);
  cr_assert_eq(scan_guest_count(scan, true), 3);
  scan_unref(scan);
}

Test(scan, same_names_are_sorted_by_uuid)
{
  struct conn_scan *conn =
      conn_of((struct guest *[]){named("x", "u-2", GUEST_SHUTOFF), named("x", "u-1", GUEST_SHUTOFF), NULL});
  cr_assert_str_eq(conn->guests[0]->info->uuid, "u-1");
  conn_scan_unref(conn);
}

Test(scan, finds_by_uuid)
{
  struct scan *scan = example();
  int conn = -1;
  cr_assert_str_eq(scan_find_uuid(scan, -1, "u-a", &conn)->info->name, "a");
  cr_assert_eq(conn, 0);
  cr_assert_str_eq(scan_find_uuid(scan, 1, "u-a", &conn)->info->name, "c");
  cr_assert_eq(conn, 1);
  cr_assert_null(scan_find_uuid(scan, 0, "u-1", NULL));
  cr_assert_null(scan_find_uuid(scan, 2, "u-1", NULL));
  cr_assert_null(scan_find_uuid(scan, -1, "", NULL));
  scan_unref(scan);
}

Test(scan, finds_by_name_only_what_is_unique)
{
  struct scan *scan = example();
  int conn = -1, matches = -1;
  cr_assert_str_eq(scan_find_name(scan, "c", &conn, &matches)->info->uuid, "u-a");
  cr_assert_eq(conn, 1);
  cr_assert_eq(matches, 1);
  cr_assert_null(scan_find_name(scan, "both", NULL, &matches));
  cr_assert_eq(matches, 2);
  cr_assert_null(scan_find_name(scan, "none", NULL, &matches));
  cr_assert_eq(matches, 0);
  scan_unref(scan);
}

Test(scan, guests_are_found_by_what_the_screen_shows)
{
  struct scan *scan = scan_new(1);
  scan->conns[0] = conn_scan_new("test:///default");
  GPtrArray *guests = g_ptr_array_new();
  static const char *const names[] = {"evil\033[2J", "plain", "both\t", "both\\x09"};
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *uuid = g_strdup_printf("u-%zu", i);
    struct guest_info *info = guest_info_new(names[i], uuid);
    g_ptr_array_add(guests, guest_new(info));
    guest_info_unref(info);
  }
  conn_scan_take_guests(scan->conns[0], guests);
  int conn = -1, matches = -1;
  cr_assert_str_eq(scan_find_name(scan, "evil\\x1b[2J", &conn, &matches)->info->uuid, "u-0");
  cr_assert_eq(conn, 0);
  cr_assert_str_eq(scan_find_name(scan, "evil\033[2J", NULL, &matches)->info->uuid, "u-0");
  cr_assert_str_eq(scan_find_name(scan, "both\\x09", NULL, &matches)->info->uuid, "u-3",
                   "its real name first");
  scan_unref(scan);
}

Test(scan, references_keep_it)
{
  struct scan *scan = example();
  struct conn_scan *conn = conn_scan_ref(scan->conns[0]);
  struct scan *again = scan_ref(scan);
  cr_assert_eq(again, scan);
  scan_unref(scan);
  cr_assert_eq(scan_guest_count(again, false), 5);
  scan_unref(again);
  cr_assert_eq(conn->guest_count, 3);
  conn_scan_unref(conn);
  scan_unref(NULL);
  conn_scan_unref(NULL);
  host_scan_unref(NULL);
}

static gpointer take_and_drop(gpointer data)
{
  struct scan *scan = data;
  for (int i = 0; i < 2000; i++) {
    struct scan *mine = scan_ref(scan);
    cr_assert_eq(scan_guest_count(mine, false), 5);
    scan_unref(mine);
  }
  scan_unref(scan);
  return NULL;
}

Test(scan, references_may_be_taken_by_any_thread)
{
  struct scan *scan = example();
  GThread *threads[4];
  for (int i = 0; i < 4; i++)
    threads[i] = g_thread_new("reader", take_and_drop, scan_ref(scan));
  scan_unref(scan);
  for (int i = 0; i < 4; i++)
    g_thread_join(threads[i]);
}

Test(guest, copy_is_deep)
{
  struct guest *guest = named("a", "u", GUEST_RUNNING);
  guest_resize_disks(guest, 2);
  guest_resize_vcpus(guest, 3);
  guest_resize_nics(guest, 1);
  guest->disks[1].target = g_strdup("vdb");
  guest->nics[0].target = g_strdup("vnet0");
  readings_set(&guest->disks[1].r, DISK_RD, 5);
  readings_set(&guest->vcpus[2], VCPU_RUN, 6);
  struct guest *copy = guest_copy(guest);
  guest_resize_disks(guest, 1);
  guest_resize_disks(guest, 2);
  cr_assert_null(guest->disks[1].target, "a new row is empty");
  cr_assert_eq(guest->disks[1].r.present, 0u);
  guest_free(guest);
  cr_assert_str_eq(copy->disks[1].target, "vdb");
  cr_assert_str_eq(copy->nics[0].target, "vnet0");
  cr_assert_eq(copy->disks[1].r.value[DISK_RD], 5);
  cr_assert_eq(copy->vcpus[2].value[VCPU_RUN], 6);
  cr_assert_str_eq(copy->info->name, "a");
  guest_free(copy);
  guest_free(NULL);
}

static struct guest_info *with_disks(int n)
{
  struct guest_info *info = guest_info_new("g", "u");
  info->disks = g_new0(struct disk_info, n);
  info->disk_count = n;
  return info;
}

Test(guest, main_disk_is_the_last_that_can_be_written)
{
  struct guest_info *info = with_disks(4);
  info->disks[0].backend = backend_find(BACKEND_DISK, "ide");
  info->disks[1].backend = backend_find(BACKEND_DISK, "virtio-blk");
  info->disks[2].readonly = true;
  info->disks[3].cdrom = true;
  g_autofree char *text = guest_backend_text(info);
  cr_assert_eq(guest_main_disk(info), &info->disks[1]);
  cr_assert_str_eq(text, "virtio-blk");
  info->disks[0].readonly = info->disks[1].readonly = true;
  cr_assert_eq(guest_main_disk(info), &info->disks[0]);
  guest_info_unref(info);
}

Test(guest, backend_text_without_a_known_disk)
{
  struct guest_info *none = guest_info_new("g", "u"), *odd = with_disks(1), *vf = guest_info_new("g", "u");
  odd->disks[0].bus = g_strdup("fdc\x1b");
  vf->hostdevs = g_new0(struct hostdev_info, 1);
  vf->hostdev_count = 1;
  vf->hostdevs[0].address = g_strdup("0000:01:00.1");
  g_autofree char *a = guest_backend_text(none), *b = guest_backend_text(odd), *c = guest_backend_text(vf);
  cr_assert_str_eq(a, "-");
  cr_assert_str_eq(b, "fdc\\x1b");
  cr_assert_str_eq(c, "vf 01:00.1");
  guest_info_unref(none);
  guest_info_unref(odd);
  guest_info_unref(vf);
}

Test(guest, age)
{
  struct guest *guest = named("a", "u", GUEST_RUNNING);
  cr_assert_eq(guest_age(guest, GROUP_BLOCK, 5), -1);
  guest->at_ns[GROUP_BLOCK] = INT64_C(1000000000);
  cr_assert_float_eq(guest_age(guest, GROUP_BLOCK, INT64_C(3500000000)), 2.5, 1e-9);
  cr_assert_float_eq(guest_age(guest, GROUP_BLOCK, 0), 0, 1e-9);
  guest_free(guest);
}

Test(offers, grow_and_share)
{
  struct offers *offers = offers_new(2);
  const struct backend *ide = backend_find(BACKEND_DISK, "ide");
  offers_add(&offers->disks, &offers->disk_count, ide, "ide", ide->text, NULL);
  offers_add(&offers->disks, &offers->disk_count, NULL, "nvme", "text", "not offered by libvirt 9.0.0");
  struct offers *again = offers_ref(offers);
  offers_unref(offers);
  cr_assert_eq(again->conn, 2);
  cr_assert_eq(again->disk_count, 2);
  cr_assert(again->disks[0].enabled && !again->disks[0].reason && again->disks[0].backend == ide);
  cr_assert_not(again->disks[1].enabled);
  cr_assert_str_eq(again->disks[1].reason, "not offered by libvirt 9.0.0");
  offers_unref(again);
  offers_unref(NULL);
}

Test(model_scan, command_line_for_ssh)
{
  struct guest_info *info = guest_info_new("a", "u");
  cr_assert_null(guest_ssh_line(info));
  info->nic_count = 2;
  info->nics = g_new0(struct nic_info, 2);
  cr_assert_eq(guest_ssh_port(info), 0);
  info->nics[1].ssh_port = 2222;
  g_autofree char *own = guest_ssh_line(info);
  cr_assert_str_eq(own, "ssh -p 2222 -o NoHostAuthenticationForLocalhost=yes root@127.0.0.1");
  info->key_file = g_strdup("/a b/it's");
  g_autofree char *named = guest_ssh_line(info);
  g_auto(GStrv) words = NULL;
  cr_assert(g_shell_parse_argv(named, NULL, &words, NULL));
  cr_assert_str_eq(words[6], "/a b/it's");
  guest_info_unref(info);
}
