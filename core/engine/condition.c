/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/engine/condition.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/units.h"

enum subject { SUBJECT_STATE, SUBJECT_METRIC, SUBJECT_JOB, SUBJECT_TEXT };

struct condition {
  enum subject subject;
  char *name; /* guest, or text */
  int state;  /* row of state_words, or enum job_state; -1: any */
  int metric;
  char sign;
  double value;
};

static bool is_running(const struct guest *guest)
{
  return guest && (guest->state == GUEST_RUNNING || guest->state == GUEST_BLOCKED);
}

static bool is_paused(const struct guest *guest)
{
  return guest && guest->state == GUEST_PAUSED;
}

static bool is_off(const struct guest *guest)
{
  return guest && !guest_state_active(guest->state);
}

static bool exists(const struct guest *guest)
{
  return guest != NULL;
}

static bool is_gone(const struct guest *guest)
{
  return !guest;
}

static const struct {
  const char *word;
  bool (*holds)(const struct guest *guest);
} state_words[] = {
    {"running", is_running}, {"paused", is_paused}, {"off", is_off}, {"exists", exists}, {"gone", is_gone}};

static const struct {
  const char *word;
  enum metric_guest metric;
} metric_words[] = {{"reads", GUEST_RD}, {"writes", GUEST_WR},   {"iops", GUEST_IOPS},
                    {"cpu", GUEST_CPU},  {"steal", GUEST_STEAL}, {"exits", GUEST_EXITS}};

static int find_metric(const char *word)
{
  for (size_t i = 0; i < G_N_ELEMENTS(metric_words); i++)
    if (!strcmp(metric_words[i].word, word))
      return (int)metric_words[i].metric;
  return metric_find(SCOPE_GUEST, word);
}

static int find_state(const char *word)
{
  for (size_t i = 0; i < G_N_ELEMENTS(state_words); i++)
    if (!strcmp(state_words[i].word, word))
      return (int)i;
  return -1;
}

/* "1M/s", "0.5", "200": the figure before an optional "/s" or "%". */
static bool parse_value(const char *word, double *ret, GError **err)
{
  g_autofree char *bare = g_strdup(word);
  if (g_str_has_suffix(bare, "/s"))
    bare[strlen(bare) - 2] = '\0';
  else if (g_str_has_suffix(bare, "%"))
    bare[strlen(bare) - 1] = '\0';
  char *end;
  *ret = g_ascii_strtod(bare, &end);
  if (*bare && !*end)
    return true;
  uint64_t bytes = 0;
  if (!units_parse_size(bare, &bytes, err))
    return false;
  *ret = (double)bytes;
  return true;
}

static bool parse_guest(struct condition *condition, char *const *words, GError **err)
{
  static const char advice[] = "write: guest NAME running, paused, off, exists, gone, or METRIC > VALUE";
  const guint count = g_strv_length((char **)(uintptr_t)words);
  if (count < 3)
    return error_set(err, ERROR_USAGE, advice, "the condition on a guest is not complete");
  condition->name = g_strdup(words[1]);
  condition->state = find_state(words[2]);
  if (count == 3 && condition->state >= 0)
    return true;
  condition->subject = SUBJECT_METRIC;
  condition->metric = find_metric(words[2]);
  if (condition->metric < 0)
    return error_set(err, ERROR_USAGE, advice, "\"%s\" is neither a state nor a metric", words[2]);
  if (count != 5 || (strcmp(words[3], ">") && strcmp(words[3], "<")))
    return error_set(err, ERROR_USAGE, advice, "\"%s\" is compared by > or < with one value", words[2]);
  condition->sign = words[3][0];
  return parse_value(words[4], &condition->value, err);
}

static bool parse_job(struct condition *condition, char *const *words, GError **err)
{
  condition->subject = SUBJECT_JOB;
  condition->state = words[1] ? job_state_find(words[1]) : -1;
  if (words[1] && (condition->state < 0 || words[2]))
    return error_set(err, ERROR_USAGE, "write: job, job done, job failed or job cancelled",
                     "\"%s\" is no outcome of a job", words[1]);
  return true;
}

