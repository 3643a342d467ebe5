/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/bench/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

#define FEW 16 /* up to here insertion beats qsort: resampling sorts a few values very often */

static void sort(double *values, int n)
{
  if (n > FEW) {
    qsort(values, (size_t)n, sizeof *values, compare);
    return;
  }
  for (int i = 1; i < n; i++) {
    const double value = values[i];
    int k = i;
    for (; k > 0 && values[k - 1] > value; k--)
      values[k] = values[k - 1];
    values[k] = value;
  }
}

static double *sorted(const double *values, int n)
{
  double *copy = g_memdup2(values, (size_t)n * sizeof *values);
  sort(copy, n);
  return copy;
}

static double median_of_sorted(const double *order, int n)
{
  return n <= 0 ? (double)NAN : n % 2 ? order[n / 2] : (order[n / 2 - 1] + order[n / 2]) / 2;
}

double stats_median(const double *values, int n)
{
  g_autofree double *order = sorted(values, n);
  return median_of_sorted(order, n);
}

double stats_mean(const double *values, int n)
{
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += values[i];
  return n > 0 ? sum / n : (double)NAN;
}

double stats_deviation(const double *values, int n)
{
  const double mean = stats_mean(values, n);
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += (values[i] - mean) * (values[i] - mean);
  return n > 1 ? sqrt(sum / (n - 1)) : (double)NAN;
}

/* ---- intervals ---- */

void stats_resample(int n, uint32_t seed, stats_statistic statistic, void *context, double *ret)
{
  GRand *rand = g_rand_new_with_seed(seed);
  g_autofree int *which = g_new(int, MAX(n, 1));
  for (int k = 0; k < STATS_RESAMPLES; k++) {
    for (int i = 0; i < n; i++)
      which[i] = g_rand_int_range(rand, 0, n);
    ret[k] = statistic(context, which, n);
  }
  g_rand_free(rand);
}

struct draw {
  const double *values;
  double *drawn;
};

static double *take(const struct draw *draw, const int *which, int n)
{
  for (int i = 0; i < n; i++)
    draw->drawn[i] = draw->values[which[i]];
  return draw->drawn;
}

static double drawn_median(void *context, const int *which, int n)
{
  double *drawn = take(context, which, n);
  sort(drawn, n);
  return median_of_sorted(drawn, n);
}

static double drawn_mean(void *context, const int *which, int n)
{
  return stats_mean(take(context, which, n), n);
}

static void resample_values(const double *values, int n, uint32_t seed, stats_statistic statistic,
                            double *ret)
{
  g_autofree double *drawn = g_new(double, MAX(n, 1)), *order = sorted(values, n);
  struct draw draw = {order, drawn}; /* in an order of their own, so that that of the runs does not matter */
  stats_resample(n, seed, statistic, &draw, ret);
}

void stats_resample_median(const double *values, int n, uint32_t seed, double *ret)
{
  resample_values(values, n, seed, drawn_median, ret);
}

void stats_resample_mean(const double *values, int n, uint32_t seed, double *ret)
{
  resample_values(values, n, seed, drawn_mean, ret);
}

/* Student's quantile of 97.5 % with DF degrees of freedom: Abramowitz and Stegun, table 26.10, and from 10 on
 * their expansion 26.7.5, which is then right to four digits. */
static double student(int df)
{
  static const double table[] = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262};
  const double x = 1.959964, x3 = x * x * x, x5 = x3 * x * x;
  if (df <= (int)G_N_ELEMENTS(table))
    return table[df - 1];
  return x + (x3 + x) / (4.0 * df) + (5 * x5 + 16 * x3 + 3 * x) / (96.0 * df * df);
}

struct stats_interval stats_interval_of(const double *resamples, int n)
{
  const struct stats_interval none = {NAN, NAN};
  if (n < 2)
    return none;
  for (int i = 0; i < STATS_RESAMPLES; i++)
    if (!isfinite(resamples[i]))
      return none;
  g_autofree double *order = sorted(resamples, STATS_RESAMPLES);
  /* The tail that the expanded percentiles leave out on each side. */
  const double tail = erfc(sqrt((double)n / (n - 1)) * student(n - 1) / sqrt(2.0)) / 2;
  const int left_out = (int)(tail * STATS_RESAMPLES);
  return (struct stats_interval){order[left_out], order[STATS_RESAMPLES - 1 - left_out]};
}

