/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest table. */
#include "core/base/text.h"
#include "tui/columns.h"
#include "tui/pane.h"
#include "tui/table.h"

#define MARK_W 2 /* the selected row's mark and the tag */

/* The longest texts decide the widths, of all guests and not only those on screen: columns do not jump. */
static void widest(const struct app *app, int *guest_w, int *backend_w)
{
  const struct table *table = app_table(app);
  *guest_w = *backend_w = 0;
  for (int i = 0; i < table_count(table); i++) {
    const struct guest_info *info = table_row(table, i)->guest->info;
    g_autofree char *name = text_safe(info->name);
    g_autofree char *backend = guest_backend_text(info);
    *guest_w = MAX(*guest_w, text_width(name));
    *backend_w = MAX(*backend_w, text_width(backend));
  }
}

static GArray *place_columns(const struct app *app, struct rect head, int skip)
{
  const struct scan *scan = app_scan(app);
  g_autoptr(GArray) chosen = g_array_copy((GArray *)(uintptr_t)app_columns(app));
  int conn = COLUMN_CONN, guest_w, backend_w;
  bool has_conn = false;
  for (guint i = 0; i < chosen->len; i++)
    has_conn |= g_array_index(chosen, int, i) == COLUMN_CONN;
  if (scan->conn_count > 1 && !has_conn)
    g_array_insert_val(chosen, MIN(1u, chosen->len), conn);
  widest(app, &guest_w, &backend_w);
  return columns_place(chosen, head.x + MARK_W, head.w - MARK_W, skip, guest_w, backend_w);
}

static void draw_head(const struct app *app, struct canvas *canvas, struct rect head, const GArray *placed)
{
  bool descending;
  int count, sorted = table_sort(app_table(app), &descending);
  const struct column *columns = columns_table(&count);
  for (guint i = 0; i < placed->len; i++) {
    const struct placed *p = &g_array_index(placed, struct placed, i);
    const struct column *c = &columns[p->column];
    enum role role = p->column == sorted ? ROLE_HEAD_SORT : ROLE_HEAD;
    if (c->right)
      canvas_put(canvas, p->x + p->w - text_width(c->title), head.y, role, c->title);
    else
      canvas_put(canvas, p->x, head.y, role, c->title);
  }
}

static void draw_row(const struct app *app, struct canvas *canvas, const struct row *row, int y,
                     const GArray *placed)
{
  int count;
  const struct column *columns = columns_table(&count);
  struct target target;
  table_target_of(row, &target);
  bool tagged = table_is_tagged(app_table(app), &target);
  for (guint i = 0; i < placed->len; i++) {
    const struct placed *p = &g_array_index(placed, struct placed, i);
    enum role role;
    g_autofree char *text = columns_cell(p->column, app_scan(app), row, &role);
    if (columns[p->column].metric >= 0) {
      const struct figure f = figure_guest(app_scan(app), row->guest, columns[p->column].metric);
      role = pane_figure_role(app, SCOPE_GUEST, columns[p->column].metric, &f);
    }
    if (p->column == COLUMN_GUEST && tagged)
      role = ROLE_TAGGED;
    if (columns[p->column].right)
      canvas_put_right(canvas, p->x, y, p->w, role, text);
    else
      canvas_put_fit(canvas, p->x, y, p->w, role, text);
  }
  if (tagged)
    canvas_put(canvas, MARK_W - 1, y, ROLE_TAGGED, "*");
}

/* Connections that are not open say why, above the guests that are there. */
static int draw_conns(const struct app *app, struct canvas *canvas, struct rect rect)
{
  const struct scan *scan = app_scan(app);
  int y = rect.y;
  for (int i = 0; i < scan->conn_count && y < rect.y + rect.h; i++) {
    const struct conn_scan *conn = scan->conns[i];
    if (conn->state == CONN_OPEN)
      continue;
    g_autofree char *label = text_safe(conn->label);
    g_autofree char *why = text_line(conn->error ? conn->error : conn->progress);
    g_autofree char *line =
        g_strdup_printf("%s: %s%s%s", label, conn_state_name(conn->state), *why ? ": " : "", why);
    struct rect place = {rect.x + MARK_W, y, rect.w - MARK_W - 1, rect.y + rect.h - y};
    y += canvas_put_wrapped(canvas, place, conn->state == CONN_OPENING ? ROLE_WARN : ROLE_WRONG, line);
  }
  return MIN(y, rect.y + rect.h) - rect.y;
}

static bool all_open(const struct scan *scan)
{
  for (int i = 0; i < scan->conn_count; i++)
    if (scan->conns[i]->state != CONN_OPEN)
      return false;
  return scan->conn_count > 0;
}

static void draw_empty(const struct app *app, struct canvas *canvas, struct rect rect)
{
  const struct table *table = app_table(app);
  g_autofree char *key = app_key_of(app, "main", "new");
  int x = rect.x + MARK_W;
  if (table_total(table) > 0) {
    g_autofree char *filter = text_safe(table_filter(table));
    canvas_putf(canvas, x, rect.y, ROLE_DIM, "none of %d guests matches \"%s\"; Esc shows all",
                table_total(table), filter);
  } else if (all_open(app_scan(app))) {
    canvas_putf(canvas, x, rect.y, ROLE_DIM, "no guests here%s%s%s", key ? "; " : "", key ? key : "",
                key ? " makes one" : "");
  }
}

/* Keep the selected row on screen. */
static void scroll(struct table_pane *pane, int selected, int count, int rows)
{
  pane->first = MIN(pane->first, MAX(count - rows, 0));
  if (selected < pane->first)
    pane->first = selected;
  if (selected >= pane->first + rows)
    pane->first = selected - rows + 1;
  pane->first = MAX(pane->first, 0);
}

/* How many rows lie out of sight, at the right end of the heading. */
static void draw_more(struct canvas *canvas, struct rect rect, const struct table_pane *pane, int count)
{
  int below = count - pane->first - rect.h;
  int x = rect.x + rect.w - 1;
  if (pane->first > 0)
    canvas_put(canvas, x, rect.y, ROLE_DIM, "▲");
  if (below > 0)
    canvas_put(canvas, x, rect.y + rect.h - 1, ROLE_DIM, "▼");
}

void table_pane_draw(const struct app *app, struct canvas *canvas, struct rect head, struct rect rect,
                     struct table_pane *pane)
{
  const struct table *table = app_table(app);
  g_autoptr(GArray) placed = place_columns(app, head, pane->skip);
  int used = draw_conns(app, canvas, rect), count = table_count(table), selected = table_selected(table);
  rect.y += used;
  rect.h -= used;
  pane->rows = rect;
  draw_head(app, canvas, head, placed);
  if (rect.h <= 0)
    return;
  if (count == 0) {
    draw_empty(app, canvas, rect);
    return;
  }
  scroll(pane, selected, count, rect.h);
  for (int i = 0; i < rect.h && pane->first + i < count; i++) {
    int y = rect.y + i;
    draw_row(app, canvas, table_row(table, pane->first + i), y, placed);
    if (pane->first + i != selected)
      continue;
    canvas_put(canvas, rect.x, y, ROLE_HEAD, "▸");
    canvas_ground(canvas, (struct rect){rect.x, y, rect.w, 1}, ROLE_SELECTED);
  }
  draw_more(canvas, rect, pane, count);
}