static bool parse_text(struct condition *condition, char *const *words, GError **err)
{
  condition->subject = SUBJECT_TEXT;
  condition->name = g_strjoinv(" ", (char **)(uintptr_t)(words + 1));
  return *condition->name ? true : error_set(err, ERROR_USAGE, NULL, "text: which?");
}

struct condition *condition_parse(char *const *words, GError **err)
{
  static const struct {
    const char *word;
    bool (*parse)(struct condition *condition, char *const *words, GError **err);
  } kinds[] = {{"guest", parse_guest}, {"job", parse_job}, {"text", parse_text}};
  for (size_t i = 0; words[0] && i < G_N_ELEMENTS(kinds); i++) {
    if (strcmp(kinds[i].word, words[0]))
      continue;
    struct condition *condition = g_new0(struct condition, 1);
    if (kinds[i].parse(condition, words, err))
      return condition;
    condition_free(condition);
    return NULL;
  }
  error_set(err, ERROR_USAGE, "a condition begins with guest, job or text", "\"%s\" begins no condition",
            words[0] ? words[0] : "");
  return NULL;
}

void condition_free(struct condition *condition)
{
  if (!condition)
    return;
  g_free(condition->name);
  g_free(condition);
}

/* ---- looking ---- */

static void see(char **ret_seen, char *text)
{
  if (ret_seen)
    *ret_seen = text;
  else
    g_free(text);
}

static bool guest_holds(const struct condition *condition, const struct engine *engine, char **ret_seen)
{
  const struct guest *guest = scan_find_name(engine_scan(engine), condition->name, NULL, NULL);
  g_autofree char *safe = text_safe(condition->name);
  see(ret_seen, guest ? g_strdup_printf("guest %s is %s", safe, guest_state_name(guest->state))
                      : g_strdup_printf("there is no guest %s", safe));
  return state_words[condition->state].holds(guest);
}

static bool metric_holds(const struct condition *condition, const struct engine *engine, char **ret_seen)
{
  const struct guest *guest = scan_find_name(engine_scan(engine), condition->name, NULL, NULL);
  const char *metric = metric_table(SCOPE_GUEST, &(int){0})[condition->metric].name;
  g_autofree char *safe = text_safe(condition->name);
  double value;
  if (!guest || !readings_get(&guest->r, condition->metric, &value)) {
    see(ret_seen, g_strdup_printf(guest ? "guest %s has no %s yet" : "there is no guest %s", safe, metric));
    return false;
  }
  see(ret_seen, g_strdup_printf("guest %s: %s is %g", safe, metric, value));
  return condition->sign == '>' ? value > condition->value : value < condition->value;
}

static bool job_holds(const struct condition *condition, const struct engine *engine, char **ret_seen)
{
  const GPtrArray *jobs = engine_jobs(engine);
  for (guint i = 0; i < jobs->len; i++) {
    const struct job *job = jobs->pdata[i];
    if (job_state_ended(job->state))
      continue;
    see(ret_seen, job_sentence(job, clock_mono_ns()));
    return false;
  }
  if (!jobs->len) {
    see(ret_seen, g_strdup("no job was asked for"));
    return condition->state < 0;
  }
  const struct job *last = jobs->pdata[jobs->len - 1];
  see(ret_seen, job_sentence(last, clock_mono_ns()));
  return condition->state < 0 || (int)last->state == condition->state;
}

bool condition_holds(const struct condition *condition, const struct engine *engine, const char *screen,
                     char **ret_seen)
{
  switch (condition->subject) {
  case SUBJECT_STATE:
    return guest_holds(condition, engine, ret_seen);
  case SUBJECT_METRIC:
    return metric_holds(condition, engine, ret_seen);
  case SUBJECT_JOB:
    return job_holds(condition, engine, ret_seen);
  case SUBJECT_TEXT:
    see(ret_seen, g_strdup(screen ? "the screen shows something else" : "there is no screen"));
    return screen && strstr(screen, condition->name);
  }
  return false;
}
