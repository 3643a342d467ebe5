/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports of an analysis: texts that are safe to show, whatever stands in the file it comes from. */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include "core/bench/analysis.h"

/* detailed_analysis.txt: what was done, what it shows, what it does not, anomalies, advice; at most 80
 * columns, ASCII but for what facts of the host hold.  Caller frees. */
char *bench_report_text(const struct bench_analysis *analysis);
/* One row for each cell and figure.  Caller frees. */
char *bench_report_csv(const struct bench_analysis *analysis);
/* A table for each comparison.  Caller frees. */
char *bench_report_markdown(const struct bench_analysis *analysis);
/* One HTML page with tables, the text and SVG (NULL: without a picture) in it.  Caller frees. */
char *bench_report_html(const struct bench_analysis *analysis, const char *svg);

#endif
