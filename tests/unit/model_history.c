/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What graphs draw: rings of packed values. */
#include "tests/unit/test.h"

#include <malloc.h>
#include <math.h>

#include "core/base/clock.h"
#include "core/model/history.h"

#define UNKNOWN ((double)NAN)
#define UUID "11111111-2222-3333-4444-%012d"

static struct guest *make_guest(int number, int64_t at_ns)
{
  char uuid[37];
  g_snprintf(uuid, sizeof uuid, UUID, number);
  struct guest_info *info = guest_info_new("g", uuid);
  struct guest *guest = guest_new(info);
  guest_info_unref(info);
  for (int g = 0; g < GROUP_COUNT; g++)
    guest->at_ns[g] = at_ns;
  return guest;
}

/* A scan that takes GUESTS (NULL-terminated). */
static struct scan *make_scan(struct guest *const *guests)
{
  struct scan *scan = scan_new(1);
  scan->conns[0] = conn_scan_new("test:///default");
  GPtrArray *array = g_ptr_array_new();
  for (; *guests; guests++)
    g_ptr_array_add(array, *guests);
  conn_scan_take_guests(scan->conns[0], array);
  return scan;
}

static void add(struct history *history, int64_t at_ns, double value)
{
  struct guest *guest = make_guest(0, at_ns);
  if (!isnan(value))
    readings_set(&guest->r, GUEST_RD, value);
  struct scan *scan = make_scan((struct guest *[]){guest, NULL});
  history_add(history, scan);
  scan_unref(scan);
}

static const char *uuid0(void)
{
  static char uuid[37];
  g_snprintf(uuid, sizeof uuid, UUID, 0);
  return uuid;
}

static void near(double got, double expected)
{
  cr_assert(isnan(expected) ? isnan(got) : fabs(got - expected) <= 0.004 * fabs(expected), "%g, not %g", got,
            expected);
}

Test(history, keeps_the_newest_within_half_a_percent)
{
  struct history *history = history_new(100);
  double got[100];
  for (int i = 1; i <= 250; i++)
    add(history, i, i * 1e7);
  cr_assert_eq(history_get(history, SCOPE_GUEST, uuid0(), 0, GUEST_RD, got, 100), 100);
  for (int i = 0; i < 100; i++)
    near(got[i], (151 + i) * 1e7);
  cr_assert_eq(history_get(history, SCOPE_GUEST, uuid0(), 0, GUEST_RD, got, 3), 3);
  near(got[2], 250e7);
  near(got[0], 248e7);
  history_free(history);
}

Test(history, holds_every_magnitude)
{
  struct history *history = history_new(64);
  double got[31];
  for (int i = 0; i < 31; i++)
    add(history, i + 1, pow(10, i - 12));
  history_get(history, SCOPE_GUEST, uuid0(), 0, GUEST_RD, got, 31);
  for (int i = 0; i < 31; i++)
    near(got[i], pow(10, i - 12));
  add(history, 100, 0);
  history_get(history, SCOPE_GUEST, uuid0(), 0, GUEST_RD, got, 1);
  cr_assert_eq(got[0], 0);
  history_free(history);
}

Test(history, what_is_not_known_is_nan)
{
  struct history *history = history_new(10);
  double got[6];
  add(history, 1, 5);
  add(history, 2, UNKNOWN);
  add(history, 3, 7);
  cr_assert_eq(history_get(history, SCOPE_GUEST, uuid0(), 0, GUEST_RD, got, 6), 2);
  const double expected[] = {UNKNOWN, UNKNOWN, UNKNOWN, 5, UNKNOWN, 7};
  for (int i = 0; i < 6; i++)
    near(got[i], expected[i]);
  cr_assert_eq(history_get(history, SCOPE_GUEST, uuid0(), 0, GUEST_WR, got, 6), 0, "never had a value");
  cr_assert_eq(history_get(history, SCOPE_DISK, uuid0(), 4, DISK_RD, got, 6), 0, "no such disk");
  cr_assert_eq(history_get(history, SCOPE_GUEST, "no-such-guest", 0, GUEST_RD, got, 6), 0);
  cr_assert_eq(history_get(history, SCOPE_GUEST, NULL, 0, GUEST_RD, got, 6), 0);
  history_free(history);
}

