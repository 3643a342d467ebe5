/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/detail_rows.h"

#include <math.h>
#include <string.h>

#include "core/base/text.h"
#include "core/base/units.h"
#include "core/model/proxy.h"
#include "tui/figures.h"
#include "tui/lines.h"
#include "tui/pane.h"

#define LABEL_W 9
#define VALUE_W 9
#define SIDE_W 16 /* one figure beside the graph: label, blank, value */
#define MAX_EVENTS 8
#define MAX_GRAPH_W 100
#define MIN_GRAPH_W 8
#define STRIP_X 52 /* where strips begin */

static const struct graph_spec guest_graphs[] = {
    {"cpu", SCOPE_GUEST, GUEST_CPU, ROLE_GRAPH_CPU, 0, {{"vcpu", GUEST_VCPU}, {"proxy", GUEST_PROXY}}},
    {"steal", SCOPE_GUEST, GUEST_STEAL, ROLE_GRAPH_STEAL, 100, {{NULL, 0}}},
    {"exits",
     SCOPE_GUEST,
     GUEST_EXITS,
     ROLE_GRAPH_EXITS,
     0,
     {{"io", GUEST_EXITS_IO}, {"mmio", GUEST_EXITS_MMIO}, {"halt", GUEST_EXITS_HALT}}},
    {"read", SCOPE_GUEST, GUEST_RD, ROLE_GRAPH_READ, 0, {{"iops", GUEST_RD_IOPS}}},
    {"write", SCOPE_GUEST, GUEST_WR, ROLE_GRAPH_WRITE, 0, {{"iops", GUEST_WR_IOPS}}},
    {"avg lat", SCOPE_GUEST, GUEST_LAT, ROLE_GRAPH_STEAL, 0, {{"iops", GUEST_IOPS}}},
    {"rx", SCOPE_GUEST, GUEST_RX, ROLE_GRAPH_READ, 0, {{NULL, 0}}},
    {"tx", SCOPE_GUEST, GUEST_TX, ROLE_GRAPH_WRITE, 0, {{NULL, 0}}},
    {"rss", SCOPE_GUEST, GUEST_RSS, ROLE_GRAPH_CPU, 0, {{"mem", GUEST_MEM}}},
};

static const struct graph_spec vcpu_graph = {
    "vCPU",         SCOPE_VCPU, VCPU_RUN,
    ROLE_GRAPH_CPU, 100,        {{"steal", VCPU_STEAL}, {"wait", VCPU_WAIT}, {"exits", VCPU_EXITS}}};

static const struct graph_spec disk_graphs[] = {
    {"read",
     SCOPE_DISK,
     DISK_RD,
     ROLE_GRAPH_READ,
     0,
     {{"iops", DISK_RD_IOPS}, {"avg lat", DISK_RD_LAT}, {"size", DISK_CAPACITY}}},
    {"write",
     SCOPE_DISK,
     DISK_WR,
     ROLE_GRAPH_WRITE,
     0,
     {{"iops", DISK_WR_IOPS}, {"avg lat", DISK_WR_LAT}, {"alloc", DISK_ALLOCATION}}},
};

static const struct graph_spec nic_graphs[] = {
    {"rx", SCOPE_NIC, NIC_RX, ROLE_GRAPH_READ, 0, {{"pkts", NIC_RX_PKTS}, {"drops", NIC_DROPS}}},
    {"tx", SCOPE_NIC, NIC_TX, ROLE_GRAPH_WRITE, 0, {{"pkts", NIC_TX_PKTS}}},
};

static const struct graph_spec thread_graph = {
    NULL, SCOPE_THREAD, THREAD_CPU, ROLE_GRAPH_CPU, 0, {{"delay", THREAD_DELAY}, {"threads", THREAD_COUNT}}};

/* ---- which rows ---- */

static void row_clear(void *data)
{
  struct detail_row *row = data;
  g_free(row->line);
  g_free(row->sums);
}

GArray *detail_rows_new(void)
{
  GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct detail_row));
  g_array_set_clear_func(rows, row_clear);
  return rows;
}

static void add(const struct detail_page *page, enum detail_kind kind, int index)
{
  struct detail_row row = {.kind = kind, .index = index};
  g_array_append_val(page->rows, row);
}

void detail_add_title(const struct detail_page *page, const char *text)
{
  struct detail_row row = {.kind = DETAIL_TITLE, .text = text, .index = -1};
  if (page->rows->len > 0)
    add(page, DETAIL_BLANK, -1);
  g_array_append_val(page->rows, row);
}

