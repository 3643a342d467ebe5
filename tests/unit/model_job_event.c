/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Jobs and events, and their sentences. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/model/batch.h"
#include "core/model/event.h"
#include "core/model/job.h"

Test(events, names_come_back)
{
  for (int k = 0; k < EVENT_KINDS; k++)
    cr_assert_eq(event_kind_find(event_kind_name((enum event_kind)k)), k);
  cr_assert_eq(event_kind_find("gest"), -1);
}

Test(events, copy_and_sentence)
{
  struct event *event = event_new(EVENT_GUEST, 2, "u", "ev\x1bil", "shut off (destroyed)\n");
  struct event *copy = event_copy(event);
  event_free(event);
  cr_assert_gt(copy->wall_ns, 0);
  cr_assert_eq(copy->conn, 2);
  cr_assert_str_eq(copy->uuid, "u");
  g_autofree char *sentence = event_sentence(copy);
  cr_assert_str_eq(sentence, "ev\\x1bil: shut off (destroyed)\\x0a");
  event_free(copy);
  struct event *plain = event_new(EVENT_SESSION, -1, NULL, NULL, "started");
  g_autofree char *text = event_sentence(plain);
  cr_assert_str_eq(text, "started");
  cr_assert_str_eq(plain->uuid, "");
  event_free(plain);
  event_free(NULL);
}

Test(jobs_model, names_come_back)
{
  for (int s = 0; s < JOB_STATES; s++) {
    cr_assert_eq(job_state_find(job_state_name((enum job_state)s)), s);
    cr_assert_eq(job_state_ended((enum job_state)s), s != JOB_QUEUED && s != JOB_RUNNING);
  }
  cr_assert_eq(job_state_find("dun"), -1);
}

static struct job *example(enum job_state state)
{
  struct job job = {.id = 1, .action = ACTION_LAUNCH, .state = state, .progress = -1};
  struct job *copy = job_copy(&job);
  copy->guest = g_strdup("pulse-\x07");
  copy->started_mono_ns = 10 * NS_PER_S;
  return copy;
}

static void sentence_is(const struct job *job, const char *expected)
{
  g_autofree char *text = job_sentence(job, 11 * NS_PER_S);
  cr_assert_str_eq(text, expected, "%s", text);
  cr_assert(text_is_safe(text));
}

Test(jobs_model, sentences)
{
  struct job *job = example(JOB_DONE);
  job->ended_mono_ns = 10 * NS_PER_S + 310 * NS_PER_MS;
  sentence_is(job, "launch pulse-\\x07: done in 0.31 s");
  job->state = JOB_FAILED;
  job->error = g_strdup("internal error: no\x1b\nDo that.");
  sentence_is(job, "launch pulse-\\x07: failed after 0.31 s: internal error: no\\x1b. Do that.");
  job->state = JOB_UNKNOWN;
  sentence_is(job, "launch pulse-\\x07: outcome not known after 0.31 s: internal error: no\\x1b. Do that.");
  job->state = JOB_CANCELLED;
  sentence_is(job, "launch pulse-\\x07: cancelled after 0.31 s");
  job->state = JOB_QUEUED;
  sentence_is(job, "launch pulse-\\x07: waiting for its turn");
  job->state = JOB_RUNNING;
  sentence_is(job, "launch pulse-\\x07: launching");
  job->step = g_strdup("making the disk");
  job->progress = 0.456;
  sentence_is(job, "launch pulse-\\x07: making the disk (45 %)");
  g_clear_pointer(&job->guest, g_free);
  sentence_is(job, "launch: making the disk (45 %)");
  job_free(job);
  job_free(NULL);
}

Test(jobs_model, seconds)
{
  struct job *job = example(JOB_RUNNING);
  cr_assert_float_eq(job_seconds(job, 12 * NS_PER_S), 2, 1e-9);
  job->ended_mono_ns = 11 * NS_PER_S;
  cr_assert_float_eq(job_seconds(job, 99 * NS_PER_S), 1, 1e-9);
  job->started_mono_ns = 0;
  cr_assert_eq(job_seconds(job, 99 * NS_PER_S), 0);
  job_free(job);
}

Test(jobs_model, copy_is_deep)
{
  struct job *job = example(JOB_FAILED);
  job->detail = g_strdup("template=pulse");
  job->error = g_strdup("why");
  struct job *copy = job_copy(job);
  job_free(job);
  cr_assert_str_eq(copy->guest, "pulse-\x07");
  cr_assert_str_eq(copy->detail, "template=pulse");
  cr_assert_str_eq(copy->error, "why");
  cr_assert_null(copy->step);
  job_free(copy);
}

/* A scan of one connection in STATE that was looked at when the clock read SECONDS. */
static struct scan *scan_at(enum conn_state state, int seconds)
{
  struct scan *scan = scan_new(1);
  scan->conns[0] = conn_scan_new("test:///default");
  scan->conns[0]->state = state;
  scan->conns[0]->mono_ns = seconds * NS_PER_S;
  return scan;
}

