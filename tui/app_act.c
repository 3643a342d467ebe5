/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Guests that a command concerns, and acting on them. */
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "tui/app_private.h"
#include "tui/views.h"

bool app_selected(const struct app *app, struct target *ret)
{
  return table_selected_target(app->table, ret);
}

bool app_select(struct app *app, const struct target *target)
{
  return table_select_target(app->table, target);
}

GArray *app_targets(const struct app *app)
{
  return table_targets(app->table);
}

char *app_guest_name(const struct app *app, const struct target *target)
{
  const struct guest *guest = scan_find_uuid(engine_scan(app->engine), target->conn, target->uuid, NULL);
  return guest ? text_safe(guest->info->name) : g_strdup("?");
}

static GArray *named_target(const struct app *app, const char *name, GError **err)
{
  int conn, matches;
  const struct guest *guest = scan_find_name(engine_scan(app->engine), name, &conn, &matches);
  g_autofree char *safe = text_safe(name);
  if (!guest) {
    error_set(err, ERROR_USAGE, matches > 1 ? "select the one that is meant" : NULL, "%s: \"%s\"",
              matches > 1 ? "more than one guest has this name" : "no such guest", safe);
    return NULL;
  }
  GArray *targets = g_array_new(FALSE, TRUE, sizeof(struct target));
  const struct target target = target_of(conn, guest->info->uuid);
  g_array_append_val(targets, target);
  return targets;
}

GArray *app_targets_of(const struct app *app, const struct command_line *line, GError **err)
{
  if (line->guest)
    return named_target(app, line->guest, err);
  GArray *targets = app_targets(app);
  if (targets->len > 0)
    return targets;
  g_array_unref(targets);
  error_set(err, ERROR_USAGE, NULL, "%s: no guest is selected", line->command->name);
  return NULL;
}

/* One key pauses and resumes: what it does depends on the guest. */
static enum action_id fitting_action(const struct app *app, const struct target *target,
                                     enum action_id action)
{
  const struct guest *guest = scan_find_uuid(engine_scan(app->engine), target->conn, target->uuid, NULL);
  bool paused = guest && (guest->state == GUEST_PAUSED || guest->state == GUEST_PMSUSPENDED);
  return app->from_key && action == ACTION_PAUSE && paused ? ACTION_RESUME : action;
}

/* Every guest is tried; the first error is told. */
static bool act_on_all(struct app *app, enum action_id action, const GArray *targets,
                       const char *const *flags, GError **err)
{
  GError *first = NULL;
  for (guint i = 0; i < targets->len; i++) {
    const struct target *target = &g_array_index(targets, struct target, i);
    engine_act(app->engine, target->conn, target->uuid, fitting_action(app, target, action), flags, NULL,
               first ? NULL : &first);
  }
  if (first)
    g_propagate_error(err, first);
  return first == NULL;
}

bool app_may_change(const struct app *app, const char *command, GError **err)
{
  struct engine_replay replay;
  engine_replay_state(app->engine, &replay);
  if (replay.active)
    return error_set(err, ERROR_REFUSED, NULL, "%s: this is a replay, nothing can be changed", command);
  if (engine_readonly(app->engine))
    return error_set(err, ERROR_REFUSED, NULL, "%s: this session is read-only", command);
  return true;
}

/* Refused before a question is asked that would come to nothing. */
static bool check_all(struct app *app, enum action_id action, const GArray *targets, GError **err)
{
  if (!app_may_change(app, action_row(action)->name, err))
    return false;
  for (guint i = 0; i < targets->len; i++) {
    const struct target *target = &g_array_index(targets, struct target, i);
    const struct guest *guest = scan_find_uuid(engine_scan(app->engine), target->conn, target->uuid, NULL);
    const char *why =
        guest ? action_refusal(fitting_action(app, target, action), guest->state) : "it is gone";
    g_autofree char *name = app_guest_name(app, target);
    if (why)
      return error_set(err, ERROR_REFUSED, NULL, "%s %s: %s", action_row(action)->name, name, why);
  }
  return true;
}

static int current_conn(const struct app *app)
{
  struct target selected;
  return app_selected(app, &selected) ? selected.conn : 0;
}

bool app_act_on(struct app *app, const struct command_line *line, GError **err)
{
  enum action_id action = (enum action_id)line->command->action;
  const char *const *flags = (const char *const *)line->words;
  if (action == ACTION_LAUNCH)
    return engine_launch(app->engine, current_conn(app), line->spec, NULL, err);
  if (action_row(action)->needs & NEEDS_NO_GUEST)
    return engine_act(app->engine, current_conn(app), "", action, flags, NULL, err);
  g_autoptr(GArray) targets = app_targets_of(app, line, err);
  if (!targets || !check_all(app, action, targets, err))
    return false;
  if (!action_row(action)->question || line->yes)
    return act_on_all(app, action, targets, flags, err);
  app_push(app, question_new(app, action, targets, flags));
  return true;
}
