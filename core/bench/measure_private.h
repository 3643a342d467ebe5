/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of measure know of one another. */
#ifndef BENCH_MEASURE_PRIVATE_H
#define BENCH_MEASURE_PRIVATE_H

#include "core/bench/fio.h"
#include "core/bench/measure.h"
#include "core/bench/talk.h"
#include "core/bench/window.h"

/* A run under way. */
struct measurement {
  struct measuring *of;
  char uuid[37]; /* of its guest; "": there is none */
  struct probe *probe;
  struct talk *talk; /* NULL: the guest does not talk */
  struct window window;
  bool at_boot;      /* the window is the boot */
  int64_t middle_ns; /* when it is to be looked at half-way (monotonic); 0: not now */
  int orders;        /* given so far */
};
#define BOOT_SECONDS 180 /* that a boot may take, under emulation on a loaded machine */

/* A talk_goes_on of a struct measurement. */
bool measurement_goes_on(void *context, GError **err);
/* Let the guest run, which is paused. */
bool measurement_resume(struct measurement *m, GError **err);
bool measurement_sleep(struct measurement *m, double seconds, GError **err);
bool measurement_begin(struct measurement *m, GError **err);
bool measurement_end(struct measurement *m, GError **err);
/* The runs of the two kinds of guest, which is there. */
bool measure_linux(struct measurement *m, struct bench_run *run, GError **err);
bool measure_pulse(struct measurement *m, struct bench_run *run, GError **err);
/* The loops of virtlens-loops, in the guest and on the host. */
bool measure_loops(struct measurement *m, struct bench_run *run, GError **err);

#endif
