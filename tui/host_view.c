/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host on the whole screen: its cores, memory, pressure, disks, NICs, the room under the guests' disks,
 * and what limits each guest. */
#include <math.h>

#include "core/base/text.h"
#include "core/base/units.h"
#include "tui/figures.h"
#include "tui/lines.h"
#include "tui/views.h"

#define INDENT 2
#define NAME_WIDTH 14
#define VALUE_WIDTH 9

struct host_view {
  struct view view;
  int scroll, page;
};

/* What is drawn, and into what. */
struct drawing {
  const struct host_scan *scan; /* NULL: not known yet */
  const struct host_look *look; /* NULL: ERROR says why, or it is not there yet */
  const char *waiting;
  GArray *lines;
  int width;
};

static void add(const struct drawing *d, enum role role, const char *format, ...) G_GNUC_PRINTF(3, 4);
static void add(const struct drawing *d, enum role role, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  g_autofree char *moved = g_strdup_printf("%*s%s", role == ROLE_RULE_TITLE ? 0 : INDENT, "", text);
  lines_add(d->lines, role, moved, d->width, 2 * INDENT);
}

static void add_title(const struct drawing *d, const char *text)
{
  if (d->lines->len > 0)
    lines_add(d->lines, ROLE_TEXT, "", d->width, 0);
  add(d, ROLE_RULE_TITLE, "%s", text);
}

/* VALUE of UNIT, right-aligned; "-" when it is not known. */
static void put(GString *row, enum metric_unit unit, double value)
{
  const struct figure f = {
      .kind = isfinite(value) ? FIGURE_VALUE : FIGURE_NOT_YET, .unit = unit, .value = value};
  g_autofree char *text = figure_with_unit(&f);
  g_string_append_printf(row, "%*s%s", MAX(VALUE_WIDTH - text_width(text), 1), "", text);
}

/* TEXT in NAME_WIDTH columns, cut where it is longer. */
static GString *row_of(const char *text)
{
  g_autofree char *safe = text_safe(text), *cut = text_fit(safe, NAME_WIDTH, false);
  GString *row = g_string_new(cut);
  g_string_append_printf(row, "%*s", MAX(NAME_WIDTH - text_width(cut), 0), "");
  return row;
}

static void end_row(const struct drawing *d, GString *row)
{
  add(d, ROLE_TEXT, "%s", row->str);
  g_string_free(row, TRUE);
}

static void add_heads(const struct drawing *d, const char *const *heads)
{
  GString *row = row_of(*heads);
  for (heads++; *heads; heads++)
    g_string_append_printf(row, "%*s", VALUE_WIDTH, *heads);
  add(d, ROLE_LABEL, "%s", row->str);
  g_string_free(row, TRUE);
}

/* ---- what scans have ---- */

static const struct {
  const char *head;
  int host, core; /* metrics */
} shares[] = {{"cpu", HOST_CPU, CORE_CPU},       {"user", HOST_USER, CORE_USER},
              {"guest", HOST_GUEST, CORE_GUEST}, {"sys", HOST_SYSTEM, CORE_SYSTEM},
              {"irq", HOST_IRQ, CORE_IRQ},       {"iowait", HOST_IOWAIT, CORE_IOWAIT},
              {"steal", HOST_STEAL, CORE_STEAL}, {"idle", HOST_IDLE, CORE_IDLE}};

static double reading(const struct readings *r, int metric)
{
  double value;
  return r && readings_get(r, metric, &value) ? value : (double)NAN;
}

static void put_share(GString *row, double percent)
{
  units_buf buf;
  g_string_append_printf(row, "%7s", isfinite(percent) ? units_percent(buf, percent) : "-");
}

static void add_shares(const struct drawing *d, const char *name, const struct readings *r, bool host,
                       double mhz)
{
  GString *row = g_string_new(NULL);
  g_string_append_printf(row, "%-6s", name);
  for (size_t i = 0; i < G_N_ELEMENTS(shares); i++)
    put_share(row, reading(r, host ? shares[i].host : shares[i].core));
  if (mhz > 0)
    g_string_append_printf(row, "%8.0f", mhz);
  else
    g_string_append_printf(row, "%8s", host ? "" : "-");
  end_row(d, row);
}

