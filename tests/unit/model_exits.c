/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exits by kind, and which hints fit: on figures as libvirt gave them of real guests. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/base/clock.h"
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
