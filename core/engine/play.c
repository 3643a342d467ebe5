/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/engine/play.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/units.h"
#include "core/engine/command.h"
#include "core/engine/condition.h"
#include "core/engine/settings.h"

#define WAIT_SECONDS 60.0
#define LOOK_AGAIN_SECONDS 0.1 /* readings change without an event */

enum step_kind { STEP_COMMAND, STEP_KEY, STEP_TEXT, STEP_WAIT, STEP_EXPECT };

struct step {
  enum step_kind kind;
  int line;
  char *source;                /* as written */
  char **words;                /* keys of STEP_KEY */
  struct condition *condition; /* STEP_WAIT, STEP_EXPECT */
  bool of_job;                 /* the condition is about jobs */
  double seconds;
};

struct play {
  char *file;
  GPtrArray *steps;
  bool saves; /* while it is read: ":snapshot auto on" */
  guint at;
  guint key;                 /* of the present STEP_KEY */
  int64_t began_ns;          /* of the present STEP_WAIT; 0: not yet */
  uint64_t job_before;       /* newest job when the last command was handed over */
  bool begun;                /* every connection has been tried, and there is a scan */
  const struct step *handed; /* the step that was handed over last */
  bool acted;                /* its jobs are to be looked at */
  char *failure;
};

static void step_free(struct step *step)
{
  g_free(step->source);
  g_strfreev(step->words);
  condition_free(step->condition);
  g_free(step);
}

/* ---- reading ---- */

/* "... within 5" at the end of a wait. */
static bool take_within(struct step *step, char **words, GError **err)
{
  const guint count = g_strv_length(words);
  step->seconds = WAIT_SECONDS;
  if (count < 3 || strcmp(words[count - 2], "within"))
    return true;
  if (!units_parse_seconds(words[count - 1], 0.001, 86400, &step->seconds, err))
    return false;
  g_clear_pointer(&words[count - 2], g_free);
  g_clear_pointer(&words[count - 1], g_free);
  return true;
}

static bool read_condition(struct step *step, char **words, GError **err)
{
  if (step->kind == STEP_WAIT && !take_within(step, words, err))
    return false;
  step->of_job = !g_strcmp0(words[1], "job");
  step->condition = condition_parse(words + 1, err);
  return step->condition != NULL;
}

static bool read_command(const char *text, GError **err)
{
  struct command_line *line = command_parse(text, err);
  command_line_free(line);
  return line != NULL;
}

static bool read_keys(struct step *step, char **words, char *(*key)(const char *name), GError **err)
{
  if (!words[1])
    return error_set(err, ERROR_USAGE, NULL, "key: which?");
  for (char **word = words + 1; key && *word; word++) {
    g_autofree char *known = key(*word);
    if (!known)
      return error_set(err, ERROR_USAGE, SETTINGS_KEY_ADVICE, "unknown key \"%s\"", *word);
  }
  step->words = g_strdupv(words + 1);
  return true;
}

static bool read_step(struct step *step, char *(*key)(const char *name), GError **err)
{
  static const struct {
    const char *word;
    enum step_kind kind;
  } kinds[] = {{"key", STEP_KEY}, {"text", STEP_TEXT}, {"wait", STEP_WAIT}, {"expect", STEP_EXPECT}};
  if (step->source[0] == ':')
    return read_command(step->source, err);
  g_auto(GStrv) words = text_split_words(step->source, err);
  if (!words)
    return false;
  for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
    if (strcmp(kinds[i].word, words[0]))
      continue;
    step->kind = kinds[i].kind;
    if (step->kind == STEP_KEY)
      return read_keys(step, words, key, err);
    return step->kind == STEP_TEXT || read_condition(step, words, err);
  }
  return error_set(err, ERROR_USAGE, "a line is :COMMAND, key, text, wait, expect or a # comment",
                   "unknown step \"%s\"", words[0]);
}

/* ---- ":snapshot auto" ---- */

