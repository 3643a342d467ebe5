/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One guest on the whole screen, in tabs: each vCPU, disk and NIC with its history, what cannot be had and
 * why, how old each figure is; what is stolen from it; its exits; where the time of its requests goes; what
 * kind of virtualization it is. */
#include "core/base/clock.h"
#include "core/base/text.h"
#include "tui/detail_rows.h"
#include "tui/hints.h"
#include "tui/lines.h"
#include "tui/pane.h"
#include "tui/table.h"
#include "tui/views.h"

#define GRAPH_MAX_H 3
#define LOOK_AGAIN_S 30  /* what a guest is inside changes slowly, and the question costs it some work */
#define LOOK_SOONER_S 10 /* its agent may be on its way */

struct tab {
  const char *title;
  int command; /* enum command_id that shows it; -1: none of its own */
  void (*fill)(const struct detail_page *page);
  void (*ask)(struct engine *engine, int conn, const char *uuid); /* what it shows; NULL: nothing is asked */
  unsigned news;                                                  /* after which that is asked anew */
  int spans; /* enum span_kind that is traced while it is shown, of a guest of this machine; -1: none */
};

enum { TAB_ALL, TAB_STEAL, TAB_EXITS, TAB_TIME, TAB_EXPLAIN };
static const struct tab tabs[] = {
    [TAB_ALL] = {"details", -1, detail_fill_all, NULL, 0, -1},
    [TAB_STEAL] = {"steal", COMMAND_STEAL, detail_fill_steal, engine_ask_rivals, NEWS_SCAN, SPAN_CPU},
    [TAB_EXITS] = {"exits", COMMAND_EXITS, detail_fill_exits, NULL, 0, SPAN_EXIT},
    [TAB_TIME] = {"time", COMMAND_WHERE, detail_fill_account, NULL, 0, SPAN_BLOCK},
    /* It was started or stopped, or a device came or went. */
    [TAB_EXPLAIN] = {"explain", COMMAND_EXPLAIN, detail_fill_explanation, engine_ask_explanation, NEWS_EVENT,
                     -1},
};

struct detail_view {
  struct view view;
  struct target target;
  const struct tab *tab;
  struct hint hints[HINTS_MAX];
  int first;                     /* topmost row */
  int rows, page;                /* of the last drawing */
  int64_t looked_ns, looked_run; /* when it was last asked what it is inside, and in which run; 0: never */
};

static const struct guest *find_guest(const struct detail_view *d)
{
  return scan_find_uuid(app_scan(d->view.app), d->target.conn, d->target.uuid, NULL);
}

/* The names of the tabs in the row Y, to its right; returns the column where they begin. */
static int draw_tabs(const struct detail_view *d, struct canvas *canvas, struct rect row)
{
  int w = 0;
  for (size_t i = 0; i < G_N_ELEMENTS(tabs); i++)
    w += text_width(tabs[i].title) + 2;
  const int start = MAX(row.x + row.w - w, row.x);
  int x = start;
  for (size_t i = 0; i < G_N_ELEMENTS(tabs); i++) {
    const bool shown = &tabs[i] == d->tab;
    x = canvas_putf(canvas, x, row.y, shown ? ROLE_SELECTED : ROLE_LABEL, shown ? "[%s]" : " %s ",
                    tabs[i].title);
  }
  return start;
}

static int draw_head(struct detail_view *d, struct canvas *canvas, struct rect area,
                     const struct guest *guest)
{
  g_autofree char *line = guest_line(guest), *trouble = guest_trouble(d->view.app, guest);
  g_autofree char *source = g_strdup_printf("%s · %s", guest_state_name(guest->state), guest->info->uuid);
  int y = area.y;
  y += MIN(canvas_put_wrapped(canvas, (struct rect){area.x + 1, y, area.w - 2, 2}, ROLE_HEAD, line), 2);
  const int end = draw_tabs(d, canvas, (struct rect){area.x + 1, y, area.w - 2, 1});
  canvas_put_fit(canvas, area.x + 1, y++, end - area.x - 2, ROLE_DIM, source);
  if (trouble)
    y += MIN(canvas_put_wrapped(canvas, (struct rect){area.x + 1, y, area.w - 2, 3}, ROLE_WRONG, trouble), 3);
  return y;
}

/* Rows of the screen that a graph may take when everything fits at once. */
static int graph_height(const GArray *rows, int page)
{
  int graphs = 0;
  for (guint i = 0; i < rows->len; i++)
    graphs += g_array_index(rows, struct detail_row, i).kind == DETAIL_GRAPH;
  return graphs ? CLAMP((page - ((int)rows->len - graphs)) / graphs, 1, GRAPH_MAX_H) : 1;
}