Test(jobs_model, an_ended_job_is_seen_by_the_next_look)
{
  struct scan *before = scan_at(CONN_OPEN, 19), *after = scan_at(CONN_OPEN, 20),
              *lost = scan_at(CONN_LOST, 0);
  struct job *job = example(JOB_RUNNING);
  cr_assert_not(job_is_seen(job, after), "it runs");
  job->state = JOB_DONE;
  job->ended_mono_ns = 20 * NS_PER_S;
  cr_assert_not(job_is_seen(job, before));
  cr_assert(job_is_seen(job, after));
  cr_assert(job_is_seen(job, lost), "nobody looks there any more");
  job_free(job);
  scan_unref(before);
  scan_unref(after);
  scan_unref(lost);
}

Test(jobs_model, a_name_is_taken_from_the_launch_to_the_look_at_its_guest)
{
  static const struct {
    enum job_state state;
    bool before, after; /* is the name taken, before and after the connection was looked at? */
  } rows[] = {{JOB_QUEUED, true, true},   {JOB_RUNNING, true, true},  {JOB_DONE, true, false},
              {JOB_UNKNOWN, true, false}, {JOB_FAILED, false, false}, {JOB_CANCELLED, false, false}};
  struct scan *before = scan_at(CONN_OPEN, 19), *after = scan_at(CONN_OPEN, 21);
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(GPtrArray) jobs = g_ptr_array_new_with_free_func((GDestroyNotify)job_free);
    struct job *job = example(rows[i].state);
    job->ended_mono_ns = job_state_ended(job->state) ? 20 * NS_PER_S : 0;
    g_ptr_array_add(jobs, job);
    cr_assert_eq(job_launches(jobs, before, job->guest), rows[i].before, "row %zu", i);
    cr_assert_eq(job_launches(jobs, after, job->guest), rows[i].after, "row %zu", i);
    cr_assert_not(job_launches(jobs, before, "another"));
    job->action = ACTION_START;
    cr_assert_not(job_launches(jobs, before, job->guest), "it makes no guest");
  }
  scan_unref(before);
  scan_unref(after);
}

static bool ends(struct batch *batch, int number, enum job_state state, const char *guest, const char *error)
{
  const struct job job = {
      .batch = number, .state = state, .guest = (char *)(uintptr_t)guest, .error = (char *)(uintptr_t)error};
  return batch_take(batch, &job);
}

Test(jobs, what_is_done_is_taken_back_by_a_key_that_is_told)
{
  struct job job = {.action = ACTION_STOP, .state = JOB_DONE};
  g_autofree char *start = action_undo_text(job_undo(&job), "U", false);
  cr_assert_str_eq(start, "U starts it again");
  g_autofree char *several = action_undo_text(job_undo(&job), "U", true);
  cr_assert_str_eq(several, "U starts them again");
  cr_assert_eq(job_undo(&job)->by, ACTION_START);
  job.state = JOB_FAILED;
  cr_assert_null(action_undo_text(job_undo(&job), "U", false));
  job = (struct job){.action = ACTION_DELETE, .state = JOB_DONE};
  cr_assert_null(job_undo(&job), "its disks are gone");
  job.detail = (char[]){"keep-disks"};
  cr_assert_eq(job_undo(&job)->by, ACTION_UNDELETE);
}

Test(batch, its_sentence_comes_with_its_last_job)
{
  struct batch *batch = batch_new(ACTION_START, 7);
  for (int i = 0; i < 4; i++)
    batch_add(batch);
  batch_refuse(batch, "web-5", "it is not off");
  cr_assert_not(ends(batch, 0, JOB_DONE, "other", NULL), "a job of nobody's");
  cr_assert_not(ends(batch, 7, JOB_RUNNING, "web-1", NULL));
  cr_assert_not(ends(batch, 7, JOB_DONE, "web-1", NULL));
  cr_assert_not(ends(batch, 7, JOB_FAILED, "web\x1b-2", "no such\nfile"));
  cr_assert_not(ends(batch, 7, JOB_CANCELLED, "web-3", "cancelled"));
  cr_assert(ends(batch, 7, JOB_UNKNOWN, "web-4", "lost"));
  g_autofree char *sentence = batch_sentence(batch);
  cr_assert_str_eq(sentence,
                   "started 1 of 5; failed: web-5: it is not off; web\\x1b-2: no such; web-3: cancelled; "
                   "web-4: its outcome is not known");
  cr_assert_not(batch_is_well(batch));
  batch_free(batch);
}

Test(batch, all_well)
{
  struct batch *batch = batch_new(ACTION_DELETE, 1);
  batch_add(batch);
  cr_assert(ends(batch, 1, JOB_DONE, "a", NULL));
  g_autofree char *sentence = batch_sentence(batch);
  cr_assert_str_eq(sentence, "deleted 1 of 1");
  cr_assert(batch_is_well(batch));
  batch_free(batch);
}