/* ":snapshot auto on" and "off" are no steps: they govern how those behind them are read. */
static bool read_auto(struct play *play, const char *source)
{
  g_auto(GStrv) words = text_split_words(source, NULL);
  const bool is_auto = words && g_strv_length(words) == 3 && !strcmp(words[0], ":snapshot") &&
                       !strcmp(words[1], "auto") && (!strcmp(words[2], "on") || !strcmp(words[2], "off"));
  if (is_auto)
    play->saves = !strcmp(words[2], "on");
  return is_auto;
}

/* What asks first destroys; but a deleted guest takes its snapshots along. */
static bool is_saved(const struct command_line *line)
{
  const int action = line->command->action;
  return action >= 0 && line->guest && action_row((enum action_id)action)->question &&
         action != ACTION_DELETE && action != ACTION_SNAPSHOT_DELETE;
}

/* A step that takes a snapshot, for STEP that is read next; NULL: it needs none. */
static struct step *saving_step(const struct step *step)
{
  struct command_line *line = step->source[0] == ':' ? command_parse(step->source, NULL) : NULL;
  struct step *saving = NULL;
  if (line && is_saved(line)) {
    g_autofree char *guest = text_quote_word(line->guest),
                    *text = g_strdup_printf("description=before %s", step->source),
                    *word = text_quote_word(text);
    saving = g_new0(struct step, 1);
    saving->line = step->line;
    saving->source = g_strdup_printf(":snapshot %s %s", guest, word);
  }
  command_line_free(line);
  return saving;
}

static void read_line(struct play *play, int number, const char *text, char *(*key)(const char *name),
                      GPtrArray *complaints)
{
  g_autofree char *bare = g_strstrip(g_strdup(text));
  if (!*bare || *bare == '#' || read_auto(play, bare))
    return;
  g_autoptr(GError) err = NULL;
  struct step *step = g_new0(struct step, 1), *saving;
  step->line = number;
  step->source = g_strdup(bare);
  if (play->saves && (saving = saving_step(step)))
    g_ptr_array_add(play->steps, saving);
  g_ptr_array_add(play->steps, step);
  if (read_step(step, key, &err))
    return;
  g_autofree char *why = error_line(err);
  g_autofree char *whole = g_strdup_printf("%s:%d: %s", play->file, number, why);
  g_ptr_array_add(complaints, text_safe(whole));
}

struct play *play_read(const char *file, char *(*key)(const char *name), GPtrArray *complaints)
{
  g_autofree char *text = NULL;
  g_autoptr(GError) err = NULL;
  if (!g_file_get_contents(file, &text, NULL, &err)) {
    g_ptr_array_add(complaints, g_strdup_printf("cannot read the script: %s", err->message));
    return NULL;
  }
  const guint before = complaints->len;
  struct play *play = g_new0(struct play, 1);
  play->file = g_strdup(file);
  play->steps = g_ptr_array_new_with_free_func((GDestroyNotify)step_free);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (int i = 0; lines[i]; i++)
    read_line(play, i + 1, lines[i], key, complaints);
  if (complaints->len == before)
    return play;
  play_free(play);
  return NULL;
}

void play_free(struct play *play)
{
  if (!play)
    return;
  g_ptr_array_unref(play->steps);
  g_free(play->failure);
  g_free(play->file);
  g_free(play);
}

/* ---- playing ---- */

static enum play_want fail(struct play *play, const struct step *step, const char *seen)
{
  g_autofree char *whole = g_strdup_printf("%s:%d: %s: %s", play->file, step->line, step->source, seen);
  if (!play->failure)
    play->failure = text_safe(whole);
  return PLAY_FAILED;
}

const char *play_failure(const struct play *play)
{
  return play->failure;
}

void play_refuse(struct play *play, const GError *why)
{
  g_autofree char *line = error_line(why);
  fail(play, play->handed, line);
}

static uint64_t newest_job(const struct engine *engine)
{
  const GPtrArray *jobs = engine_jobs(engine);
  return jobs->len ? ((struct job *)jobs->pdata[jobs->len - 1])->id : 0;
}

