/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/bench/histogram.h"

#include <math.h>

struct bench_histogram *bench_histogram_new(void)
{
  struct bench_histogram *histogram = g_new0(struct bench_histogram, 1);
  histogram->bins = g_array_new(FALSE, FALSE, sizeof(struct bench_bin));
  return histogram;
}

void bench_histogram_free(struct bench_histogram *histogram)
{
  if (!histogram)
    return;
  g_array_unref(histogram->bins);
  g_free(histogram);
}

static const struct bench_bin *bin_at(const struct bench_histogram *histogram, guint i)
{
  return &g_array_index(histogram->bins, struct bench_bin, i);
}

/* The first bin of SECONDS or more. */
static guint find(const struct bench_histogram *histogram, double seconds)
{
  guint low = 0, high = histogram->bins->len;
  while (low < high) {
    const guint middle = low + (high - low) / 2;
    if (bin_at(histogram, middle)->seconds < seconds)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

void bench_histogram_add(struct bench_histogram *histogram, double seconds, uint64_t count)
{
  const guint at = find(histogram, seconds);
  const struct bench_bin bin = {seconds, count};
  if (!count)
    return;
  if (at < histogram->bins->len && bin_at(histogram, at)->seconds <= seconds)
    g_array_index(histogram->bins, struct bench_bin, at).count += count;
  else
    g_array_insert_val(histogram->bins, at, bin);
}

void bench_histogram_merge(struct bench_histogram *histogram, const struct bench_histogram *other)
{
  for (guint i = 0; other && i < other->bins->len; i++)
    bench_histogram_add(histogram, bin_at(other, i)->seconds, bin_at(other, i)->count);
}

uint64_t bench_histogram_count(const struct bench_histogram *histogram)
{
  uint64_t count = 0;
  for (guint i = 0; i < histogram->bins->len; i++)
    count += bin_at(histogram, i)->count;
  return count;
}

double bench_histogram_percentile(const struct bench_histogram *histogram, double percent)
{
  const double wanted = ceil((double)bench_histogram_count(histogram) * percent / 100);
  double done = 0;
  for (guint i = 0; i < histogram->bins->len; i++) {
    done += (double)bin_at(histogram, i)->count;
    if (done >= wanted)
      return bin_at(histogram, i)->seconds;
  }
  return NAN;
}

double bench_histogram_mean(const struct bench_histogram *histogram)
{
  double sum = 0, count = 0;
  for (guint i = 0; i < histogram->bins->len; i++) {
    sum += bin_at(histogram, i)->seconds * (double)bin_at(histogram, i)->count;
    count += (double)bin_at(histogram, i)->count;
  }
  return count > 0 ? sum / count : (double)NAN;
}
