/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An analysis in words and short figures, as reports, tables, charts and the screen show it. */
#ifndef BENCH_WORDS_H
#define BENCH_WORDS_H

#include "core/base/units.h"
#include "core/bench/analysis.h"

/* VALUE in the unit of FIGURE, at most UNITS_WIDTH columns and ASCII; returns BUF. */
const char *bench_value_text(units_buf buf, enum bench_figure figure, double value);
/* "8.9k to 9.4k"; "-" where there is none.  Caller frees. */
char *bench_interval_text(enum bench_figure figure, struct stats_interval interval);
/* "6.2x" and "5.9 to 6.5"; "-" where there is none.  Callers free. */
char *bench_ratio_text(double ratio);
char *bench_ratio_interval_text(struct stats_interval interval);
/* What tells the Ith entry from the others: its backend, and what else differs among them.  Caller frees. */
char *bench_entry_label(const struct bench_analysis *analysis, const struct bench_comparison *comparison,
                        guint i);
/* A sentence on the Ith entry against the baseline: what may be said of FIGURE, and no more.  Caller frees.
 */
char *bench_entry_sentence(const struct bench_analysis *analysis, const struct bench_comparison *comparison,
                           guint i, enum bench_figure figure);
/* "randread 4 KiB qd1, guest linux"; caller frees. */
char *bench_comparison_title(const struct bench_comparison *comparison);
/* Stands wherever results of RESULTS are shown; "" when they were measured. */
const char *bench_simulated_text(const struct bench_results *results);

#endif
