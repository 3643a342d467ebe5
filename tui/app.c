/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The loop and the stack of views. */
#include "tui/app.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "tui/app_private.h"
#include "tui/layout.h"
#include "tui/overview.h"
#include "tui/views.h"

/* The clock on the first line goes on when nothing else happens. */
#define IDLE_MS 1000

struct engine *app_engine(const struct app *app)
{
  return app->engine;
}

struct settings *app_settings(const struct app *app)
{
  return app->settings;
}

const struct scan *app_scan(const struct app *app)
{
  return app->scan;
}

bool app_held(const struct app *app)
{
  return app->held;
}

struct table *app_table(const struct app *app)
{
  return app->table;
}

const GArray *app_columns(const struct app *app)
{
  return app->columns;
}

GPtrArray *app_history(const struct app *app)
{
  return app->history;
}

int app_history_get(const struct app *app, enum metric_scope scope, const char *uuid, int index, int metric,
                    double *ret, int n)
{
  const struct history *history = engine_history(app->engine);
  uint64_t behind = app->held && app->scan ? app->held_tick - app->scan->tick : 0;
  if (behind == 0)
    return history_get(history, scope, uuid, index, metric, ret, n);
  int extra = (int)MIN(behind, 10000);
  g_autofree double *all = g_new(double, n + extra);
  int known = history_get(history, scope, uuid, index, metric, all, n + extra);
  memcpy(ret, all, sizeof(double) * (gsize)n);
  return MAX(known - extra, 0);
}

bool app_mouse(const struct app *app, int *ret_x, int *ret_y)
{
  int wheel;
  return terminal_mouse(app->terminal, ret_x, ret_y, &wheel);
}

void app_quit(struct app *app, const char *reason)
{
  if (app->done)
    return;
  app->done = true;
  app->reason = g_strdup(reason);
}

/* ---- the message line ---- */

void app_say(struct app *app, bool is_error, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  g_free(app->said);
  app->said = text_safe(text);
  app->said_is_error = is_error;
}

void app_say_error(struct app *app, const GError *err)
{
  g_autofree char *what = error_what(err);
  const char *advice = error_advice(err);
  app_say(app, true, advice ? "%s (%s)" : "%s", what, advice);
}

/* ---- the stack ---- */

struct view *app_top(const struct app *app)
{
  return g_ptr_array_index(app->stack, app->stack->len - 1);
}

struct view *app_top_screen(const struct app *app)
{
  guint i = app->stack->len - 1;
  while (i > 0 && ((struct view *)g_ptr_array_index(app->stack, i))->class->shape == VIEW_LINE)
    i--;
  return g_ptr_array_index(app->stack, i);
}

/* The order of the table stands still as long as any view asks for it. */
static void update_freeze(struct app *app)
{
  bool frozen = false;
  for (guint i = 0; i < app->stack->len; i++)
    frozen |= ((struct view *)g_ptr_array_index(app->stack, i))->class->freezes;
  table_freeze(app->table, frozen);
}

void app_push(struct app *app, struct view *view)
{
  view->app = app;
  g_ptr_array_add(app->stack, view);
  update_freeze(app);
}

void app_pop(struct app *app, struct view *view)
{
  if (view == g_ptr_array_index(app->stack, 0) || !g_ptr_array_remove(app->stack, view))
    return;
  g_ptr_array_add(app->leaving, view);
  update_freeze(app);
}

static void free_leaving(struct app *app)
{
  while (app->leaving->len > 0) {
    struct view *view = g_ptr_array_steal_index(app->leaving, app->leaving->len - 1);
    view->class->free(view);
  }
}

/* ---- drawing ---- */

static void draw_views(struct app *app, const struct layout_screen *layout)
{
  guint first = app->stack->len - 1;
  while (first > 0 && ((struct view *)g_ptr_array_index(app->stack, first))->class->shape != VIEW_SCREEN)
    first--;
  for (guint i = first; i < app->stack->len; i++) {
    struct view *view = g_ptr_array_index(app->stack, i);
    struct rect rect = view->class->shape == VIEW_LINE ? layout->notice : layout->area;
    canvas_clip(app->canvas, rect);
    if (view->class->shape == VIEW_LINE)
      canvas_fill(app->canvas, rect, ROLE_TEXT);
    view->class->draw(view, app->canvas, rect);
  }
  canvas_clip(app->canvas, canvas_area(app->canvas));
}