static void draw_rows(struct detail_view *d, struct canvas *canvas, struct rect rect,
                      const struct guest *guest)
{
  g_autoptr(GArray) rows = detail_rows_new();
  const struct detail_page page = {d->view.app, &d->target, guest, rect.w - 2, rows};
  d->tab->fill(&page);
  d->rows = (int)rows->len;
  d->page = MAX(rect.h, 1);
  d->first = CLAMP(d->first, 0, MAX(d->rows - d->page, 0));
  int y = rect.y, graph_h = graph_height(rows, d->page);
  for (int i = d->first; i < d->rows && y < rect.y + rect.h; i++) {
    const struct detail_row *row = &g_array_index(rows, struct detail_row, i);
    int h = row->kind == DETAIL_GRAPH ? graph_h : 1;
    detail_row_draw(d->view.app, canvas, (struct rect){rect.x + 1, y, rect.w - 2, h}, guest, row);
    y += h;
  }
}

static void detail_draw(struct view *view, struct canvas *canvas, struct rect area)
{
  struct detail_view *d = (struct detail_view *)view;
  const struct guest *guest = find_guest(d);
  if (!guest) {
    canvas_put(canvas, area.x + 1, area.y, ROLE_DIM, "this guest is gone; Esc goes back");
    return;
  }
  int y = draw_head(d, canvas, area, guest);
  draw_rows(d, canvas, (struct rect){area.x, y, area.w, area.y + area.h - y}, guest);
  if (d->first > 0)
    canvas_put(canvas, area.x + area.w - 1, y, ROLE_DIM, "▲");
  if (d->first + d->page < d->rows)
    canvas_put(canvas, area.x + area.w - 1, area.y + area.h - 1, ROLE_DIM, "▼");
}

static void ask(const struct detail_view *d)
{
  if (d->tab->ask)
    d->tab->ask(app_engine(d->view.app), d->target.conn, d->target.uuid);
}

/* It runs, and can be asked. */
static bool answers(const struct detail_view *d, const struct guest *guest)
{
  struct replay_state replay;
  engine_replay_state(app_engine(d->view.app), &replay);
  return !replay.active && app_scan(d->view.app)->conns[d->target.conn]->state == CONN_OPEN &&
         (guest->state == GUEST_RUNNING || guest->state == GUEST_BLOCKED);
}

/* Ask the guest what it is inside, if that is shown and it is time. */
static void look_inside(struct detail_view *d)
{
  const struct guest *guest = find_guest(d);
  const int64_t now_ns = app_scan(d->view.app)->mono_ns;
  if (d->tab != &tabs[TAB_ALL] || !guest || !answers(d, guest))
    return;
  const struct inside *inside = guest->info->inside;
  const bool well = inside && !inside->no_addresses && !inside->no_file_systems;
  const int64_t wait_ns = (well ? LOOK_AGAIN_S : LOOK_SOONER_S) * NS_PER_S;
  if (d->looked_ns && d->looked_run == guest->run && now_ns < d->looked_ns + wait_ns)
    return;
  d->looked_ns = now_ns;
  d->looked_run = guest->run;
  engine_look_inside(app_engine(d->view.app), d->target.conn, d->target.uuid);
}

/* It shows what can be traced: live, on this machine, and KVM of a guest that has it. */
static bool is_traceable(const struct detail_view *d)
{
  const struct guest *guest = find_guest(d);
  struct replay_state replay;
  engine_replay_state(app_engine(d->view.app), &replay);
  return d->tab->spans >= 0 && !replay.active && app_scan(d->view.app)->conns[d->target.conn]->local &&
         (d->tab->spans != SPAN_EXIT || (guest && guest->info->accel == ACCEL_KVM));
}

/* What the tab shows is traced, and nothing else. */
static void trace(const struct detail_view *d)
{
  struct engine *engine = app_engine(d->view.app);
  g_autoptr(GError) err = NULL;
  if (!is_traceable(d))
    engine_spans_stop(engine);
  else if (!engine_spans_watch(engine, (enum span_kind)d->tab->spans, &err))
    app_say_error(d->view.app, err);
}

/* What it shows was traced, until a view that lay over it traced something else, or nothing. */
static bool is_left(const struct detail_view *d)
{
  const struct span_log *log =
      d->tab->spans < 0 ? NULL : engine_spans(app_engine(d->view.app), (enum span_kind)d->tab->spans);
  const struct span_turn *newest = log ? span_log_newest(log) : NULL;
  return is_traceable(d) && (!log || (newest && newest->ended && !newest->problem));
}

static void show_tab(struct detail_view *d, const struct tab *tab)
{
  d->tab = tab;
  d->first = 0;
  ask(d);
  trace(d);
  look_inside(d);
}

static void next_tab(struct detail_view *d)
{
  show_tab(d, d->tab + 1 < tabs + G_N_ELEMENTS(tabs) ? d->tab + 1 : tabs);
}