void detail_add_graph(const struct detail_page *page, const struct graph_spec *graph, int index)
{
  struct detail_row row = {.kind = DETAIL_GRAPH, .graph = graph, .index = index};
  g_array_append_val(page->rows, row);
}

void detail_add_text(const struct detail_page *page, enum role role, int indent, int hanging,
                     const char *text)
{
  g_autoptr(GArray) lines = lines_new();
  g_autofree char *moved = g_strdup_printf("%*s%s", indent, "", text);
  lines_add(lines, role, moved, page->width, indent + hanging);
  for (guint i = 0; i < lines->len; i++) {
    struct line *line = &g_array_index(lines, struct line, i);
    struct detail_row row = {
        .kind = DETAIL_LINE, .index = -1, .line = g_steal_pointer(&line->text), .role = line->role};
    g_array_append_val(page->rows, row);
  }
}

void detail_add_strip(const struct detail_page *page, const char *line, const struct span_sums *sums)
{
  struct detail_row row = {.kind = DETAIL_STRIP,
                           .index = -1,
                           .line = g_strdup(line),
                           .sums = sums ? g_memdup2(sums, sizeof *sums) : NULL};
  g_array_append_val(page->rows, row);
}

bool detail_is_local(const struct detail_page *page)
{
  return app_scan(page->app)->conns[page->target->conn]->local;
}

static void add_graphs(const struct detail_page *page, const struct graph_spec *graphs, size_t n, int index)
{
  for (size_t i = 0; i < n; i++)
    detail_add_graph(page, &graphs[i], index);
}

static void add_disks(const struct detail_page *page)
{
  const struct guest *guest = page->guest;
  if (guest->info->disk_count == 0 && guest->info->hostdev_count == 0)
    return;
  detail_add_title(page, "disks");
  for (int i = 0; i < guest->info->disk_count; i++) {
    add(page, DETAIL_DISK, i);
    if (guest_state_active(guest->state))
      add_graphs(page, disk_graphs, G_N_ELEMENTS(disk_graphs), i);
  }
  for (int i = 0; i < guest->info->hostdev_count; i++)
    add(page, DETAIL_HOSTDEV, i);
}

static void add_nics(const struct detail_page *page)
{
  const struct guest *guest = page->guest;
  if (guest->info->nic_count == 0)
    return;
  detail_add_title(page, "NICs");
  for (int i = 0; i < guest->info->nic_count; i++) {
    add(page, DETAIL_NIC, i);
    detail_add_nic_inside(page, i);
    if (guest_state_active(guest->state))
      add_graphs(page, nic_graphs, G_N_ELEMENTS(nic_graphs), i);
  }
}

/* QEMU's threads; the vCPUs' among them, to see what is beside them. */
static void add_threads(const struct detail_page *page)
{
  if (page->guest->thread_count == 0)
    return;
  detail_add_title(page, "the I/O proxy: QEMU's threads");
  for (int i = 0; i < page->guest->thread_count; i++)
    detail_add_graph(page, &thread_graph, i);
  add(page, DETAIL_SPLIT, -1);
}

/* The last of what happened to it. */
static void add_events(const struct detail_page *page)
{
  const GPtrArray *events = engine_events(app_engine(page->app));
  int found[MAX_EVENTS], count = 0;
  for (guint i = events->len; i > 0 && count < MAX_EVENTS; i--)
    if (strcmp(((const struct event *)g_ptr_array_index(events, i - 1))->uuid, page->guest->info->uuid) == 0)
      found[count++] = (int)i - 1;
  if (count > 0)
    detail_add_title(page, "events");
  while (count > 0)
    add(page, DETAIL_EVENT, found[--count]);
}

static void add_figures(const struct detail_page *page)
{
  detail_add_title(page, "the guest");
  add_graphs(page, guest_graphs, G_N_ELEMENTS(guest_graphs), -1);
  add(page, DETAIL_AGES, -1);
  if (page->guest->vcpu_count > 0)
    detail_add_title(page, "vCPUs");
  for (int i = 0; i < page->guest->vcpu_count; i++)
    detail_add_graph(page, &vcpu_graph, i);
  add_threads(page);
}

void detail_fill_all(const struct detail_page *page)
{
  if (guest_state_active(page->guest->state))
    add_figures(page);
  add_disks(page);
  add_nics(page);
  detail_add_inside(page);
  add_events(page);
}

/* ---- drawing ---- */

struct drawing {
  const struct app *app;
  struct canvas *canvas;
  const struct guest *guest;
};

