/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/commands.h"

#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/units.h"
#include "tui/act.h"
#include "tui/columns.h"
#include "tui/table.h"
#include "tui/views.h"

static bool usage(GError **err, const struct command_line *line, const char *what)
{
  g_autofree char *advice = g_strdup_printf(":%s %s", line->command->name, line->command->arguments);
  return error_set(err, ERROR_USAGE, advice, "%s: %s", line->command->name, what);
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

static bool do_tag(struct app *app, const struct command_line *line, GError **err)
{
  const char *word = line->words[0];
  struct target target;
  if (word && (strcmp(word, "all") == 0 || strcmp(word, "none") == 0)) {
    table_tag_all(app_table(app), strcmp(word, "all") == 0);
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
  table_tag(app_table(app), &target, !table_is_tagged(app_table(app), &target));
  if (!word)
    table_select(app_table(app), table_selected(app_table(app)) + 1);
  return true;
}

static bool do_filter(struct app *app, const struct command_line *line, G_GNUC_UNUSED GError **err)
{
  if (prompt_for_filter(app, line))
    return true;
  g_autofree char *text = g_strjoinv(" ", line->words);
  table_set_filter(app_table(app), text);
  return true;
}

static bool do_sort(struct app *app, const struct command_line *line, GError **err)
{
  if (!line->words[0]) {
    app_push(app, sort_menu_new(app));
    return true;
  }
  g_autofree char *text = g_strjoinv(" ", line->words);
  return app_set(app, SETTING_SORT, text, err);
}

static bool do_reverse(struct app *app, G_GNUC_UNUSED const struct command_line *line, GError **err)
{
  bool descending;
  int count, column = table_sort(app_table(app), &descending);
  g_autofree char *name = g_ascii_strdown(columns_table(&count)[column].title, -1);
  g_autofree char *text = g_strdup_printf("%s %s", name, descending ? "up" : "down");
  return app_set(app, SETTING_SORT, text, err);
}

static bool do_columns(struct app *app, const struct command_line *line, GError **err)
{
  if (!line->words[0]) {
    app_push(app, column_menu_new(app));
    return true;
  }
  g_autofree char *list = g_strjoinv(",", line->words);
  return app_set(app, SETTING_COLUMNS, list, err);
}

static bool do_hold(struct app *app, G_GNUC_UNUSED const struct command_line *line,
                    G_GNUC_UNUSED GError **err)
{
  app_hold(app, !app_held(app));
  return true;
}

static bool set_tick(struct app *app, double seconds, GError **err)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd(text, sizeof text, "%.3g", seconds);
  return app_set(app, SETTING_INTERVAL, text, err);
}

static bool do_tick(struct app *app, const struct command_line *line, GError **err)
{
  double seconds;
  if (!line->words[0]) {
    app_push(app, prompt_new(app, "tick "));
    return true;
  }
  return units_parse_seconds(line->words[0], SETTINGS_INTERVAL_MIN, SETTINGS_INTERVAL_MAX, &seconds, err) &&
         set_tick(app, seconds, err);
}

static const double ticks[] = {0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60};

static bool do_faster(struct app *app, G_GNUC_UNUSED const struct command_line *line, GError **err)
{
  double now = engine_interval(app_engine(app));
  for (size_t i = G_N_ELEMENTS(ticks); i > 0; i--)
    if (ticks[i - 1] < now * 0.999)
      return set_tick(app, ticks[i - 1], err);
  app_say(app, false, "0.1 s is the shortest tick");
  return true;
}

static bool do_slower(struct app *app, G_GNUC_UNUSED const struct command_line *line, GError **err)
{
  double now = engine_interval(app_engine(app));
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
  if (!app_set(app, SETTING_THEME, name, err))
    return false;
  app_say(app, false, app_has_colours(app) ? "theme %s" : "theme %s (not seen here: no colours)", name);
  return true;
}

/* Open what VIEW_NEW shows of the guest of LINE. */
static bool open_guest(struct app *app, const struct command_line *line,
                       struct view *(*view_new)(struct app *app, const struct target *target), GError **err)
{
  struct command_line asked = *line;
  asked.guest = line->words[0]; /* a command of the screen: its guest is a plain word */
  g_autoptr(GArray) targets = app_targets_of(app, &asked, err);
  if (!targets)
    return false;
  app_push(app, view_new(app, &g_array_index(targets, struct target, 0)));
  return true;
}

/* The same for what is asked of the connection. */
static bool show_guest(struct app *app, const struct command_line *line,
                       struct view *(*view_new)(struct app *app, const struct target *target), GError **err)
{
  struct replay_state replay;
  engine_replay_state(app_engine(app), &replay);
  if (replay.active)
    return error_set(err, ERROR_REFUSED, NULL, "%s: this is a replay, and no record holds them",
                     line->command->name);
  return open_guest(app, line, view_new, err);
}

static bool do_snapshots(struct app *app, const struct command_line *line, GError **err)
{
  return show_guest(app, line, snapshots_new, err);
}

static bool do_chain(struct app *app, const struct command_line *line, GError **err)
{
  return show_guest(app, line, chain_view_new, err);
}

static bool do_vfs(struct app *app, const struct command_line *line, GError **err)
{
  struct replay_state replay;
  struct target selected = {0};
  engine_replay_state(app_engine(app), &replay);
  if (replay.active)
    return error_set(err, ERROR_REFUSED, NULL, "%s: this is a replay, and no record holds them",
                     line->command->name);
  app_push(app, vfs_view_new(app, app_selected(app, &selected) ? selected.conn : 0));
  return true;
}

static bool do_explain(struct app *app, const struct command_line *line, GError **err)
{
  return open_guest(app, line, explain_view_new, err);
}

/* The view that is open takes it itself. */
static bool do_memory(struct app *app, const struct command_line *line, GError **err)
{
  struct view *view = memory_view_new(app, line, err);
  if (view)
    app_push(app, view);
  return view != NULL;
}

static bool do_steal(struct app *app, const struct command_line *line, GError **err)
{
  return open_guest(app, line, steal_view_new, err);
}

static bool do_where(struct app *app, const struct command_line *line, GError **err)
{
  return open_guest(app, line, where_view_new, err);
}

static bool do_host(struct app *app, G_GNUC_UNUSED const struct command_line *line,
                    G_GNUC_UNUSED GError **err)
{
  app_push(app, host_view_new(app));
  return true;
}

static bool do_results(struct app *app, const struct command_line *line, G_GNUC_UNUSED GError **err)
{
  app_push(app, results_view_new(app, line->words[0]));
  return true;
}

static bool do_exits(struct app *app, const struct command_line *line, GError **err)
{
  return open_guest(app, line, exits_view_new, err);
}

/* The view of the snapshots has taken it if it is there. */
static bool do_snapshot_compare(G_GNUC_UNUSED struct app *app, G_GNUC_UNUSED const struct command_line *line,
                                GError **err)
{
  return error_set(err, ERROR_USAGE, "Open the snapshots of a guest first: :snapshots GUEST.",
                   "snapshot-compare: of which guest?");
}

/* Its words but the first one that is neither "force" nor "log=FILE": the guest. */
static void take_console_words(char **words, const char **ret_guest, bool *ret_force, const char **ret_log)
{
  for (; *words; words++)
    if (!strcmp(*words, "force"))
      *ret_force = true;
    else if (g_str_has_prefix(*words, "log="))
      *ret_log = *words + strlen("log=");
    else if (!*ret_guest)
      *ret_guest = *words;
}

static bool do_console(struct app *app, const struct command_line *line, GError **err)
{
  const char *guest = NULL, *log = NULL;
  bool force = false;
  take_console_words(line->words, &guest, &force, &log);
  struct command_line asked = *line;
  asked.guest = (char *)(uintptr_t)guest;
  if (!act_may_change(app, "console", err))
    return false;
  g_autoptr(GArray) targets = app_targets_of(app, &asked, err);
  if (!targets)
    return false;
  const struct target *target = &g_array_index(targets, struct target, 0);
  if (!engine_console_open(app_engine(app), target->conn, target->uuid, force, log, err))
    return false;
  app_push(app, console_new(app, target));
  return true;
}

/* Why nobody can log in to the guest of TARGET from here; NULL: it can be. */
static const char *ssh_refusal(const struct scan *scan, const struct target *target)
{
  const struct guest *guest = scan_find_uuid(scan, target->conn, target->uuid, NULL);
  if (!guest || !guest_ssh_port(guest->info))
    return "no port of this machine leads to it";
  return scan->conns[target->conn]->local ? NULL : "its host, whose port leads to it, is another machine";
}

static bool do_ssh(struct app *app, const struct command_line *line, GError **err)
{
  struct command_line asked = *line;
  asked.guest = line->words[0];
  g_autoptr(GArray) targets = app_targets_of(app, &asked, err);
  if (!targets)
    return false;
  const struct target *target = &g_array_index(targets, struct target, 0);
  const char *why = ssh_refusal(app_scan(app), target);
  g_autofree char *name = app_guest_name(app, target);
  if (why)
    return error_set(err, ERROR_REFUSED, "Guests launched with a NIC on a user network and ssh=yes have one.",
                     "ssh %s: %s", name, why);
  app_push(app, ssh_new(app, target));
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
  if (!act_may_change(app, line->command->name, err))
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

static bool do_set(struct app *app, const struct command_line *line, GError **err)
{
  g_autofree char *all = g_strjoinv(" ", line->words);
  char *sign = strchr(all, '=');
  if (!sign)
    return usage(err, line, "NAME=VALUE is missing");
  *sign = '\0';
  int id = setting_find(g_strstrip(all));
  if (id < 0)
    return error_set(err, ERROR_USAGE, ":help settings lists them", "set: no setting \"%s\"", all);
  return app_set(app, (enum setting_id)id, g_strstrip(sign + 1), err);
}

static bool do_save(struct app *app, G_GNUC_UNUSED const struct command_line *line, GError **err)
{
  g_autofree char *path = NULL;
  if (!settings_save(app_settings(app), &path, err))
    return false;
  app_say(app, false, "settings saved in %s", path);
  return true;
}

static bool do_export(struct app *app, const struct command_line *line, G_GNUC_UNUSED GError **err)
{
  engine_export_now(app_engine(app), line->words[0]);
  return true;
}

static bool do_recover(struct app *app, G_GNUC_UNUSED const struct command_line *line,
                       G_GNUC_UNUSED GError **err)
{
  app_push(app, recover_new(app));
  return true;
}

/* The job ID, or the newest one when ID is 0, if it runs; else NULL. */
static const struct job *running_job(const struct app *app, uint64_t id)
{
  const GPtrArray *jobs = engine_jobs(app_engine(app));
  for (guint i = jobs->len; i > 0; i--) {
    const struct job *job = g_ptr_array_index(jobs, i - 1);
    if ((id == 0 || job->id == id) && !job_state_ended(job->state))
      return job;
  }
  return NULL;
}

static bool do_cancel(struct app *app, const struct command_line *line, GError **err)
{
  const char *word = line->words[0];
  int64_t id = 0;
  if (word && !units_parse_int(word, 1, INT64_MAX, &id, err))
    return false;
  const struct job *job = running_job(app, (uint64_t)id);
  if (!job)
    return error_set(err, ERROR_USAGE, ":jobs lists them",
                     word ? "cancel: job %s does not run" : "cancel: no job is running", word);
  engine_cancel(app_engine(app), job->id);
  return true;
}

static bool do_refresh(struct app *app, G_GNUC_UNUSED const struct command_line *line,
                       G_GNUC_UNUSED GError **err)
{
  app_repaint(app);
  engine_refresh(app_engine(app));
  return true;
}

/* ---- replay ---- */

static bool need_replay(struct app *app, const struct command_line *line, struct replay_state *state,
                        GError **err)
{
  engine_replay_state(app_engine(app), state);
  return state->active || error_set(err, ERROR_REFUSED, "virtlens replay FILE", "%s: this is not a replay",
                                    line->command->name);
}

static bool do_replay_pause(struct app *app, const struct command_line *line, GError **err)
{
  struct replay_state state;
  if (!need_replay(app, line, &state, err))
    return false;
  engine_replay_pause(app_engine(app), !state.paused);
  return true;
}

static bool do_replay_step(struct app *app, const struct command_line *line, GError **err)
{
  struct replay_state state;
  int64_t scans = 1;
  if (!need_replay(app, line, &state, err))
    return false;
  if (line->words[0] && !units_parse_int(line->words[0], -100000, 100000, &scans, err))
    return false;
  engine_replay_step(app_engine(app), (int)scans);
  return true;
}

static bool do_replay_speed(struct app *app, const struct command_line *line, GError **err)
{
  struct replay_state state;
  double speed;
  if (!need_replay(app, line, &state, err))
    return false;
  if (!line->words[0])
    return usage(err, line, "FACTOR is missing");
  return units_parse_seconds(line->words[0], 0.1, 100, &speed, err) &&
         engine_replay_speed(app_engine(app), speed, err);
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
  struct replay_state state;
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
  engine_replay_jump(app_engine(app), to);
  return true;
}

typedef bool handler(struct app *app, const struct command_line *line, GError **err);

/* None for moving about, which is the views' own. */
static handler *const handlers[COMMAND_SCREEN_COUNT] = {
    [COMMAND_HELP] = do_help,
    [COMMAND_QUIT] = do_quit,
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
    [COMMAND_CHAIN] = do_chain,
    [COMMAND_VFS] = do_vfs,
    [COMMAND_EXPLAIN] = do_explain,
    [COMMAND_MEMORY] = do_memory,
    [COMMAND_STEAL] = do_steal,
    [COMMAND_EXITS] = do_exits,
    [COMMAND_RESULTS] = do_results,
    [COMMAND_HOST] = do_host,
    [COMMAND_WHERE] = do_where,
    [COMMAND_SNAPSHOT_COMPARE] = do_snapshot_compare,
    [COMMAND_CONSOLE] = do_console,
    [COMMAND_SSH] = do_ssh,
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

bool commands_carry_out(struct app *app, const struct command_line *line, GError **err)
{
  return line->command->screen >= 0 ? handlers[line->command->screen](app, line, err)
                                    : act_on(app, line, err);
}