static void add_cores(const struct drawing *d)
{
  GString *head = g_string_new("core  ");
  add_title(d, "cores: percent of the time (guest is part of user, irq of sys)");
  for (size_t i = 0; i < G_N_ELEMENTS(shares); i++)
    g_string_append_printf(head, "%7s", shares[i].head);
  add(d, ROLE_LABEL, "%s     MHz", head->str);
  g_string_free(head, TRUE);
  if (!d->scan)
    return;
  add_shares(d, "all", &d->scan->r, true, 0);
  for (int i = 0; i < d->scan->core_count; i++) {
    g_autofree char *number = g_strdup_printf("%d", i);
    const bool known = d->look && (guint)i < d->look->mhz->len;
    add_shares(d, number, &d->scan->cores[i], false, known ? g_array_index(d->look->mhz, double, i) : 0);
  }
}

/* A size, or "-". */
static const char *size_text(units_buf buf, double bytes)
{
  return isfinite(bytes) ? units_bytes(buf, bytes) : "-";
}

static void add_memory(const struct drawing *d)
{
  const struct readings *r = d->scan ? &d->scan->r : NULL;
  units_buf a, b, c;
  add_title(d, "memory");
  add(d, ROLE_TEXT, "%s of %s in use, caches not counted; %s of swap",
      size_text(a, reading(r, HOST_MEM_USED)), size_text(b, reading(r, HOST_MEM_TOTAL)),
      size_text(c, reading(r, HOST_SWAP_USED)));
  if (!d->look)
    return;
  const struct host_look *look = d->look;
  if (look->swap_total_bytes == 0)
    add(d, ROLE_DIM, "the host has no swap space");
  if (look->huge_total > 0)
    add(d, ROLE_TEXT, "huge pages: %.0f of %.0f free, %s each", look->huge_free, look->huge_total,
        size_text(a, look->huge_size_bytes));
  else
    add(d, ROLE_DIM, "no huge pages are set aside (vm.nr_hugepages)");
  add(d, ROLE_TEXT, "transparent huge pages: %s", size_text(a, look->transparent_huge_bytes));
}

/* ---- what a look has ---- */

static void add_nodes(const struct drawing *d)
{
  units_buf a, b;
  for (guint i = 0; i < d->look->nodes->len; i++) {
    const struct host_node *node = &g_array_index(d->look->nodes, struct host_node, i);
    add(d, ROLE_TEXT, "NUMA node %d: CPUs %s, %s of %s free", node->number, node->cpus ? node->cpus : "-",
        size_text(a, node->free_bytes), size_text(b, node->total_bytes));
  }
  if (d->look->nodes->len == 0)
    add(d, ROLE_DIM, "NUMA: n/a, this kernel tells of no nodes");
}

static void add_pressure(const struct drawing *d)
{
  static const char *const names[PRESSURES] = {
      [PRESSURE_CPU] = "cpu", [PRESSURE_IO] = "disk", [PRESSURE_MEMORY] = "memory"};
  static const char *const heads[] = {"waiting for", "10s",     "60s",      "300s",
                                      "all 10s",     "all 60s", "all 300s", NULL};
  add_title(d, "pressure: percent of the time in which some task waited, or all did");
  add_heads(d, heads);
  for (int i = 0; i < PRESSURES; i++) {
    const struct host_pressure *pressure = &d->look->pressure[i];
    GString *row = row_of(names[i]);
    for (int k = 0; k < 6; k++)
      put(row, UNIT_PERCENT, k < 3 ? pressure->some[k] : pressure->full[k - 3]);
    end_row(d, row);
  }
  if (!isfinite(d->look->pressure[PRESSURE_CPU].some[0]))
    add(d, ROLE_DIM, "n/a: this kernel does not count it (psi=1 on its command line)");
}

