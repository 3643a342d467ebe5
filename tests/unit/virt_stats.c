/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libvirt's typed statistics as a guest's figures. */
#include "tests/unit/test.h"

#include <math.h>
#include <string.h>

#include "core/virt/watch/plan.h"
#include "core/virt/watch/stats.h"

#define S UINT64_C(1000000000)

struct answer {
  virTypedParameterPtr params;
  int count, room;
};

static void add(struct answer *a, const char *field, unsigned long long value)
{
  cr_assert_eq(virTypedParamsAddULLong(&a->params, &a->count, &a->room, field, value), 0);
}

static void add_text(struct answer *a, const char *field, const char *value)
{
  cr_assert_eq(virTypedParamsAddString(&a->params, &a->count, &a->room, field, value), 0);
}

static void done(struct answer *a)
{
  virTypedParamsFree(a->params, a->count);
  *a = (struct answer){0};
}

/* libvirt's functions, even those that only make parameters, need it first. */
static void make_ready(void)
{
  cr_assert_eq(virInitialize(), 0);
}

static struct guest *running(void)
{
  make_ready();
  struct guest_info *info = guest_info_new("a", "00000000-0000-0000-0000-000000000001");
  struct guest *guest = guest_new(info);
  guest_info_unref(info);
  guest->state = GUEST_RUNNING;
  return guest;
}

static void add_vcpu(struct answer *a, unsigned long long ns, bool exits)
{
  add(a, "vcpu.current", 2);
  add(a, "vcpu.maximum", 4);
  add(a, "vcpu.0.state", 1);
  add(a, "vcpu.0.time", ns);
  add(a, "vcpu.0.delay", ns / 4);
  add(a, "vcpu.1.time", ns);
  if (!exits)
    return;
  add(a, "vcpu.0.exits.sum", 100);
  add(a, "vcpu.1.exits.sum", 50);
  add(a, "vcpu.0.io_exits.sum", 7);
  add(a, "vcpu.1.io_exits.sum", 3);
}

static void add_block(struct answer *a, unsigned long long bytes, bool counters)
{
  add(a, "block.count", 1);
  add_text(a, "block.0.name", "vda");
  add(a, "block.0.capacity", 1 << 20);
  if (!counters)
    return;
  add(a, "block.0.rd.reqs", 3);
  add(a, "block.0.rd.bytes", bytes);
  add(a, "block.0.rd.times", 3 * S);
}

static double get(const struct readings *r, int id)
{
  double value = (double)NAN;
  return readings_get(r, id, &value) ? value : (double)NAN;
}

Test(virt_stats, takes_all_heavy_groups)
{
  struct answer a = {0};
  struct guest *guest = running();
  add(&a, "cpu.time", 5 * S);
  add(&a, "balloon.current", 1024);
  add(&a, "balloon.rss", 2048);
  add_vcpu(&a, 2 * S, true);
  add_block(&a, 4096, true);
  struct stats_found found = stats_apply(guest, a.params, a.count, 77, plan_bits(true));
  cr_assert_eq(found.groups, plan_bits(true));
  cr_assert(!found.missed);
  cr_assert_eq(get(&guest->r, GUEST_CPU_TIME), 5.0);
  cr_assert_eq(get(&guest->r, GUEST_MEM), 1048576.0);
  cr_assert_eq(get(&guest->r, GUEST_RSS), 2097152.0);
  cr_assert_eq(get(&guest->r, GUEST_VCPUS), 2.0);
  cr_assert_eq(get(&guest->vcpus[0], VCPU_IO_TOTAL), 7.0);
  cr_assert_eq(get(&guest->vcpus[1], VCPU_IO_TOTAL), 3.0);
  cr_assert_eq(guest->vcpu_count, 2);
  cr_assert_eq(get(&guest->vcpus[0], VCPU_DELAY), 0.5);
  cr_assert(!readings_has(&guest->vcpus[1], VCPU_DELAY));
  cr_assert_eq(guest->disk_count, 1);
  cr_assert_str_eq(guest->disks[0].target, "vda");
  cr_assert_eq(get(&guest->disks[0].r, DISK_RD_TIME), 3.0);
  cr_assert_eq(guest->at_ns[GROUP_BLOCK], 77);
  cr_assert_eq(guest->at_ns[GROUP_INTERFACE], 0);
  guest_free(guest);
  done(&a);
}

Test(virt_stats, an_answer_twice_does_not_add_up)
{
  struct answer a = {0};
  struct guest *guest = running();
  add_vcpu(&a, S, true);
  stats_apply(guest, a.params, a.count, 1, plan_bits(true));
  stats_apply(guest, a.params, a.count, 2, plan_bits(true));
  cr_assert_eq(get(&guest->vcpus[0], VCPU_IO_TOTAL), 7.0);
  cr_assert_eq(get(&guest->vcpus[0], VCPU_EXITS_TOTAL), 100.0);
  guest_free(guest);
  done(&a);
}

Test(virt_stats, a_miss_keeps_values_and_their_time)
{
  struct answer a = {0};
  struct guest *guest = running();
  add(&a, "cpu.time", 5 * S);
  add_vcpu(&a, S, true);
  add_block(&a, 4096, true);
  stats_apply(guest, a.params, a.count, 10, plan_bits(true));
  done(&a);
  add(&a, "cpu.time", 6 * S);
  add_vcpu(&a, 2 * S, false);
  add_block(&a, 0, false);
  struct stats_found found = stats_apply(guest, a.params, a.count, 20, plan_bits(true));
  cr_assert(found.missed);
  cr_assert_eq(found.groups, 0);
  cr_assert_eq(guest->at_ns[GROUP_BLOCK], 10);
  cr_assert_eq(guest->at_ns[GROUP_CPU], 10);
  cr_assert_eq(get(&guest->disks[0].r, DISK_RD_BYTES), 4096.0);
  cr_assert_eq(get(&guest->vcpus[0], VCPU_TIME), 1.0);
  guest_free(guest);
  done(&a);
}

