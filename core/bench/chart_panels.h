/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The panels of a chart; each fills AREA of CR with one thing that a comparison tells. */
#ifndef BENCH_CHART_PANELS_H
#define BENCH_CHART_PANELS_H

#include "core/bench/analysis.h"
#include "core/bench/chart_draw.h"

struct chart_panel {
  cairo_t *cr;
  const struct bench_analysis *analysis;
  const struct bench_comparison *comparison;
  struct chart_area area;
};
/* FIGURE as bars with 95 % intervals. */
void chart_bars(const struct chart_panel *panel, enum bench_figure figure);
/* The parts of the boot time, one behind the other. */
void chart_boot(const struct chart_panel *panel);
/* Which part of the requests took no longer than a time. */
void chart_latency(const struct chart_panel *panel);
/* Requests per second over the CPU that they cost the host. */
void chart_cost(const struct chart_panel *panel);

#endif
