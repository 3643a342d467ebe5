/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The selected guest in a few rows: what it is, what its I/O costs. */
#include <math.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/base/units.h"
#include "tui/figures.h"
#include "tui/pane.h"
#include "tui/table.h"

#define LABEL_W 6
#define VALUE_W 8
#define MAX_VALUES 800
#define LEFT_MAX_W 80

struct pane {
  const struct app *app;
  struct canvas *canvas;
  const struct guest *guest;
};

/* ---- what it is ---- */

static void append(GString *line, const char *text)
{
  g_string_append_printf(line, "%s%s", line->len ? " · " : "", text);
}

static void append_option(GString *line, const char *name, const char *value)
{
  g_autofree char *safe = text_safe(value);
  if (*safe)
    g_string_append_printf(line, " %s=%s", name, safe);
}

char *disk_line(const struct disk_info *disk, bool format)
{
  g_autofree char *bus = text_safe(disk->bus);
  GString *line = g_string_new(disk->backend ? disk->backend->name : bus);
  if (disk->backend)
    g_string_append_printf(line, " %s", backend_path_name(disk->backend->path));
  if (format)
    append_option(line, "format", disk->format);
  append_option(line, "cache", disk->cache);
  append_option(line, "aio", disk->io);
  append_option(line, "discard", disk->discard);
  if (disk->iothread > 0)
    g_string_append_printf(line, " iothread=%d", disk->iothread);
  return g_string_free(line, FALSE);
}

static void append_disk(GString *line, const struct disk_info *disk)
{
  g_autofree char *target = text_safe(disk->target), *how = disk_line(disk, false);
  g_string_append_printf(line, " · %s %s", target, how);
}

char *guest_line(const struct guest *guest)
{
  const struct guest_info *info = guest->info;
  g_autofree char *name = text_safe(info->name), *title = text_safe(info->title);
  g_autofree char *memory = units_size_text(info->memory_bytes);
  g_autofree char *cpus = g_strdup_printf("%u vCPU%s", info->vcpus, info->vcpus == 1 ? "" : "s");
  GString *line = g_string_new(name);
  append(line, accel_name(info->accel));
  append(line, cpus);
  append(line, memory);
  if (info->saved)
    append(line, "saved state");
  if (info->autostart)
    append(line, "autostart");
  if (info->transient_run)
    append(line, "transient");
  if (guest_ssh_port(info))
    g_string_append_printf(line, " · SSH on port %d", guest_ssh_port(info));
  const struct disk_info *disk = guest_main_disk(info);
  if (disk)
    append_disk(line, disk);
  for (int i = 0; i < info->hostdev_count; i++) {
    g_autofree char *address = text_safe(info->hostdevs[i].address);
    g_string_append_printf(line, " · %s passed through", address);
  }
  if (*title)
    append(line, title);
  return g_string_free(line, FALSE);
}

char *guest_trouble(const struct app *app, const struct guest *guest)
{
  const struct scan *scan = app_scan(app);
  double stuck = figure_stuck(guest, scan->mono_ns);
  if (!(stuck > 0))
    return NULL;
  g_autofree char *since = units_time_of_day(scan->wall_ns - (int64_t)(stuck * (double)NS_PER_S));
  g_autofree char *span = units_span(stuck);
  return g_strdup_printf("its QEMU has not answered since %s (%s); the figures are from before", since, span);
}

enum role pane_figure_role(const struct app *app, enum metric_scope scope, int metric, const struct figure *f)
{
  const bool steal =
      (scope == SCOPE_GUEST && metric == GUEST_STEAL) || (scope == SCOPE_VCPU && metric == VCPU_STEAL);
  const enum role role = figure_role(f);
  return steal && role == ROLE_TEXT && f->value >= settings_number(app_settings(app), SETTING_STEAL_THRESHOLD)
             ? ROLE_WARN
             : role;
}

/* ---- graphs on the left ---- */

