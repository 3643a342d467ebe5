/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/bench/sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct bin {
  double seconds, count;
  int run;
};

/* The percent that FIGURE is a percentile of; 0: it is none. */
static double percent_of(enum bench_figure figure)
{
  switch (figure) {
  case BENCH_F_LAT_P50:
    return 50;
  case BENCH_F_LAT_P99:
    return 99;
  case BENCH_F_LAT_P999:
    return 99.9;
  default:
    return 0;
  }
}

static int compare(const void *a, const void *b)
{
  const double x = ((const struct bin *)a)->seconds, y = ((const struct bin *)b)->seconds;
  return (x > y) - (x < y);
}

static void add_bins(struct bench_sample *sample, const struct bench_histogram *histogram, int run)
{
  for (guint i = 0; i < histogram->bins->len; i++) {
    const struct bench_bin *from = &g_array_index(histogram->bins, struct bench_bin, i);
    const struct bin bin = {from->seconds, (double)from->count, run};
    g_array_append_val(sample->bins, bin);
  }
  sample->totals[run] = (double)bench_histogram_count(histogram);
}

/* The percentile of the requests of all runs, each run taken WEIGHTS times. */
static double percentile(const struct bench_sample *sample, const double *weights)
{
  double total = 0, done = 0;
  for (int i = 0; i < sample->n; i++)
    total += weights[i] * sample->totals[i];
  const double wanted = ceil(total * percent_of(sample->figure) / 100);
  for (guint i = 0; i < sample->bins->len; i++) {
    const struct bin *bin = &g_array_index(sample->bins, struct bin, i);
    done += weights[bin->run] * bin->count;
    if (done >= wanted && weights[bin->run] > 0)
      return bin->seconds;
  }
  return NAN;
}

static double largest(const double *values, int n)
{
  double most = NAN;
  for (int i = 0; i < n; i++)
    most = fmax(most, values[i]);
  return most;
}

static double come_to(const struct bench_sample *sample)
{
  if (sample->figure == BENCH_F_LAT_MAX)
    return largest(sample->values, sample->n);
  if (!sample->bins)
    return stats_median(sample->values, sample->n);
  g_autofree double *once = g_new(double, MAX(sample->n, 1));
  for (int i = 0; i < sample->n; i++)
    once[i] = 1;
  return percentile(sample, once);
}

struct bench_sample *bench_sample_new(const struct bench_run *const *runs, int n, enum bench_figure figure)
{
  const bool is_percentile = percent_of(figure) > 0;
  struct bench_sample *sample = g_new0(struct bench_sample, 1);
  sample->figure = figure;
  sample->values = g_new0(double, MAX(n, 1));
  sample->totals = g_new0(double, MAX(n, 1));
  sample->bins = is_percentile ? g_array_new(FALSE, FALSE, sizeof(struct bin)) : NULL;
  for (int i = 0; i < n; i++) {
    if (!isfinite(runs[i]->value[figure]) || (is_percentile && !runs[i]->latency))
      continue;
    sample->values[sample->n] = runs[i]->value[figure];
    if (is_percentile)
      add_bins(sample, runs[i]->latency, sample->n);
    sample->n++;
  }
  if (is_percentile && sample->bins->len > 1)
    g_array_sort(sample->bins, compare);
  sample->value = come_to(sample);
  return sample;
}

void bench_sample_free(struct bench_sample *sample)
{
  if (sample->bins)
    g_array_unref(sample->bins);
  g_free(sample->totals);
  g_free(sample->values);
  g_free(sample);
}

struct drawing {
  const struct bench_sample *sample;
  double *weights;
};

static double drawn_percentile(void *context, const int *which, int n)
{
  const struct drawing *drawing = context;
  memset(drawing->weights, 0, (size_t)n * sizeof *drawing->weights);
  for (int i = 0; i < n; i++)
    drawing->weights[which[i]]++;
  return percentile(drawing->sample, drawing->weights);
}

void bench_sample_resample(const struct bench_sample *sample, uint32_t seed, double *ret)
{
  if (sample->n == 0 || sample->figure == BENCH_F_LAT_MAX) {
    for (int i = 0; i < STATS_RESAMPLES; i++)
      ret[i] = NAN;
  } else if (sample->bins) {
    g_autofree double *weights = g_new(double, sample->n);
    struct drawing drawing = {sample, weights};
    stats_resample(sample->n, seed, drawn_percentile, &drawing, ret);
  } else {
    stats_resample_median(sample->values, sample->n, seed, ret);
  }
}
