/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/watch/plan.h"

#include <glib.h>

#include "core/virt/conn/libvirt.h"

static const struct plan_group groups[] = {
    {GROUP_STATE, "state", VIR_DOMAIN_STATS_STATE, false, 0.05, 0, "state"},
    {GROUP_INTERFACE, "interface", VIR_DOMAIN_STATS_INTERFACE, false, 0.06, 0,
     "bytes, packets and drops of each NIC"},
    {GROUP_CPU, "cpu-total", VIR_DOMAIN_STATS_CPU_TOTAL, true, 0.25, 0.9,
     "CPU time of the hypervisor process"},
    {GROUP_VCPU, "vcpu", VIR_DOMAIN_STATS_VCPU, true, 0.4, 0.8, "time, steal and exits of each vCPU"},
    {GROUP_BALLOON, "balloon", VIR_DOMAIN_STATS_BALLOON, true, 0.3, 1.2, "memory given and resident"},
    {GROUP_BLOCK, "block", VIR_DOMAIN_STATS_BLOCK, true, 0.6, 1.5, "requests, bytes and times of each disk"},
};

const struct plan_group *plan_groups(int *ret_count)
{
  *ret_count = G_N_ELEMENTS(groups);
  return groups;
}

unsigned plan_stats(bool heavy)
{
  unsigned bits = 0;
  for (gsize i = 0; i < G_N_ELEMENTS(groups); i++)
    if (groups[i].heavy == heavy)
      bits |= groups[i].stats;
  return bits;
}

unsigned plan_bits(bool heavy)
{
  unsigned bits = 0;
  for (gsize i = 0; i < G_N_ELEMENTS(groups); i++)
    if (groups[i].heavy == heavy)
      bits |= 1u << groups[i].group;
  return bits;
}

static int by_waiting(const void *a, const void *b, void *context)
{
  const struct plan_item *items = context;
  int x = *(const int *)a, y = *(const int *)b;
  if (items[x].read_ns != items[y].read_ns)
    return items[x].read_ns < items[y].read_ns ? -1 : 1;
  return x - y;
}

static double cost_of(const struct plan_item *item)
{
  return item->cost > 0 ? item->cost : PLAN_COST_UNKNOWN;
}

/* Append those of KIND while they fit, at least one; returns the new length. */
static int take(const struct plan_item *items, const int *order, int count, bool wanted, double budget,
                double *spent, int *ret, int n)
{
  bool first = true;
  for (int i = 0; i < count; i++) {
    const struct plan_item *item = &items[order[i]];
    if (item->wanted != wanted)
      continue;
    if (!first && *spent + cost_of(item) > budget)
      break;
    ret[n++] = order[i];
    *spent += cost_of(item);
    first = false;
  }
  return n;
}

int plan_choose(const struct plan_item *items, int count, double budget, bool everything, int *ret)
{
  if (count <= 0)
    return 0;
  g_autofree int *order = g_new(int, (gsize)count);
  for (int i = 0; i < count; i++)
    order[i] = i;
  g_qsort_with_data(order, count, sizeof *order, by_waiting, (void *)(uintptr_t)items);
  double spent = 0;
  double limit = everything ? G_MAXDOUBLE : budget;
  int n = take(items, order, count, true, limit, &spent, ret, 0);
  return take(items, order, count, false, limit, &spent, ret, n);
}

double plan_cost(double before, double measured)
{
  return before > 0 ? before * 0.7 + measured * 0.3 : measured;
}
