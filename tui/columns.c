/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/columns.h"

#include <math.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/units.h"
#include "tui/figures.h"

#define GUEST_MAX_W 40
#define GUEST_KEEP_W 14 /* before another column is left out for it */
#define BACKEND_MAX_W 16

#define OWN_ROW(id, title, width, right, text) {title, text, COLUMN_##id, -1, width, right},
#define METRIC_ROW(id, kind, unit, group, a, b, scale, name, title, text) {title, text, -1, id, 0, true},
static const struct column columns[] = {COLUMNS_OWN(OWN_ROW) METRICS_GUEST(METRIC_ROW)};
#undef OWN_ROW
#undef METRIC_ROW
#define COLUMN_OF(metric) (COLUMNS_OWN_COUNT + (metric))

/* What "auto" shows, from left to right, with what matters most on a narrow screen: 0 is never left out. */
static const struct {
  int column, rank;
} automatic[] = {
    {COLUMN_GUEST, 0},
    {COLUMN_STATE, 4},
    {COLUMN_BACKEND, 5},
    {COLUMN_OF(GUEST_CPU), 3},
    {COLUMN_OF(GUEST_STEAL), 7},
    {COLUMN_OF(GUEST_RD), 1},
    {COLUMN_OF(GUEST_WR), 2},
    {COLUMN_OF(GUEST_IOPS), 8},
    {COLUMN_OF(GUEST_LAT), 6},
    {COLUMN_OF(GUEST_EXITS), 9},
    {COLUMN_OF(GUEST_PROXY), 10},
    {COLUMN_OF(GUEST_RX), 11},
    {COLUMN_OF(GUEST_TX), 12},
    {COLUMN_OF(GUEST_RSS), 13},
    {COLUMN_ACCEL, 14},
    {COLUMN_SSH, 15},
    {COLUMN_CPUS, 16},
    {COLUMN_SIZE, 17},
    {COLUMN_OF(GUEST_EXITS_IO), 18},
    {COLUMN_OF(GUEST_EXITS_MMIO), 19},
    {COLUMN_OF(GUEST_EXITS_HALT), 20},
    {COLUMN_OF(GUEST_RD_IOPS), 21},
    {COLUMN_OF(GUEST_WR_IOPS), 22},
    {COLUMN_OF(GUEST_VCPU), 23},
    {COLUMN_AGE, 24},
    {COLUMN_PATH, 25},
    {COLUMN_ID, 26},
    {COLUMN_TITLE, 27},
};
#define RANK_OTHER 100
#define RANK_CONN 5

const struct column *columns_table(int *ret_count)
{
  *ret_count = (int)G_N_ELEMENTS(columns);
  return columns;
}

int columns_find(const char *name)
{
  for (size_t i = 0; i < G_N_ELEMENTS(columns); i++)
    if (g_ascii_strcasecmp(columns[i].title, name) == 0)
      return (int)i;
  int metric = metric_find(SCOPE_GUEST, name);
  return metric < 0 ? -1 : COLUMN_OF(metric);
}

static const char *closest(const char *name)
{
  const char *titles[G_N_ELEMENTS(columns) + 1];
  for (size_t i = 0; i < G_N_ELEMENTS(columns); i++)
    titles[i] = columns[i].title;
  titles[G_N_ELEMENTS(columns)] = NULL;
  g_autofree char *upper = g_ascii_strup(name, -1);
  return text_closest(upper, titles);
}

static bool unknown_column(const char *name, GError **err)
{
  const char *like = closest(name);
  g_autofree char *advice =
      like ? g_strdup_printf("did you mean %s?", like) : g_strdup(":help columns lists them");
  return error_set(err, ERROR_USAGE, advice, "no such column: \"%s\"", name);
}

static bool contains(const GArray *list, int column)
{
  for (guint i = 0; i < list->len; i++)
    if (g_array_index(list, int, i) == column)
      return true;
  return false;
}

