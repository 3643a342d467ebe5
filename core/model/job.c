/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/job.h"

#include <glib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/base/units.h"

static const char *const state_names[JOB_STATES] = {
    [JOB_QUEUED] = "queued", [JOB_RUNNING] = "running",     [JOB_DONE] = "done",
    [JOB_FAILED] = "failed", [JOB_CANCELLED] = "cancelled", [JOB_UNKNOWN] = "unknown",
};

const char *job_state_name(enum job_state state)
{
  return state_names[state];
}

int job_state_find(const char *name)
{
  for (int i = 0; i < JOB_STATES; i++)
    if (!strcmp(state_names[i], name))
      return i;
  return -1;
}

bool job_state_ended(enum job_state state)
{
  return state != JOB_QUEUED && state != JOB_RUNNING;
}

struct job *job_copy(const struct job *job)
{
  struct job *copy = g_new(struct job, 1);
  *copy = *job;
  copy->guest = g_strdup(job->guest);
  copy->detail = g_strdup(job->detail);
  copy->step = g_strdup(job->step);
  copy->error = g_strdup(job->error);
  return copy;
}

void job_clear(struct job *job)
{
  g_free(job->guest);
  g_free(job->detail);
  g_free(job->step);
  g_free(job->error);
}

void job_free(struct job *job)
{
  if (!job)
    return;
  job_clear(job);
  g_free(job);
}

double job_seconds(const struct job *job, int64_t now_mono_ns)
{
  if (!job->started_mono_ns)
    return 0;
  int64_t end = job->ended_mono_ns ? job->ended_mono_ns : now_mono_ns;
  return MAX(0.0, (double)(end - job->started_mono_ns) / (double)NS_PER_S);
}

char *job_why(const struct job *job)
{
  const char *error = job->error ? job->error : "";
  return g_strndup(error, strcspn(error, "\n"));
}

const struct action_undo *job_undo(const struct job *job)
{
  g_auto(GStrv) words = job->detail ? text_split_words(job->detail, NULL) : NULL;
  return job->state == JOB_DONE ? action_undo(job->action, (const char *const *)words) : NULL;
}

static char *running_text(const struct job *job)
{
  g_autofree char *step = text_safe(job->step ? job->step : action_row(job->action)->doing);
  if (job->progress < 0)
    return g_steal_pointer(&step);
  return g_strdup_printf("%s (%d %%)", step, (int)(MIN(job->progress, 1.0) * 100));
}

static char *outcome(const struct job *job, int64_t now_mono_ns)
{
  g_autofree char *span = units_span(job_seconds(job, now_mono_ns));
  g_autofree char *error = text_line(job->error);
  const char *colon = *error ? ": " : "";
  switch (job->state) {
  case JOB_QUEUED:
    return g_strdup("waiting for its turn");
  case JOB_RUNNING:
    return running_text(job);
  case JOB_DONE:
    return g_strdup_printf("done in %s", span);
  case JOB_FAILED:
    return g_strdup_printf("failed after %s%s%s", span, colon, error);
  case JOB_CANCELLED:
    return g_strdup_printf("cancelled after %s", span);
  default:
    return g_strdup_printf("outcome not known after %s%s%s", span, colon, error);
  }
}

char *job_sentence(const struct job *job, int64_t now_mono_ns)
{
  g_autofree char *what = outcome(job, now_mono_ns);
  g_autofree char *guest = text_safe(job->guest);
  return g_strdup_printf("%s%s%s: %s", action_row(job->action)->name, *guest ? " " : "", guest, what);
}

bool job_is_seen(const struct job *job, const struct scan *scan)
{
  if (!job_state_ended(job->state))
    return false;
  if (job->conn < 0 || job->conn >= scan->conn_count || scan->conns[job->conn]->state != CONN_OPEN)
    return true;
  return scan->conns[job->conn]->mono_ns >= job->ended_mono_ns;
}

/* Is a guest of JOB's making still to come? */
static bool is_coming(const struct job *job, const struct scan *scan)
{
  const bool may_be = !job_state_ended(job->state) || job->state == JOB_DONE || job->state == JOB_UNKNOWN;
  return job->action == ACTION_LAUNCH && may_be && !job_is_seen(job, scan);
}

bool job_launches(const GPtrArray *jobs, const struct scan *scan, const char *name)
{
  for (guint i = 0; i < jobs->len; i++) {
    const struct job *job = jobs->pdata[i];
    if (g_strcmp0(job->guest, name) == 0 && is_coming(job, scan))
      return true;
  }
  return false;
}
