/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exits by kind, and which hints fit; what a request costs, and why. */
#include "tests/unit/test.h"

#include <math.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/model/account.h"
#include "core/model/exit_reason.h"
#include "core/model/exits.h"

static struct guest *guest_with(const char *backend, int vcpus)
{
  struct guest_info *info = guest_info_new("g", "u");
  info->disk_count = 1;
  info->disks = g_new0(struct disk_info, 1);
  info->disks[0].target = g_strdup("hda");
  info->disks[0].backend = backend_find(BACKEND_DISK, backend);
  struct guest *guest = guest_new(info);
  guest_info_unref(info);
  guest->state = GUEST_RUNNING;
  guest_resize_vcpus(guest, vcpus);
  return guest;
}

static void set(struct guest *guest, int vcpu, int metric, double value)
{
  readings_set(&guest->vcpus[vcpu], metric, value);
}

/* The meaning of the first hint that fits, or "". */
static const char *hinted(const struct guest *guest)
{
  int count;
  const struct exit_hint *hints = exit_hints(&count);
  for (int i = 0; i < count; i++)
    if (exit_hint_fits(&hints[i], guest))
      return hints[i].meaning;
  return "";
}

Test(exits, rows_are_whole)
{
  int count;
  const struct exit_kind *kinds = exit_kinds(&count);
  const struct metric *metrics = metric_table(SCOPE_VCPU, NULL);
  for (int i = 0; i < count; i++) {
    cr_assert_eq(metrics[kinds[i].metric].unit, UNIT_PER_S, "%s", kinds[i].name);
    cr_assert(*kinds[i].text);
    for (int j = 0; j < i; j++)
      cr_assert_neq(kinds[i].metric, kinds[j].metric);
  }
  const struct exit_hint *hints = exit_hints(&count);
  for (int i = 0; i < count; i++) {
    cr_assert(*hints[i].meaning && *hints[i].advice && *hints[i].source);
    cr_assert(hints[i].share > 0 && hints[i].share < 1 && hints[i].rate > 0);
    cr_assert_eq(metrics[hints[i].metric].unit, UNIT_PER_S, "%s", hints[i].meaning);
  }
}

Test(exits, of_one_vcpu_and_of_all)
{
  struct guest *guest = guest_with("ide", 2);
  double value;
  cr_assert(!exits_rate(guest, -1, VCPU_IO, &value));
  set(guest, 0, VCPU_IO, 700);
  cr_assert(!exits_rate(guest, -1, VCPU_IO, &value), "half of it is not all");
  set(guest, 1, VCPU_IO, 300);
  cr_assert(exits_rate(guest, -1, VCPU_IO, &value));
  cr_assert_eq(value, 1000);
  cr_assert(exits_rate(guest, 1, VCPU_IO, &value));
  cr_assert_eq(value, 300);
  cr_assert(!exits_rate(guest, 2, VCPU_IO, &value));
  guest_free(guest);
}

/* An IDE guest at work made 70 000 exits a second, nine of ten for port I/O. */
Test(exits, ide_is_told_of_virtio)
{
  struct guest *guest = guest_with("ide", 1);
  cr_assert_str_eq(hinted(guest), "", "nothing is known");
  set(guest, 0, VCPU_EXITS, 70400);
  set(guest, 0, VCPU_IO, 64000);
  cr_assert_not_null(strstr(hinted(guest), "emulated disk"));
  set(guest, 0, VCPU_EXITS, 900);
  set(guest, 0, VCPU_IO, 800);
  cr_assert_str_eq(hinted(guest), "", "so few do not matter");
  guest_free(guest);
}

Test(exits, virtio_is_not_told_of_virtio)
{
  struct guest *guest = guest_with("virtio-blk", 1);
  set(guest, 0, VCPU_EXITS, 5800);
  set(guest, 0, VCPU_IO, 100);
  set(guest, 0, VCPU_MMIO, 400);
  set(guest, 0, VCPU_HALT, 2100);
  cr_assert_str_eq(hinted(guest), "");
  set(guest, 0, VCPU_IO, 3000);
  cr_assert_not_null(strstr(hinted(guest), "serial port"));
  guest_free(guest);
}

/* From libvirt's sums to rates: those of the guest are its vCPUs', and begin anew with each run. */
Test(exits, rates_of_kinds)
{
  struct guest *a = guest_with("ide", 2), *b = guest_copy(a);
  for (int i = 0; i < 2; i++) {
    set(a, i, VCPU_IO_TOTAL, 1000);
    set(b, i, VCPU_IO_TOTAL, 1000 + 500 * (i + 1));
  }
  a->at_ns[GROUP_VCPU] = 1 * NS_PER_S;
  b->at_ns[GROUP_VCPU] = 3 * NS_PER_S;
  guest_derive(a, NULL);
  guest_derive(b, a);
  double value;
  cr_assert(exits_rate(b, 1, VCPU_IO, &value));
  cr_assert_float_eq(value, 500, 1e-9);
  cr_assert(readings_get(&b->r, GUEST_EXITS_IO, &value));
  cr_assert_float_eq(value, 750, 1e-9);
  b->run = 2;
  guest_derive(b, a);
  cr_assert(!exits_rate(b, 1, VCPU_IO, &value));
  guest_free(a);
  guest_free(b);
}

/* ---- what a request costs ---- */