GArray *columns_parse(const char *list, GError **err)
{
  g_autoptr(GArray) chosen = g_array_new(FALSE, FALSE, sizeof(int));
  if (strcmp(list, "auto") == 0) {
    for (size_t i = 0; i < G_N_ELEMENTS(automatic); i++)
      g_array_append_val(chosen, automatic[i].column);
    return g_steal_pointer(&chosen);
  }
  g_auto(GStrv) names = g_strsplit_set(list, ", ", -1);
  int guest = COLUMN_GUEST;
  g_array_append_val(chosen, guest);
  for (int i = 0; names[i]; i++) {
    int column = *names[i] ? columns_find(names[i]) : COLUMN_GUEST;
    if (column < 0) {
      unknown_column(names[i], err);
      return NULL;
    }
    if (!contains(chosen, column))
      g_array_append_val(chosen, column);
  }
  return g_steal_pointer(&chosen);
}

bool columns_parse_sort(const char *text, int *ret_column, bool *ret_descending, GError **err)
{
  g_auto(GStrv) words = g_strsplit(text, " ", -1);
  const int column = words[0] ? columns_find(words[0]) : -1;
  if (column < 0)
    return error_set(err, ERROR_USAGE, ":help columns lists them", "no such column to sort by: \"%s\"", text);
  if (words[1] && strcmp(words[1], "up") != 0 && strcmp(words[1], "down") != 0)
    return error_set(err, ERROR_USAGE, "up or down", "no such order: \"%s\"", words[1]);
  *ret_column = column;
  *ret_descending = words[1] ? strcmp(words[1], "down") == 0 : columns_descend_first(column);
  return true;
}

/* ---- cells ---- */

static enum role state_role(enum guest_state state)
{
  static const enum role roles[GUEST_STATES] = {
      [GUEST_NOSTATE] = ROLE_DIM,   [GUEST_RUNNING] = ROLE_GOOD,    [GUEST_BLOCKED] = ROLE_GOOD,
      [GUEST_PAUSED] = ROLE_WARN,   [GUEST_SHUTDOWN] = ROLE_WARN,   [GUEST_SHUTOFF] = ROLE_DIM,
      [GUEST_CRASHED] = ROLE_WRONG, [GUEST_PMSUSPENDED] = ROLE_WARN};
  return state < GUEST_STATES ? roles[state] : ROLE_DIM;
}

/* "!42s": the guest has not answered for so long. */
static char *stuck_text(double seconds)
{
  if (seconds < 100)
    return g_strdup_printf("!%.0fs", seconds);
  if (seconds < 6000)
    return g_strdup_printf("!%.0fm", floor(seconds / 60));
  return g_strdup_printf("!%.0fh", floor(seconds / 3600));
}

static char *state_cell(const struct scan *scan, const struct guest *guest, enum role *role)
{
  double stuck = figure_stuck(guest, scan->mono_ns);
  if (stuck > 0) {
    *role = ROLE_WRONG;
    return stuck_text(stuck);
  }
  *role = state_role(guest->state);
  return g_strdup(guest_state_short(guest->state));
}

static const struct backend *backend_row(const struct guest *guest)
{
  const struct disk_info *disk = guest_main_disk(guest->info);
  return disk ? disk->backend : NULL;
}

static char *backend_cell(const struct guest *guest, enum role *role, bool path)
{
  const struct backend *backend = backend_row(guest);
  bool direct = !guest_main_disk(guest->info) && guest->info->hostdev_count > 0;
  *role = direct ? ROLE_DIRECT : backend ? figure_path_role(backend->path) : ROLE_DIM;
  if (path)
    return g_strdup(direct    ? backend_path_name(PATH_DIRECT)
                    : backend ? backend_path_name(backend->path)
                              : "-");
  g_autofree char *text = guest_backend_text(guest->info);
  return text_safe(text);
}

static double oldest_age(const struct guest *guest, int64_t now_ns)
{
  static const enum metric_group groups[] = {GROUP_CPU, GROUP_VCPU, GROUP_BLOCK, GROUP_INTERFACE};
  double oldest = -1;
  for (size_t i = 0; guest_state_active(guest->state) && i < G_N_ELEMENTS(groups); i++)
    oldest = MAX(oldest, figure_age(guest, groups[i], now_ns));
  return oldest;
}