static void add_disks(const struct drawing *d)
{
  static const char *const heads[] = {"disk", "read", "write", "requests", "busy", NULL};
  add_title(d, "disks");
  if (d->look->disks->len == 0) {
    add(d, ROLE_DIM, "n/a: none stands on hardware that the host can see");
    return;
  }
  add_heads(d, heads);
  for (guint i = 0; i < d->look->disks->len; i++) {
    const struct host_disk *disk = &g_array_index(d->look->disks, struct host_disk, i);
    GString *row = row_of(disk->name);
    put(row, UNIT_BYTES_PER_S, disk->read_rate);
    put(row, UNIT_BYTES_PER_S, disk->write_rate);
    put(row, UNIT_PER_S, disk->requests_rate);
    put(row, UNIT_PERCENT, disk->busy_percent);
    end_row(d, row);
  }
}

static void add_nics(const struct drawing *d)
{
  static const char *const heads[] = {"NIC", "rx", "tx", "packets", "drops", NULL};
  add_title(d, "NICs that ever received anything");
  if (d->look->nics->len == 0)
    add(d, ROLE_DIM, "none");
  else
    add_heads(d, heads);
  for (guint i = 0; i < d->look->nics->len; i++) {
    const struct host_nic *nic = &g_array_index(d->look->nics, struct host_nic, i);
    GString *row = row_of(nic->name);
    put(row, UNIT_BYTES_PER_S, nic->rx_rate);
    put(row, UNIT_BYTES_PER_S, nic->tx_rate);
    put(row, UNIT_PER_S, nic->packets_rate);
    put(row, UNIT_PER_S, nic->drops_rate);
    end_row(d, row);
  }
}

#define LITTLE 0.1 /* of a file system that is left */

static void add_spaces(const struct drawing *d)
{
  units_buf a, b;
  add_title(d, "room under the guests' disks");
  if (d->look->spaces->len == 0)
    add(d, ROLE_DIM, "no guest has a disk in a file");
  for (guint i = 0; i < d->look->spaces->len; i++) {
    const struct host_space *space = &g_array_index(d->look->spaces, struct host_space, i);
    const double free = (double)space->free_bytes, total = (double)space->total_bytes;
    if (space->error)
      add(d, ROLE_DIM, "%s: n/a, %s", space->folder, space->error);
    else
      add(d, free < LITTLE * total ? ROLE_WARN : ROLE_TEXT, "%s of %s left: %s", units_bytes(a, free),
          units_bytes(b, total), space->folder);
  }
}

static char *cpus_text(double cpus)
{
  return isfinite(cpus) ? g_strdup_printf("at most %.2f CPUs", cpus) : g_strdup("no limit of CPU time");
}

static char *memory_text(double bytes)
{
  units_buf buf;
  return isfinite(bytes) ? g_strdup_printf("at most %s", units_bytes(buf, bytes))
                         : g_strdup("no limit of memory");
}

static char *throttling_text(const struct host_limit *limit)
{
  return limit->throttled < 0 ? g_strdup("throttling n/a (no cpu.stat)")
                              : g_strdup_printf("throttled %" G_GINT64_FORMAT " times, %.1f s",
                                                limit->throttled, limit->throttled_seconds);
}

static void add_limits(const struct drawing *d)
{
  add_title(d, "what the cgroups of the guests' QEMUs limit");
  if (d->look->limits->len == 0)
    add(d, ROLE_DIM, "no QEMU of a guest is to be seen on this machine");
  for (guint i = 0; i < d->look->limits->len; i++) {
    const struct host_limit *limit = &g_array_index(d->look->limits, struct host_limit, i);
    g_autofree char *cpus = cpus_text(limit->cpus), *memory = memory_text(limit->memory_bytes),
                    *throttling = throttling_text(limit);
    if (limit->error)
      add(d, ROLE_DIM, "%s: n/a, %s", limit->guest, limit->error);
    else
      add(d, limit->throttled > 0 ? ROLE_WARN : ROLE_TEXT, "%s: %s, %s, %s", limit->guest, cpus, memory,
          throttling);
  }
}

