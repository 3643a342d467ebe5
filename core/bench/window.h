/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The window of a run, the seconds that are measured: what the guest's QEMU and the host did in it. */
#ifndef BENCH_WINDOW_H
#define BENCH_WINDOW_H

#include "core/bench/results.h"
#include "core/host/span.h"
#include "core/virt/virt.h"

struct window {
  struct host_moment *host_begin, *host_end;
  struct guest *begin, *middle, *end; /* the guest's figures; NULL: not looked yet */
  int64_t begun_ns, ended_ns;         /* monotonic; 0: not yet */
};
/* Worker threads only: they wait for libvirt. */
bool window_begin(struct window *window, struct probe *probe, GError **err);
bool window_look(struct window *window, struct probe *probe, GError **err); /* half-way */
bool window_end(struct window *window, struct probe *probe, GError **err);
void window_clear(struct window *window);

/* ---- pure ---- */
/* What QEMU's counters say went through the guest's disks in the window; false: they say nothing. */
struct window_work {
  double requests, bytes, request_seconds;
};
bool window_work(const struct window *window, struct window_work *ret);
/* Put what it cost the host, and what else the host did, into RUN, whose guest did REQUESTS (0: not known). */
void window_cost(const struct window *window, double requests, struct bench_run *run);
/* Put into RUN what disturbed it, by what is in it already. */
void window_judge(const struct window *window, const struct bench_plan *plan, struct bench_run *run);

#endif
