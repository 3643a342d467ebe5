/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Latencies of requests, counted in bins.  Histograms are merged and percentiles taken of what was merged:
 * percentiles themselves are never averaged. */
#ifndef BENCH_HISTOGRAM_H
#define BENCH_HISTOGRAM_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct bench_bin {
  double seconds; /* that stand for the bin */
  uint64_t count;
};
struct bench_histogram {
  GArray *bins; /* struct bench_bin, ascending, each of another time */
};
struct bench_histogram *bench_histogram_new(void);
void bench_histogram_free(struct bench_histogram *histogram); /* NULL is fine */
/* COUNT more requests that took SECONDS (finite, not negative). */
void bench_histogram_add(struct bench_histogram *histogram, double seconds, uint64_t count);
/* All of OTHER (NULL: nothing), too. */
void bench_histogram_merge(struct bench_histogram *histogram, const struct bench_histogram *other);
uint64_t bench_histogram_count(const struct bench_histogram *histogram);
/* The least time within which PERCENT (above 0, at most 100) of the requests were done; NaN: there are none.
 */
double bench_histogram_percentile(const struct bench_histogram *histogram, double percent);
double bench_histogram_mean(const struct bench_histogram *histogram); /* NaN: there are none */

#endif
