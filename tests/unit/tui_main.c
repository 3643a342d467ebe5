/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The main and detail views drawn on a canvas, without a terminal. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/base/text.h"
#include "tests/unit/fake_engine.h"
#include "tui/app_private.h"
#include "tui/layout.h"
#include "tui/overview.h"
#include "tui/views.h"

/* As much of an app as drawing needs. */
static struct app *make_app(const struct fake_options *options, bool utf8)
{
  struct app *app = g_new0(struct app, 1);
  g_autoptr(GPtrArray) complaints = g_ptr_array_new_with_free_func(g_free);
  g_setenv("XDG_CONFIG_HOME", "/nonexistent", TRUE);
  app->settings = settings_read(NULL, complaints);
  cr_assert_not_null(app->settings);
  app->engine = fake_engine_new(options, app->settings);
  for (int i = 0; i < 20; i++)
    fake_step(app->engine);
  app->canvas = canvas_new(80, 24, utf8, GRAPH_BRAILLE);
  app->table = table_new();
  app->columns = columns_parse("auto", NULL);
  app->scan = scan_ref(engine_scan(app->engine));
  app->stack = g_ptr_array_new();
  app->leaving = g_ptr_array_new();
  table_update(app->table, app->scan);
  app_push(app, overview_new());
  return app;
}

static void free_app(struct app *app)
{
  for (guint i = 0; i < app->stack->len; i++) {
    struct view *view = g_ptr_array_index(app->stack, i);
    view->class->free(view);
  }
  g_ptr_array_unref(app->stack);
  g_ptr_array_unref(app->leaving);
  g_array_unref(app->columns);
  table_free(app->table);
  scan_unref(app->scan);
  canvas_free(app->canvas);
  engine_free(app->engine);
  settings_free(app->settings);
  g_free(app->said);
  g_free(app);
}

static char *draw_at(struct app *app, int w, int h)
{
  struct layout_screen layout;
  struct view *view = app_top(app);
  canvas_resize(app->canvas, w, h);
  layout_screen(&layout, w, h);
  chrome_top(app, layout.top);
  canvas_clip(app->canvas, layout.area);
  view->class->draw(view, app->canvas, layout.area);
  canvas_clip(app->canvas, canvas_area(app->canvas));
  chrome_keys(app, layout.keys);
  return canvas_text(app->canvas);
}

static void check_has(const char *screen, const char *text)
{
  cr_assert_not_null(strstr(screen, text), "no \"%s\" in\n%s", text, screen);
}

Test(tui_main, eighty_by_twenty_four)
{
  static const char *const wanted[] = {
      "GUEST", "BACKEND", "LATavg", "EXIT/s",   "tour-virtio", "virtio-blk", "!17s",     "psi",  "12.3",
      "3.1",   "load",    "1.92",   "5 guests", "4 running",   "REC",        "help",     "quit", "direct",
      "n/a",   "steal",   "disk r", "net rx",   "tx",          "mem",        "new guest"};
  const struct fake_options options = {0};
  struct app *app = make_app(&options, true);
  g_autofree char *screen = draw_at(app, 80, 24);
  for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++)
    check_has(screen, wanted[i]);
  free_app(app);
}

Test(tui_main, forty_by_twelve)
{
  static const char *const wanted[] = {"GUEST", "READ/s", "WRITE/s", "CPU%",  "tour-virtio",
                                       "4/5",   "REC",    "help",    "q quit"};
  const struct fake_options options = {0};
  struct app *app = make_app(&options, true);
  g_autofree char *screen = draw_at(app, 40, 12);
  for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++)
    check_has(screen, wanted[i]);
  free_app(app);
}

/* Wherever it is drawn, the selected guest is on the screen, and nothing is out of bounds (sanitizers). */
Test(tui_main, every_size)
{
  const struct fake_options options = {
      .guests = 30, .cores = 6, .lost = true, .hostile = "\x1b]0;x\x07 \u202eevil"};
  struct app *app = make_app(&options, true);
  table_select(app->table, 29);
  for (int h = 12; h <= 60; h += 3)
    for (int w = 40; w <= 200; w += 7) {
      g_autofree char *screen = draw_at(app, w, h);
      cr_assert_not_null(strstr(screen, "▸"), "no selection at %dx%d", w, h);
      cr_assert_null(strchr(screen, 0x1b));
      cr_assert_null(strstr(screen, "\u202e"));
    }
  free_app(app);
}

Test(tui_main, ascii_is_ascii)
{
  const struct fake_options options = {.hostile = "é中文"};
  struct app *app = make_app(&options, false);
  g_autofree char *screen = draw_at(app, 120, 40);
  for (const char *p = screen; *p; p++)
    cr_assert((unsigned char)*p < 0x80);
  check_has(screen, ">");
  free_app(app);
}