/* A disk or NIC of the definition is found in the figures by its target; -1: it has none. */
static int figures_index(const struct guest *guest, enum metric_scope scope, int index)
{
  if (scope == SCOPE_DISK)
    for (int i = 0; i < guest->disk_count; i++)
      if (g_strcmp0(guest->disks[i].target, guest->info->disks[index].target) == 0)
        return i;
  if (scope == SCOPE_NIC)
    for (int i = 0; i < guest->nic_count; i++)
      if (g_strcmp0(guest->nics[i].target, guest->info->nics[index].target) == 0)
        return i;
  if (scope == SCOPE_VCPU)
    return index < guest->vcpu_count ? index : -1;
  if (scope == SCOPE_THREAD)
    return index;
  return scope == SCOPE_GUEST ? 0 : -1;
}

static const struct readings *figures_of(const struct guest *guest, enum metric_scope scope, int i)
{
  switch (scope) {
  case SCOPE_VCPU:
    return &guest->vcpus[i];
  case SCOPE_DISK:
    return &guest->disks[i].r;
  case SCOPE_NIC:
    return &guest->nics[i].r;
  case SCOPE_THREAD:
    return &guest->threads[i].r;
  default:
    return &guest->r;
  }
}

/* The figure METRIC of row INDEX of its scope; INDEX -1: of a device that has none. */
static struct figure figure_for(const struct drawing *d, enum metric_scope scope, int metric, int index)
{
  static const struct readings none;
  const struct readings *readings = index < 0 ? &none : figures_of(d->guest, scope, index);
  return figure_part(app_scan(d->app), d->guest, readings, scope, metric);
}

static void put_value(const struct drawing *d, int x, int y, int w, const struct graph_spec *g, int metric,
                      int index)
{
  const struct figure f = figure_for(d, g->scope, metric, index);
  g_autofree char *text = figure_with_unit(&f);
  canvas_put_right(d->canvas, x, y, w, pane_figure_role(d->app, g->scope, metric, &f), text);
}

static int side_count(const struct graph_spec *g)
{
  int n = 0;
  while (n < GRAPH_SIDES && g->sides[n].label)
    n++;
  return n;
}

/* Why the figure can never be there; NULL: it can.  A figure that is not there yet has an empty graph. */
static const char *lasting_reason(const struct drawing *d, const struct graph_spec *g, int index)
{
  const struct figure f = figure_for(d, g->scope, g->metric, index);
  return f.kind == FIGURE_NA || f.kind == FIGURE_DIRECT ? f.reason : NULL;
}

static void draw_history(const struct drawing *d, struct rect r, const struct graph_spec *g, int index)
{
  double values[2 * MAX_GRAPH_W];
  if (r.w < MIN_GRAPH_W || index < 0)
    return;
  int n = canvas_graph_values(d->canvas, r.w);
  app_history_get(d->app, g->scope, d->guest->info->uuid, index, g->metric, values, n);
  canvas_graph(d->canvas, r, values, n, g->top, g->role);
}

static void put_percentile(const struct drawing *d, int x, int y, int w, const struct graph_spec *g, int side,
                           int index)
{
  const int n = (int)settings_number(app_settings(d->app), SETTING_HISTORY), metric = g->sides[side].metric;
  g_autofree double *values = g_new(double, (gsize)n);
  app_history_get(d->app, g->scope, d->guest->info->uuid, MAX(index, 0), metric, values, n);
  struct figure f = {.unit = metric_table(g->scope, NULL)[metric].unit};
  f.value = history_percentile(values, n, g->sides[side].percentile);
  f.kind = isnan(f.value) ? FIGURE_NOT_YET : FIGURE_VALUE;
  g_autofree char *text = figure_with_unit(&f);
  canvas_put_right(d->canvas, x, y, w, figure_role(&f), text);
}

static void draw_sides(const struct drawing *d, int x, int y, int count, const struct graph_spec *g,
                       int index)
{
  for (int i = 0; i < count; i++, x += SIDE_W) {
    int after = canvas_put(d->canvas, x, y, ROLE_LABEL, g->sides[i].label);
    if (g->sides[i].percentile > 0)
      put_percentile(d, after, y, x + SIDE_W - 2 - after, g, i, index);
    else
      put_value(d, after, y, x + SIDE_W - 2 - after, g, g->sides[i].metric, index);
  }
}

/* Graphs end in the same column whatever stands beside them, unless that leaves them no room. */
static int graph_width(int room, int sides)
{
  int w = room - GRAPH_SIDES * SIDE_W;
  return MIN(w < MIN_GRAPH_W ? room - sides * SIDE_W : w, MAX_GRAPH_W);
}

