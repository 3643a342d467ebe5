/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Statistics that hold for few runs, with the methods named: what a report claims rests on these.  Pure; the
 * same seed gives the same result.
 *
 * Intervals: bootstrap, resampling whole runs (Efron, Annals of Statistics 7(1), 1979), its percentiles
 * expanded for few runs (Hesterberg, The American Statistician 69(4), 2015, section 5.2: the plain percentile
 * interval is too narrow by sqrt((n-1)/n) and by the normal's quantile standing for Student's).  With fewer
 * than 6 runs no interval of a median reaches 95 % whatever the method (the widest one, from least to
 * greatest, misses in 2 of 2^n cases). Differences: the rank test of Wilcoxon, and Mann and Whitney (Annals
 * of Mathematical Statistics 18(1), 1947), two-sided; exact, ties included, by counting all ways to deal the
 * ranks out (Streitberg and Roehmel, Statistical Software Newsletter 12(1), 1986) while both have at most
 * STATS_EXACT values together. Several comparisons with one baseline: Holm, Scandinavian Journal of
 * Statistics 6(2), 1979. */
#ifndef BENCH_STATS_H
#define BENCH_STATS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define STATS_RESAMPLES 2000
#define STATS_EXACT 60
#define STATS_LEVEL 0.05 /* of significance; intervals are of 95 % */

struct stats_interval {
  double low, high; /* NaN: there is none */
};

/* Of N values that are finite; NaN of none. */
double stats_median(const double *values, int n);
double stats_mean(const double *values, int n);
/* Standard deviation of the sample; NaN of fewer than two. */
double stats_deviation(const double *values, int n);

/* What a statistic of the runs would have been with other draws of N runs: WHICH (N indexes, some of them
 * more than once) to a value. */
typedef double (*stats_statistic)(void *context, const int *which, int n);
/* Fill RET (STATS_RESAMPLES values) by drawing N runs of N at random that often. */
void stats_resample(int n, uint32_t seed, stats_statistic statistic, void *context, double *ret);
/* The same of the median or mean of N values. */
void stats_resample_median(const double *values, int n, uint32_t seed, double *ret);
void stats_resample_mean(const double *values, int n, uint32_t seed, double *ret);
/* The 95 % interval by RESAMPLES (STATS_RESAMPLES values, left as they are) of N runs; none of fewer than
 * two, and none where one of them is not finite. */
struct stats_interval stats_interval_of(const double *resamples, int n);

/* How probable it is that two samples of the same thing differ in rank as much as these do; 1 when one of
 * them is empty. */
double stats_rank_test(const double *a, int na, const double *b, int nb);
/* The least that stats_rank_test can give for so many values: above STATS_LEVEL, no difference could be
 * shown. */
double stats_rank_test_least(int na, int nb);
/* Adjust N probabilities of as many comparisons for their number; those that are NaN are none. */
void stats_holm(double *p, int n);

#endif
