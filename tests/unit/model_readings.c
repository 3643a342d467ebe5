/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rates: made from two readings of one run, and from nothing else. */
#include "tests/unit/test.h"

#include <math.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/model/guest.h"
#include "core/model/proxy.h"

#define S NS_PER_S

static struct guest *guest_at(int64_t run, int64_t at_ns)
{
  struct guest_info *info = guest_info_new("g", "11111111-2222-3333-4444-555555555555");
  struct guest *guest = guest_new(info);
  guest_info_unref(info);
  guest->id = (int)run;
  guest->run = run;
  for (int g = 0; g < GROUP_COUNT; g++)
    guest->at_ns[g] = at_ns;
  return guest;
}

static void has(const struct readings *r, int id, double expected)
{
  double value = 0;
  cr_assert(readings_get(r, id, &value), "metric %d is absent, not %g", id, expected);
  cr_assert_float_eq(value, expected, 1e-9 * (1 + fabs(expected)), "metric %d is %g, not %g", id, value,
                     expected);
}

static void lacks(const struct readings *r, int id)
{
  cr_assert_not(readings_has(r, id), "metric %d is %g, not absent", id, r->value[id]);
}

Test(readings, presence)
{
  struct readings r = {0};
  double value = 5;
  cr_assert_not(readings_get(&r, DISK_RD, &value));
  cr_assert_eq(value, 5);
  readings_set(&r, DISK_RD, 0);
  cr_assert(readings_get(&r, DISK_RD, &value));
  cr_assert_eq(value, 0);
  readings_add(&r, DISK_RD, 2);
  readings_add(&r, DISK_WR, 3);
  has(&r, DISK_RD, 2);
  has(&r, DISK_WR, 3);
  readings_clear(&r, DISK_RD);
  lacks(&r, DISK_RD);
  has(&r, DISK_WR, 3);
}

Test(readings, what_is_not_finite_is_not_known)
{
  struct readings r = {0};
  const double bad[] = {(double)NAN, (double)INFINITY, -(double)INFINITY};
  for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
    readings_set(&r, DISK_RD, 1);
    readings_set(&r, DISK_RD, bad[i]);
    lacks(&r, DISK_RD);
  }
}

Test(readings, every_kind_of_rate)
{
  struct readings before = {0}, now = {0};
  int64_t before_at[GROUP_COUNT], now_at[GROUP_COUNT];
  for (int g = 0; g < GROUP_COUNT; g++) {
    before_at[g] = 10 * S;
    now_at[g] = 12 * S;
  }
  readings_set(&before, GUEST_CPU_TIME, 100);
  readings_set(&now, GUEST_CPU_TIME, 101); /* RATE: 1 s in 2 s */
  readings_set(&before, GUEST_VCPU_TIME, 50);
  readings_set(&now, GUEST_VCPU_TIME, 50.8); /* RATE_LESS: 1 - 0.8 */
  readings_set(&before, GUEST_VCPU_DELAY, 0);
  readings_set(&now, GUEST_VCPU_DELAY, 0.4); /* RATE_PER: of 2 vCPUs */
  readings_set(&now, GUEST_VCPUS, 2);
  readings_set(&before, GUEST_IO_TIME, 1);
  readings_set(&now, GUEST_IO_TIME, 1.5); /* RATIO: 0.5 s by 1000 requests */
  readings_set(&before, GUEST_IO_REQS, 500);
  readings_set(&now, GUEST_IO_REQS, 1500);
  readings_derive(SCOPE_GUEST, &now, now_at, &before, before_at);
  has(&now, GUEST_CPU, 50);
  has(&now, GUEST_VCPU, 40);
  has(&now, GUEST_PROXY, 10);
  has(&now, GUEST_STEAL, 10);
  has(&now, GUEST_IOPS, 500);
  has(&now, GUEST_LAT, 0.0005);
  lacks(&now, GUEST_RD);
}