static char *graph_label(const struct drawing *d, const struct graph_spec *g, int index)
{
  if (g->scope == SCOPE_THREAD) /* without the indent: role names are long */
    return text_safe(d->guest->threads[index].target);
  return g->scope == SCOPE_VCPU ? g_strdup_printf("  %s %d", g->label, index)
                                : g_strdup_printf("  %s", g->label);
}

static void draw_graph(const struct drawing *d, struct rect r, const struct detail_row *row)
{
  const struct graph_spec *g = row->graph;
  int index = figures_index(d->guest, g->scope, row->index), foot = r.y + r.h - 1;
  g_autofree char *label = graph_label(d, g, row->index);
  int x = canvas_put_fit(d->canvas, r.x, foot, LABEL_W + 1, ROLE_LABEL, label);
  put_value(d, x, foot, VALUE_W - 1, g, g->metric, index);
  x += VALUE_W;
  const char *reason = lasting_reason(d, g, index);
  if (reason) {
    canvas_put_fit(d->canvas, x, foot, r.x + r.w - x, ROLE_DIM, reason);
    return;
  }
  int room = r.x + r.w - x - 1;
  int sides = MIN(side_count(g), MAX(room - MIN_GRAPH_W, 0) / SIDE_W), w = graph_width(room, sides);
  draw_history(d, (struct rect){x, r.y, w - 1, r.h}, g, index);
  draw_sides(d, x + w + 1, foot, sides, g, index);
}

static void draw_disk(const struct drawing *d, struct rect r, int index)
{
  const struct disk_info *disk = &d->guest->info->disks[index];
  g_autofree char *target = text_safe(disk->target), *source = text_safe(disk->source);
  g_autofree char *how = disk_line(disk, true);
  g_autofree char *line = g_strdup_printf("%s%s%s  %s", how, disk->cdrom ? " cdrom" : "",
                                          disk->readonly ? " read-only" : "", *source ? source : "(empty)");
  int x = canvas_putf(d->canvas, r.x, r.y, ROLE_HEAD, "%s ", target);
  canvas_put_fit(d->canvas, x, r.y, r.x + r.w - x, ROLE_TEXT, line);
}

/* Where its frames go, and of one passed through who counts them. */
static char *nic_source(const struct drawing *d, int index)
{
  const struct nic_info *nic = &d->guest->info->nics[index];
  if (!nic->backend || nic->backend->path != PATH_DIRECT)
    return nic->source ? text_safe(nic->source) : g_strdup("user network");
  return g_strdup(figures_index(d->guest, SCOPE_NIC, index) < 0 ? "its host's driver does not count it"
                                                                : "counted by its host's driver (rtnetlink)");
}

static void draw_nic(const struct drawing *d, struct rect r, int index)
{
  const struct nic_info *nic = &d->guest->info->nics[index];
  g_autofree char *target = text_safe(nic->target), *model = text_safe(nic->model),
                  *mac = text_safe(nic->mac);
  g_autofree char *source = nic_source(d, index);
  g_autofree char *ssh = nic->ssh_port ? g_strdup_printf("  SSH on port %d", nic->ssh_port) : g_strdup("");
  g_autofree char *line =
      g_strdup_printf("%s %s  %s  %s%s", nic->backend ? nic->backend->name : model,
                      nic->backend ? backend_path_name(nic->backend->path) : "", mac, source, ssh);
  int x = canvas_putf(d->canvas, r.x, r.y, ROLE_HEAD, "%s ", *target ? target : "nic");
  canvas_put_fit(d->canvas, x, r.y, r.x + r.w - x, ROLE_TEXT, line);
}

static void draw_hostdev(const struct drawing *d, struct rect r, int index)
{
  g_autofree char *address = text_safe(d->guest->info->hostdevs[index].address);
  int x = canvas_putf(d->canvas, r.x, r.y, ROLE_HEAD, "%s ", address);
  canvas_put_fit(d->canvas, x, r.y, r.x + r.w - x, ROLE_DIRECT,
                 "direct: passed through, its I/O is not seen by the hypervisor's counters");
}

