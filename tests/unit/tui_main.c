/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The main and detail views drawn on a canvas, without a terminal. */
#include "tests/unit/test.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/fake/fake.h"
#include "tui/app.h"
#include "tui/chrome.h"
#include "tui/columns.h"
#include "tui/layout.h"
#include "tui/overview.h"
#include "tui/table.h"
#include "tui/views.h"

struct world {
  struct engine *engine;
  struct settings *settings;
  struct app *app;
  struct canvas *canvas;
};

static struct settings *read_settings(const char *text)
{
  g_autoptr(GPtrArray) complaints = g_ptr_array_new_with_free_func(g_free);
  g_autofree char *path = NULL;
  close(g_file_open_tmp("virtlens-conf-XXXXXX", &path, NULL));
  cr_assert(g_file_set_contents(path, text, -1, NULL));
  struct settings *settings = settings_read(path, NULL, complaints);
  g_unlink(path);
  cr_assert_not_null(settings, "%s", complaints->len ? (char *)complaints->pdata[0] : "");
  return settings;
}

/* A screen without its loop and its terminal, with the user's SETTINGS. */
static struct world make_world_with(const struct fake_options *options, bool utf8, const char *settings)
{
  struct world world = {.settings = read_settings(settings)};
  world.engine = fake_engine_new(options);
  for (int i = 0; i < 20; i++)
    fake_step(world.engine);
  world.canvas = canvas_new(80, 24, utf8, GRAPH_BRAILLE);
  world.app = app_new(world.engine, world.settings, NULL);
  app_push(world.app, overview_new(world.app));
  return world;
}

static struct world make_world(const struct fake_options *options, bool utf8)
{
  return make_world_with(options, utf8, "");
}

static void free_world(struct world *world)
{
  app_free(world->app);
  canvas_free(world->canvas);
  engine_free(world->engine);
  settings_free(world->settings);
}

static char *draw_at(const struct world *world, int w, int h)
{
  struct layout_screen layout;
  struct view *view = app_top(world->app);
  canvas_resize(world->canvas, w, h);
  layout_screen(&layout, w, h);
  chrome_top(world->app, world->canvas, layout.top);
  canvas_clip(world->canvas, layout.area);
  view->class->draw(view, world->canvas, layout.area);
  canvas_clip(world->canvas, canvas_area(world->canvas));
  chrome_keys(world->app, world->canvas, layout.keys);
  return canvas_text(world->canvas);
}

static void check_has(const char *screen, const char *text)
{
  cr_assert_not_null(strstr(screen, text), "no \"%s\" in\n%s", text, screen);
}

Test(tui_main, eighty_by_twenty_four)
{
  static const char *const wanted[] = {
      "GUEST", "BACKEND", "LATavg", "EXIT/s",   "tour-virtio", "virtio-blk", "!20s", "psi",  "12.0",
      "3.0",   "load",    "1.92",   "8 guests", "5 running",   "REC",        "help", "quit", "direct",
      "n/a",   "steal",   "disk r", "net rx",   "tx",          "mem",        "n new"};
  const struct fake_options options = {0};
  struct world world = make_world(&options, true);
  g_autofree char *screen = draw_at(&world, 80, 24);
  for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++)
    check_has(screen, wanted[i]);
  free_world(&world);
}

Test(tui_main, forty_by_twelve)
{
  static const char *const wanted[] = {"GUEST", "READ/s", "WRITE/s", "CPU%",  "alpine-01",
                                       "5/8",   "REC",    "help",    "q quit"};
  const struct fake_options options = {0};
  struct world world = make_world(&options, true);
  g_autofree char *screen = draw_at(&world, 40, 12);
  for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++)
    check_has(screen, wanted[i]);
  free_world(&world);
}

/* Wherever it is drawn, the selected guest is on the screen, and nothing is out of bounds (sanitizers). */
Test(tui_main, every_size)
{
  const struct fake_options options = {
      .world = FAKE_MANY, .guests = 30, .cores = 6, .lost = true, .extra = "\x1b]0;x\x07 \u202eevil"};
  struct world world = make_world(&options, true);
  table_select(app_table(world.app), 29);
  for (int h = 12; h <= 60; h += 3)
    for (int w = 40; w <= 200; w += 7) {
      g_autofree char *screen = draw_at(&world, w, h);
      cr_assert_not_null(strstr(screen, "▸"), "no selection at %dx%d", w, h);
      cr_assert_null(strchr(screen, 0x1b));
      cr_assert_null(strstr(screen, "\u202e"));
    }
  free_world(&world);
}

