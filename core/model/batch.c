/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/batch.h"

#include <glib.h>
#include <string.h>

#include "core/base/text.h"

struct batch {
  enum action_id action;
  int number, count, done, left;  /* left: have not ended */
  const struct action_undo *undo; /* of what was done; NULL: not at all, or nothing was */
  GString *failures;              /* "web-3: why; web-4: why" */
};

struct batch *batch_new(enum action_id action, int number)
{
  struct batch *batch = g_new0(struct batch, 1);
  batch->action = action;
  batch->number = number;
  batch->failures = g_string_new(NULL);
  return batch;
}

void batch_free(struct batch *batch)
{
  g_string_free(batch->failures, TRUE);
  g_free(batch);
}

void batch_add(struct batch *batch)
{
  batch->count++;
  batch->left++;
}

static void add_failure(struct batch *batch, const char *guest, const char *why)
{
  g_autofree char *name = text_safe(guest), *reason = text_line(why);
  g_string_append_printf(batch->failures, "%s%s: %s", batch->failures->len ? "; " : "", name, reason);
}

void batch_refuse(struct batch *batch, const char *guest, const char *why)
{
  batch->count++;
  add_failure(batch, guest, why);
}

static void add_outcome(struct batch *batch, const struct job *job)
{
  g_autofree char *why = job_why(job);
  if (job->state == JOB_DONE) {
    batch->done++;
    batch->undo = job_undo(job);
    return;
  }
  add_failure(batch, job->guest,
              job->state == JOB_CANCELLED ? "cancelled"
              : job->state == JOB_UNKNOWN ? "its outcome is not known"
                                          : why);
}

bool batch_take(struct batch *batch, const struct job *job)
{
  if (job->batch != batch->number || !job_state_ended(job->state))
    return false;
  add_outcome(batch, job);
  return --batch->left == 0;
}

char *batch_sentence(const struct batch *batch)
{
  return g_strdup_printf("%s %d of %d%s%s", action_row(batch->action)->done, batch->done, batch->count,
                         batch->failures->len ? "; failed: " : "", batch->failures->str);
}

const struct action_undo *batch_undo(const struct batch *batch)
{
  return batch->undo;
}

bool batch_is_well(const struct batch *batch)
{
  return batch->failures->len == 0;
}
