/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A figure over several runs as one sample: what it comes to, and what it would have come to with other draws
 * of these runs.  Percentiles of latency are of the requests of all runs together, drawn run by run. */
#ifndef BENCH_SAMPLE_H
#define BENCH_SAMPLE_H

#include "core/bench/results.h"
#include "core/bench/stats.h"

struct bench_sample {
  enum bench_figure figure;
  int n;          /* runs that have it */
  double *values; /* of each of them */
  double value;   /* what they come to */
  GArray *bins;   /* percentiles: the bins of all runs by time; NULL: VALUE is a median or maximum */
  double *totals; /* percentiles: requests of each run */
};
/* Of those of N RUNS that have FIGURE (and, of a percentile, a histogram). */
struct bench_sample *bench_sample_new(const struct bench_run *const *runs, int n, enum bench_figure figure);
void bench_sample_free(struct bench_sample *sample);
/* STATS_RESAMPLES values into RET; NaN where no interval can be had: of a maximum, and of no runs. */
void bench_sample_resample(const struct bench_sample *sample, uint32_t seed, double *ret);

#endif