/* One counter of a disk, read twice. */
static struct readings disk_pair(double first, double second, int64_t t1, int64_t t2)
{
  struct readings before = {0}, now = {0};
  int64_t before_at[GROUP_COUNT] = {0}, now_at[GROUP_COUNT] = {0};
  before_at[GROUP_BLOCK] = t1;
  now_at[GROUP_BLOCK] = t2;
  readings_set(&before, DISK_RD_BYTES, first);
  readings_set(&now, DISK_RD_BYTES, second);
  readings_derive(SCOPE_DISK, &now, now_at, &before, before_at);
  return now;
}

Test(readings, falling_counters_and_standing_clocks_give_none)
{
  struct readings r = disk_pair(100, 1100, 5 * S, 7 * S);
  has(&r, DISK_RD, 500);
  r = disk_pair(100, 100, 5 * S, 7 * S);
  has(&r, DISK_RD, 0);
  r = disk_pair(100, 99, 5 * S, 7 * S);
  lacks(&r, DISK_RD);
  has(&r, DISK_RD_BYTES, 99);
  r = disk_pair(100, 200, 7 * S, 5 * S);
  lacks(&r, DISK_RD);
  r = disk_pair(100, 200, 0, 5 * S);
  lacks(&r, DISK_RD);
}

Test(readings, a_group_not_read_again_is_carried_over)
{
  struct readings before = {0}, now = {0};
  int64_t before_at[GROUP_COUNT] = {0}, now_at[GROUP_COUNT] = {0};
  before_at[GROUP_BLOCK] = now_at[GROUP_BLOCK] = 5 * S;
  readings_set(&before, DISK_RD_BYTES, 7);
  readings_set(&before, DISK_CAPACITY, 8);
  readings_set(&before, DISK_RD, 9);
  readings_derive(SCOPE_DISK, &now, now_at, &before, before_at);
  has(&now, DISK_RD_BYTES, 7);
  has(&now, DISK_CAPACITY, 8);
  has(&now, DISK_RD, 9);
  now = (struct readings){0};
  now_at[GROUP_BLOCK] = 0; /* not read this time, says the caller */
  readings_set(&now, DISK_CAPACITY, 88);
  readings_derive(SCOPE_DISK, &now, now_at, &before, before_at);
  has(&now, DISK_RD, 9);
  has(&now, DISK_CAPACITY, 88);
}

Test(readings, a_value_that_is_missing_this_time_is_not_made_up)
{
  struct readings before = {0}, now = {0};
  int64_t before_at[GROUP_COUNT] = {0}, now_at[GROUP_COUNT] = {0};
  before_at[GROUP_BLOCK] = 5 * S;
  now_at[GROUP_BLOCK] = 6 * S;
  readings_set(&before, DISK_RD_BYTES, 7);
  readings_set(&before, DISK_RD, 9);
  readings_derive(SCOPE_DISK, &now, now_at, &before, before_at);
  cr_assert_eq(now.present, 0u);
}

Test(readings, proxy_load_is_never_negative_and_needs_both_counters)
{
  struct readings before = {0}, now = {0};
  int64_t before_at[GROUP_COUNT] = {0}, now_at[GROUP_COUNT] = {0};
  before_at[GROUP_CPU] = before_at[GROUP_VCPU] = 1 * S;
  now_at[GROUP_CPU] = now_at[GROUP_VCPU] = 2 * S;
  readings_set(&before, GUEST_CPU_TIME, 1);
  readings_set(&before, GUEST_VCPU_TIME, 1);
  readings_set(&before, GUEST_PROXY, 3);
  readings_set(&now, GUEST_CPU_TIME, 1.5);
  readings_set(&now, GUEST_VCPU_TIME, 1.6); /* the two clocks of the kernel differ a little */
  readings_derive(SCOPE_GUEST, &now, now_at, &before, before_at);
  has(&now, GUEST_PROXY, 0);
  readings_clear(&now, GUEST_VCPU_TIME);
  readings_derive(SCOPE_GUEST, &now, now_at, &before, before_at);
  lacks(&now, GUEST_PROXY);
  now_at[GROUP_VCPU] = before_at[GROUP_VCPU];
  readings_derive(SCOPE_GUEST, &now, now_at, &before, before_at);
  has(&now, GUEST_PROXY, 3);
}