Test(virt_stats, a_miss_without_kvm_is_told_by_the_disks)
{
  struct answer a = {0};
  struct guest *guest = running();
  add(&a, "cpu.time", S);
  add_vcpu(&a, S, false);
  add_block(&a, 0, false);
  struct stats_found found = stats_apply(guest, a.params, a.count, 10, plan_bits(true));
  cr_assert(found.missed);
  cr_assert_eq(guest->at_ns[GROUP_CPU], 0);
  cr_assert_eq(guest->disk_count, 0);
  guest_free(guest);
  done(&a);
}

Test(virt_stats, without_kvm_there_are_no_exits_and_no_miss)
{
  struct answer a = {0};
  struct guest *guest = running();
  add(&a, "cpu.time", S);
  add_vcpu(&a, S, false);
  add_block(&a, 1, true);
  cr_assert(!stats_apply(guest, a.params, a.count, 10, plan_bits(true)).missed);
  cr_assert(!stats_apply(guest, a.params, a.count, 20, plan_bits(true)).missed);
  cr_assert_eq(guest->at_ns[GROUP_VCPU], 20);
  cr_assert(!readings_has(&guest->vcpus[0], VCPU_EXITS_TOTAL));
  guest_free(guest);
  done(&a);
}

Test(virt_stats, no_disks_is_an_answer)
{
  struct answer a = {0};
  struct guest *guest = running();
  add(&a, "block.count", 0);
  struct stats_found found = stats_apply(guest, a.params, a.count, 10, plan_bits(true));
  cr_assert_eq(found.groups, 1u << GROUP_BLOCK);
  cr_assert_eq(guest->at_ns[GROUP_BLOCK], 10);
  guest_free(guest);
  done(&a);
}

Test(virt_stats, a_disk_that_went_leaves_no_row)
{
  struct answer a = {0};
  struct guest *guest = running();
  add(&a, "block.count", 2);
  add(&a, "block.0.rd.reqs", 1);
  add(&a, "block.1.rd.reqs", 2);
  stats_apply(guest, a.params, a.count, 1, plan_bits(true));
  cr_assert_eq(guest->disk_count, 2);
  done(&a);
  add_block(&a, 1, true);
  stats_apply(guest, a.params, a.count, 2, plan_bits(true));
  cr_assert_eq(guest->disk_count, 1);
  cr_assert_eq(get(&guest->disks[0].r, DISK_RD_REQS), 3.0);
  guest_free(guest);
  done(&a);
}

Test(virt_stats, drops_of_both_ways_are_added)
{
  struct answer a = {0};
  struct guest *guest = running();
  add(&a, "net.count", 1);
  add_text(&a, "net.0.name", "vnet0");
  add(&a, "net.0.rx.bytes", 10);
  add(&a, "net.0.rx.drop", 3);
  add(&a, "net.0.tx.drop", 4);
  stats_apply(guest, a.params, a.count, 5, plan_bits(false));
  cr_assert_eq(get(&guest->nics[0].r, NIC_DROPS_TOTAL), 7.0);
  cr_assert_eq(guest->at_ns[GROUP_INTERFACE], 5);
  guest_free(guest);
  done(&a);
}

Test(virt_stats, hostile_names_change_nothing)
{
  static const char *const fields[] = {"block.99999999999.rd.reqs",
                                       "block.-1.rd.reqs",
                                       "block..rd.reqs",
                                       "block.4096.rd.reqs",
                                       "block.1",
                                       "net.",
                                       "vcpu.x.time",
                                       "block.0",
                                       ""};
  struct answer a = {0};
  struct guest *guest = running();
  for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
    add(&a, fields[i], 1);
  struct stats_found found = stats_apply(guest, a.params, a.count, 5, plan_bits(true));
  cr_assert_eq(found.groups, 0);
  cr_assert_eq(guest->disk_count, 0);
  cr_assert_eq(guest->vcpu_count, 0);
  guest_free(guest);
  done(&a);
}

Test(virt_stats, negative_and_textual_figures_are_unknown)
{
  struct answer a = {0};
  struct guest *guest = running();
  virTypedParamsAddLLong(&a.params, &a.count, &a.room, "balloon.rss", -1);
  add_text(&a, "cpu.time", "5");
  add(&a, "balloon.current", 1);
  stats_apply(guest, a.params, a.count, 5, plan_bits(true));
  cr_assert(!readings_has(&guest->r, GUEST_RSS));
  cr_assert(!readings_has(&guest->r, GUEST_CPU_TIME));
  guest_free(guest);
  done(&a);
}

Test(virt_stats, state)
{
  struct answer a = {0};
  make_ready();
  virTypedParamsAddInt(&a.params, &a.count, &a.room, "state.state", VIR_DOMAIN_PAUSED);
  cr_assert_eq(stats_state(a.params, a.count), GUEST_PAUSED);
  done(&a);
  virTypedParamsAddInt(&a.params, &a.count, &a.room, "state.state", 4711);
  cr_assert_eq(stats_state(a.params, a.count), GUEST_NOSTATE);
  done(&a);
}

Test(virt_stats, clear_forgets_everything)
{
  struct answer a = {0};
  struct guest *guest = running();
  add_block(&a, 4096, true);
  stats_apply(guest, a.params, a.count, 10, plan_bits(true));
  stats_clear(guest);
  cr_assert_eq(guest->disk_count, 0);
  cr_assert_eq(guest->at_ns[GROUP_BLOCK], 0);
  cr_assert_eq(guest->r.present, 0);
  guest_free(guest);
  done(&a);
}
