/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A plan carried out: run after run in its order, disturbed ones once more, what is measured kept in a file
 * after each.  One thread, a worker's or the main one where there is no screen: it takes as long as it takes.
 */
#ifndef BENCH_RUN_H
#define BENCH_RUN_H

#include <stdatomic.h>

#include "core/bench/results.h"
#include "core/virt/virt.h"

/* How one that is under way is to go on; set by any thread. */
enum bench_pace {
  BENCH_GO,
  BENCH_PAUSE, /* begin no further run until it is told to go on */
  BENCH_SKIP, /* end the run under way, and leave the rest of its cell out; goes back to BENCH_GO by itself */
  BENCH_STOP, /* end the run under way, and keep what was measured */
};

/* How far it is; lasts for the call that tells of it. */
struct bench_progress {
  const struct bench_results *results; /* so far: the last run is the newest */
  int run, runs;                       /* from 1; those there will be as far as is known */
  int cell, round;
  const char *step;    /* "booting", ... */
  double seconds_left; /* NaN: not known yet */
};

struct bench_job {
  struct virt *virt;
  struct bench_results *results; /* its plan is carried out; runs that are there already are not done again */
  const char *file;              /* written anew after each run; NULL: nowhere */
  bool together;                 /* also while another benchmark runs on this machine */
  atomic_int *pace;              /* enum bench_pace */
  const atomic_bool *cancel;     /* the same as BENCH_STOP; NULL: none */
  void (*tell)(void *context, const struct bench_progress *progress);
  void *context;
};
/* Do it.  Guests of benchmarks that are there already are left over, and deleted, where no other benchmark
 * can have any: in a lab, which is one program's alone, and, unless TOGETHER, on this machine.  True: to its
 * end, or until it was told to stop (results->complete says which).  False: nothing can be run at all, the
 * results cannot be written, or a guest cannot be deleted; what was measured is kept. ERROR_RESOURCES where
 * another benchmark runs on this machine, or what it needs is missing. */
bool bench_do(struct bench_job *job, GError **err);

#endif