Test(guest_rates, no_rate_at_first_and_none_across_runs)
{
  struct guest *a = guest_at(1, 1 * S), *b = guest_at(2, 2 * S), *c = guest_at(2, 3 * S);
  c->id = 7;
  struct guest *all[] = {a, b, c};
  for (int i = 0; i < 3; i++) {
    guest_resize_disks(all[i], 1);
    all[i]->disks[0].target = g_strdup("vda");
    readings_set(&all[i]->disks[0].r, DISK_RD_BYTES, 1000.0 * (i + 1));
    guest_derive(all[i], i ? all[i - 1] : NULL);
    lacks(&all[i]->disks[0].r, DISK_RD);
    lacks(&all[i]->r, GUEST_RD);
    has(&all[i]->r, GUEST_RD_BYTES, 1000.0 * (i + 1));
  }
  struct guest *off = guest_at(3, 0);
  off->id = -1;
  guest_derive(off, c);
  cr_assert_eq(off->disk_count, 0, "a guest that is off keeps nothing of its last run");
  cr_assert_eq(off->r.present, 0u);
  guest_free(off);
  for (int i = 0; i < 3; i++)
    guest_free(all[i]);
}

static void set_disk(struct guest *guest, int i, const char *target, double bytes)
{
  guest_resize_disks(guest, MAX(guest->disk_count, i + 1));
  g_free(guest->disks[i].target);
  guest->disks[i].target = g_strdup(target);
  if (bytes >= 0)
    readings_set(&guest->disks[i].r, DISK_RD_BYTES, bytes);
}

Test(guest_rates, disks_are_matched_by_target)
{
  struct guest *a = guest_at(1, 1 * S), *b = guest_at(1, 2 * S);
  set_disk(a, 0, "vda", 100);
  set_disk(a, 1, "vdb", 5000);
  set_disk(b, 0, "vdb", 5010);
  set_disk(b, 1, "vda", 120);
  guest_derive(a, NULL);
  guest_derive(b, a);
  has(&b->disks[0].r, DISK_RD, 10);
  has(&b->disks[1].r, DISK_RD, 20);
  has(&b->r, GUEST_RD, 30);
  guest_free(a);
  guest_free(b);
}

Test(guest_rates, a_disk_that_comes_or_goes_makes_no_spike)
{
  struct guest *a = guest_at(1, 1 * S), *b = guest_at(1, 2 * S), *c = guest_at(1, 3 * S),
               *d = guest_at(1, 4 * S);
  set_disk(a, 0, "vda", 100);
  set_disk(b, 0, "vda", 110);
  set_disk(b, 1, "vdb", 1e9); /* it came with a past */
  set_disk(c, 0, "vda", 120);
  set_disk(c, 1, "vdb", -1); /* no answer for it this time */
  set_disk(d, 0, "vda", 130);
  set_disk(d, 1, "vdb", 2e9);
  guest_derive(a, NULL);
  guest_derive(b, a);
  guest_derive(c, b);
  guest_derive(d, c);
  struct guest *later[] = {b, c, d};
  for (int i = 0; i < 3; i++) {
    lacks(&later[i]->r, GUEST_RD);
    has(&later[i]->disks[0].r, DISK_RD, 10);
    lacks(&later[i]->disks[1].r, DISK_RD);
  }
  guest_free(a);
  guest_free(b);
  guest_free(c);
  guest_free(d);
}

Test(guest_rates, a_disk_that_goes_is_not_hidden_by_one_that_grows)
{
  struct guest *a = guest_at(1, 1 * S), *b = guest_at(1, 2 * S);
  set_disk(a, 0, "vda", 100);
  set_disk(a, 1, "vdb", 5);
  set_disk(b, 0, "vda", 1100);
  guest_derive(a, NULL);
  guest_derive(b, a);
  lacks(&b->r, GUEST_RD);
  has(&b->disks[0].r, DISK_RD, 1000);
  guest_free(a);
  guest_free(b);
}

