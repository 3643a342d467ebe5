/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host's own figures. */
#include <math.h>
#include <string.h>

#include "core/base/units.h"
#include "tui/figures.h"
#include "tui/pane.h"

#define HIGH_PERCENT 90.0
#define MAX_CORE_GRAPH 40
#define MIN_CORE_GRAPH 8
#define FIGURE_W 5

struct host_pane {
  const struct app *app;
  struct canvas *canvas;
  const struct host_scan *host;
};

/* A label and a figure of fixed width; returns the column after it. */
static int put_figure(const struct host_pane *p, int x, int y, const char *label, int metric)
{
  enum metric_unit unit = metric_table(SCOPE_HOST, NULL)[metric].unit;
  double value;
  bool known = p->host && readings_get(&p->host->r, metric, &value);
  char buf[24];
  x = canvas_put(p->canvas, x, y, ROLE_LABEL, label) + 1;
  return canvas_put_right(p->canvas, x, y, FIGURE_W, known ? ROLE_TEXT : ROLE_DIM,
                          known ? figure_value(buf, unit, value) : "-");
}

static double share(const struct host_pane *p, int metric, int of_metric)
{
  double value, whole = 100;
  if (!p->host || !readings_get(&p->host->r, metric, &value))
    return (double)NAN;
  if (of_metric >= 0 && !readings_get(&p->host->r, of_metric, &whole))
    return (double)NAN;
  return whole > 0 ? value / whole : (double)NAN;
}

static int put_bar(const struct host_pane *p, int x, int y, int w, double fraction)
{
  canvas_bar(p->canvas, x, y, w, fraction, fraction * 100 >= HIGH_PERCENT ? ROLE_BAR_HIGH : ROLE_BAR);
  return x + w;
}

struct field {
  const char *label;
  int metric;
  int gap; /* blanks before it */
};

static const struct field cpu_fields[] = {{"user", HOST_USER, 2},
                                          {"sys", HOST_SYSTEM, 2},
                                          {"iow", HOST_IOWAIT, 2},
                                          {"steal", HOST_STEAL, 2},
                                          {"load", HOST_LOAD1, 2}};
static const struct field io_fields[] = {
    {"disk r", HOST_DISK_RD, 2}, {"w", HOST_DISK_WR, 1}, {"net rx", HOST_NET_RX, 2}, {"tx", HOST_NET_TX, 1}};
static const struct field psi_fields[] = {
    {"psi cpu", HOST_PSI_CPU, 2}, {"io", HOST_PSI_IO, 1}, {"mem", HOST_PSI_MEM, 1}};
static const struct field more_fields[] = {
    {"load5", HOST_LOAD5, 2}, {"load15", HOST_LOAD15, 2}, {"swap", HOST_SWAP_USED, 2}};

static int field_width(const struct field *field)
{
  return field->gap + (int)strlen(field->label) + 6;
}

static int fields_width(const struct field *fields, size_t n)
{
  int w = 0;
  for (size_t i = 0; i < n; i++)
    w += field_width(&fields[i]);
  return w;
}

/* The fields that fit before END, from X on. */
static int put_fields(const struct host_pane *p, int x, int y, int end, const struct field *fields, size_t n)
{
  for (size_t i = 0; i < n && x + field_width(&fields[i]) <= end; i++)
    x = put_figure(p, x + fields[i].gap, y, fields[i].label, fields[i].metric);
  return x;
}

static void draw_cpu(const struct host_pane *p, struct rect r)
{
  int end = r.x + r.w;
  int wanted = fields_width(cpu_fields, G_N_ELEMENTS(cpu_fields));
  int bar = CLAMP(r.w - wanted - 10, 10, 40);
  int x = canvas_put(p->canvas, r.x, r.y, ROLE_LABEL, "cpu ");
  x = put_bar(p, x, r.y, bar, share(p, HOST_CPU, -1));
  x = put_figure(p, x - 1, r.y, "", HOST_CPU);
  x = put_fields(p, x, r.y, end, cpu_fields, G_N_ELEMENTS(cpu_fields));
  if (end - x > fields_width(more_fields, G_N_ELEMENTS(more_fields)))
    put_fields(p, x, r.y, end, more_fields, G_N_ELEMENTS(more_fields));
}

/* "4.1/24.0G": both in the unit of the whole.  Returns the column after it. */
static int put_memory(const struct host_pane *p, int x, int y)
{
  double used, total;
  units_buf whole, part;
  bool known = p->host && readings_get(&p->host->r, HOST_MEM_USED, &used) &&
               readings_get(&p->host->r, HOST_MEM_TOTAL, &total);
  g_autofree char *text =
      known ? g_strdup_printf("%s/%s", units_bytes(part, used), units_bytes(whole, total)) : NULL;
  return canvas_put_right(p->canvas, x, y, 12, known ? ROLE_TEXT : ROLE_DIM, text ? text : "-");
}