static void draw_small(struct app *app)
{
  struct rect all = canvas_area(app->canvas);
  canvas_put_wrapped(app->canvas, all, ROLE_WARN, "virtlens needs 40 x 12; q quits");
}

static void draw(struct app *app)
{
  int w, h;
  struct layout_screen layout;
  terminal_size(app->terminal, &w, &h);
  struct rect area = canvas_area(app->canvas);
  if (area.w != w || area.h != h)
    canvas_resize(app->canvas, w, h);
  canvas_clear(app->canvas);
  if (w < LAYOUT_MIN_W || h < LAYOUT_MIN_H) {
    draw_small(app);
  } else {
    layout_screen(&layout, w, h);
    chrome_top(app, layout.top);
    if (app_top(app)->class->shape != VIEW_LINE) {
      draw_views(app, &layout);
      chrome_notice(app, layout.notice, layout.area);
    } else {
      draw_views(app, &layout);
    }
    chrome_keys(app, layout.keys);
  }
  terminal_show(app->terminal, app->canvas);
  app->changed = false;
}

/* Tell the engine what the user looks at, when that changed. */
static void update_attention(struct app *app)
{
  g_auto(GStrv) uuids = overview_attention(g_ptr_array_index(app->stack, 0));
  g_autofree char *joined = g_strjoinv(" ", uuids);
  if (g_strcmp0(joined, app->attention) == 0)
    return;
  engine_set_attention(app->engine, (const char *const *)uuids);
  g_free(app->attention);
  app->attention = g_steal_pointer(&joined);
}

/* ---- what comes in ---- */

static void take_scan(struct app *app)
{
  const struct scan *newest = engine_scan(app->engine);
  app->held_tick = newest->tick;
  if (app->held || newest == app->scan)
    return;
  struct scan *before = app->scan;
  app->scan = scan_ref(newest);
  table_update(app->table, app->scan);
  scan_unref(before);
}

static void take_news(struct app *app)
{
  unsigned news = engine_poll(app->engine);
  if (!news)
    return;
  take_scan(app);
  if (news & (NEWS_NOTICE | NEWS_JOB))
    g_clear_pointer(&app->said, g_free);
  if (news & NEWS_NOTICE)
    app->notice_read = false;
  for (guint i = 0; i < app->stack->len; i++) {
    struct view *view = g_ptr_array_index(app->stack, i);
    if (view->class->news)
      view->class->news(view, news);
  }
  free_leaving(app);
  app->changed = true;
}

static void take_signals(struct app *app)
{
  static const struct {
    int number;
    const char *name;
  } ends[] = {{SIGINT, "SIGINT"}, {SIGTERM, "SIGTERM"}, {SIGHUP, "SIGHUP"}, {SIGQUIT, "SIGQUIT"}};
  for (int number; (number = terminal_signal(app->terminal)) != 0;) {
    app->changed = true;
    if (number == SIGTSTP)
      terminal_suspend(app->terminal);
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
      if (number == ends[i].number)
        app_quit(app, ends[i].name);
  }
}

static void take_keys(struct app *app)
{
  bool ended;
  for (int key; !app->done && (key = terminal_key(app->terminal, &ended)) != KEYS_NONE;) {
    app->changed = true;
    g_clear_pointer(&app->said, g_free);
    app->notice_read = true;
    app_record_key(app, key);
    app_take_key(app, key);
    free_leaving(app);
  }
  if (!app->done && ended)
    app_quit(app, "end of input");
}

enum { FD_INPUT, FD_ENGINE, FD_SIGNAL, FD_OUTPUT, FD_COUNT };

