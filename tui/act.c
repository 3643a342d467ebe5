/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/act.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "tui/views.h"

/* One key pauses and resumes: what it does depends on the guest. */
static enum action_id fitting_action(const struct app *app, const struct target *target,
                                     enum action_id action)
{
  const struct guest *guest = scan_find_uuid(engine_scan(app_engine(app)), target->conn, target->uuid, NULL);
  bool paused = guest && (guest->state == GUEST_PAUSED || guest->state == GUEST_PMSUSPENDED);
  return app_from_key(app) && action == ACTION_PAUSE && paused ? ACTION_RESUME : action;
}

/* Every guest is tried; the first error is told. */
static bool act_on_all(struct app *app, enum action_id action, const GArray *targets,
                       const char *const *flags, GError **err)
{
  GError *first = NULL;
  for (guint i = 0; i < targets->len; i++) {
    const struct target *target = &g_array_index(targets, struct target, i);
    engine_act(app_engine(app), target->conn, target->uuid, fitting_action(app, target, action), flags, NULL,
               first ? NULL : &first);
  }
  if (first)
    g_propagate_error(err, first);
  return first == NULL;
}

bool act_may_change(const struct app *app, const char *command, GError **err)
{
  struct replay_state replay;
  engine_replay_state(app_engine(app), &replay);
  if (replay.active)
    return error_set(err, ERROR_REFUSED, NULL, "%s: this is a replay, nothing can be changed", command);
  if (engine_readonly(app_engine(app)))
    return error_set(err, ERROR_REFUSED, NULL, "%s: this session is read-only", command);
  return true;
}

/* Refused before a question is asked that would come to nothing. */
static bool check_all(struct app *app, enum action_id action, const GArray *targets, GError **err)
{
  if (!act_may_change(app, action_row(action)->name, err))
    return false;
  for (guint i = 0; i < targets->len; i++) {
    const struct target *target = &g_array_index(targets, struct target, i);
    const struct guest *guest =
        scan_find_uuid(engine_scan(app_engine(app)), target->conn, target->uuid, NULL);
    const char *why = guest ? action_refusal(fitting_action(app, target, action), guest) : "it is gone";
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

/* The command line with what its key types for TARGETS, of which one is named. */
static struct view *typed(struct app *app, const struct action *row, const GArray *targets)
{
  if (targets->len != 1) {
    g_autofree char *line = g_strdup_printf("%s %s", row->name, row->typed);
    return prompt_new(app, line);
  }
  g_autofree char *name = app_guest_name(app, &g_array_index(targets, struct target, 0));
  g_autofree char *quoted = text_quote_word(name),
                  *line = g_strdup_printf("%s %s %s", row->name, quoted, row->typed);
  return prompt_new(app, line);
}

bool act_on(struct app *app, const struct command_line *line, GError **err)
{
  enum action_id action = (enum action_id)line->command->action;
  const char *const *flags = (const char *const *)line->words;
  if (action == ACTION_LAUNCH)
    return engine_launch(app_engine(app), current_conn(app), line->spec, NULL, err);
  if (action_row(action)->needs & NEEDS_NO_GUEST)
    return engine_act(app_engine(app), current_conn(app), "", action, flags, NULL, err);
  g_autoptr(GArray) targets = app_targets_of(app, line, err);
  if (!targets || !check_all(app, action, targets, err))
    return false;
  if (app_from_key(app) && action_row(action)->typed && !line->words[0]) {
    app_push(app, typed(app, action_row(action), targets));
    return true;
  }
  if (!action_row(action)->question || line->yes)
    return act_on_all(app, action, targets, flags, err);
  app_push(app, question_new(app, action, targets, flags, NULL));
  return true;
}

/* ---- what is risky ---- */

static void ask_again(struct app *app, const struct job *job)
{
  g_auto(GStrv) words = text_split_words(job->detail ? job->detail : "", NULL);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  for (char **word = words; word && *word; word++)
    g_strv_builder_add(builder, *word);
  g_strv_builder_add(builder, "force");
  g_auto(GStrv) flags = g_strv_builder_end(builder);
  const struct target target = target_of(job->conn, job->uuid);
  g_autoptr(GArray) targets = g_array_new(FALSE, FALSE, sizeof target);
  g_autofree char *why = g_strndup(job->error ? job->error : "", strcspn(job->error ? job->error : "", "\n"));
  g_array_append_val(targets, target);
  app_push(app, question_new(app, job->action, targets, (const char *const *)flags, why));
}

static bool can_be_forced(enum action_id action)
{
  return action_word(action, "force") && (action_row(action)->question || action_row(action)->risky);
}

void act_ask_again(struct app *app, int64_t *seen_mono_ns)
{
  const GPtrArray *jobs = engine_jobs(app_engine(app));
  const int64_t seen = *seen_mono_ns;
  for (guint i = 0; i < jobs->len; i++) {
    const struct job *job = jobs->pdata[i];
    if (!job_state_ended(job->state) || job->ended_mono_ns <= seen)
      continue;
    *seen_mono_ns = MAX(*seen_mono_ns, job->ended_mono_ns);
    if (job->state == JOB_FAILED && job->error_code == ERROR_RISKY && can_be_forced(job->action))
      ask_again(app, job);
  }
}