Test(history, takes_only_what_was_read_anew)
{
  struct history *history = history_new(10);
  double got[4];
  add(history, 1, 5);
  add(history, 1, 5);
  add(history, 2, 6);
  cr_assert_eq(history_get(history, SCOPE_GUEST, uuid0(), 0, GUEST_RD, got, 4), 2);
  struct guest *guest = make_guest(0, 2);
  guest->at_ns[GROUP_CPU] = 3; /* only the CPU was asked */
  readings_set(&guest->r, GUEST_RD, 6);
  readings_set(&guest->r, GUEST_CPU, 50);
  struct scan *scan = make_scan((struct guest *[]){guest, NULL});
  history_add(history, scan);
  scan_unref(scan);
  cr_assert_eq(history_get(history, SCOPE_GUEST, uuid0(), 0, GUEST_RD, got, 4), 2);
  cr_assert_eq(history_get(history, SCOPE_GUEST, uuid0(), 0, GUEST_CPU, got, 4), 1);
  history_free(history);
}

Test(history, counters_are_not_kept)
{
  struct history *history = history_new(10);
  struct guest *guest = make_guest(0, 1);
  double got[1];
  readings_set(&guest->r, GUEST_RD_BYTES, 6);
  struct scan *scan = make_scan((struct guest *[]){guest, NULL});
  history_add(history, scan);
  scan_unref(scan);
  cr_assert_eq(history_get(history, SCOPE_GUEST, uuid0(), 0, GUEST_RD_BYTES, got, 1), 0);
  history_free(history);
}

Test(history, goes_with_its_guest)
{
  struct history *history = history_new(10);
  double got[1];
  add(history, 1, 5);
  struct scan *scan = make_scan((struct guest *[]){make_guest(1, 2), NULL});
  history_add(history, scan);
  scan_unref(scan);
  cr_assert_eq(history_get(history, SCOPE_GUEST, uuid0(), 0, GUEST_RD, got, 1), 0);
  add(history, 3, 6);
  cr_assert_eq(history_get(history, SCOPE_GUEST, uuid0(), 0, GUEST_RD, got, 1), 1);
  history_free(history);
}

static void add_disks(struct history *history, int64_t at_ns, const char *const *targets)
{
  struct guest *guest = make_guest(0, at_ns);
  for (int i = 0; targets[i]; i++) {
    guest_resize_disks(guest, i + 1);
    guest->disks[i].target = g_strdup(targets[i]);
    readings_set(&guest->disks[i].r, DISK_RD, targets[i][2]);
  }
  struct scan *scan = make_scan((struct guest *[]){guest, NULL});
  history_add(history, scan);
  scan_unref(scan);
}

Test(history, another_disk_in_the_same_place_starts_afresh)
{
  struct history *history = history_new(10);
  double got[3];
  add_disks(history, 1, (const char *[]){"vda", "vdb", NULL});
  add_disks(history, 2, (const char *[]){"vda", "vdb", NULL});
  add_disks(history, 3, (const char *[]){"vdb", NULL});
  cr_assert_eq(history_get(history, SCOPE_DISK, uuid0(), 0, DISK_RD, got, 3), 1);
  near(got[2], 'b');
  cr_assert_eq(history_get(history, SCOPE_DISK, uuid0(), 1, DISK_RD, got, 3), 0);
  history_free(history);
}

Test(history, of_the_host_and_its_cores)
{
  struct history *history = history_new(10);
  double got[4];
  for (int i = 1; i <= 3; i++) {
    struct scan *scan = scan_new(0);
    scan->host = host_scan_new("here", i == 3 ? 1 : 2);
    scan->host->mono_ns = i;
    readings_set(&scan->host->r, HOST_CPU, 10 * i);
    readings_set(&scan->host->cores[0], CORE_CPU, i);
    history_add(history, scan);
    history_add(history, scan);
    scan_unref(scan);
  }
  cr_assert_eq(history_get(history, SCOPE_HOST, NULL, 0, HOST_CPU, got, 4), 3);
  near(got[3], 30);
  near(got[1], 10);
  cr_assert_eq(history_get(history, SCOPE_CORE, NULL, 0, CORE_CPU, got, 4), 3);
  cr_assert_eq(history_get(history, SCOPE_CORE, NULL, 1, CORE_CPU, got, 4), 0);
  history_free(history);
}

