/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands of the screen itself: one handler each. */
#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/units.h"
#include "tui/app_private.h"
#include "tui/views.h"

static bool usage(GError **err, const struct command_line *line, const char *what)
{
  g_autofree char *advice = g_strdup_printf(":%s %s", line->command->name, line->command->arguments);
  return error_set(err, ERROR_USAGE, advice, "%s: %s", line->command->name, what);
}

/* ---- settings taken over ---- */

bool app_apply_theme(struct app *app, const char *name, GError **err)
{
  /* Without colours only a theme made of attributes shows what is selected. */
  const char *wanted = terminal_colours(app->terminal) ? name : "mono";
  g_autofree char *text = settings_theme_text(wanted, err);
  if (!text)
    return false;
  struct theme *theme = theme_parse(wanted, text, err);
  if (!theme)
    return false;
  theme_free(app->theme);
  app->theme = theme;
  terminal_set_theme(app->terminal, theme);
  return true;
}

bool app_apply_columns(struct app *app, const char *list, GError **err)
{
  GArray *columns = columns_parse(list, err);
  if (!columns)
    return false;
  g_array_unref(app->columns);
  app->columns = columns;
  return true;
}

/* "COLUMN", "COLUMN up", "COLUMN down". */
bool app_apply_sort(struct app *app, const char *text, GError **err)
{
  g_auto(GStrv) words = g_strsplit(text, " ", -1);
  int column = words[0] ? columns_find(words[0]) : -1;
  if (column < 0)
    return error_set(err, ERROR_USAGE, ":help columns lists them", "no such column to sort by: \"%s\"", text);
  bool descending = columns_descend_first(column);
  if (words[1] && strcmp(words[1], "up") == 0)
    descending = false;
  else if (words[1] && strcmp(words[1], "down") == 0)
    descending = true;
  else if (words[1])
    return error_set(err, ERROR_USAGE, "up or down", "no such order: \"%s\"", words[1]);
  table_set_sort(app->table, column, descending);
  return true;
}

static bool keep(struct app *app, enum setting_id id, const char *value, GError **err)
{
  return settings_set(app->settings, id, value, err);
}

/* ---- handlers ---- */

static bool do_help(struct app *app, const struct command_line *line, G_GNUC_UNUSED GError **err)
{
  app_push(app, help_new(app, line->words[0]));
  return true;
}

static bool do_quit(struct app *app, G_GNUC_UNUSED const struct command_line *line,
                    G_GNUC_UNUSED GError **err)
{
  app_quit(app, "quit");
  return true;
}

static bool do_back(struct app *app, G_GNUC_UNUSED const struct command_line *line,
                    G_GNUC_UNUSED GError **err)
{
  app_pop(app, app_top_screen(app));
  return true;
}

static bool do_nothing(G_GNUC_UNUSED struct app *app, G_GNUC_UNUSED const struct command_line *line,
                       G_GNUC_UNUSED GError **err)
{
  return true;
}

static bool do_tag(struct app *app, const struct command_line *line, GError **err)
{
  const char *word = line->words[0];
  struct target target;
  if (word && (strcmp(word, "all") == 0 || strcmp(word, "none") == 0)) {
    table_tag_all(app->table, strcmp(word, "all") == 0);
    return true;
  }
  if (word) {
    const struct command_line named = {.command = line->command, .guest = line->words[0]};
    g_autoptr(GArray) targets = app_targets_of(app, &named, err);
    if (!targets)
      return false;
    target = g_array_index(targets, struct target, 0);
  } else if (!app_selected(app, &target)) {
    return usage(err, line, "no guest is selected");
  }
  table_tag(app->table, &target, !table_is_tagged(app->table, &target));
  if (!word)
    table_select(app->table, table_selected(app->table) + 1);
  return true;
}

static bool do_filter(struct app *app, const struct command_line *line, G_GNUC_UNUSED GError **err)
{
  if (app->from_key && !line->words[0]) {
    app_push(app, prompt_new(app, "filter "));
    return true;
  }
  g_autofree char *text = g_strjoinv(" ", line->words);
  table_set_filter(app->table, text);
  return true;
}

static bool do_sort(struct app *app, const struct command_line *line, GError **err)
{
  if (!line->words[0]) {
    app_push(app, sort_menu_new(app));
    return true;
  }
  g_autofree char *text = g_strjoinv(" ", line->words);
  if (!app_apply_sort(app, text, err))
    return false;
  bool descending;
  int count, column = table_sort(app->table, &descending);
  g_autofree char *name = g_ascii_strdown(columns_table(&count)[column].title, -1);
  g_autofree char *whole = g_strdup_printf("%s %s", name, descending ? "down" : "up");
  return keep(app, SETTING_SORT, whole, err);
}

