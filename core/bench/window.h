/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The window of a run, the seconds that are measured: what the guest's QEMU and the host did in it. */
#ifndef BENCH_WINDOW_H
#define BENCH_WINDOW_H

#include "core/bench/results.h"
#include "core/host/span.h"
#include "core/virt/virt.h"

struct window {
  struct host_moment *host_begin, *host_end;
  struct guest *before;               /* its figures, when it did not work yet; NULL: as those of begin */
  struct guest *begin, *middle, *end; /* NULL: not looked yet */
  int64_t begun_ns, ended_ns;         /* monotonic; 0: not yet */
};
/* Worker threads only: they wait for libvirt. */
/* A look takes a moment in which a guest works on: this one is taken before it is given its work, so that
 * none of it is missed by QEMU's counters. */
bool window_before(struct window *window, struct probe *probe, GError **err);
bool window_begin(struct window *window, struct probe *probe, GError **err);
bool window_look(struct window *window, struct probe *probe, GError **err); /* half-way */
bool window_end(struct window *window, struct probe *probe, GError **err);
void window_clear(struct window *window);

/* ---- pure ---- */
struct window_work {
  double requests, bytes, request_seconds;
};
/* What QEMU's counters say went through the guest's disks in the window, or since the look before; false:
 * they say nothing. */
bool window_work(const struct window *window, struct window_work *ret);
/* Between the two looks by which that is counted. */
double window_seconds(const struct window *window);
/* Put what it cost the host, and what else the host did, into RUN, which has its IOPS if there are any. */
void window_cost(const struct window *window, struct bench_run *run);
/* Put into RUN what disturbed it, by what is in it already. */
void window_judge(const struct window *window, const struct bench_plan *plan, struct bench_run *run);

#endif