Test(tui_main, detail_of_every_guest)
{
  const struct fake_options options = {0};
  struct app *app = make_app(&options, true);
  for (int i = 0; i < table_count(app->table); i++) {
    struct target target;
    table_target_of(table_row(app->table, i), &target);
    app_push(app, detail_view_new(app, &target));
    g_autofree char *screen = draw_at(app, 100, 40);
    check_has(screen, table_row(app->table, i)->guest->info->name);
    check_has(screen, table_row(app->table, i)->guest->info->uuid);
    struct view *view = app_top(app);
    app_pop(app, view);
    g_ptr_array_set_size(app->leaving, 0);
    view->class->free(view);
  }
  free_app(app);
}

Test(tui_main, detail_tells_why)
{
  const struct fake_options options = {0};
  struct app *app = make_app(&options, true);
  struct target target;
  table_target_of(table_row(app->table, 2), &target);
  app_push(app, detail_view_new(app, &target));
  g_autofree char *screen = draw_at(app, 100, 40);
  check_has(screen, "only KVM counts VM exits");
  check_has(screen, "its QEMU has not answered since");
  check_has(screen, "it has no NIC");
  free_app(app);
}

Test(tui_main, a_lost_connection_tells_why)
{
  const struct fake_options options = {.lost = true};
  struct app *app = make_app(&options, true);
  g_autofree char *screen = draw_at(app, 80, 24);
  check_has(screen, "far (lost)");
  check_has(screen, "Cannot recv data: Connection reset by peer");
  check_has(screen, "CONN");
  free_app(app);
}

static bool run_command(struct app *app, const char *text)
{
  g_autoptr(GError) err = NULL;
  return app_do(app, text, &err);
}

Test(tui_main, commands_reach_the_engine_or_are_refused)
{
  const struct fake_options options = {0};
  struct app *app = make_app(&options, true);
  g_autoptr(GError) err = NULL;
  cr_assert(run_command(app, "pause tour-ide"));
  cr_assert_str_eq(fake_asked(app->engine), "pause 11111111-0000-4000-8000-000000000002");
  cr_assert_not(app_do(app, "pause alpine-01", &err));
  cr_assert_not_null(strstr(err->message, "alpine-01"), "%s", err->message);
  cr_assert_not(run_command(app, "pause nobody"));
  cr_assert_not(run_command(app, "raed"));
  cr_assert(run_command(app, "sort read/s up"));
  cr_assert_str_eq(settings_get(app->settings, SETTING_SORT), "read/s up");
  cr_assert_not(run_command(app, "sort nothing"));
  cr_assert(run_command(app, "filter ide"));
  cr_assert_eq(table_count(app->table), 1);
  cr_assert(run_command(app, "filter"));
  cr_assert_eq(table_count(app->table), 5);
  cr_assert(run_command(app, "last"));
  cr_assert_eq(table_selected(app->table), 4);
  cr_assert(run_command(app, "columns guest,cpu%"));
  cr_assert_eq(app->columns->len, 2u);
  cr_assert_not(run_command(app, "tick 0.01"));
  cr_assert(run_command(app, "tick 250ms"));
  cr_assert_not(run_command(app, "replay-pause"));
  cr_assert(run_command(app, "quit"));
  cr_assert(app->done);
  g_free(app->reason);
  free_app(app);
}

Test(tui_main, what_destroys_asks_first)
{
  const struct fake_options options = {0};
  struct app *app = make_app(&options, true);
  cr_assert(run_command(app, "force-off tour-ide"));
  cr_assert_str_eq(fake_asked(app->engine), "");
  cr_assert_eq(app->stack->len, 2u);
  g_autofree char *screen = draw_at(app, 80, 24);
  check_has(screen, "tour-ide");
  free_app(app);
}

Test(tui_main, a_readonly_session_refuses)
{
  const struct fake_options options = {.readonly = true};
  struct app *app = make_app(&options, true);
  cr_assert_not(run_command(app, "force-off tour-ide yes"));
  cr_assert_not(run_command(app, "new"));
  cr_assert_str_eq(fake_asked(app->engine), "");
  free_app(app);
}

Test(tui_main, attention_is_what_is_on_screen)
{
  const struct fake_options options = {.guests = 100};
  struct app *app = make_app(&options, true);
  g_autofree char *screen = draw_at(app, 80, 24);
  check_has(screen, "guest-0");
  g_auto(GStrv) uuids = overview_attention(app_top(app));
  cr_assert_not_null(screen);
  cr_assert_geq(g_strv_length(uuids), 5u);
  cr_assert_leq(g_strv_length(uuids), 20u);
  free_app(app);
}