Test(guest_rates, another_run_under_the_same_id_starts_afresh)
{
  struct guest *a = guest_at(1, 1 * S), *b = guest_at(2, 2 * S);
  b->id = a->id;
  set_disk(a, 0, "vda", 100);
  set_disk(b, 0, "vda", 300);
  guest_derive(a, NULL);
  guest_derive(b, a);
  lacks(&b->r, GUEST_RD);
  guest_free(a);
  guest_free(b);
}

Test(guest_rates, requests_and_latency_take_reads_and_writes)
{
  struct guest *a = guest_at(1, 1 * S), *b = guest_at(1, 2 * S);
  struct guest *both[] = {a, b};
  for (int i = 0; i < 2; i++) {
    set_disk(both[i], 0, "vda", -1);
    readings_set(&both[i]->disks[0].r, DISK_RD_REQS, 100 * i);
    readings_set(&both[i]->disks[0].r, DISK_WR_REQS, 300 * i);
    readings_set(&both[i]->disks[0].r, DISK_RD_TIME, 0.1 * i);
    readings_set(&both[i]->disks[0].r, DISK_WR_TIME, 0.7 * i);
    guest_derive(both[i], i ? a : NULL);
  }
  has(&b->r, GUEST_IOPS, 400);
  has(&b->r, GUEST_RD_IOPS, 100);
  has(&b->r, GUEST_WR_IOPS, 300);
  has(&b->r, GUEST_LAT, 0.002);
  has(&b->disks[0].r, DISK_RD_LAT, 0.001);
  guest_free(a);
  guest_free(b);
}

Test(guest_rates, a_group_not_read_keeps_its_rows_times_and_rates)
{
  struct guest *a = guest_at(1, 1 * S), *b = guest_at(1, 2 * S), *c = guest_at(1, 3 * S),
               *d = guest_at(1, 5 * S);
  set_disk(a, 0, "vda", 100);
  set_disk(b, 0, "vda", 300);
  c->at_ns[GROUP_BLOCK] = 0; /* not asked this time */
  set_disk(d, 0, "vda", 900);
  guest_derive(a, NULL);
  guest_derive(b, a);
  guest_derive(c, b);
  cr_assert_eq(c->at_ns[GROUP_BLOCK], 2 * S);
  cr_assert_eq(c->disk_count, 1);
  cr_assert_str_eq(c->disks[0].target, "vda");
  has(&c->disks[0].r, DISK_RD, 200);
  has(&c->r, GUEST_RD, 200);
  cr_assert_float_eq(guest_age(c, GROUP_BLOCK, 4 * S), 2, 1e-9);
  guest_derive(d, c);
  has(&d->r, GUEST_RD, 200); /* 600 in the 3 s since it was read */
  guest_free(a);
  guest_free(b);
  guest_free(c);
  guest_free(d);
}

Test(guest_rates, sums_over_vcpus_and_nics)
{
  struct guest *a = guest_at(1, 1 * S), *b = guest_at(1, 2 * S);
  struct guest *both[] = {a, b};
  for (int i = 0; i < 2; i++) {
    guest_resize_vcpus(both[i], 2);
    guest_resize_nics(both[i], 2);
    for (int j = 0; j < 2; j++) {
      readings_set(&both[i]->vcpus[j], VCPU_TIME, 1 + i * 0.25);
      readings_set(&both[i]->vcpus[j], VCPU_DELAY, i * 0.1);
      readings_set(&both[i]->vcpus[j], VCPU_EXITS_TOTAL, 50 * i);
      both[i]->nics[j].target = g_strdup_printf("vnet%d", j);
      readings_set(&both[i]->nics[j].r, NIC_RX_BYTES, 1000 * i);
      readings_set(&both[i]->nics[j].r, NIC_TX_BYTES, 10 * i);
    }
    readings_set(&both[i]->r, GUEST_CPU_TIME, 2 + i * 0.75);
    guest_derive(both[i], i ? a : NULL);
  }
  has(&b->r, GUEST_VCPUS, 2);
  has(&b->r, GUEST_VCPU, 50);
  has(&b->r, GUEST_STEAL, 10);
  has(&b->r, GUEST_PROXY, 25);
  has(&b->r, GUEST_EXITS, 100);
  has(&b->r, GUEST_RX, 2000);
  has(&b->r, GUEST_TX, 20);
  has(&b->vcpus[1], VCPU_RUN, 25);
  has(&b->vcpus[1], VCPU_STEAL, 10);
  has(&b->nics[1].r, NIC_RX, 1000);
  guest_free(a);
  guest_free(b);
}