Test(tui_main, ascii_is_ascii)
{
  const struct fake_options options = {.extra = "é中文"};
  struct world world = make_world(&options, false);
  g_autofree char *screen = draw_at(&world, 120, 40);
  for (const char *p = screen; *p; p++)
    cr_assert((unsigned char)*p < 0x80);
  check_has(screen, ">");
  free_world(&world);
}

Test(tui_main, detail_of_every_guest)
{
  const struct fake_options options = {0};
  struct world world = make_world(&options, true);
  for (int i = 0; i < table_count(app_table(world.app)); i++) {
    struct target target;
    table_target_of(table_row(app_table(world.app), i), &target);
    app_push(world.app, detail_view_new(world.app, &target));
    g_autofree char *screen = draw_at(&world, 100, 40);
    check_has(screen, table_row(app_table(world.app), i)->guest->info->name);
    check_has(screen, table_row(app_table(world.app), i)->guest->info->uuid);
    app_pop(world.app, app_top(world.app));
  }
  free_world(&world);
}

static bool run_command(struct app *app, const char *text)
{
  g_autoptr(GError) err = NULL;
  return app_do(app, text, &err);
}

/* The guest NAME of connection CONN. */
static struct target target_named(const struct world *world, int conn, const char *name)
{
  const struct conn_scan *scan = engine_scan(world->engine)->conns[conn];
  for (int i = 0; i < scan->guest_count; i++)
    if (strcmp(scan->guests[i]->info->name, name) == 0)
      return target_of(conn, scan->guests[i]->info->uuid);
  cr_assert_fail("%s", name);
  return (struct target){0};
}

/* The last thing that was done is WHAT to the guest NAME of connection CONN. */
static void check_done(const struct world *world, const char *what, int conn, const char *name,
                       const char *words)
{
  const struct target target = target_named(world, conn, name);
  g_autofree char *expected = g_strdup_printf("%s %d %s%s", what, conn, target.uuid, words);
  cr_assert_str_eq(fake_done(world->engine), expected, "%s", fake_done(world->engine));
}

static void detail_has(struct world *world, const char *name, const char *text)
{
  const struct target target = target_named(world, 0, name);
  app_push(world->app, detail_view_new(world->app, &target));
  g_autofree char *screen = draw_at(world, 100, 40);
  check_has(screen, text);
}

Test(tui_main, detail_tells_why)
{
  const struct fake_options options = {0};
  struct world world = make_world(&options, true);
  detail_has(&world, "東京-lab", "only KVM counts VM exits");
  detail_has(&world, "silent", "its QEMU has not answered since");
  detail_has(&world, "tour-ide", "it has no NIC");
  free_world(&world);
}

Test(tui_main, a_lost_connection_tells_why)
{
  const struct fake_options options = {.lost = true};
  struct world world = make_world(&options, true);
  g_autofree char *screen = draw_at(&world, 80, 24);
  check_has(screen, "far (lost)");
  check_has(screen, "Cannot recv data: Connection reset by peer");
  check_has(screen, "CONN");
  free_world(&world);
}

Test(tui_main, commands_reach_the_engine_or_are_refused)
{
  const struct fake_options options = {0};
  struct world world = make_world(&options, true);
  g_autoptr(GError) err = NULL;
  cr_assert(run_command(world.app, "pause tour-ide"));
  cr_assert_str_eq(fake_done(world.engine), "pause 0 00000000-0000-4000-8000-000000000001");
  cr_assert_not(app_do(world.app, "pause alpine-01", &err));
  cr_assert_not_null(strstr(err->message, "alpine-01"), "%s", err->message);
  cr_assert_not(run_command(world.app, "pause nobody"));
  cr_assert_not(run_command(world.app, "raed"));
  cr_assert(run_command(world.app, "sort read/s up"));
  cr_assert_str_eq(settings_get(world.settings, SETTING_SORT), "read/s up");
  cr_assert_not(run_command(world.app, "sort nothing"));
  cr_assert(run_command(world.app, "filter tour-ide"));
  cr_assert_eq(table_count(app_table(world.app)), 1);
  cr_assert(run_command(world.app, "filter"));
  cr_assert_eq(table_count(app_table(world.app)), 8);
  cr_assert(run_command(world.app, "last"));
  cr_assert_eq(table_selected(app_table(world.app)), 7);
  cr_assert(run_command(world.app, "columns guest,cpu%"));
  cr_assert_eq(app_columns(world.app)->len, 2u);
  cr_assert_not(run_command(world.app, "tick 0.01"));
  cr_assert(run_command(world.app, "tick 250ms"));
  cr_assert_not(run_command(world.app, "replay-pause"));
  cr_assert(run_command(world.app, "quit"));
  cr_assert_str_eq(app_ended(world.app), "quit");
  free_world(&world);
}