static void wait_for_something(struct app *app, int at_most_ms)
{
  struct pollfd fds[FD_COUNT] = {
      [FD_INPUT] = {.fd = terminal_input_fd(app->terminal), .events = POLLIN},
      [FD_ENGINE] = {.fd = engine_wake_fd(app->engine), .events = POLLIN},
      [FD_SIGNAL] = {.fd = terminal_signal_fd(app->terminal), .events = POLLIN},
      [FD_OUTPUT] = {.fd = terminal_output_fd(app->terminal), .events = POLLOUT},
  };
  int count = terminal_ready(app->terminal) ? FD_OUTPUT : FD_COUNT;
  const int ms = at_most_ms >= 0 ? MIN(at_most_ms, IDLE_MS) : IDLE_MS;
  if (poll(fds, (nfds_t)count, ms) == 0 && ms == IDLE_MS)
    app->changed = true;
  if (fds[FD_SIGNAL].revents)
    take_signals(app);
  if (fds[FD_ENGINE].revents)
    take_news(app);
  if (fds[FD_INPUT].revents)
    take_keys(app);
}

/* ---- the life of the app ---- */

/* Faults of the settings that only the screen can find; all of them are told. */
static void say_if(struct app *app, bool ok, GError **err)
{
  g_autofree char *before = g_steal_pointer(&app->said);
  if (!ok)
    app_say_error(app, *err);
  if (before && app->said)
    app_say(app, true, "%s; %s", before, app->said);
  else if (before)
    app->said = g_steal_pointer(&before);
  g_clear_error(err);
}

static struct app *app_new(struct engine *engine, struct settings *settings, struct terminal *terminal)
{
  struct app *app = g_new0(struct app, 1);
  g_autoptr(GError) err = NULL;
  app->engine = engine;
  app->settings = settings;
  app->terminal = terminal;
  app->canvas = canvas_new(1, 1, terminal_utf8(terminal), terminal_graphs(terminal));
  app->table = table_new();
  app->stack = g_ptr_array_new();
  app->leaving = g_ptr_array_new();
  app->history = g_ptr_array_new_with_free_func(g_free);
  app->columns = columns_parse("auto", NULL);
  app->scan = scan_ref(engine_scan(engine));
  table_update(app->table, app->scan);
  say_if(app, app_apply_theme(app, settings_get(settings, SETTING_THEME), &err), &err);
  if (!app->theme)
    app_apply_theme(app, "default", NULL);
  say_if(app, app_apply_columns(app, settings_get(settings, SETTING_COLUMNS), &err), &err);
  say_if(app, app_apply_sort(app, settings_get(settings, SETTING_SORT), &err), &err);
  app_push(app, overview_new());
  app->changed = true;
  return app;
}

static void app_free(struct app *app)
{
  free_leaving(app);
  while (app->stack->len > 0) {
    struct view *view = g_ptr_array_steal_index(app->stack, app->stack->len - 1);
    view->class->free(view);
  }
  g_ptr_array_unref(app->stack);
  g_ptr_array_unref(app->leaving);
  g_ptr_array_unref(app->history);
  g_array_unref(app->columns);
  table_free(app->table);
  scan_unref(app->scan);
  canvas_free(app->canvas);
  theme_free(app->theme);
  g_free(app->said);
  g_free(app->attention);
  g_free(app->reason);
  g_free(app->failure);
  g_free(app);
}

int app_run(struct engine *engine, struct settings *settings, struct terminal *terminal,
            const struct app_script *script, char **ret_reason)
{
  struct app *app = app_new(engine, settings, terminal);
  app->script = script;
  const char *const *unfinished = engine_unfinished(engine);
  if (unfinished && unfinished[0])
    app_push(app, recover_new(app));
  while (!app->done) {
    /* A terminal that does not take what it was sent gets the next picture when it does. */
    if (app->changed && terminal_ready(app->terminal)) {
      draw(app);
      update_attention(app);
    }
    int ms = -1;
    if (!app->changed) /* a script looks at the screen as the user sees it */
      app_play(app, &ms);
    free_leaving(app);
    wait_for_something(app, ms);
  }
  const int status = app->failure ? 1 : 0;
  if (ret_reason)
    *ret_reason = app->failure ? g_steal_pointer(&app->failure) : g_steal_pointer(&app->reason);
  app_free(app);
  return status;
}