/* The tab that COMMAND shows; NULL: none. */
static const struct tab *tab_of(int command)
{
  for (size_t i = 0; i < G_N_ELEMENTS(tabs); i++)
    if (tabs[i].command >= 0 && tabs[i].command == command)
      return &tabs[i];
  return NULL;
}

/* The next or previous guest of the table, in its order. */
static void other_guest(struct detail_view *d, int by)
{
  struct table *table = app_table(d->view.app);
  if (!table_select_target(table, &d->target))
    return;
  table_select(table, table_selected(table) + by);
  table_selected_target(table, &d->target);
  d->looked_ns = 0;
  show_tab(d, d->tab);
}

static enum view_answer detail_command(struct view *view, const struct command_line *line,
                                       G_GNUC_UNUSED GError **err)
{
  struct detail_view *d = (struct detail_view *)view;
  int step = lines_step(line->command, d->page);
  const struct tab *tab = line->words[0] ? NULL : tab_of(line->command->screen);
  if (step)
    d->first = CLAMP(d->first + step, 0, MAX(d->rows - d->page, 0));
  else if (line->command->screen == COMMAND_LEFT)
    other_guest(d, -1);
  else if (line->command->screen == COMMAND_RIGHT)
    other_guest(d, 1);
  else if (line->command->screen == COMMAND_NEXT_PANE)
    next_tab(d);
  else if (tab)
    show_tab(d, tab);
  else if (line->command->screen == COMMAND_ENTER)
    app_pop(view->app, view);
  else
    return VIEW_PASS;
  return VIEW_TAKEN;
}

static const struct target *detail_guest(const struct view *view)
{
  return &((const struct detail_view *)view)->target;
}

static const struct hint_rule rules[] = {
    {{"back", "back", NULL}, 0},
    {{"left", "previous", NULL}, 0},
    {{"right", "next guest", NULL}, 0},
    {{"next-pane", "next tab", NULL}, 0},
    {{"start", "start", NULL}, WHEN_WRITABLE | WHEN_INACTIVE},
    {{"delete", "delete", NULL}, WHEN_WRITABLE | WHEN_INACTIVE},
    {{"stop", "stop", NULL}, WHEN_WRITABLE | WHEN_ACTIVE},
    {{"pause", "pause", NULL}, WHEN_WRITABLE | WHEN_RUNNING},
    {{"pause", "resume", NULL}, WHEN_WRITABLE | WHEN_PAUSED},
    {{"force-off", "force off", NULL}, WHEN_WRITABLE | WHEN_ACTIVE},
    {{"replay-pause", "pause", NULL}, WHEN_REPLAY_RUNS},
    {{"replay-pause", "go on", NULL}, WHEN_REPLAY_PAUSED},
    {{"hold", "go on", NULL}, WHEN_HELD},
    {{"help", "help", NULL}, 0},
    {{"quit", "quit", NULL}, 0},
    {{"events", "events", NULL}, 0},
    {{"edit", "edit", NULL}, WHEN_WRITABLE},
    {{"export", "export", NULL}, WHEN_LIVE},
};

static const struct hint *detail_hints(struct view *view, int *ret_count)
{
  struct detail_view *d = (struct detail_view *)view;
  *ret_count = hints_pick(rules, G_N_ELEMENTS(rules), hints_now(view->app, find_guest(d)), d->hints);
  return d->hints;
}

static void detail_news(struct view *view, unsigned news)
{
  struct detail_view *d = (struct detail_view *)view;
  if (news & d->tab->news)
    ask(d);
  if (news & NEWS_SCAN)
    look_inside(d);
  if (app_top(view->app) == view && is_left(d))
    trace(d);
}

static void detail_free(struct view *view)
{
  engine_spans_stop(app_engine(view->app));
  g_free(view);
}

static const struct view_class detail_class = {
    .place = "detail",
    .shape = VIEW_SCREEN,
    .draw = detail_draw,
    .command = detail_command,
    .guest = detail_guest,
    .news = detail_news,
    .hints = detail_hints,
    .free = detail_free,
};

static struct view *open_at(struct app *app, const struct target *target, const struct tab *tab)
{
  struct detail_view *d = g_new0(struct detail_view, 1);
  d->view = (struct view){&detail_class, app};
  d->target = *target;
  show_tab(d, tab);
  return &d->view;
}

struct view *detail_view_new(struct app *app, const struct target *target)
{
  return open_at(app, target, &tabs[TAB_ALL]);
}

struct view *steal_view_new(struct app *app, const struct target *target)
{
  return open_at(app, target, &tabs[TAB_STEAL]);
}

struct view *exits_view_new(struct app *app, const struct target *target)
{
  return open_at(app, target, &tabs[TAB_EXITS]);
}

struct view *where_view_new(struct app *app, const struct target *target)
{
  return open_at(app, target, &tabs[TAB_TIME]);
}

struct view *explain_view_new(struct app *app, const struct target *target)
{
  return open_at(app, target, &tabs[TAB_EXPLAIN]);
}
