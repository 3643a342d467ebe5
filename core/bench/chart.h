/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pictures of an analysis: for each work bars with their intervals, latency distributions, cost against
 * benefit; the parts of boot times.  Legible in grey and for the colour-blind: whatever has a colour also has
 * a pattern or a mark and a label.  Where this build has no cairo, both say so (ERROR_UNSUPPORTED). */
#ifndef BENCH_CHART_H
#define BENCH_CHART_H

#include "core/bench/analysis.h"

/* Write FILE, beside it first, then renamed (mode 0600). */
bool bench_chart_png(const struct bench_analysis *analysis, const char *file, GError **err);
/* The same as SVG; caller frees. */
char *bench_chart_svg(const struct bench_analysis *analysis, GError **err);

#endif