Test(tui_main, a_key_takes_away_what_was_said)
{
  const struct fake_options options = {0};
  struct world world = make_world(&options, true);
  bool is_error;
  app_take_key(world.app, '~');
  cr_assert_not_null(app_said(world.app, &is_error));
  cr_assert_not(is_error);
  app_take_key(world.app, 'j');
  cr_assert_null(app_said(world.app, &is_error));
  free_world(&world);
}

/* Whatever is selected or tagged in the table below. */
Test(tui_main, a_view_of_a_guest_acts_on_that_guest)
{
  const struct fake_options options = {0};
  struct world world = make_world(&options, true);
  const struct target ide = target_named(&world, 0, "tour-ide");
  app_push(world.app, detail_view_new(world.app, &ide));
  cr_assert(run_command(world.app, "filter tour-virtio"));
  cr_assert(run_command(world.app, "reboot"));
  check_done(&world, "reboot", 0, "tour-ide", "");
  cr_assert(run_command(world.app, "tag tour-virtio"));
  cr_assert(run_command(world.app, "stop"));
  check_done(&world, "stop", 0, "tour-ide", "");
  cr_assert(run_command(world.app, "back"));
  cr_assert(run_command(world.app, "reboot"));
  check_done(&world, "reboot", 0, "tour-virtio", "");
  free_world(&world);
}

/* Also where another connection has a guest of the same name. */
Test(tui_main, snapshots_are_of_the_guest_shown)
{
  const struct fake_options options = {.twin = true};
  struct world world = make_world(&options, true);
  const struct target far = target_named(&world, 1, "tour-ide");
  app_push(world.app, snapshots_new(world.app, &far));
  cr_assert(run_command(world.app, "snapshot"));
  check_done(&world, "snapshot", 1, "tour-ide", "");
  cr_assert(run_command(world.app, "revert"));
  app_take_key(world.app, 'y');
  check_done(&world, "revert", 1, "tour-ide", " name=try-ide");
  free_world(&world);
}

Test(tui_main, only_a_job_that_runs_is_cancelled)
{
  const struct fake_options options = {0};
  struct world world = make_world(&options, true);
  cr_assert_not(run_command(world.app, "cancel"));
  cr_assert(run_command(world.app, "reboot tour-ide"));
  cr_assert(run_command(world.app, "launch name=on-hold"));
  cr_assert_not(run_command(world.app, "cancel 1"));
  cr_assert_not(run_command(world.app, "cancel 99"));
  cr_assert(run_command(world.app, "cancel 2"));
  cr_assert_not(run_command(world.app, "cancel 2"));
  free_world(&world);
}

/* As a replay delivers them, or a machine that is quick. */
Test(tui_main, events_of_one_moment_are_each_reached)
{
  static const char *const names[] = {"tour-ide", "tour-virtio", "alpine-01"};
  const struct fake_options options = {0};
  struct world world = make_world(&options, true);
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
    fake_event(world.engine, EVENT_GUEST, target_named(&world, 0, names[i]).uuid, "started");
  cr_assert(run_command(world.app, "events"));
  cr_assert(run_command(world.app, "down"));
  cr_assert(run_command(world.app, "down"));
  cr_assert(run_command(world.app, "enter"));
  struct target selected;
  cr_assert(app_selected(world.app, &selected));
  cr_assert_str_eq(selected.uuid, target_named(&world, 0, "tour-ide").uuid);
  free_world(&world);
}

Test(tui_main, what_destroys_asks_first)
{
  const struct fake_options options = {0};
  struct world world = make_world(&options, true);
  cr_assert(run_command(world.app, "force-off tour-ide"));
  cr_assert_str_eq(fake_done(world.engine), "");
  cr_assert_eq(app_views(world.app)->len, 2u);
  g_autofree char *screen = draw_at(&world, 80, 24);
  check_has(screen, "tour-ide");
  free_world(&world);
}

Test(tui_main, a_readonly_session_refuses)
{
  const struct fake_options options = {.readonly = true};
  struct world world = make_world(&options, true);
  cr_assert_not(run_command(world.app, "force-off tour-ide yes"));
  cr_assert_not(run_command(world.app, "new"));
  cr_assert_str_eq(fake_done(world.engine), "");
  free_world(&world);
}

/* What a record does not have is not waited for. */
Test(tui_main, a_replay_refuses)
{
  const struct fake_options options = {.replay = true};
  struct world world = make_world(&options, true);
  cr_assert_not(run_command(world.app, "reboot tour-ide"));
  cr_assert_not(run_command(world.app, "new"));
  cr_assert_not(run_command(world.app, "snapshots tour-ide"));
  cr_assert_str_eq(fake_done(world.engine), "");
  free_world(&world);
}

