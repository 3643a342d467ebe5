/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Strokes of the charts: text, bars, lines, marks and axes, on a cairo context in points. */
#ifndef BENCH_CHART_DRAW_H
#define BENCH_CHART_DRAW_H

#include <cairo.h>
#include <stdbool.h>

#include "core/bench/stats.h"

struct chart_area {
  double x, y, w, h;
};
enum chart_align { CHART_LEFT, CHART_CENTRE, CHART_RIGHT };
enum chart_size { CHART_SMALL, CHART_NORMAL, CHART_TITLE };

/* TEXT (UTF-8, safe) with its middle at Y, cut to WIDTH (0: not cut). */
void chart_text(cairo_t *cr, double x, double y, double width, enum chart_align align, enum chart_size size,
                const char *text);
/* Lines of TEXT from Y on, broken at WIDTH; where they end. */
double chart_paragraph(cairo_t *cr, double x, double y, double width, enum chart_size size, const char *text);
/* A bar that looks as the series INDEX: its colour and its pattern. */
void chart_bar(cairo_t *cr, struct chart_area area, guint index);
/* Set colour and dashes of the series INDEX for a line. */
void chart_line_style(cairo_t *cr, guint index);
/* The mark of the series INDEX. */
void chart_mark(cairo_t *cr, double x, double y, guint index);
/* From LOW to HIGH on a horizontal or vertical line, with short ends; nothing where either is not finite. */
void chart_whisker(cairo_t *cr, double low, double high, double across, bool vertical);
void chart_ink(cairo_t *cr, double grey); /* 0: black */
/* A round step that parts MOST into four to ten. */
double chart_step(double most);

#endif