static char *age_cell(const struct scan *scan, const struct guest *guest, enum role *role)
{
  double age = oldest_age(guest, scan->mono_ns);
  char buf[24];
  *role = ROLE_DIM;
  return g_strdup(figure_age_text(buf, age));
}

static char *conn_cell(const struct scan *scan, const struct row *row)
{
  return text_safe(row->conn >= 0 && row->conn < scan->conn_count ? scan->conns[row->conn]->label : "-");
}

static char *number_cell(bool known, double value)
{
  return known ? g_strdup_printf("%.0f", value) : g_strdup("-");
}

static char *own_cell(int own, const struct scan *scan, const struct row *row, enum role *role)
{
  const struct guest_info *info = row->guest->info;
  units_buf buf;
  switch ((enum column_own)own) {
  case COLUMN_GUEST:
    return text_safe(info->name);
  case COLUMN_CONN:
    return conn_cell(scan, row);
  case COLUMN_STATE:
    return state_cell(scan, row->guest, role);
  case COLUMN_BACKEND:
    return backend_cell(row->guest, role, false);
  case COLUMN_PATH:
    return backend_cell(row->guest, role, true);
  case COLUMN_ID:
    return number_cell(row->guest->id >= 0, row->guest->id);
  case COLUMN_ACCEL:
    return g_strdup(accel_name(info->accel));
  case COLUMN_KIND:
    return g_strdup(kind_row(info->kind)->name);
  case COLUMN_CPUS:
    return number_cell(info->vcpus > 0, info->vcpus);
  case COLUMN_SIZE:
    return g_strdup(info->memory_bytes ? units_bytes(buf, (double)info->memory_bytes) : "-");
  case COLUMN_AGE:
    return age_cell(scan, row->guest, role);
  case COLUMN_SSH:
    return number_cell(guest_ssh_port(info) > 0, guest_ssh_port(info));
  case COLUMN_TITLE:
    return text_safe(info->title ? info->title : "-");
  case COLUMN_UUID:
    return g_strdup(info->uuid);
  case COLUMNS_OWN_COUNT:
    break;
  }
  return g_strdup("");
}

char *columns_cell(int column, const struct scan *scan, const struct row *row, enum role *ret_role)
{
  const struct column *c = &columns[column];
  *ret_role = ROLE_TEXT;
  if (c->own >= 0)
    return own_cell(c->own, scan, row, ret_role);
  const struct figure f = figure_guest(scan, row->guest, c->metric);
  char buf[24];
  *ret_role = figure_role(&f);
  return g_strdup(figure_text(buf, &f));
}

/* ---- order ---- */

/* The number that COLUMN is sorted by; false: unknown, or a text column. */
static bool sort_number(const struct column *column, const struct scan *scan, const struct row *row,
                        double *ret)
{
  if (column->metric >= 0)
    return readings_get(&row->guest->r, column->metric, ret);
  switch (column->own) {
  case COLUMN_ID:
    *ret = row->guest->id;
    return row->guest->id >= 0;
  case COLUMN_CPUS:
    *ret = row->guest->info->vcpus;
    return true;
  case COLUMN_SIZE:
    *ret = (double)row->guest->info->memory_bytes;
    return true;
  case COLUMN_SSH:
    *ret = guest_ssh_port(row->guest->info);
    return *ret > 0;
  case COLUMN_AGE:
    *ret = oldest_age(row->guest, scan->mono_ns);
    return *ret >= 0;
  default:
    return false;
  }
}

static int compare_names(const struct row *a, const struct row *b)
{
  int by_name = strcmp(a->guest->info->name, b->guest->info->name);
  if (by_name == 0)
    by_name = strcmp(a->guest->info->uuid, b->guest->info->uuid);
  return by_name ? by_name : a->conn - b->conn;
}

static int compare_numbers(const struct column *c, const struct scan *scan, const struct row *a,
                           const struct row *b, bool descending)
{
  double x = 0, y = 0;
  bool has_x = sort_number(c, scan, a, &x), has_y = sort_number(c, scan, b, &y);
  if (has_x != has_y)
    return has_x ? -1 : 1;
  int order = (x > y) - (x < y);
  return descending ? -order : order;
}