static struct guest *working(const char *backend, double requests, double user_exits)
{
  struct guest *guest = guest_with(backend, 1);
  guest->info->accel = ACCEL_KVM;
  readings_set(&guest->r, GUEST_IOPS, requests);
  readings_set(&guest->r, GUEST_RD, 4096 * requests);
  readings_set(&guest->r, GUEST_WR, 0);
  readings_set(&guest->r, GUEST_VCPU, 50);
  readings_set(&guest->r, GUEST_PROXY, 2);
  set(guest, 0, VCPU_EXITS, user_exits);
  set(guest, 0, VCPU_USER, user_exits);
  return guest;
}

static bool reasoned(const struct guest *guest, const char *word)
{
  struct account account;
  const char *reason;
  account_of(guest, &account);
  for (int i = 0; (reason = account_reason(guest, &account, i)); i++)
    if (strstr(reason, word))
      return true;
  return false;
}

Test(account, of_one_request)
{
  struct guest *guest = working("ide", 100, 60000);
  struct account account;
  account_of(guest, &account);
  cr_assert_float_eq(account.item[ACCOUNT_BYTES], 4096, 1e-9);
  cr_assert_float_eq(account.item[ACCOUNT_TO_QEMU], 600, 1e-9);
  cr_assert_float_eq(account.item[ACCOUNT_VCPU], 5e-3, 1e-9);
  cr_assert_float_eq(account.item[ACCOUNT_PROXY], 2e-4, 1e-9);
  cr_assert(isnan(account.item[ACCOUNT_LATENCY]));
  readings_set(&guest->r, GUEST_IOPS, 0);
  account_of(guest, &account);
  cr_assert(isnan(account.item[ACCOUNT_VCPU]), "no request, no cost of one");
  guest_free(guest);
}

Test(account, reasons_go_by_the_disk_and_what_is_seen)
{
  struct guest *ide = working("ide", 100, 60000), *virtio = working("virtio-blk", 4000, 4000);
  cr_assert(reasoned(ide, "chip that does not exist") && reasoned(ide, "many journeys") &&
            reasoned(ide, "hidden in the vCPU"));
  cr_assert(!reasoned(ide, "rings a bell"));
  cr_assert(reasoned(virtio, "rings a bell") && reasoned(virtio, "hardly an exit"));
  cr_assert(!reasoned(virtio, "chip"));
  set(ide, 0, VCPU_EXITS, 200);
  cr_assert(!reasoned(ide, "many journeys"), "what is not seen is not said");
  ide->info->accel = ACCEL_TCG;
  cr_assert(reasoned(ide, "Without KVM") && !reasoned(ide, "chip"));
  guest_free(ide);
  guest_free(virtio);
}

Test(account, beside_one_that_works_in_another_way)
{
  static const struct {
    const char *backend;
    double requests;
  } guests[] = {{"ide", 100}, {"sata", 900}, {"virtio-blk", 0}, {"virtio-blk", 50}, {"virtio-scsi", 70}};
  struct scan *scan = scan_new(1);
  GPtrArray *list = g_ptr_array_new();
  scan->conns[0] = conn_scan_new("test:///");
  for (size_t i = 0; i < G_N_ELEMENTS(guests); i++)
    g_ptr_array_add(list, working(guests[i].backend, guests[i].requests, 1));
  const struct guest *ide = list->pdata[0], *busiest = list->pdata[4], *sata = list->pdata[1];
  conn_scan_take_guests(scan->conns[0], list);
  cr_assert_eq(account_other(scan, ide), busiest);
  cr_assert_eq(account_other(scan, busiest), sata);
  scan_unref(scan);
}

/* ---- exact reasons ---- */

Test(model_exits, reasons_have_the_kernels_names)
{
  static const struct {
    uint64_t reason;
    const char *name;
  } rows[] = {{UINT64_C(1) << 32 | 30, "IO_INSTRUCTION"},
              {UINT64_C(1) << 32 | 0x80000021, "INVALID_STATE"}, /* bit 31: the entry failed */
              {UINT64_C(2) << 32 | 0x7b, "io"},
              {UINT64_C(2) << 32 | 0x400, "npf"},
              {UINT64_C(3) << 32 | 1, "isa 3, reason 0x1"},
              {UINT64_C(1) << 32 | 0xfffe, "isa 1, reason 0xfffe"}},
    told[] = {{2, "KVM_EXIT_IO"}, {6, "KVM_EXIT_MMIO"}, {0x10000, "a signal"}, {9999, "KVM_EXIT_ 9999"}};
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *name = exit_reason_name(rows[i].reason);
    cr_assert_str_eq(name, rows[i].name);
  }
  for (size_t i = 0; i < G_N_ELEMENTS(told); i++) {
    g_autofree char *name = exit_to_qemu_name(told[i].reason);
    cr_assert_str_eq(name, told[i].name);
  }
}

Test(model_exits, well_known_places_have_owners_and_sources)
{
  const char *source;
  cr_assert_str_eq(exit_port_owner(0x1f7, &source), "IDE, first channel");
  cr_assert_not_null(source);
  cr_assert_str_eq(exit_port_owner(0x3f8, &source), "serial port 1");
  cr_assert_str_eq(exit_page_owner(0xfee00, &source), "local APIC");
  cr_assert_null(exit_port_owner(0xc000, &source));
  cr_assert_null(source);
  cr_assert_null(exit_page_owner(0xfee01, &source));
}