static bool do_reverse(struct app *app, G_GNUC_UNUSED const struct command_line *line, GError **err)
{
  bool descending;
  int count, column = table_sort(app->table, &descending);
  table_set_sort(app->table, column, !descending);
  g_autofree char *name = g_ascii_strdown(columns_table(&count)[column].title, -1);
  g_autofree char *whole = g_strdup_printf("%s %s", name, descending ? "up" : "down");
  return keep(app, SETTING_SORT, whole, err);
}

static bool do_columns(struct app *app, const struct command_line *line, GError **err)
{
  if (!line->words[0]) {
    app_push(app, column_menu_new(app));
    return true;
  }
  g_autofree char *list = g_strjoinv(",", line->words);
  return app_apply_columns(app, list, err) && keep(app, SETTING_COLUMNS, list, err);
}

static bool do_hold(struct app *app, G_GNUC_UNUSED const struct command_line *line,
                    G_GNUC_UNUSED GError **err)
{
  app->held = !app->held;
  if (!app->held) {
    struct scan *before = app->scan;
    app->scan = scan_ref(engine_scan(app->engine));
    table_update(app->table, app->scan);
    scan_unref(before);
  }
  return true;
}

static bool set_tick(struct app *app, double seconds, GError **err)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd(text, sizeof text, "%.3g", seconds);
  return engine_set_interval(app->engine, seconds, err) && keep(app, SETTING_INTERVAL, text, err);
}

static bool do_tick(struct app *app, const struct command_line *line, GError **err)
{
  double seconds;
  if (!line->words[0]) {
    app_push(app, prompt_new(app, "tick "));
    return true;
  }
  return units_parse_seconds(line->words[0], 0.1, 60, &seconds, err) && set_tick(app, seconds, err);
}

static const double ticks[] = {0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60};

static bool do_faster(struct app *app, G_GNUC_UNUSED const struct command_line *line, GError **err)
{
  double now = engine_interval(app->engine);
  for (size_t i = G_N_ELEMENTS(ticks); i > 0; i--)
    if (ticks[i - 1] < now * 0.999)
      return set_tick(app, ticks[i - 1], err);
  app_say(app, false, "0.1 s is the shortest tick");
  return true;
}

static bool do_slower(struct app *app, G_GNUC_UNUSED const struct command_line *line, GError **err)
{
  double now = engine_interval(app->engine);
  for (size_t i = 0; i < G_N_ELEMENTS(ticks); i++)
    if (ticks[i] > now * 1.001)
      return set_tick(app, ticks[i], err);
  app_say(app, false, "60 s is the longest tick");
  return true;
}

static bool do_theme(struct app *app, const struct command_line *line, GError **err)
{
  const char *name = line->words[0];
  if (!name) {
    app_push(app, theme_menu_new(app));
    return true;
  }
  if (!app_apply_theme(app, name, err) || !keep(app, SETTING_THEME, name, err))
    return false;
  app_say(app, false, terminal_colours(app->terminal) ? "theme %s" : "theme %s (not seen here: no colours)",
          name);
  return true;
}

static bool do_snapshots(struct app *app, const struct command_line *line, GError **err)
{
  struct command_line asked = *line;
  asked.guest = line->words[0]; /* a command of the screen: its guest is a plain word */
  g_autoptr(GArray) targets = app_targets_of(app, &asked, err);
  if (!targets)
    return false;
  app_push(app, snapshots_new(app, &g_array_index(targets, struct target, 0)));
  return true;
}

static bool do_events(struct app *app, G_GNUC_UNUSED const struct command_line *line,
                      G_GNUC_UNUSED GError **err)
{
  app_push(app, events_new(app));
  return true;
}

static bool do_jobs(struct app *app, G_GNUC_UNUSED const struct command_line *line,
                    G_GNUC_UNUSED GError **err)
{
  app_push(app, job_list_new(app));
  return true;
}

static bool do_new(struct app *app, const struct command_line *line, GError **err)
{
  if (!app_may_change(app, line->command->name, err))
    return false;
  app_push(app, new_guest_new(app));
  return true;
}

static bool do_command(struct app *app, G_GNUC_UNUSED const struct command_line *line,
                       G_GNUC_UNUSED GError **err)
{
  app_push(app, prompt_new(app, ""));
  return true;
}

