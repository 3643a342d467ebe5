/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The scan plan (DESIGN section 7): what each group of readings costs, and which guests
 * are asked for the dear ones in a tick.  Pure. */
#ifndef VIRT_PLAN_H
#define VIRT_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/model/metric.h"

struct plan_group {
  enum metric_group group;
  const char *name; /* libvirt's: "block" as in virsh domstats --block */
  unsigned stats;   /* VIR_DOMAIN_STATS_x */
  bool heavy;       /* needs QEMU's monitor, which may be held by others or not answer */
  /* CPU time of one call for one idle guest, in libvirtd and in its QEMU, asked for this group alone: libvirt
   * 9.0, QEMU 7.2, a two-core machine.  It tells proportions, not what yours takes. */
  double libvirtd_ms, qemu_ms;
  const char *gives;
};
const struct plan_group *plan_groups(int *ret_count);
/* VIR_DOMAIN_STATS_x and 1 << GROUP_x bits of the light or heavy groups. */
unsigned plan_stats(bool heavy);
unsigned plan_bits(bool heavy);

struct plan_item {
  bool wanted;     /* the user looks at it */
  int64_t read_ns; /* when its heavy groups were last asked for; 0: never */
  double cost;     /* seconds its last heavy call took; 0: not known */
};
#define PLAN_COST_UNKNOWN 0.010 /* seconds: what a guest is taken to cost before it was asked */

/* Choose whom to ask for heavy groups in this tick: indices into ITEMS in the order to ask,
 * into RET (room for COUNT); returns how many.  The guests that the user looks at go first,
 * those that waited longest before others; the rest follows in turn.  All of them together
 * take at most BUDGET seconds by what they cost before, but at least one of each kind is
 * asked.  EVERYTHING: all of them, whatever it costs. */
int plan_choose(const struct plan_item *items, int count, double budget, bool everything, int *ret);
/* Cost known before, and a new measurement: a moving average that forgets one outlier soon. */
double plan_cost(double before, double measured);

#endif
