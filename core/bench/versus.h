/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two results of the same plan, cell by cell: has anything changed?  And for machines: has it changed for the
 * worse by more than is allowed? */
#ifndef BENCH_VERSUS_H
#define BENCH_VERSUS_H

#include "core/bench/analysis.h"

/* A limit as it is typed: "iops < -10%", "latency_p99 > 20%": what would be too much of a change from the
 * first results to the second. */
struct bench_limit {
  enum bench_figure figure;
  bool below;     /* "<" */
  double percent; /* with its sign */
};
/* ERROR_USAGE says what is wrong in TEXT. */
bool bench_limit_parse(const char *text, struct bench_limit *ret, GError **err);

/* A cell that both have. */
struct bench_change {
  int first, second;                                /* its number in each */
  struct bench_compared figure[BENCH_FIGURE_COUNT]; /* the second's, held against the first's */
};
struct bench_versus {
  const struct bench_results *first, *second; /* borrowed */
  GPtrArray *changes;                         /* struct bench_change */
  int only_first, only_second;                /* cells with runs that the other has not */
};
/* Cells are the same when backend, options, workload and kind of guest are.  p is adjusted for all cells,
 * figure by figure. */
struct bench_versus *bench_versus_new(const struct bench_results *first, const struct bench_results *second);
void bench_versus_free(struct bench_versus *versus); /* NULL is fine */
/* For reading, at most 80 columns, safe.  Caller frees. */
char *bench_versus_text(const struct bench_versus *versus);
/* Whether CHANGE breaks LIMIT: its figure can be shown to have changed, and by more than that. */
bool bench_limit_broken(const struct bench_limit *limit, const struct bench_change *change);

#endif
