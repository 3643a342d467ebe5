/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/screen.h"

#include <poll.h>
#include <signal.h>

#include "tui/chrome.h"
#include "tui/layout.h"
#include "tui/overview.h"
#include "tui/views.h"

/* The clock on the first line goes on when nothing else happens. */
#define IDLE_MS 1000

struct screen {
  struct app *app;
  struct terminal *terminal;
  struct canvas *canvas;
  struct script *script;
  struct view *overview;
  char *attention; /* what the engine was last told to watch */
  bool changed;    /* something came in since it was drawn */
};

/* ---- drawing ---- */

static void draw_views(struct screen *screen, const struct layout_screen *layout)
{
  const GPtrArray *views = app_views(screen->app);
  guint first = views->len - 1;
  while (first > 0 && ((struct view *)g_ptr_array_index(views, first))->class->shape != VIEW_SCREEN)
    first--;
  for (guint i = first; i < views->len; i++) {
    struct view *view = g_ptr_array_index(views, i);
    struct rect rect = view->class->shape == VIEW_LINE ? layout->notice : layout->area;
    canvas_clip(screen->canvas, rect);
    if (view->class->shape == VIEW_LINE)
      canvas_fill(screen->canvas, rect, ROLE_TEXT);
    view->class->draw(view, screen->canvas, rect);
  }
  canvas_clip(screen->canvas, canvas_area(screen->canvas));
}

static void draw_all(struct screen *screen, int w, int h)
{
  struct layout_screen layout;
  layout_screen(&layout, w, h);
  chrome_top(screen->app, screen->canvas, layout.top);
  draw_views(screen, &layout);
  if (app_top(screen->app)->class->shape != VIEW_LINE)
    chrome_notice(screen->app, screen->canvas, layout.notice, layout.area);
  chrome_keys(screen->app, screen->canvas, layout.keys);
}

static void draw(struct screen *screen)
{
  int w, h;
  terminal_size(screen->terminal, &w, &h);
  struct rect area = canvas_area(screen->canvas);
  if (area.w != w || area.h != h)
    canvas_resize(screen->canvas, w, h);
  canvas_clear(screen->canvas);
  canvas_set_graphs(screen->canvas, terminal_graphs(screen->terminal));
  if (w < LAYOUT_MIN_W || h < LAYOUT_MIN_H)
    canvas_put_wrapped(screen->canvas, canvas_area(screen->canvas), ROLE_WARN,
                       "virtlens needs 40 x 12; q quits");
  else
    draw_all(screen, w, h);
  terminal_show(screen->terminal, screen->canvas);
  screen->changed = false;
}

/* Tell the engine what the user looks at, when that changed. */
static void update_attention(struct screen *screen)
{
  g_auto(GStrv) uuids = overview_attention(screen->overview);
  g_autofree char *joined = g_strjoinv(" ", uuids);
  if (g_strcmp0(joined, screen->attention) == 0)
    return;
  engine_set_attention(app_engine(screen->app), (const char *const *)uuids);
  g_free(screen->attention);
  screen->attention = g_steal_pointer(&joined);
}

/* ---- what comes in ---- */

static void take_signals(struct screen *screen)
{
  static const struct {
    int number;
    const char *name;
  } ends[] = {{SIGINT, "SIGINT"}, {SIGTERM, "SIGTERM"}, {SIGHUP, "SIGHUP"}, {SIGQUIT, "SIGQUIT"}};
  for (int number; (number = terminal_signal(screen->terminal)) != 0;) {
    screen->changed = true;
    if (number == SIGTSTP)
      terminal_suspend(screen->terminal);
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
      if (number == ends[i].number)
        app_quit(screen->app, ends[i].name);
  }
}

static void take_keys(struct screen *screen)
{
  bool ended = false;
  for (int key; !app_ended(screen->app) && (key = terminal_key(screen->terminal, &ended)) != KEYS_NONE;) {
    screen->changed = true;
    script_keep_key(screen->script, key);
    app_take_key(screen->app, key);
  }
  if (ended)
    app_quit(screen->app, "end of input");
}

enum { FD_INPUT, FD_ENGINE, FD_SIGNAL, FD_OUTPUT, FD_COUNT };

static void wait_for_something(struct screen *screen, int at_most_ms)
{
  struct pollfd fds[FD_COUNT] = {
      [FD_INPUT] = {.fd = terminal_input_fd(screen->terminal), .events = POLLIN},
      [FD_ENGINE] = {.fd = engine_wake_fd(app_engine(screen->app)), .events = POLLIN},
      [FD_SIGNAL] = {.fd = terminal_signal_fd(screen->terminal), .events = POLLIN},
      [FD_OUTPUT] = {.fd = terminal_output_fd(screen->terminal), .events = POLLOUT},
  };
  int count = terminal_ready(screen->terminal) ? FD_OUTPUT : FD_COUNT;
  const int ms = at_most_ms >= 0 ? MIN(at_most_ms, IDLE_MS) : IDLE_MS;
  if (poll(fds, (nfds_t)count, ms) == 0 && ms == IDLE_MS)
    screen->changed = true;
  if (fds[FD_SIGNAL].revents)
    take_signals(screen);
  if (fds[FD_ENGINE].revents && app_take_news(screen->app))
    screen->changed = true;
  if (fds[FD_INPUT].revents)
    take_keys(screen);
}

/* ---- its life ---- */

static void begin(struct screen *screen)
{
  const char *const *unfinished = engine_unfinished(app_engine(screen->app));
  screen->changed = true;
  screen->overview = overview_new(screen->app);
  app_use_settings(screen->app);
  app_push(screen->app, screen->overview);
  if (unfinished && unfinished[0])
    app_push(screen->app, recover_new(screen->app));
}

static void go_on(struct screen *screen)
{
  int ms = -1;
  /* A terminal that does not take what it was sent gets the next picture when it does. */
  if (screen->changed && terminal_ready(screen->terminal)) {
    draw(screen);
    update_attention(screen);
  }
  /* A script looks at the screen as the user sees it. */
  if (!screen->changed && script_step(screen->script, screen->app, screen->canvas, &ms)) {
    screen->changed = true;
    ms = 0;
  }
  wait_for_something(screen, ms);
}

char *screen_run(struct engine *engine, struct settings *settings, struct terminal *terminal,
                 struct script *script)
{
  struct screen screen = {
      .app = app_new(engine, settings, terminal),
      .terminal = terminal,
      .canvas = canvas_new(1, 1, terminal_utf8(terminal), terminal_graphs(terminal)),
      .script = script,
  };
  begin(&screen);
  while (!app_ended(screen.app))
    go_on(&screen);
  char *reason = g_strdup(app_ended(screen.app));
  app_free(screen.app);
  canvas_free(screen.canvas);
  g_free(screen.attention);
  return reason;
}