struct graph_row {
  const char *label;
  int metric;
  enum role role;
  double top; /* value of a full graph; 0: the largest on it */
};

/* What the rows show, the most telling first. */
static const struct graph_row graph_rows[] = {
    {"read", GUEST_RD, ROLE_GRAPH_READ, 0},      {"write", GUEST_WR, ROLE_GRAPH_WRITE, 0},
    {"exits", GUEST_EXITS, ROLE_GRAPH_EXITS, 0}, {"cpu", GUEST_CPU, ROLE_GRAPH_CPU, 0},
    {"lat", GUEST_LAT, ROLE_GRAPH_STEAL, 0},     {"steal", GUEST_STEAL, ROLE_GRAPH_STEAL, 100},
    {"proxy", GUEST_PROXY, ROLE_GRAPH_CPU, 0},   {"iops", GUEST_IOPS, ROLE_GRAPH_READ, 0},
    {"rx", GUEST_RX, ROLE_GRAPH_READ, 0},        {"tx", GUEST_TX, ROLE_GRAPH_WRITE, 0},
    {"rd/s", GUEST_RD_IOPS, ROLE_GRAPH_READ, 0}, {"wr/s", GUEST_WR_IOPS, ROLE_GRAPH_WRITE, 0},
};

static struct figure figure_for(const struct pane *p, int metric)
{
  return figure_guest(app_scan(p->app), p->guest, metric);
}

static void draw_graph_row(const struct pane *p, const struct graph_row *row, struct rect r)
{
  double values[MAX_VALUES];
  const struct figure f = figure_for(p, row->metric);
  g_autofree char *text = figure_with_unit(&f);
  int w = MIN(r.w - LABEL_W - VALUE_W - 1, MAX_VALUES / 2);
  int foot = r.y + r.h - 1;
  int x = canvas_put_fit(p->canvas, r.x, foot, LABEL_W, ROLE_LABEL, row->label);
  if (w > 4) {
    int n = canvas_graph_values(p->canvas, w);
    app_history_get(p->app, SCOPE_GUEST, p->guest->info->uuid, 0, row->metric, values, n);
    canvas_graph(p->canvas, (struct rect){x, r.y, w, r.h}, values, n, row->top, row->role);
    x += w + 1;
  }
  canvas_put_right(p->canvas, x, foot, VALUE_W, pane_figure_role(p->app, SCOPE_GUEST, row->metric, &f), text);
}

/* ---- figures on the right ---- */

/* Without its unit, which is plain where these stand, but for a percentage. */
static int put_figure(const struct pane *p, int x, int y, const char *label, int metric)
{
  const struct figure f = figure_for(p, metric);
  char buf[24];
  g_autofree char *text = f.unit == UNIT_PERCENT ? figure_with_unit(&f) : g_strdup(figure_text(buf, &f));
  x = canvas_put(p->canvas, x, y, ROLE_LABEL, label);
  return canvas_put_right(p->canvas, x, y, 7, pane_figure_role(p->app, SCOPE_GUEST, metric, &f), text) + 2;
}

static void draw_cpu_line(const struct pane *p, struct rect r)
{
  int x = put_figure(p, r.x, r.y, "vCPU", GUEST_VCPU);
  x = put_figure(p, x, r.y, "steal", GUEST_STEAL);
  put_figure(p, x, r.y, "proxy", GUEST_PROXY);
}

static double share_of(const struct pane *p, int part, int whole)
{
  double a, b;
  if (!readings_get(&p->guest->r, part, &a) || !readings_get(&p->guest->r, whole, &b) || !(b > 0))
    return (double)NAN;
  return 100 * a / b;
}

static int put_share(const struct pane *p, int x, int y, const char *label, double percent)
{
  x = canvas_put(p->canvas, x, y, ROLE_LABEL, label);
  g_autofree char *text = isnan(percent) ? g_strdup("-") : g_strdup_printf("%.0f%%", percent);
  return canvas_put_right(p->canvas, x, y, 5, isnan(percent) ? ROLE_DIM : ROLE_TEXT, text) + 2;
}