static void draw_ages(const struct drawing *d, struct rect r)
{
  static const struct {
    const char *label;
    enum metric_group group;
  } ages[] = {{"state", GROUP_STATE}, {"cpu", GROUP_CPU},    {"vcpu", GROUP_VCPU},
              {"mem", GROUP_BALLOON}, {"disk", GROUP_BLOCK}, {"net", GROUP_INTERFACE}};
  int x = canvas_put_fit(d->canvas, r.x, r.y, LABEL_W + 1, ROLE_LABEL, "  age");
  for (size_t i = 0; i < G_N_ELEMENTS(ages); i++) {
    double age = figure_age(d->guest, ages[i].group, app_scan(d->app)->mono_ns);
    char buf[24];
    x = canvas_put(d->canvas, x, r.y, ROLE_LABEL, ages[i].label);
    x = canvas_put_right(d->canvas, x, r.y, 6, ROLE_DIM, figure_age_text(buf, age)) + 1;
  }
}

static char *split_text(const struct proxy_split *split)
{
  units_buf latency, ran, waited, device;
  g_autofree char *behind = split->device < 0 ? g_strdup("the rest cannot be told: requests overlap")
                                              : g_strdup_printf("%ss are left for the host's kernel and disk",
                                                                units_seconds(device, split->device, false));
  return g_strdup_printf("a request: %ss; its proxy ran %ss, waited %ss to run; %s",
                         units_seconds(latency, split->latency, false), units_seconds(ran, split->ran, false),
                         units_seconds(waited, split->waited, false), behind);
}

static void draw_split(const struct drawing *d, struct rect r)
{
  struct proxy_split split;
  bool known = proxy_split(d->guest, &split);
  g_autofree char *text =
      known ? split_text(&split) : g_strdup("a request: - (none was made since the last reading)");
  canvas_put_fit(d->canvas, r.x, r.y, r.w, known ? ROLE_TEXT : ROLE_DIM, text);
}

static void draw_event(const struct drawing *d, struct rect r, int index)
{
  const GPtrArray *events = engine_events(app_engine(d->app));
  const struct event *event = g_ptr_array_index(events, index);
  g_autofree char *time = units_time_of_day(event->wall_ns), *text = text_safe(event->text);
  int x = canvas_putf(d->canvas, r.x, r.y, ROLE_DIM, "%s ", time);
  canvas_put_fit(d->canvas, x, r.y, r.x + r.w - x, event_role(event), text);
}

/* From a microsecond to the half of a minute, one cell for each doubling: ten of them are a thousandfold.
 * What lies beyond is in the cells at the ends. */
#define STRIP_FROM 10
#define STRIP_W 25
static void draw_strip(const struct drawing *d, struct rect r, const struct detail_row *row)
{
  double counts[STRIP_W] = {0};
  if (!row->sums) {
    canvas_put_fit(d->canvas, r.x, r.y, MIN(r.w, STRIP_X), ROLE_DIM, row->line);
    canvas_put(d->canvas, r.x + STRIP_X, r.y, ROLE_DIM, "1us       1ms       1s");
    return;
  }
  for (int i = 0; i < SPAN_BUCKETS; i++)
    counts[CLAMP(i - STRIP_FROM, 0, STRIP_W - 1)] += (double)row->sums->buckets[i];
  canvas_put_fit(d->canvas, r.x, r.y, MIN(r.w, STRIP_X), ROLE_TEXT, row->line);
  canvas_heat(d->canvas, r.x + STRIP_X, r.y, counts, MIN(STRIP_W, MAX(r.w - STRIP_X, 0)), ROLE_GRAPH_READ);
}

void detail_row_draw(const struct app *app, struct canvas *canvas, struct rect rect,
                     const struct guest *guest, const struct detail_row *row)
{
  const struct drawing d = {app, canvas, guest};
  switch (row->kind) {
  case DETAIL_BLANK:
    break;
  case DETAIL_TITLE:
    canvas_rule(canvas, rect.x - 1, rect.y, rect.w + 2, row->text);
    break;
  case DETAIL_GRAPH:
    draw_graph(&d, rect, row);
    break;
  case DETAIL_DISK:
    draw_disk(&d, rect, row->index);
    break;
  case DETAIL_NIC:
    draw_nic(&d, rect, row->index);
    break;
  case DETAIL_HOSTDEV:
    draw_hostdev(&d, rect, row->index);
    break;
  case DETAIL_AGES:
    draw_ages(&d, rect);
    break;
  case DETAIL_LINE:
    canvas_put_fit(canvas, rect.x, rect.y, rect.w, row->role, row->line);
    break;
  case DETAIL_SPLIT:
    draw_split(&d, rect);
    break;
  case DETAIL_STRIP:
    draw_strip(&d, rect, row);
    break;
  case DETAIL_EVENT:
    draw_event(&d, rect, row->index);
    break;
  }
}