/* What a changed setting governs follows at once; the others hold from the next start. */
static bool apply_setting(struct app *app, enum setting_id id, const char *value, GError **err)
{
  double seconds;
  switch (id) {
  case SETTING_THEME:
    return app_apply_theme(app, value, err);
  case SETTING_COLUMNS:
    return app_apply_columns(app, value, err);
  case SETTING_SORT:
    return app_apply_sort(app, value, err);
  case SETTING_INTERVAL:
    return units_parse_seconds(value, 0.1, 60, &seconds, err) &&
           engine_set_interval(app->engine, seconds, err);
  case SETTING_GRAPHS:
    canvas_set_graphs(app->canvas, terminal_find_graphs(app->terminal, value));
    return true;
  default:
    app_say(app, false, "%s = %s (from the next start; :save-settings keeps it)", setting_row(id)->name,
            value);
    return true;
  }
}

static bool do_set(struct app *app, const struct command_line *line, GError **err)
{
  g_autofree char *all = g_strjoinv(" ", line->words);
  char *sign = strchr(all, '=');
  if (!sign)
    return usage(err, line, "NAME=VALUE is missing");
  *sign = '\0';
  g_strstrip(all);
  char *value = g_strstrip(sign + 1);
  int id = setting_find(all);
  if (id < 0)
    return error_set(err, ERROR_USAGE, ":help settings lists them", "set: no setting \"%s\"", all);
  g_autofree char *before = g_strdup(settings_get(app->settings, (enum setting_id)id));
  if (!keep(app, (enum setting_id)id, value, err))
    return false;
  if (apply_setting(app, (enum setting_id)id, value, err))
    return true;
  return keep(app, (enum setting_id)id, before, NULL) && false;
}

static bool do_save(struct app *app, G_GNUC_UNUSED const struct command_line *line, GError **err)
{
  g_autofree char *path = NULL;
  if (!settings_save(app->settings, &path, err))
    return false;
  app_say(app, false, "settings saved in %s", path);
  return true;
}

static bool do_export(struct app *app, const struct command_line *line, G_GNUC_UNUSED GError **err)
{
  engine_export_now(app->engine, line->words[0]);
  return true;
}

static bool do_recover(struct app *app, G_GNUC_UNUSED const struct command_line *line,
                       G_GNUC_UNUSED GError **err)
{
  app_push(app, recover_new(app));
  return true;
}

static uint64_t newest_running(const struct app *app)
{
  const GPtrArray *jobs = engine_jobs(app->engine);
  for (guint i = jobs->len; i > 0; i--) {
    const struct job *job = g_ptr_array_index(jobs, i - 1);
    if (!job_state_ended(job->state))
      return job->id;
  }
  return 0;
}

static bool do_cancel(struct app *app, const struct command_line *line, GError **err)
{
  int64_t id = (int64_t)newest_running(app);
  if (line->words[0] && !units_parse_int(line->words[0], 1, INT64_MAX, &id, err))
    return false;
  if (id == 0)
    return error_set(err, ERROR_USAGE, NULL, "cancel: no job is running");
  engine_cancel(app->engine, (uint64_t)id);
  return true;
}

static bool do_refresh(struct app *app, G_GNUC_UNUSED const struct command_line *line,
                       G_GNUC_UNUSED GError **err)
{
  terminal_repaint(app->terminal);
  engine_refresh(app->engine);
  return true;
}

/* ---- replay ---- */

static bool need_replay(struct app *app, const struct command_line *line, struct engine_replay *state,
                        GError **err)
{
  engine_replay_state(app->engine, state);
  return state->active || error_set(err, ERROR_REFUSED, "virtlens replay FILE", "%s: this is not a replay",
                                    line->command->name);
}

static bool do_replay_pause(struct app *app, const struct command_line *line, GError **err)
{
  struct engine_replay state;
  if (!need_replay(app, line, &state, err))
    return false;
  engine_replay_pause(app->engine, !state.paused);
  return true;
}

static bool do_replay_step(struct app *app, const struct command_line *line, GError **err)
{
  struct engine_replay state;
  int64_t scans = 1;
  if (!need_replay(app, line, &state, err))
    return false;
  if (line->words[0] && !units_parse_int(line->words[0], -100000, 100000, &scans, err))
    return false;
  engine_replay_step(app->engine, (int)scans);
  return true;
}

static bool do_replay_speed(struct app *app, const struct command_line *line, GError **err)
{
  struct engine_replay state;
  double speed;
  if (!need_replay(app, line, &state, err))
    return false;
  if (!line->words[0])
    return usage(err, line, "FACTOR is missing");
  return units_parse_seconds(line->words[0], 0.1, 100, &speed, err) &&
         engine_replay_speed(app->engine, speed, err);
}