/* The rings against a plain array, with constant stretches (which take no ring). */
Test(history, agrees_with_a_plain_array)
{
  for (guint32 seed = 0; seed < 40; seed++) {
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    int slots = g_rand_int_range(rand, 1, 90), n = 0;
    struct history *history = history_new(slots);
    double plain[300], got[120], value = 1;
    for (int i = 0; i < 300; i++) {
      if (g_rand_int_range(rand, 0, seed % 2 ? 40 : 2) == 0)
        value = g_rand_int_range(rand, 0, 200);
      bool known = n == 0 || g_rand_int_range(rand, 0, 10) > 0;
      plain[n++] = known ? value : UNKNOWN;
      add(history, i + 1, plain[n - 1]);
      int want = g_rand_int_range(rand, 1, 120);
      history_get(history, SCOPE_GUEST, uuid0(), 0, GUEST_RD, got, want);
      for (int k = 0; k < want; k++) {
        bool kept = k < slots && k < n;
        near(got[want - 1 - k], kept ? plain[n - 1 - k] : UNKNOWN);
      }
    }
    history_free(history);
  }
}

/* 200 guests, each with a busy and an idle disk, for 600 ticks: a few MiB (DESIGN section 11). */
Test(history, of_200_guests_is_small)
{
  struct history *history = history_new(600);
  struct scan *scan = scan_new(1);
  struct guest *guests[201] = {0};
  static const int guest_ids[] = {GUEST_CPU,   GUEST_VCPU,     GUEST_STEAL,   GUEST_PROXY,
                                  GUEST_EXITS, GUEST_EXITS_IO, GUEST_RD,      GUEST_WR,
                                  GUEST_IOPS,  GUEST_RD_IOPS,  GUEST_WR_IOPS, GUEST_LAT};
  static const int disk_ids[] = {DISK_RD, DISK_WR, DISK_RD_IOPS, DISK_WR_IOPS, DISK_RD_LAT, DISK_WR_LAT};
  for (int i = 0; i < 200; i++) {
    guests[i] = make_guest(i, 1);
    guest_resize_disks(guests[i], 2);
    guest_resize_vcpus(guests[i], 1);
  }
  scan_unref(scan);
  scan = make_scan(guests);
  struct mallinfo2 before = mallinfo2();
  for (int tick = 2; tick < 602; tick++) {
    for (int i = 0; i < 200; i++) {
      struct guest *guest = guests[i];
      for (int g = 0; g < GROUP_COUNT; g++)
        guest->at_ns[g] = tick;
      for (size_t k = 0; k < G_N_ELEMENTS(guest_ids); k++)
        readings_set(&guest->r, guest_ids[k], tick * 1000.0 + i);
      for (size_t k = 0; k < G_N_ELEMENTS(disk_ids); k++) {
        readings_set(&guest->disks[0].r, disk_ids[k], 0);
        readings_set(&guest->disks[1].r, disk_ids[k], tick * 1000.0 + i);
      }
      readings_set(&guest->r, GUEST_MEM, 16777216);
      readings_set(&guest->vcpus[0], VCPU_RUN, tick);
    }
    history_add(history, scan);
  }
  struct mallinfo2 after = mallinfo2();
  size_t used = after.uordblks - before.uordblks;
#ifndef PLAIN_TESTS /* sanitizers have an allocator of their own */
  cr_assert_lt(used, (size_t)6 << 20, "%zu bytes", used);
#else
  (void)used;
#endif
  scan_unref(scan);
  history_free(history);
}

Test(history, percentile_by_nearest_rank)
{
  double values[200];
  for (int i = 0; i < 200; i++)
    values[i] = i % 2 ? (double)NAN : (double)((i * 37 / 2) % 100); /* 0 to 99, mixed, each once */
  cr_assert_eq(history_percentile(values, 200, 95), 94);
  cr_assert_eq(history_percentile(values, 200, 99), 98);
  cr_assert_eq(history_percentile(values, 200, 100), 99);
  cr_assert_eq(history_percentile(values, 200, 0), 0);
  cr_assert(isnan(history_percentile(values + 1, 1, 95)));
  cr_assert(isnan(history_percentile(values, 0, 95)));
}
