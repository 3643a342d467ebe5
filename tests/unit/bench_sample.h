/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Results of benchmarks as the tests make them up: figures that are known beforehand. */
#ifndef UNIT_BENCH_SAMPLE_H
#define UNIT_BENCH_SAMPLE_H

#include "core/bench/results.h"

/* TEXT is a plan's options without its [plan]; each cell has RUNS runs, those of cell C around 1000 * (C + 1)
 * requests per second, 1 % apart, and latencies to match. */
struct bench_results *bench_made_up(const char *text, int runs);

#endif