/* "12:04:31" or "12:04" of the day that is shown. */
static bool parse_time_of_day(const char *text, int64_t now_wall_ns, int64_t *ret)
{
  int hour, minute, second = 0;
  char rest;
  int got = sscanf(text, "%d:%d:%d%c", &hour, &minute, &second, &rest);
  if ((got != 2 && got != 3) || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
      second > 60)
    return false;
  g_autoptr(GDateTime) now = g_date_time_new_from_unix_local(now_wall_ns / NS_PER_S);
  g_autoptr(GDateTime) then = g_date_time_new_local(g_date_time_get_year(now), g_date_time_get_month(now),
                                                    g_date_time_get_day_of_month(now), hour, minute, second);
  if (!then)
    return false;
  *ret = g_date_time_to_unix(then) * NS_PER_S;
  return true;
}

static bool do_replay_jump(struct app *app, const struct command_line *line, GError **err)
{
  struct engine_replay state;
  const char *word = line->words[0];
  if (!need_replay(app, line, &state, err))
    return false;
  if (!word)
    return usage(err, line, "TIME is missing");
  int64_t to;
  double seconds;
  if (*word == '+' || *word == '-') {
    if (!units_parse_seconds(word + 1, 0, 1e9, &seconds, err))
      return false;
    to = state.now_wall_ns + (int64_t)((*word == '-' ? -seconds : seconds) * (double)NS_PER_S);
  } else if (!parse_time_of_day(word, state.now_wall_ns, &to) && !units_parse_time(word, &to, NULL)) {
    return usage(err, line, "TIME is 12:04:31, +30 or -30");
  }
  engine_replay_jump(app->engine, to);
  return true;
}

typedef bool handler(struct app *app, const struct command_line *line, GError **err);

static handler *const handlers[COMMAND_SCREEN_COUNT] = {
    [COMMAND_HELP] = do_help,
    [COMMAND_QUIT] = do_quit,
    [COMMAND_UP] = do_nothing,
    [COMMAND_DOWN] = do_nothing,
    [COMMAND_LEFT] = do_nothing,
    [COMMAND_RIGHT] = do_nothing,
    [COMMAND_PAGE_UP] = do_nothing,
    [COMMAND_PAGE_DOWN] = do_nothing,
    [COMMAND_FIRST] = do_nothing,
    [COMMAND_LAST] = do_nothing,
    [COMMAND_ENTER] = do_nothing,
    [COMMAND_BACK] = do_back,
    [COMMAND_NEXT_PANE] = do_nothing,
    [COMMAND_TAG] = do_tag,
    [COMMAND_FILTER] = do_filter,
    [COMMAND_SORT] = do_sort,
    [COMMAND_REVERSE] = do_reverse,
    [COMMAND_COLUMNS] = do_columns,
    [COMMAND_HOLD] = do_hold,
    [COMMAND_TICK] = do_tick,
    [COMMAND_FASTER] = do_faster,
    [COMMAND_SLOWER] = do_slower,
    [COMMAND_THEME] = do_theme,
    [COMMAND_SNAPSHOTS] = do_snapshots,
    [COMMAND_EVENTS] = do_events,
    [COMMAND_JOBS] = do_jobs,
    [COMMAND_NEW] = do_new,
    [COMMAND_COMMAND] = do_command,
    [COMMAND_SET] = do_set,
    [COMMAND_SAVE] = do_save,
    [COMMAND_EXPORT] = do_export,
    [COMMAND_RECOVER] = do_recover,
    [COMMAND_CANCEL] = do_cancel,
    [COMMAND_REFRESH] = do_refresh,
    [COMMAND_REPLAY_PAUSE] = do_replay_pause,
    [COMMAND_REPLAY_STEP] = do_replay_step,
    [COMMAND_REPLAY_SPEED] = do_replay_speed,
    [COMMAND_REPLAY_JUMP] = do_replay_jump,
};

bool app_own_command(struct app *app, const struct command_line *line, GError **err)
{
  return handlers[line->command->screen](app, line, err);
}

/* Moving about concerns only who has the keys. */
static bool is_movement(const struct command_line *line)
{
  return line->command->screen >= COMMAND_UP && line->command->screen <= COMMAND_NEXT_PANE;
}

bool app_carry_out(struct app *app, const struct command_line *line, GError **err)
{
  const struct view *top = app_top_screen(app);
  for (guint i = app->stack->len; i > 0; i--) {
    struct view *view = g_ptr_array_index(app->stack, i - 1);
    if (!view->class->command || (is_movement(line) && view != top))
      continue;
    enum view_answer answer = view->class->command(view, line, err);
    if (answer != VIEW_PASS)
      return answer == VIEW_TAKEN;
  }
  return line->command->screen >= 0 ? app_own_command(app, line, err) : app_act_on(app, line, err);
}

bool app_do(struct app *app, const char *text, GError **err)
{
  struct command_line *line = command_parse(text, err);
  if (!line)
    return false;
  bool ok = app_carry_out(app, line, err);
  command_line_free(line);
  return ok;
}