Test(tui_main, help_tells_of_the_keys_of_every_place)
{
  const struct fake_options options = {0};
  struct world world = make_world(&options, true);
  cr_assert(run_command(world.app, "help"));
  cr_assert(run_command(world.app, "filter snapshot-delete"));
  g_autofree char *screen = draw_at(&world, 80, 24);
  check_has(screen, "Keys in the snapshots of a guest");
  free_world(&world);
}

Test(tui_main, the_key_bar_shows_the_keys_that_are_bound)
{
  const struct fake_options options = {0};
  struct world world = make_world_with(&options, true, "[keys.lists]\nb = back\nm = filter\n/ = none\n");
  static const char *const views[] = {"help", "events", "jobs"};
  for (size_t i = 0; i < G_N_ELEMENTS(views); i++) {
    cr_assert(run_command(world.app, views[i]));
    g_autofree char *screen = draw_at(&world, 80, 24);
    check_has(screen, "b back");
    check_has(screen, "m search");
    app_take_key(world.app, 'b');
    cr_assert_eq(app_views(world.app)->len, 1u);
  }
  free_world(&world);
}

/* Keys may come faster than the screen is drawn. */
static void check_up_from_the_end(struct world *world)
{
  g_free(draw_at(world, 80, 12));
  cr_assert(run_command(world->app, "last"));
  g_autofree char *end = draw_at(world, 80, 12);
  cr_assert(run_command(world->app, "first"));
  g_free(draw_at(world, 80, 12));
  cr_assert(run_command(world->app, "last"));
  cr_assert(run_command(world->app, "up"));
  g_autofree char *above = draw_at(world, 80, 12);
  cr_assert_str_neq(above, end);
  cr_assert(run_command(world->app, "down"));
  g_autofree char *end_again = draw_at(world, 80, 12);
  cr_assert_str_eq(end_again, end);
}

Test(tui_main, long_views_go_up_from_their_end_at_once)
{
  const struct fake_options options = {0};
  struct world world = make_world(&options, true);
  const struct target virtio = target_named(&world, 0, "tour-virtio");
  cr_assert(run_command(world.app, "help"));
  check_up_from_the_end(&world);
  app_push(world.app, detail_view_new(world.app, &virtio));
  check_up_from_the_end(&world);
  free_world(&world);
}

/* Only y and n, and Esc for n, answer whether a journal is to go. */
Test(tui_main, a_journal_goes_only_by_a_yes)
{
  const struct fake_options options = {.unfinished = true};
  struct world world = make_world(&options, true);
  app_push(world.app, recover_new(world.app));
  app_take_key(world.app, 'd');
  app_take_key(world.app, KEYS_DOWN);
  app_take_key(world.app, 'x');
  g_autofree char *asking = draw_at(&world, 80, 24);
  check_has(asking, "Remove 2026-11-20T101500Z.journal for good?");
  app_take_key(world.app, 'y');
  cr_assert_str_eq(engine_unfinished(world.engine)[0], "/state/virtlens/2026-11-19T221000Z.journal");
  free_world(&world);
}

Test(tui_main, what_is_wrong_with_a_guest_is_said_in_full_on_a_small_screen)
{
  const struct fake_options options = {0};
  struct world world = make_world(&options, true);
  const struct target silent = target_named(&world, 0, "silent");
  app_push(world.app, detail_view_new(world.app, &silent));
  g_autofree char *screen = draw_at(&world, 40, 12);
  check_has(screen, "from before");
  check_has(screen, "── the guest");
  free_world(&world);
}

Test(tui_main, fewer_columns_are_not_scrolled_away)
{
  const struct fake_options options = {0};
  struct world world = make_world(&options, true);
  for (int i = 0; i < 5; i++)
    cr_assert(run_command(world.app, "right"));
  cr_assert(run_command(world.app, "columns guest,cpu%,read/s"));
  g_autofree char *screen = draw_at(&world, 80, 24);
  check_has(screen, "READ/s");
  check_has(screen, "1 column to the left");
  free_world(&world);
}

Test(tui_main, attention_is_what_is_on_screen)
{
  const struct fake_options options = {.world = FAKE_MANY};
  struct world world = make_world(&options, true);
  g_autofree char *screen = draw_at(&world, 80, 24);
  check_has(screen, "guest-0");
  g_auto(GStrv) uuids = overview_attention(app_top(world.app));
  cr_assert_not_null(screen);
  cr_assert_geq(g_strv_length(uuids), 5u);
  cr_assert_leq(g_strv_length(uuids), 20u);
  free_world(&world);
}
