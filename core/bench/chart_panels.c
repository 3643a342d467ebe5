/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/bench/chart_panels.h"

#include <math.h>

#include "core/bench/words.h"

#define TITLE_HEIGHT 22
#define AXIS_HEIGHT 30
#define LABEL_WIDTH 110
#define VALUE_WIDTH 44
#define BAR_MOST 24.0

static const struct bench_compared *figure_at(const struct chart_panel *panel, guint i,
                                              enum bench_figure figure)
{
  return &bench_entry_at(panel->comparison, i)->figure[figure];
}

static guint entries(const struct chart_panel *panel)
{
  return panel->comparison->entries->len;
}

/* The largest value of FIGURE, or end of its interval; at least something above 0. */
static double most_of(const struct chart_panel *panel, enum bench_figure figure)
{
  double most = 0;
  for (guint i = 0; i < entries(panel); i++) {
    const struct bench_compared *compared = figure_at(panel, i, figure);
    most = fmax(most, fmax(compared->value, compared->interval.high));
  }
  return most > 0 ? most : 1;
}

static void title(const struct chart_panel *panel, const char *text)
{
  chart_ink(panel->cr, 0);
  chart_text(panel->cr, panel->area.x, panel->area.y + TITLE_HEIGHT / 2.0, panel->area.w, CHART_LEFT,
             CHART_NORMAL, text);
}

/* Where the data are: below the title, above the axis, right of what stands at the left. */
static struct chart_area plot_of(const struct chart_panel *panel, double left, double right)
{
  const struct chart_area area = panel->area;
  return (struct chart_area){area.x + left, area.y + TITLE_HEIGHT, area.w - left - right,
                             area.h - TITLE_HEIGHT - AXIS_HEIGHT};
}

/* ---- axes from 0 ---- */

static void grid_line(cairo_t *cr, double x1, double y1, double x2, double y2)
{
  chart_ink(cr, 0.85);
  cairo_set_dash(cr, NULL, 0, 0);
  cairo_set_line_width(cr, 0.7);
  cairo_move_to(cr, x1, y1);
  cairo_line_to(cr, x2, y2);
  cairo_stroke(cr);
}

static void axis_below(cairo_t *cr, struct chart_area plot, enum bench_figure figure, double most)
{
  const double step = chart_step(most);
  for (double at = 0; at <= most * 1.0001; at += step) {
    units_buf buf;
    const double x = plot.x + plot.w * at / most;
    grid_line(cr, x, plot.y, x, plot.y + plot.h);
    chart_ink(cr, 0.25);
    chart_text(cr, x, plot.y + plot.h + 9, 0, CHART_CENTRE, CHART_SMALL, bench_value_text(buf, figure, at));
  }
}

static void axis_left(cairo_t *cr, struct chart_area plot, enum bench_figure figure, double most)
{
  const double step = chart_step(most);
  for (double at = 0; at <= most * 1.0001; at += step) {
    units_buf buf;
    const double y = plot.y + plot.h - plot.h * at / most;
    grid_line(cr, plot.x, y, plot.x + plot.w, y);
    chart_ink(cr, 0.25);
    chart_text(cr, plot.x - 5, y, 0, CHART_RIGHT, CHART_SMALL, bench_value_text(buf, figure, at));
  }
}

static void axis_name(cairo_t *cr, struct chart_area plot, const char *name)
{
  chart_ink(cr, 0.25);
  chart_text(cr, plot.x + plot.w / 2, plot.y + plot.h + 22, plot.w, CHART_CENTRE, CHART_SMALL, name);
}

/* ---- bars ---- */

/* The bar of the Ith of N rows. */
static struct chart_area row_at(struct chart_area plot, guint i, guint n)
{
  const double step = plot.h / n, height = MIN(step * 0.62, BAR_MOST);
  return (struct chart_area){plot.x, plot.y + step * i + (step - height) / 2, 0, height};
}

