/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/bench/chart.h"

#include <cairo-svg.h>
#include <errno.h>
#include <math.h>

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/text.h"
#include "core/base/units.h"
#include "core/bench/chart_panels.h"
#include "core/bench/words.h"

#define WIDTH 1200.0
#define MARGIN 30.0
#define HEAD 96.0
#define FOOT 60.0
#define GAP 24.0
#define ROW_TITLE 30.0
#define ROW_LEAST 210.0
#define ROW_PER_ENTRY 30.0
#define COMPARISONS_MOST 24 /* of one picture: more are for the report's tables */
#define PNG_SCALE 2.0       /* for print */

static guint shown(const struct bench_analysis *analysis)
{
  return MIN(analysis->comparisons->len, COMPARISONS_MOST);
}

static double row_height(const struct bench_comparison *comparison)
{
  return ROW_TITLE + fmax(ROW_LEAST, 60 + ROW_PER_ENTRY * comparison->entries->len);
}

static double height_of(const struct bench_analysis *analysis)
{
  double height = HEAD + FOOT;
  for (guint i = 0; i < shown(analysis); i++)
    height += row_height(bench_comparison_at(analysis, i)) + GAP;
  return height;
}

static void head(cairo_t *cr, const struct bench_analysis *analysis)
{
  const struct bench_results *results = analysis->results;
  g_autofree char *name = text_line(results->plan->name), *cpu = text_line(results->fact[BENCH_FACT_CPU]);
  g_autofree char *when = results->begun_wall_ns ? units_time_utc(results->begun_wall_ns) : g_strdup("");
  g_autofree char *line = g_strdup_printf("plan %s, seed %u, %u runs   %s   %s", name, results->plan->seed,
                                          results->runs->len, when, cpu);
  chart_ink(cr, 0);
  chart_text(cr, MARGIN, 26, WIDTH - 2 * MARGIN, CHART_LEFT, CHART_TITLE, "Disk backends of guests compared");
  chart_text(cr, MARGIN, 50, WIDTH - 2 * MARGIN, CHART_LEFT, CHART_NORMAL, line);
  if (!results->simulated)
    return;
  cairo_set_source_rgb(cr, 0.7, 0.1, 0);
  chart_text(cr, MARGIN, 74, WIDTH - 2 * MARGIN, CHART_LEFT, CHART_TITLE, bench_simulated_text(results));
}

static void foot(cairo_t *cr, const struct bench_analysis *analysis, double y)
{
  const guint left = analysis->comparisons->len - shown(analysis);
  g_autofree char *more =
      left ? g_strdup_printf("  %u more comparisons are in the report's text.", left) : g_strdup("");
  g_autofree char *text = g_strdup_printf("Medians of runs with 95 %% bootstrap intervals.  Where intervals "
                                          "of two cells overlap, look at the report: it says "
                                          "which differences can be shown.  Marks stand for the cells beside "
                                          "whose bars they are.  Different kinds of guests and "
                                          "workloads stand in rows of their own.%s",
                                          more);
  chart_ink(cr, 0.25);
  chart_paragraph(cr, MARGIN, y, WIDTH - 2 * MARGIN, CHART_SMALL, text);
}

/* Three panels beside one another for work on a disk, two for boot, one for the rest. */
static void panels(cairo_t *cr, const struct bench_analysis *analysis,
                   const struct bench_comparison *comparison, struct chart_area area)
{
  const double third = (area.w - 2 * GAP) / 3, half = (area.w - GAP) / 2;
  struct chart_panel panel = {cr, analysis, comparison, area};
  if (comparison->workload == BENCH_BOOT || comparison->workload == BENCH_CPU) {
    panel.area.w = half;
    chart_bars(&panel, bench_main_figure(comparison->workload));
    panel.area.x += half + GAP;
    if (comparison->workload == BENCH_BOOT)
      chart_boot(&panel);
    else
      chart_bars(&panel, BENCH_F_FLOAT);
    return;
  }
  panel.area.w = third;
  chart_bars(&panel, BENCH_F_IOPS);
  panel.area.x += third + GAP;
  chart_latency(&panel);
  panel.area.x += third + GAP;
  chart_cost(&panel);
}

static void draw(cairo_t *cr, const struct bench_analysis *analysis)
{
  double y = HEAD;
  cairo_set_source_rgb(cr, 1, 1, 1);
  cairo_paint(cr);
  head(cr, analysis);
  for (guint i = 0; i < shown(analysis); i++) {
    const struct bench_comparison *comparison = bench_comparison_at(analysis, i);
    const double height = row_height(comparison);
    g_autofree char *title = bench_comparison_title(comparison);
    chart_ink(cr, 0);
    chart_text(cr, MARGIN, y + ROW_TITLE / 2, WIDTH - 2 * MARGIN, CHART_LEFT, CHART_TITLE, title);
    panels(cr, analysis, comparison,
           (struct chart_area){MARGIN, y + ROW_TITLE, WIDTH - 2 * MARGIN, height - ROW_TITLE});
    y += height + GAP;
  }
  foot(cr, analysis, y);
}

/* Draw on SURFACE (kept), SCALE pixels for a point. */
static bool draw_on(cairo_surface_t *surface, double scale, const struct bench_analysis *analysis,
                    GError **err)
{
  cairo_t *cr = cairo_create(surface);
  cairo_scale(cr, scale, scale);
  draw(cr, analysis);
  const cairo_status_t status = cairo_status(cr);
  cairo_destroy(cr);
  return status == CAIRO_STATUS_SUCCESS ||
         error_set(err, ERROR_RESOURCES, NULL, "the chart cannot be drawn: %s",
                   cairo_status_to_string(status));
}

static cairo_status_t to_file(void *context, const unsigned char *data, unsigned length)
{
  return fwrite(data, 1, length, context) == length ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

bool bench_chart_png(const struct bench_analysis *analysis, const char *file, GError **err)
{
  struct path_out *out = path_begin(file, err);
  if (!out)
    return false;
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(WIDTH * PNG_SCALE),
                                                        (int)(height_of(analysis) * PNG_SCALE));
  bool ok = draw_on(surface, PNG_SCALE, analysis, err);
  if (ok && cairo_surface_write_to_png_stream(surface, to_file, out->file) != CAIRO_STATUS_SUCCESS)
    ok = error_set_errno(err, ERROR_RESOURCES, errno, "free space, or name another folder", "cannot write %s",
                         file);
  cairo_surface_destroy(surface);
  if (ok)
    return path_commit(out, err);
  path_abandon(out);
  return false;
}

static cairo_status_t to_string(void *context, const unsigned char *data, unsigned length)
{
  g_string_append_len(context, (const char *)data, length);
  return CAIRO_STATUS_SUCCESS;
}

char *bench_chart_svg(const struct bench_analysis *analysis, GError **err)
{
  GString *svg = g_string_new(NULL);
  cairo_surface_t *surface = cairo_svg_surface_create_for_stream(to_string, svg, WIDTH, height_of(analysis));
  const bool ok = draw_on(surface, 1, analysis, err);
  cairo_surface_finish(surface);
  cairo_surface_destroy(surface);
  return g_string_free(svg, !ok);
}