enum waiting { JOBS_ENDED, JOBS_RUN, JOBS_FAILED };

/* How the jobs fare that the last command began; RET_WHY gets the first failure. */
static enum waiting look_at_jobs(const struct play *play, const struct engine *engine, char **ret_why)
{
  const GPtrArray *jobs = engine_jobs(engine);
  enum waiting found = JOBS_ENDED;
  for (guint i = 0; i < jobs->len; i++) {
    const struct job *job = jobs->pdata[i];
    if (job->id <= play->job_before)
      continue;
    if (!job_is_seen(job, engine_scan(engine)))
      return JOBS_RUN;
    if (job->state != JOB_DONE && found == JOBS_ENDED) {
      found = JOBS_FAILED;
      *ret_why = job_sentence(job, job->ended_mono_ns);
    }
  }
  return found;
}

/* A script begins when there is something to act on. */
static bool begin(struct play *play, const struct engine *engine)
{
  const struct scan *scan = engine_scan(engine);
  for (int i = 0; i < scan->conn_count; i++)
    if (scan->conns[i]->state == CONN_OPENING)
      return false;
  play->begun = scan->tick > 0;
  return play->begun;
}

/* The jobs that the step before began must have ended.  True when the next step may begin. */
static bool settle(struct play *play, const struct engine *engine)
{
  if (!play->begun)
    return begin(play, engine);
  if (!play->acted)
    return true;
  g_autofree char *why = NULL;
  const enum waiting found = look_at_jobs(play, engine, &why);
  if (found == JOBS_RUN)
    return false;
  const struct step *next = play->at < play->steps->len ? play->steps->pdata[play->at] : NULL;
  if (found == JOBS_FAILED && !(next && next->of_job))
    fail(play, play->handed, why);
  play->acted = false;
  return true;
}

/* TEXT of STEP goes out; keys go one by one. */
static enum play_want hand_over(struct play *play, const struct engine *engine, const struct step *step,
                                enum play_want want, const char *text, char **ret_text)
{
  play->job_before = newest_job(engine);
  play->handed = step;
  play->acted = true;
  *ret_text = g_strdup(text);
  if (!step->words || !step->words[++play->key]) {
    play->key = 0;
    play->at++;
  }
  return want;
}

/* A wait that may still come true keeps the script where it is. */
static enum play_want look(struct play *play, const struct engine *engine, const struct step *step,
                           const char *screen)
{
  g_autofree char *seen = NULL;
  const int64_t now = clock_mono_ns();
  if (!play->began_ns)
    play->began_ns = now;
  if (condition_holds(step->condition, engine, screen, &seen)) {
    play->began_ns = 0;
    play->at++;
    return PLAY_DONE;
  }
  if (step->kind == STEP_WAIT && (double)(now - play->began_ns) / (double)NS_PER_S < step->seconds)
    return PLAY_WAIT;
  return fail(play, step, seen);
}

enum play_want play_next(struct play *play, const struct engine *engine, const char *screen, char **ret_text,
                         double *ret_seconds)
{
  *ret_text = NULL;
  *ret_seconds = LOOK_AGAIN_SECONDS;
  while (!play->failure && settle(play, engine) && !play->failure) {
    if (play->at >= play->steps->len)
      return PLAY_DONE;
    const struct step *step = play->steps->pdata[play->at];
    switch (step->kind) {
    case STEP_COMMAND:
      return hand_over(play, engine, step, PLAY_COMMAND, step->source, ret_text);
    case STEP_KEY:
      return hand_over(play, engine, step, PLAY_KEY, step->words[play->key], ret_text);
    case STEP_TEXT:
      return hand_over(play, engine, step, PLAY_TEXT, step->source + strlen("text "), ret_text);
    case STEP_WAIT:
    case STEP_EXPECT:
      if (look(play, engine, step, screen) == PLAY_WAIT)
        return PLAY_WAIT;
    }
  }
  return play->failure ? PLAY_FAILED : PLAY_WAIT;
}