static void draw_exits_line(const struct pane *p, struct rect r)
{
  struct figure f = figure_for(p, GUEST_EXITS);
  if (f.kind == FIGURE_NA) {
    canvas_putf(p->canvas, r.x, r.y, ROLE_DIM, "exits n/a: %s", f.reason);
    return;
  }
  double io = share_of(p, GUEST_EXITS_IO, GUEST_EXITS), mmio = share_of(p, GUEST_EXITS_MMIO, GUEST_EXITS),
         halt = share_of(p, GUEST_EXITS_HALT, GUEST_EXITS);
  int x = canvas_put(p->canvas, r.x, r.y, ROLE_LABEL, "exits ");
  x = put_share(p, x, r.y, "io", io);
  x = put_share(p, x, r.y, "mmio", mmio);
  x = put_share(p, x, r.y, "halt", halt);
  if (r.w >= x - r.x + 10)
    put_share(p, x, r.y, "other", 100 - io - mmio - halt);
}

static const struct disk_info *main_disk_figures(const struct guest *guest, const struct readings **ret)
{
  const struct disk_info *disk = guest_main_disk(guest->info);
  *ret = NULL;
  for (int i = 0; disk && i < guest->disk_count; i++)
    if (g_strcmp0(guest->disks[i].target, disk->target) == 0)
      *ret = &guest->disks[i].r;
  return disk;
}

static int put_latency(const struct pane *p, const struct readings *r, int x, int y, const char *label,
                       int metric)
{
  const struct figure f = figure_part(app_scan(p->app), p->guest, r, SCOPE_DISK, metric);
  char buf[24];
  x = canvas_put(p->canvas, x, y, ROLE_LABEL, label);
  return canvas_put_right(p->canvas, x, y, 6, figure_role(&f), figure_text(buf, &f)) + 2;
}

static void draw_latency_line(const struct pane *p, struct rect r)
{
  const struct readings *figures;
  main_disk_figures(p->guest, &figures);
  struct figure f = figure_for(p, GUEST_LAT);
  if (!figures || f.kind == FIGURE_NA || f.kind == FIGURE_DIRECT) {
    canvas_putf(p->canvas, r.x, r.y, ROLE_DIM, "latency %s: %s",
                f.kind == FIGURE_NOT_YET  ? "-"
                : f.kind == FIGURE_DIRECT ? "direct"
                                          : "n/a",
                f.reason ? f.reason : "its disk has no figures yet");
    return;
  }
  int x = canvas_put(p->canvas, r.x, r.y, ROLE_LABEL, "avg lat ");
  x = put_latency(p, figures, x, r.y, "rd", DISK_RD_LAT);
  x = put_latency(p, figures, x, r.y, "wr", DISK_WR_LAT);
  put_latency(p, figures, x, r.y, "fl", DISK_FL_LAT);
}

static void draw_memory_line(const struct pane *p, struct rect r)
{
  int x = put_figure(p, r.x, r.y, "mem ", GUEST_MEM);
  put_figure(p, x, r.y, "rss  ", GUEST_RSS);
}

static void draw_net_line(const struct pane *p, struct rect r)
{
  struct figure f = figure_for(p, GUEST_RX);
  if (f.kind == FIGURE_NA || f.kind == FIGURE_DIRECT) {
    canvas_putf(p->canvas, r.x, r.y, ROLE_DIM, "net %s: %s", f.kind == FIGURE_NA ? "n/a" : "direct",
                f.reason);
    return;
  }
  int x = put_figure(p, r.x, r.y, "rx  ", GUEST_RX);
  put_figure(p, x, r.y, "tx   ", GUEST_TX);
}

