/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the runs of a benchmark come to: cells that did the same work side by side, each figure with its
 * interval and held against a baseline.  Reports, tables, charts, results.json and the screen show this and
 * calculate nothing. Pure; the same results give the same analysis.  The methods: core/bench/stats.h. */
#ifndef BENCH_ANALYSIS_H
#define BENCH_ANALYSIS_H

#include "core/bench/results.h"
#include "core/bench/stats.h"

enum bench_verdict {
  BENCH_NO_FIGURES,    /* one of the two has none */
  BENCH_IS_BASELINE,   /* it is what others are held against */
  BENCH_TOO_FEW,       /* so few runs that no difference could be shown, however large */
  BENCH_NO_DIFFERENCE, /* that can be shown */
  BENCH_BETTER,
  BENCH_WORSE,
  BENCH_DIFFERENT, /* which of the two is the better one cannot be said of this figure */
  BENCH_VERDICTS
};
const char *bench_verdict_name(enum bench_verdict verdict); /* "no-difference": the word of the JSON */
const char *bench_verdict_text(enum bench_verdict verdict); /* "no difference that can be shown" */

/* A figure of a cell, over its runs; NaN: unknown. */
struct bench_compared {
  int runs;     /* that have it */
  double value; /* the median; of percentiles and the longest latency: of the requests of all runs together */
  struct stats_interval interval; /* of VALUE */
  double mean, least, most, deviation;
  struct stats_interval mean_interval;
  double ratio; /* of VALUE to the baseline's */
  struct stats_interval ratio_interval;
  double p; /* that there is no difference to the baseline, adjusted for the number of comparisons */
  enum bench_verdict verdict;
};

/* A cell in its comparison. */
struct bench_entry {
  int cell;
  int runs; /* that count */
  int disturbed, repeated,
      failed; /* of these, those that were disturbed all the same; and those that do not count */
  struct bench_histogram *latency; /* of the requests of all of them; empty: unknown */
  struct bench_compared figure[BENCH_FIGURE_COUNT];
};

/* Cells that did the same work in the same kind of guest. */
struct bench_comparison {
  char *work; /* "randread 4 KiB qd1" */
  enum bench_workload workload;
  const char *guest;  /* "linux", "pulse", "simulated"; borrowed, NULL: unknown */
  int baseline;       /* an index of ENTRIES */
  GPtrArray *entries; /* struct bench_entry */
};

struct bench_analysis {
  const struct bench_results *results; /* borrowed: must live as long */
  GPtrArray *comparisons;              /* struct bench_comparison; cells without any run are in none */
};
/* BASELINE is a backend that others are held against, NULL: that of the plan. */
struct bench_analysis *bench_analyse(const struct bench_results *results, const struct backend *baseline);
void bench_analysis_free(struct bench_analysis *analysis); /* NULL is fine */

const struct bench_comparison *bench_comparison_at(const struct bench_analysis *analysis, guint i);
const struct bench_entry *bench_entry_at(const struct bench_comparison *comparison, guint i);
/* The figure that a work is judged by first: requests per second, the boot time, or turns of a loop. */
enum bench_figure bench_main_figure(enum bench_workload workload);
/* Whether any cell of COMPARISON has FIGURE. */
bool bench_comparison_has(const struct bench_comparison *comparison, enum bench_figure figure);

/* Two samples of FIGURE, A held against B: fills RET, whose p is not adjusted yet. */
void bench_compare(const struct bench_run *const *a, int na, const struct bench_run *const *b, int nb,
                   enum bench_figure figure, uint32_t seed, struct bench_compared *ret);
/* The verdict of COMPARED, with its p adjusted for COMPARISONS, against NB runs. */
enum bench_verdict bench_judge(const struct bench_compared *compared, int nb, int comparisons,
                               enum bench_figure figure);

#endif
