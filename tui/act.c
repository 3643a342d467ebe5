/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/act.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "tui/views.h"

static const struct guest *guest_of(const struct app *app, const struct target *target)
{
  return scan_find_uuid(engine_scan(app_engine(app)), target->conn, target->uuid, NULL);
}

/* One key pauses and resumes: what it does depends on the guest. */
static enum action_id fitting_action(const struct app *app, const struct target *target,
                                     enum action_id action)
{
  const struct guest *guest = guest_of(app, target);
  bool paused = guest && (guest->state == GUEST_PAUSED || guest->state == GUEST_PMSUSPENDED);
  return app_from_key(app) && action == ACTION_PAUSE && paused ? ACTION_RESUME : action;
}

/* Those of TARGETS to which the key for ACTION does WANTED. */
static GArray *those_fitting(const struct app *app, const GArray *targets, enum action_id action,
                             enum action_id wanted)
{
  GArray *those = g_array_new(FALSE, FALSE, sizeof(struct target));
  for (guint i = 0; i < targets->len; i++) {
    const struct target *target = &g_array_index(targets, struct target, i);
    if (fitting_action(app, target, action) == wanted)
      g_array_append_vals(those, target, 1);
  }
  return those;
}

static bool act_on_all(struct app *app, enum action_id action, const GArray *targets,
                       const char *const *flags, GError **err)
{
  const enum action_id wanted[] = {action, ACTION_RESUME};
  bool ok = true;
  for (size_t i = 0; ok && i < (action == ACTION_PAUSE ? 2 : 1); i++) {
    g_autoptr(GArray) those = those_fitting(app, targets, action, wanted[i]);
    ok = those->len == 0 || engine_act_all(app_engine(app), (const struct target *)(void *)those->data,
                                           those->len, wanted[i], flags, err);
  }
  return ok;
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

const char *act_refusal(const struct app *app, enum action_id action, const struct target *target)
{
  const struct guest *guest = guest_of(app, target);
  if (action_row(action)->needs & NEEDS_NO_GUEST)
    return NULL;
  return guest ? action_refusal(action, guest) : "it is gone";
}

/* Refused before a question is asked that would come to nothing; of several one to which it can be done will
 * do.
 */
static bool check_all(struct app *app, enum action_id action, const GArray *targets, GError **err)
{
  if (!act_may_change(app, action_row(action)->name, err))
    return false;
  GError *first = NULL;
  for (guint i = 0; i < targets->len; i++) {
    const struct target *target = &g_array_index(targets, struct target, i);
    const enum action_id fitting = fitting_action(app, target, action);
    const char *why = act_refusal(app, fitting, target);
    const struct guest *guest = guest_of(app, target);
    g_autofree char *name = app_guest_name(app, target);
    if (!why) {
      g_clear_error(&first);
      return true;
    }
    if (!first)
      error_set(&first, ERROR_REFUSED, guest ? action_advice(fitting, guest) : NULL, "%s %s: %s",
                action_row(action)->name, name, why);
  }
  g_propagate_error(err, first);
  return false;
}

static int current_conn(const struct app *app)
{
  struct target selected;
  return app_selected(app, &selected) ? selected.conn : 0;
}

/* The command line with what its key types for TARGETS, of which one is named; or its form. */
static struct view *typed(struct app *app, const struct action *row, const GArray *targets)
{
  if (row == action_row(ACTION_EDIT) && targets->len == 1)
    return edit_guest_new(app, &g_array_index(targets, struct target, 0));
  if (targets->len != 1 || row->needs & NEEDS_NO_GUEST) {
    g_autofree char *line = g_strdup_printf("%s %s", row->name, row->typed);
    return prompt_new(app, line);
  }
  g_autofree char *name = app_guest_name(app, &g_array_index(targets, struct target, 0));
  g_autofree char *quoted = text_quote_word(name),
                  *line = g_strdup_printf("%s %s %s", row->name, quoted, row->typed);
  return prompt_new(app, line);
}

/* The target of an action that is about no guest: the connection alone. */
static GArray *the_host(const struct app *app)
{
  const struct target host = target_of(current_conn(app), "");
  GArray *targets = g_array_new(FALSE, FALSE, sizeof host);
  g_array_append_val(targets, host);
  return targets;
}

/* ---- what was done last ---- */

static bool is_with(const struct job *job, const struct job *other)
{
  return job == other || (job->batch && job->batch == other->batch);
}

/* The job that ended last, if that, or one asked for with it, can be taken back; else NULL. */
static const struct job *last_to_undo(const struct app *app)
{
  const GPtrArray *jobs = engine_jobs(app_engine(app));
  const struct job *last = NULL;
  for (guint i = 0; i < jobs->len; i++) {
    const struct job *job = jobs->pdata[i];
    if (job_state_ended(job->state) && (!last || job->ended_mono_ns >= last->ended_mono_ns))
      last = job;
  }
  for (guint i = 0; last && i < jobs->len; i++)
    if (is_with(jobs->pdata[i], last) && job_undo(jobs->pdata[i]))
      return jobs->pdata[i];
  return NULL;
}

static bool define_again(struct app *app, const struct job *job, GError **err)
{
  g_autofree char *name = g_strconcat("name=", job->guest, NULL);
  const char *const flags[] = {name, NULL};
  return engine_act(app_engine(app), job->conn, "", ACTION_UNDELETE, flags, NULL, err);
}

/* JOB, and those that were asked for with it. */
static bool take_back(struct app *app, const struct job *job, GError **err)
{
  const GPtrArray *jobs = engine_jobs(app_engine(app));
  const enum action_id by = job_undo(job)->by;
  g_autoptr(GArray) targets = g_array_new(FALSE, FALSE, sizeof(struct target));
  bool ok = true;
  for (guint i = 0; i < jobs->len; i++) {
    const struct job *other = jobs->pdata[i];
    if (!is_with(other, job) || !job_undo(other))
      continue;
    const struct target target = target_of(other->conn, other->uuid);
    if (by == ACTION_UNDELETE)
      ok = define_again(app, other, ok ? err : NULL) && ok;
    else
      g_array_append_val(targets, target);
  }
  return targets->len ? act_on_all(app, by, targets, NULL, err) : ok;
}

bool act_on(struct app *app, const struct command_line *line, GError **err)
{
  enum action_id action = (enum action_id)line->command->action;
  const char *const *flags = (const char *const *)line->words;
  const struct job *last = action == ACTION_UNDO && !line->guest ? last_to_undo(app) : NULL;
  if (last)
    return act_may_change(app, line->command->name, err) && take_back(app, last, err);
  if (action == ACTION_LAUNCH)
    return engine_launch(app_engine(app), current_conn(app), line->spec, NULL, err);
  const bool whole = action_row(action)->needs & NEEDS_NO_GUEST;
  g_autoptr(GArray) targets = whole ? the_host(app) : app_targets_of(app, line, err);
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

static bool was_risky(const struct job *job)
{
  const struct action *row = action_row(job->action);
  return job->state == JOB_FAILED && job->error_code == ERROR_RISKY && action_word(job->action, "force") &&
         (row->question || row->risky);
}

static char **forced(const struct job *job)
{
  g_auto(GStrv) words = text_split_words(job->detail ? job->detail : "", NULL);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  for (char **word = words; word && *word; word++)
    g_strv_builder_add(builder, *word);
  g_strv_builder_add(builder, "force");
  return g_strv_builder_end(builder);
}

/* One question for JOB and those that were asked for with it. */
static void ask_again(struct app *app, const struct job *job)
{
  const GPtrArray *jobs = engine_jobs(app_engine(app));
  g_auto(GStrv) flags = forced(job);
  g_autoptr(GArray) targets = g_array_new(FALSE, FALSE, sizeof(struct target));
  g_autoptr(GPtrArray) whys = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < jobs->len; i++) {
    const struct job *other = jobs->pdata[i];
    if (!is_with(other, job) || !was_risky(other))
      continue;
    const struct target target = target_of(other->conn, other->uuid);
    g_array_append_val(targets, target);
    g_ptr_array_add(whys, job_why(other));
  }
  if (targets->len)
    app_push(app, question_new(app, job->action, targets, (const char *const *)flags, whys));
}

/* Did the last of those that were asked for with jobs[AT] end after SEEN_MONO_NS, and is that the one? */
static bool was_last(const GPtrArray *jobs, guint at, int64_t seen_mono_ns)
{
  const struct job *job = jobs->pdata[at];
  bool last = job_state_ended(job->state) && job->ended_mono_ns > seen_mono_ns;
  for (guint i = 0; last && i < jobs->len; i++) {
    const struct job *other = jobs->pdata[i];
    if (is_with(other, job))
      last = job_state_ended(other->state) && (other->ended_mono_ns < job->ended_mono_ns ||
                                               (other->ended_mono_ns == job->ended_mono_ns && i <= at));
  }
  return last;
}

void act_ask_again(struct app *app, int64_t *seen_mono_ns)
{
  const GPtrArray *jobs = engine_jobs(app_engine(app));
  const int64_t seen = *seen_mono_ns;
  for (guint i = 0; i < jobs->len; i++) {
    const struct job *job = jobs->pdata[i];
    if (job_state_ended(job->state))
      *seen_mono_ns = MAX(*seen_mono_ns, job->ended_mono_ns);
    if (was_last(jobs, i, seen))
      ask_again(app, job);
  }
}