static void add_look(const struct drawing *d)
{
  if (!d->look) {
    add_title(d, "all else");
    add(d, ROLE_DIM, "%s", d->waiting);
    return;
  }
  add_nodes(d);
  add_pressure(d);
  add_disks(d);
  add_nics(d);
  add_spaces(d);
  add_limits(d);
}

/* What kind of machine it is, if that is known. */
static void add_machine(const struct drawing *d, enum kind kind)
{
  if (kind != KIND_UNKNOWN)
    add(d, ROLE_TEXT, "machine: %s", kind_row(kind)->title);
}

/* ---- the view ---- */

static char *title_of(const struct host_scan *host)
{
  if (!host)
    return g_strdup("The host");
  g_autofree char *name = text_safe(host->hostname), *source = text_safe(host->source ? host->source : "-");
  return g_strdup_printf("%s: load %.2f %.2f %.2f, by %s", name, reading(&host->r, HOST_LOAD1),
                         reading(&host->r, HOST_LOAD5), reading(&host->r, HOST_LOAD15), source);
}

static const char *why_waiting(const struct app *app, const char *error)
{
  struct replay_state replay;
  const struct scan *scan = app_scan(app);
  engine_replay_state(app_engine(app), &replay);
  if (error)
    return error;
  if (replay.active)
    return "n/a: this is a recorded session, and holds no more of its host";
  for (int i = 0; i < scan->conn_count; i++)
    if (scan->conns[i] && scan->conns[i]->local)
      return "looking at it ...";
  return "n/a: libvirt tells no more of a host from afar";
}

static void host_draw(struct view *view, struct canvas *canvas, struct rect area)
{
  struct host_view *self = (struct host_view *)view;
  const char *error;
  g_autoptr(GArray) lines = lines_new();
  struct drawing d = {.scan = app_scan(view->app)->host, .lines = lines};
  g_autofree char *title = title_of(d.scan);
  const struct rect inside = canvas_page(canvas, area, title);
  d.look = engine_host_look(app_engine(view->app), &error);
  d.waiting = why_waiting(view->app, error);
  d.width = inside.w;
  add_machine(&d, engine_host_kind(app_engine(view->app)));
  add_cores(&d);
  add_memory(&d);
  add_look(&d);
  self->page = inside.h;
  lines_draw(lines, canvas, inside, &self->scroll);
}

static enum view_answer host_command(struct view *view, const struct command_line *line,
                                     G_GNUC_UNUSED GError **err)
{
  struct host_view *self = (struct host_view *)view;
  const int step = lines_step(line->command, self->page);
  self->scroll = CLAMP(self->scroll, 0, G_MAXINT / 2) + step; /* drawing brings it into range */
  return step ? VIEW_TAKEN : VIEW_PASS;
}

static void host_news(struct view *view, unsigned news)
{
  if (news & NEWS_SCAN)
    engine_ask_host(app_engine(view->app));
}

static const struct hint *host_hints(G_GNUC_UNUSED struct view *view, int *ret_count)
{
  static const struct hint hints[] = {
      {NULL, "scroll", "PageDown"}, {"back", "back", NULL}, {"help", "help", NULL}};
  *ret_count = G_N_ELEMENTS(hints);
  return hints;
}

static void host_view_free(struct view *view)
{
  g_free((struct host_view *)view);
}

static const struct view_class host_class = {
    .place = "lists",
    .shape = VIEW_SCREEN,
    .draw = host_draw,
    .command = host_command,
    .news = host_news,
    .hints = host_hints,
    .free = host_view_free,
};

struct view *host_view_new(struct app *app)
{
  struct host_view *self = g_new0(struct host_view, 1);
  self->view = (struct view){&host_class, app};
  engine_ask_host(app_engine(app));
  return &self->view;
}