/* ---- the same against a simulation: true counters, read now and then ---- */
struct truth {
  GRand *rand;
  int64_t now, run;
  double bytes, reqs, time; /* of the one disk */
  double read_bytes, read_reqs, read_time;
  int64_t read_at; /* 0: not since the run began */
  bool rate_known, latency_known;
  double rate, latency;
};

static void live(struct truth *t)
{
  t->now += g_rand_int_range(t->rand, 1, 5000) * NS_PER_MS;
  if (g_rand_int_range(t->rand, 0, 20) == 0) { /* restart: all from 0 */
    t->run++;
    t->bytes = t->reqs = t->time = 0;
    t->read_at = 0;
    t->rate_known = t->latency_known = false;
  } else if (g_rand_int_range(t->rand, 0, 15) == 0) { /* a reset inside the run */
    t->bytes = t->reqs = t->time = 0;
  }
  double reqs = g_rand_int_range(t->rand, 0, 4) ? g_rand_int_range(t->rand, 0, 1000) : 0;
  t->reqs += reqs;
  t->bytes += reqs * 512;
  t->time += reqs * 0.001;
}

/* What a reading at this moment lets one know. */
static void note_reading(struct truth *t)
{
  double dt = (double)(t->now - t->read_at) / (double)S;
  t->rate_known = t->read_at && t->bytes >= t->read_bytes;
  t->rate = t->rate_known ? (t->bytes - t->read_bytes) / dt : 0;
  t->latency_known = t->read_at && t->reqs > t->read_reqs && t->time >= t->read_time;
  t->latency = t->latency_known ? (t->time - t->read_time) / (t->reqs - t->read_reqs) : 0;
  t->read_at = t->now;
  t->read_bytes = t->bytes;
  t->read_reqs = t->reqs;
  t->read_time = t->time;
}

static struct guest *look(struct truth *t, const struct guest *before, bool read)
{
  struct guest *guest = guest_at(t->run, 0);
  bool copied = before && before->run == t->run && g_rand_boolean(t->rand);
  if (copied) {
    guest_free(guest);
    guest = guest_copy(before);
  }
  if (!read)
    return guest;
  guest_resize_disks(guest, 1);
  guest->disks[0].r = (struct readings){0};
  if (!guest->disks[0].target)
    guest->disks[0].target = g_strdup("vda");
  guest->at_ns[GROUP_BLOCK] = t->now;
  readings_set(&guest->disks[0].r, DISK_RD_BYTES, t->bytes);
  readings_set(&guest->disks[0].r, DISK_RD_REQS, t->reqs);
  readings_set(&guest->disks[0].r, DISK_RD_TIME, t->time);
  return guest;
}

static void agrees(const struct readings *r, int id, bool known, double expected)
{
  if (known)
    has(r, id, expected);
  else
    lacks(r, id);
}

