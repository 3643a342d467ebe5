/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/app_private.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "tui/columns.h"
#include "tui/table.h"
#include "tui/terminal.h"

#define HELD_MAX 10000 /* scans behind, for the graphs */

struct app *app_new(struct engine *engine, struct settings *settings, struct terminal *terminal)
{
  struct app *app = g_new0(struct app, 1);
  app->engine = engine;
  app->settings = settings;
  app->terminal = terminal;
  app->table = table_new();
  app->columns = columns_parse("auto", NULL);
  app->stack = g_ptr_array_new();
  app->leaving = g_ptr_array_new();
  app->typed = g_ptr_array_new_with_free_func(g_free);
  app->scan = scan_ref(engine_scan(engine));
  table_update(app->table, app->scan);
  return app;
}

void app_free(struct app *app)
{
  g_ptr_array_extend_and_steal(app->leaving, app->stack);
  app_free_leaving(app);
  g_ptr_array_unref(app->leaving);
  g_ptr_array_unref(app->typed);
  g_array_unref(app->columns);
  table_free(app->table);
  scan_unref(app->scan);
  g_free(app->said);
  g_free(app->ended);
  g_free(app);
}

struct engine *app_engine(const struct app *app)
{
  return app->engine;
}

struct settings *app_settings(const struct app *app)
{
  return app->settings;
}

struct table *app_table(const struct app *app)
{
  return app->table;
}

const GArray *app_columns(const struct app *app)
{
  return app->columns;
}

GPtrArray *app_typed(const struct app *app)
{
  return app->typed;
}

bool app_mouse(const struct app *app, int *ret_x, int *ret_y)
{
  int wheel;
  return terminal_mouse(app->terminal, ret_x, ret_y, &wheel);
}

bool app_has_colours(const struct app *app)
{
  return terminal_colours(app->terminal) > 0;
}

void app_repaint(struct app *app)
{
  terminal_repaint(app->terminal);
}

void app_quit(struct app *app, const char *reason)
{
  if (!app->ended)
    app->ended = g_strdup(reason);
}

const char *app_ended(const struct app *app)
{
  return app->ended;
}

/* ---- the scan that is shown ---- */

static void show_newest(struct app *app)
{
  struct scan *before = app->scan;
  app->scan = scan_ref(engine_scan(app->engine));
  table_update(app->table, app->scan);
  scan_unref(before);
}

const struct scan *app_scan(const struct app *app)
{
  return app->scan;
}

bool app_held(const struct app *app)
{
  return app->held;
}

void app_hold(struct app *app, bool held)
{
  app->held = held;
  if (!held)
    show_newest(app);
}

int app_history_get(const struct app *app, enum metric_scope scope, const char *uuid, int index, int metric,
                    double *ret, int n)
{
  const struct history *history = engine_history(app->engine);
  uint64_t behind = app->held ? engine_scan(app->engine)->tick - app->scan->tick : 0;
  if (behind == 0)
    return history_get(history, scope, uuid, index, metric, ret, n);
  int extra = (int)MIN(behind, HELD_MAX);
  g_autofree double *all = g_new(double, n + extra);
  int known = history_get(history, scope, uuid, index, metric, all, n + extra);
  memcpy(ret, all, sizeof(double) * (gsize)n);
  return MAX(known - extra, 0);
}

bool app_take_news(struct app *app)
{
  unsigned news = engine_poll(app->engine);
  if (!news)
    return false;
  if (!app->held && engine_scan(app->engine) != app->scan)
    show_newest(app);
  if (news & (NEWS_NOTICE | NEWS_JOB))
    g_clear_pointer(&app->said, g_free);
  if (news & NEWS_NOTICE)
    app->notice_read = false;
  for (guint i = 0; i < app->stack->len; i++) {
    struct view *view = g_ptr_array_index(app->stack, i);
    if (view->class->news)
      view->class->news(view, news);
  }
  app_free_leaving(app);
  return true;
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
  g_autofree char *line = error_line(err);
  app_say(app, true, "%s", line);
}

const char *app_said(const struct app *app, bool *ret_is_error)
{
  *ret_is_error = app->said_is_error;
  return app->said;
}

bool app_notice_read(const struct app *app)
{
  return app->notice_read && !app->said;
}