static void row_label(const struct chart_panel *panel, struct chart_area row, guint i)
{
  g_autofree char *label = bench_entry_label(panel->analysis, panel->comparison, i);
  chart_ink(panel->cr, 0);
  chart_text(panel->cr, row.x - 6, row.y + row.h / 2, LABEL_WIDTH - 6, CHART_RIGHT, CHART_SMALL, label);
}

/* The mark that stands for the row in the panels beside it. */
static void row_mark(const struct chart_panel *panel, struct chart_area row, guint i)
{
  if (bench_workload_row(panel->comparison->workload)->disk)
    chart_mark(panel->cr, panel->area.x + 4, row.y + row.h / 2, i);
}

static void row_value(const struct chart_panel *panel, struct chart_area row, double x,
                      enum bench_figure figure, double value)
{
  units_buf buf;
  chart_ink(panel->cr, 0);
  chart_text(panel->cr, x + 6, row.y + row.h / 2, 0, CHART_LEFT, CHART_SMALL,
             bench_value_text(buf, figure, value));
}

void chart_bars(const struct chart_panel *panel, enum bench_figure figure)
{
  const struct chart_area plot = plot_of(panel, LABEL_WIDTH, VALUE_WIDTH);
  const double most = most_of(panel, figure);
  g_autofree char *text =
      g_strdup_printf("%s: %s", bench_figure_row(figure)->title, bench_figure_row(figure)->text);
  title(panel, text);
  axis_below(panel->cr, plot, figure, most);
  for (guint i = 0; i < entries(panel); i++) {
    const struct bench_compared *compared = figure_at(panel, i, figure);
    struct chart_area row = row_at(plot, i, entries(panel));
    const double high = fmax(compared->value, compared->interval.high);
    row_label(panel, row, i);
    row_mark(panel, row, i);
    if (!isfinite(compared->value))
      continue;
    row.w = plot.w * compared->value / most;
    chart_bar(panel->cr, row, i);
    chart_whisker(panel->cr, plot.x + plot.w * compared->interval.low / most,
                  plot.x + plot.w * compared->interval.high / most, row.y + row.h / 2, false);
    row_value(panel, row, plot.x + plot.w * high / most, figure, compared->value);
  }
  axis_name(panel->cr, plot, "median and 95 % interval");
}

/* ---- boot ---- */

static const enum bench_figure boot_parts[] = {BENCH_F_FIRMWARE, BENCH_F_KERNEL, BENCH_F_USERSPACE};
static const char *const boot_names[] = {"firmware", "kernel", "user space"};

static void boot_key(const struct chart_panel *panel)
{
  double x = panel->area.x + LABEL_WIDTH;
  const double y = panel->area.y + panel->area.h - 8;
  for (guint k = 0; k < G_N_ELEMENTS(boot_parts); k++) {
    chart_bar(panel->cr, (struct chart_area){x, y - 5, 16, 10}, k);
    chart_ink(panel->cr, 0);
    chart_text(panel->cr, x + 21, y, 0, CHART_LEFT, CHART_SMALL, boot_names[k]);
    x += 100;
  }
}

void chart_boot(const struct chart_panel *panel)
{
  const struct chart_area plot = plot_of(panel, LABEL_WIDTH, VALUE_WIDTH);
  const double most = most_of(panel, BENCH_F_BOOT);
  title(panel, "what the boot time consists of");
  axis_below(panel->cr, plot, BENCH_F_BOOT, most);
  for (guint i = 0; i < entries(panel); i++) {
    struct chart_area row = row_at(plot, i, entries(panel));
    row_label(panel, row, i);
    for (guint k = 0; k < G_N_ELEMENTS(boot_parts); k++) {
      const double value = figure_at(panel, i, boot_parts[k])->value;
      if (!isfinite(value))
        continue;
      row.w = plot.w * value / most;
      chart_bar(panel->cr, row, k);
      row.x += row.w;
    }
    row_value(panel, row, row.x, BENCH_F_BOOT, figure_at(panel, i, BENCH_F_BOOT)->value);
  }
  boot_key(panel);
}