static void draw_memory(const struct host_pane *p, struct rect r, bool io)
{
  int end = r.x + r.w;
  int wanted = io ? fields_width(io_fields, G_N_ELEMENTS(io_fields)) : 0;
  int bar = CLAMP(r.w - wanted - 16, 8, 40);
  int x = canvas_put(p->canvas, r.x, r.y, ROLE_LABEL, "mem ");
  x = put_bar(p, x, r.y, bar, share(p, HOST_MEM_USED, HOST_MEM_TOTAL));
  x = put_memory(p, x, r.y);
  if (io)
    put_fields(p, x, r.y, end, io_fields, G_N_ELEMENTS(io_fields));
}

/* ---- cores ---- */

static double core_percent(const struct host_pane *p, int core)
{
  double value;
  return readings_get(&p->host->cores[core], CORE_CPU, &value) ? value : (double)NAN;
}

static void draw_core_graph(const struct host_pane *p, int core, int digits, struct rect r)
{
  double values[2 * MAX_CORE_GRAPH];
  int graph = r.w - digits - 7;
  char buf[24];
  double now = core_percent(p, core);
  int x = r.x + digits;
  g_autofree char *number = g_strdup_printf("%d", core);
  canvas_put_right(p->canvas, r.x, r.y, digits, ROLE_LABEL, number);
  int n = canvas_graph_values(p->canvas, graph);
  app_history_get(p->app, SCOPE_CORE, NULL, core, CORE_CPU, values, n);
  canvas_graph(p->canvas, (struct rect){x + 1, r.y, graph, 1}, values, n, 100, ROLE_GRAPH_CPU);
  canvas_put_right(p->canvas, x + 1 + graph, r.y, 6, isnan(now) ? ROLE_DIM : ROLE_TEXT,
                   isnan(now) ? "-" : units_percent(buf, now));
}

/* Too many for graphs: one cell per core, its height the load. */
static void draw_core_levels(const struct host_pane *p, struct rect r)
{
  int x = canvas_putf(p->canvas, r.x, r.y, ROLE_LABEL, "%d cores ", p->host->core_count);
  int room = r.x + r.w - x;
  for (int i = 0; i < p->host->core_count && i < room * r.h; i++) {
    double now = core_percent(p, i);
    canvas_level(p->canvas, x + i % room, r.y + i / room, now / 100,
                 now >= HIGH_PERCENT ? ROLE_BAR_HIGH : ROLE_GRAPH_CPU);
  }
}

/* Returns the column after them. */
static int draw_cores(const struct host_pane *p, struct rect r)
{
  int cores = p->host ? p->host->core_count : 0;
  int digits = cores > 100 ? 3 : cores > 10 ? 2 : 1;
  if (cores == 0 || r.w < 12)
    return r.x;
  int per_row = (cores + r.h - 1) / r.h;
  int w = MIN((r.w + 2) / per_row - 2, digits + 7 + MAX_CORE_GRAPH);
  if (w < digits + 7 + MIN_CORE_GRAPH) {
    draw_core_levels(p, r);
    return r.x + r.w;
  }
  for (int i = 0; i < cores; i++)
    draw_core_graph(p, i, digits, (struct rect){r.x + (i % per_row) * (w + 2), r.y + i / per_row, w, 1});
  return r.x + per_row * (w + 2) - 2;
}

static void draw_cores_and_pressure(const struct host_pane *p, struct rect r)
{
  int psi = fields_width(psi_fields, G_N_ELEMENTS(psi_fields));
  bool both = r.w - psi >= 20;
  int x = draw_cores(p, (struct rect){r.x, r.y, both ? r.w - psi : r.w, r.h});
  if (both)
    put_fields(p, x, r.y, r.x + r.w, psi_fields, G_N_ELEMENTS(psi_fields));
}

void host_pane_draw(const struct app *app, struct canvas *canvas, struct rect rect)
{
  const struct host_pane p = {app, canvas, app_scan(app)->host};
  struct rect row = {rect.x + 1, rect.y, rect.w - 2, 1};
  draw_cpu(&p, row);
  row.y++;
  if (rect.h == 2)
    draw_memory(&p, row, rect.w >= 72);
  if (rect.h < 3)
    return;
  row.h = rect.h - 2;
  draw_cores_and_pressure(&p, row);
  row.y += row.h;
  row.h = 1;
  draw_memory(&p, row, true);
}