/* ---- differences ---- */

struct ranked {
  double value;
  bool first; /* of the first sample */
};

/* Twice the ranks of both samples together, so that the ranks of ties are whole, too; those of the first
 * sample sum up to *RET_FIRST. */
static int *double_ranks(const double *a, int na, const double *b, int nb, int *ret_first)
{
  const int n = na + nb;
  g_autofree struct ranked *all = g_new0(struct ranked, n);
  int *ranks = g_new(int, n);
  for (int i = 0; i < n; i++)
    all[i] = (struct ranked){i < na ? a[i] : b[i - na], i < na};
  qsort(all, (size_t)n, sizeof *all, compare); /* the value is its first member */
  *ret_first = 0;
  for (int i = 0, end; i < n; i = end) {
    for (end = i + 1; end < n && all[end].value <= all[i].value; end++)
      ;
    for (int k = i; k < end; k++) {
      ranks[k] = i + end + 1;
      if (all[k].first)
        *ret_first += ranks[k];
    }
  }
  return ranks;
}

/* In how many ways NA of the N RANKS sum up to each number up to MOST: of every size up to NA, one row each.
 */
static double *count_ways(const int *ranks, int n, int na, int most)
{
  double *ways = g_new0(double, (size_t)(na + 1) * (size_t)(most + 1));
  const size_t row = (size_t)most + 1;
  ways[0] = 1;
  for (int i = 0; i < n; i++)
    for (int k = MIN(na, i + 1); k > 0; k--)
      for (int sum = ranks[i]; sum <= most; sum++)
        ways[(size_t)k * row + (size_t)sum] += ways[(size_t)(k - 1) * row + (size_t)(sum - ranks[i])];
  return ways;
}

static double exact(const int *ranks, int na, int nb, int first)
{
  const int n = na + nb, most = n * (n + 1), expected = na * (n + 1);
  g_autofree double *ways = count_ways(ranks, n, na, most);
  const double *of_all = ways + (size_t)na * ((size_t)most + 1);
  double as_far = 0, total = 0;
  for (int sum = 0; sum <= most; sum++) {
    total += of_all[sum];
    if (abs(sum - expected) >= abs(first - expected))
      as_far += of_all[sum];
  }
  return MIN(as_far / total, 1);
}

/* The normal's approximation, its variance that of the ranks as they are, with the continuity correction. */
static double approximate(const int *ranks, int na, int nb, int first)
{
  const double n = na + nb, expected = na * (n + 1);
  double squares = 0;
  for (int i = 0; i < na + nb; i++)
    squares += (ranks[i] - (n + 1)) * (ranks[i] - (n + 1));
  const double variance = na * nb / (n * (n - 1)) * squares;
  if (variance <= 0)
    return 1;
  return erfc(MAX(fabs(first - expected) - 1, 0) / sqrt(2 * variance));
}

double stats_rank_test(const double *a, int na, const double *b, int nb)
{
  int first;
  if (na <= 0 || nb <= 0)
    return 1;
  g_autofree int *ranks = double_ranks(a, na, b, nb, &first);
  return na + nb <= STATS_EXACT ? exact(ranks, na, nb, first) : approximate(ranks, na, nb, first);
}

double stats_rank_test_least(int na, int nb)
{
  double ways = 1;
  for (int i = 1; i <= na; i++)
    ways = ways * (nb + i) / i;
  return MIN(2 / ways, 1);
}

void stats_holm(double *p, int n)
{
  int comparisons = 0;
  g_autofree bool *done = g_new0(bool, MAX(n, 1));
  double before = 0;
  for (int i = 0; i < n; i++)
    comparisons += !isnan(p[i]);
  for (int left = comparisons; left > 0; left--) {
    int least = -1;
    for (int i = 0; i < n; i++)
      if (!done[i] && !isnan(p[i]) && (least < 0 || p[i] < p[least]))
        least = i;
    done[least] = true;
    before = p[least] = MIN(MAX(before, p[least] * left), 1);
  }
}
