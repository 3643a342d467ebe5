/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/bench_sample.h"

#include <string.h>

#define BEGUN INT64_C(1780000000000000000)

static struct bench_run *one_run(int cell, int round)
{
  struct bench_run *run = bench_run_new(cell, round);
  const double iops = 1000 * (cell + 1) * (1 + 0.01 * round);
  run->begun_wall_ns = BEGUN + (int64_t)round * 1000000000;
  run->seconds = 5;
  run->latency = bench_histogram_new();
  bench_histogram_add(run->latency, 1 / iops, 990);
  bench_histogram_add(run->latency, 4 / iops, 10);
  run->value[BENCH_F_IOPS] = iops;
  run->value[BENCH_F_THROUGHPUT] = iops * 4096;
  run->value[BENCH_F_LAT_MEAN] = bench_histogram_mean(run->latency);
  run->value[BENCH_F_LAT_P50] = bench_histogram_percentile(run->latency, 50);
  run->value[BENCH_F_LAT_P99] = bench_histogram_percentile(run->latency, 99);
  run->value[BENCH_F_LAT_P999] = bench_histogram_percentile(run->latency, 99.9);
  run->value[BENCH_F_LAT_MAX] = 4 / iops;
  run->value[BENCH_F_HOST_CPU] = 100;
  run->value[BENCH_F_QEMU_CPU] = 80;
  run->value[BENCH_F_PER_CPU] = iops / 0.8;
  return run;
}

struct bench_results *bench_made_up(const char *text, int runs)
{
  g_autofree char *whole = g_strconcat("[plan]\nseed = 7\n", text, NULL);
  struct bench_plan *plan = bench_plan_parse("made-up", whole, strlen(whole), NULL);
  struct bench_results *results = bench_results_new(plan);
  results->complete = true;
  results->begun_wall_ns = BEGUN;
  results->ended_wall_ns = BEGUN + 60 * INT64_C(1000000000);
  results->fact[BENCH_FACT_CPU] = g_strdup("An \"Example\" CPU \xc2\xb5");
  for (int cell = 0; cell < (int)plan->cells->len; cell++)
    bench_results_made(results, cell)->guest = g_strdup("linux");
  for (int round = 0; round < runs; round++)
    for (int cell = 0; cell < (int)plan->cells->len; cell++)
      bench_results_add(results, one_run(cell, round));
  return results;
}