static void draw_age_line(const struct pane *p, struct rect r)
{
  static const struct {
    const char *label;
    enum metric_group group;
  } ages[] = {{"cpu", GROUP_CPU}, {"disk", GROUP_BLOCK}, {"net", GROUP_INTERFACE}};
  int x = canvas_put(p->canvas, r.x, r.y, ROLE_LABEL, "age ");
  for (size_t i = 0; i < G_N_ELEMENTS(ages); i++) {
    double age = figure_age(p->guest, ages[i].group, app_scan(p->app)->mono_ns);
    units_buf buf;
    x = canvas_put(p->canvas, x, r.y, ROLE_LABEL, ages[i].label) + 1;
    x = canvas_put_right(p->canvas, x, r.y, 5, ROLE_DIM, figure_age_text(buf, age)) + 2;
  }
}

static void (*const lines[])(const struct pane *p, struct rect r) = {
    draw_cpu_line, draw_latency_line, draw_exits_line, draw_memory_line, draw_net_line, draw_age_line,
};

/* Full width when the pane is narrow: then the graphs alone. */
#define TWO_COLUMNS_FROM 76
#define RIGHT_W 41
#define RIGHT_WIDE_W 52
#define RIGHT_WIDE_FROM 110
#define GRAPH_MAX_H 3
#define HEAD_TWO_FROM 6 /* rows of the pane from which what the guest is may take two */

/* What a guest cannot have takes no room; that nothing is seen of its disks does. */
static bool worth_a_row(const struct pane *p, const struct graph_row *row)
{
  struct figure f = figure_for(p, row->metric);
  return row->metric == GUEST_RD || row->metric == GUEST_WR ||
         (f.kind != FIGURE_NA && f.kind != FIGURE_DIRECT);
}

static void draw_graphs(const struct pane *p, struct rect r)
{
  const struct graph_row *rows[G_N_ELEMENTS(graph_rows)];
  int count = 0, y = r.y;
  for (size_t i = 0; i < G_N_ELEMENTS(graph_rows); i++)
    if (worth_a_row(p, &graph_rows[i]))
      rows[count++] = &graph_rows[i];
  int h = CLAMP(r.h / count, 1, GRAPH_MAX_H);
  for (int i = 0; i < count && y + h <= r.y + r.h; i++, y += h)
    draw_graph_row(p, rows[i], (struct rect){r.x, y, r.w, h});
}

static void draw_lines(const struct pane *p, struct rect r)
{
  for (int i = 0; i < r.h && i < (int)G_N_ELEMENTS(lines); i++)
    lines[i](p, (struct rect){r.x, r.y + i, r.w, 1});
}

void guest_pane_draw(const struct app *app, struct canvas *canvas, struct rect rect)
{
  const struct table *table = app_table(app);
  int selected = table_selected(table);
  struct rect row = {rect.x + 1, rect.y, rect.w - 2, rect.h};
  if (selected < 0)
    return;
  const struct guest *guest = table_row(table, selected)->guest;
  const struct pane p = {app, canvas, guest};
  g_autofree char *line = guest_line(guest), *trouble = guest_trouble(app, guest);
  bool active = guest_state_active(guest->state);
  struct rect head = {row.x, row.y, row.w, active && rect.h < HEAD_TWO_FROM ? 1 : 2};
  row.y += MIN(canvas_put_wrapped(canvas, head, ROLE_HEAD, line), head.h);
  if (trouble)
    canvas_put_fit(canvas, row.x, row.y++, row.w, ROLE_WRONG, trouble);
  row.h = rect.y + rect.h - row.y;
  if (!active || row.h <= 0)
    return;
  int right_w = rect.w < TWO_COLUMNS_FROM ? 0 : rect.w < RIGHT_WIDE_FROM ? RIGHT_W : RIGHT_WIDE_W;
  struct rect left = {row.x, row.y, right_w ? MIN(row.w - right_w - 3, LEFT_MAX_W) : row.w, row.h};
  draw_graphs(&p, left);
  if (right_w)
    draw_lines(&p, (struct rect){left.x + left.w + 3, row.y, right_w, row.h});
}
