/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One run of a cell, from the making of its guest to its deletion.  Worker threads only: it takes as long as
 * it takes. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include "core/bench/results.h"
#include "core/virt/virt.h"

/* All guests of benchmarks have such names, and nobody else's. */
#define BENCH_GUEST_PREFIX "virtlens-bench-"

struct measuring {
  struct virt *virt;
  const struct bench_plan *plan;
  int cell;
  const char *kind; /* of guest: "linux", "pulse" */
  uint32_t seed;    /* of the places that are read and written */
  /* Asked ten times a second while something is waited for: false with ERR ends the run. */
  bool (*goes_on)(void *context, GError **err);
  /* What is done now. */
  void (*step)(void *context, const char *text);
  void *context;
  /* out: of the first run of a cell; g_free */
  char *fio, *kernel; /* what they say of their versions; NULL: not told */
};
/* Fill RUN and MADE (what is not known of it yet).  False: nothing was measured, and ERR says why; whatever
 * was made is deleted in any case, and where that fails, ERR says so. */
bool measure_run(struct measuring *measuring, struct bench_run *run, struct bench_made *made, GError **err);
/* Whether a guest of KIND could be made for the cell, and can do its work; false with ERR: why not. */
bool measure_check(const struct measuring *measuring, GError **err);

#endif