/* ---- latency ---- */

struct range {
  double low, high; /* logarithms */
};

static struct range latency_range(const struct chart_panel *panel)
{
  struct range range = {INFINITY, -INFINITY};
  for (guint i = 0; i < entries(panel); i++) {
    const struct bench_histogram *latency = bench_entry_at(panel->comparison, i)->latency;
    const double first = bench_histogram_percentile(latency, 0.5);
    const double last = bench_histogram_percentile(latency, 99.9);
    if (first > 0 && last > 0) {
      range.low = fmin(range.low, log10(first));
      range.high = fmax(range.high, log10(last));
    }
  }
  return (struct range){range.low - 0.05, range.high + 0.05};
}

/* Percent are drawn by how many requests are left over, in powers of ten: 0, 90, 99 and 99.9 % lie equally
 * far apart. */
static double height_of(double percent)
{
  return -log10(1 - percent / 100) / 3;
}

static void latency_axes(cairo_t *cr, struct chart_area plot, struct range range)
{
  static const double percents[] = {0, 50, 90, 99, 99.9}, digits[] = {1, 2, 5};
  for (size_t i = 0; i < G_N_ELEMENTS(percents); i++) {
    const double y = plot.y + plot.h - plot.h * height_of(percents[i]);
    g_autofree char *text = g_strdup_printf("%g %%", percents[i]);
    grid_line(cr, plot.x, y, plot.x + plot.w, y);
    chart_ink(cr, 0.25);
    chart_text(cr, plot.x - 5, y, 0, CHART_RIGHT, CHART_SMALL, text);
  }
  for (int power = (int)floor(range.low); power <= (int)ceil(range.high); power++)
    for (size_t k = 0; k < G_N_ELEMENTS(digits); k++) {
      const double at = power + log10(digits[k]),
                   x = plot.x + plot.w * (at - range.low) / (range.high - range.low);
      units_buf buf;
      if (at < range.low || at > range.high)
        continue;
      grid_line(cr, x, plot.y, x, plot.y + plot.h);
      chart_ink(cr, 0.25);
      chart_text(cr, x, plot.y + plot.h + 9, 0, CHART_CENTRE, CHART_SMALL,
                 bench_value_text(buf, BENCH_F_LAT_MEAN, pow(10, at)));
    }
}

/* A line through the percentiles of HISTOGRAM; marks at those that have names. */
static void latency_line(cairo_t *cr, struct chart_area plot, struct range range,
                         const struct bench_histogram *histogram, guint index)
{
  static const double marked[] = {50, 90, 99, 99.9};
  cairo_new_path(cr);
  for (double height = 0; height <= 1.0001; height += 0.01) {
    const double percent = 100 * (1 - pow(10, -3 * height));
    const double seconds = bench_histogram_percentile(histogram, fmax(percent, 0.5));
    const double x = plot.x + plot.w * (log10(seconds) - range.low) / (range.high - range.low);
    cairo_line_to(cr, x, plot.y + plot.h - plot.h * height);
  }
  chart_line_style(cr, index);
  cairo_stroke(cr);
  for (size_t i = 0; i < G_N_ELEMENTS(marked); i++) {
    const double seconds = bench_histogram_percentile(histogram, marked[i]);
    chart_mark(cr, plot.x + plot.w * (log10(seconds) - range.low) / (range.high - range.low),
               plot.y + plot.h - plot.h * height_of(marked[i]), index);
  }
}

void chart_latency(const struct chart_panel *panel)
{
  const struct chart_area plot = plot_of(panel, 50, 12);
  const struct range range = latency_range(panel);
  title(panel, "latency: share of the requests that took no longer");
  if (!(range.low < range.high)) {
    chart_text(panel->cr, plot.x, plot.y + plot.h / 2, plot.w, CHART_CENTRE, CHART_NORMAL,
               "no latencies are known");
    return;
  }
  latency_axes(panel->cr, plot, range);
  for (guint i = 0; i < entries(panel); i++) {
    const struct bench_histogram *latency = bench_entry_at(panel->comparison, i)->latency;
    if (latency->bins->len)
      latency_line(panel->cr, plot, range, latency, i);
  }
  axis_name(panel->cr, plot, "seconds (m: thousandths, u: millionths)");
}