static int compare_texts(int column, const struct scan *scan, const struct row *a, const struct row *b,
                         bool descending)
{
  enum role role;
  g_autofree char *x = columns_cell(column, scan, a, &role);
  g_autofree char *y = columns_cell(column, scan, b, &role);
  bool has_x = strcmp(x, "-") != 0, has_y = strcmp(y, "-") != 0;
  if (has_x != has_y)
    return has_x ? -1 : 1;
  int order = strcmp(x, y);
  return descending ? -order : order;
}

int columns_compare(int column, const struct scan *scan, const struct row *a, const struct row *b,
                    bool descending)
{
  const struct column *c = &columns[column];
  int order;
  if (c->own == COLUMN_GUEST)
    return descending ? -compare_names(a, b) : compare_names(a, b);
  if (c->own == COLUMN_STATE) {
    order = (int)a->guest->state - (int)b->guest->state;
    order = descending ? -order : order;
  } else if (c->right) {
    order = compare_numbers(c, scan, a, b, descending);
  } else {
    order = compare_texts(column, scan, a, b, descending);
  }
  return order ? order : compare_names(a, b);
}

bool columns_descend_first(int column)
{
  return columns[column].metric >= 0;
}

/* ---- placing ---- */

static int column_width(int column, int guest_w, int backend_w)
{
  const struct column *c = &columns[column];
  if (c->own == COLUMN_GUEST)
    return CLAMP(guest_w, c->width, GUEST_MAX_W);
  if (c->own == COLUMN_BACKEND)
    return CLAMP(backend_w, c->width, BACKEND_MAX_W);
  if (c->own >= 0)
    return c->width;
  return MAX(figure_width(metric_table(SCOPE_GUEST, NULL)[c->metric].unit), (int)strlen(c->title));
}

static int rank_of(const GArray *chosen, guint index)
{
  int column = g_array_index(chosen, int, index);
  if (column == COLUMN_CONN)
    return RANK_CONN;
  for (size_t i = 0; i < G_N_ELEMENTS(automatic); i++)
    if (automatic[i].column == column)
      return automatic[i].rank;
  return RANK_OTHER + (int)index;
}

/* The chosen column with the lowest rank that is not kept yet; -1: none is left. */
static int next_kept(const GArray *chosen, const bool *kept, guint skip)
{
  int best = -1;
  for (guint i = 0; i < chosen->len; i++) {
    bool skipped = i > 0 && i <= skip;
    if (!kept[i] && !skipped && (best < 0 || rank_of(chosen, i) < rank_of(chosen, (guint)best)))
      best = (int)i;
  }
  return best;
}

/* Mark in KEPT what fits on W columns; returns how many are left over. */
static int keep_columns(const GArray *chosen, int w, guint skip, int guest_w, int backend_w, bool *kept)
{
  int least = MIN(column_width(COLUMN_GUEST, guest_w, 0), GUEST_KEEP_W);
  for (int i; (i = next_kept(chosen, kept, skip)) >= 0; kept[i] = true) {
    int column = g_array_index(chosen, int, i);
    int need = column == COLUMN_GUEST ? least : column_width(column, guest_w, backend_w) + 1;
    if (need > w)
      break;
    w -= need;
  }
  return w;
}

GArray *columns_place(const GArray *chosen, int x, int w, int skip, int guest_w, int backend_w)
{
  GArray *placed = g_array_new(FALSE, FALSE, sizeof(struct placed));
  bool kept[G_N_ELEMENTS(columns)] = {false}; /* a list names no column twice */
  g_return_val_if_fail(chosen->len <= G_N_ELEMENTS(kept), placed);
  int spare = keep_columns(chosen, w, (guint)MAX(skip, 0), guest_w, backend_w, kept);
  int end = x + w;
  for (guint i = 0; i < chosen->len; i++) {
    struct placed p = {g_array_index(chosen, int, i), x, 0};
    if (!kept[i])
      continue;
    p.w = column_width(p.column, guest_w, backend_w);
    if (p.column == COLUMN_GUEST)
      p.w = MIN(p.w, MIN(p.w, GUEST_KEEP_W) + spare);
    p.w = MIN(p.w, end - x);
    x += p.w + 1;
    g_array_append_val(placed, p);
  }
  return placed;
}