Test(guest_rates, agree_with_a_simulation_of_gaps_resets_and_runs)
{
  for (guint32 seed = 0; seed < 200; seed++) {
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    struct truth t = {.rand = rand, .now = 1000 * S, .run = 1};
    struct guest *before = NULL;
    for (int tick = 0; tick < 100; tick++) {
      live(&t);
      bool read = g_rand_int_range(rand, 0, 3) > 0;
      struct guest *now = look(&t, before, read);
      if (read)
        note_reading(&t);
      guest_derive(now, before);
      if (now->disk_count) {
        agrees(&now->disks[0].r, DISK_RD, t.rate_known, t.rate);
        agrees(&now->disks[0].r, DISK_RD_LAT, t.latency_known, t.latency);
      }
      cr_assert_eq(now->disk_count, t.read_at ? 1 : 0, "seed %u tick %d", seed, tick);
      agrees(&now->r, GUEST_RD, t.rate_known, t.rate);
      guest_free(before);
      before = now;
    }
    guest_free(before);
  }
}

Test(guest_rates, random_readings_never_give_what_is_negative_or_not_finite)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(9);
  for (int round = 0; round < 3000; round++) {
    enum metric_scope scope = (enum metric_scope)g_rand_int_range(rand, 0, SCOPE_COUNT);
    struct readings pair[2] = {{0}, {0}};
    int64_t at[2][GROUP_COUNT];
    int count;
    const struct metric *rows = metric_table(scope, &count);
    for (int k = 0; k < 2; k++) {
      for (int g = 0; g < GROUP_COUNT; g++)
        at[k][g] = g_rand_int_range(rand, 0, 4);
      for (int i = 0; i < count; i++)
        if ((rows[i].kind == METRIC_COUNTER || rows[i].kind == METRIC_GAUGE) && g_rand_int_range(rand, 0, 5))
          readings_set(&pair[k], i, g_rand_int_range(rand, 0, 6) ? g_rand_double(rand) * 1e18 : 0);
    }
    readings_derive(scope, &pair[1], at[1], &pair[0], at[0]);
    for (int i = 0; i < count; i++)
      cr_assert(!readings_has(&pair[1], i) || (isfinite(pair[1].value[i]) && pair[1].value[i] >= 0), "%s",
                rows[i].name);
  }
}

/* ---- the proxy ---- */

/* Its CPU time is read in other moments than the disks: each over its own time. */
Test(guest_rates, proxy_time_per_request)
{
  struct guest *a = guest_at(1, 1 * S), *b = guest_at(1, 2 * S);
  struct guest *both[] = {a, b};
  for (int i = 0; i < 2; i++) {
    guest_resize_disks(both[i], 1);
    both[i]->disks[0].target = g_strdup("vda");
    both[i]->at_ns[GROUP_BLOCK] = (i ? 5 : 1) * S;
    readings_set(&both[i]->disks[0].r, DISK_RD_REQS, 4000 * i);
    readings_set(&both[i]->disks[0].r, DISK_WR_REQS, 0);
    readings_set(&both[i]->disks[0].r, DISK_RD_TIME, 2.0 * i);
    readings_set(&both[i]->disks[0].r, DISK_WR_TIME, 0);
    readings_set(&both[i]->r, GUEST_PROXY_TIME, 0.1 * i);
    readings_set(&both[i]->r, GUEST_PROXY_DELAY_TIME, 0.05 * i);
    guest_derive(both[i], i ? a : NULL);
  }
  struct proxy_split split;
  cr_assert(!proxy_split(a, &split));
  has(&b->r, GUEST_PROXY_PER_IO, 0.1 / 1000);
  has(&b->r, GUEST_PROXY_DELAY, 5);
  cr_assert(proxy_split(b, &split));
  cr_assert_float_eq(split.latency, 500e-6, 1e-9);
  cr_assert_float_eq(split.ran, 100e-6, 1e-9);
  cr_assert_float_eq(split.waited, 50e-6, 1e-9);
  cr_assert_float_eq(split.device, 350e-6, 1e-9);
  readings_set(&b->r, GUEST_IOPS, 0);
  cr_assert(!proxy_split(b, &split), "no request, no time of one");
  guest_free(a);
  guest_free(b);
}