/* ---- cost against benefit ---- */

static enum bench_figure cost_figure(const struct chart_panel *panel)
{
  return bench_comparison_has(panel->comparison, BENCH_F_QEMU_CPU) ? BENCH_F_QEMU_CPU : BENCH_F_HOST_CPU;
}

struct point {
  double x, y;
};

static struct point cost_point(const struct chart_panel *panel, struct chart_area plot, guint i,
                               double most_x, double most_y)
{
  const double x = figure_at(panel, i, cost_figure(panel))->value,
               y = figure_at(panel, i, BENCH_F_IOPS)->value;
  return (struct point){plot.x + plot.w * x / most_x, plot.y + plot.h - plot.h * y / most_y};
}

static void cost_mark(const struct chart_panel *panel, struct chart_area plot, guint i, double most_x,
                      double most_y)
{
  const struct bench_compared *cost = figure_at(panel, i, cost_figure(panel));
  const struct bench_compared *gain = figure_at(panel, i, BENCH_F_IOPS);
  const struct point at = cost_point(panel, plot, i, most_x, most_y);
  if (!isfinite(at.x) || !isfinite(at.y))
    return;
  chart_whisker(panel->cr, plot.x + plot.w * cost->interval.low / most_x,
                plot.x + plot.w * cost->interval.high / most_x, at.y, false);
  chart_whisker(panel->cr, plot.y + plot.h - plot.h * gain->interval.low / most_y,
                plot.y + plot.h - plot.h * gain->interval.high / most_y, at.x, true);
  chart_mark(panel->cr, at.x, at.y, i);
}

/* Its name beside the mark, where that would not run into another one: all marks stand with names at the
 * bars. */
static void cost_label(const struct chart_panel *panel, struct chart_area plot, guint i, double most_x,
                       double most_y)
{
  const struct point at = cost_point(panel, plot, i, most_x, most_y);
  const bool left = at.x > plot.x + plot.w * 0.6;
  for (guint k = 0; k < entries(panel); k++) {
    const struct point other = cost_point(panel, plot, k, most_x, most_y);
    if (k != i && fabs(other.y - at.y) < 22 && fabs(other.x - at.x) < LABEL_WIDTH)
      return;
  }
  g_autofree char *label = bench_entry_label(panel->analysis, panel->comparison, i);
  chart_ink(panel->cr, 0);
  if (isfinite(at.x) && isfinite(at.y))
    chart_text(panel->cr, left ? at.x - 9 : at.x + 9, at.y - 9, 0, left ? CHART_RIGHT : CHART_LEFT,
               CHART_SMALL, label);
}

void chart_cost(const struct chart_panel *panel)
{
  const struct chart_area plot = plot_of(panel, 46, 16);
  const enum bench_figure cost = cost_figure(panel);
  const double most_x = most_of(panel, cost) * 1.1, most_y = most_of(panel, BENCH_F_IOPS) * 1.1;
  title(panel, "IOPS over their cost: up and left is better");
  axis_below(panel->cr, plot, cost, most_x);
  axis_left(panel->cr, plot, BENCH_F_IOPS, most_y);
  for (guint i = 0; i < entries(panel); i++)
    cost_mark(panel, plot, i, most_x, most_y);
  for (guint i = 0; i < entries(panel); i++)
    cost_label(panel, plot, i, most_x, most_y);
  axis_name(panel->cr, plot,
            cost == BENCH_F_QEMU_CPU ? "CPU of the guest's QEMU, percent of one CPU"
                                     : "CPU of the host, percent of one CPU");
}
