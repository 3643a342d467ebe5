/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The job queue: outcomes, lanes, cancelling, draining. */
#include "tests/unit/test.h"

#include <poll.h>
#include <string.h>

#include "core/base/error.h"
#include "core/engine/jobs.h"

/* A gate that tasks wait at until the test opens it. */
struct gate {
  GMutex lock;
  GCond changed;
  bool open;
  int waiting;
};

static void gate_init(struct gate *gate)
{
  memset(gate, 0, sizeof *gate);
  g_mutex_init(&gate->lock);
  g_cond_init(&gate->changed);
}

static void gate_open(struct gate *gate)
{
  g_mutex_lock(&gate->lock);
  gate->open = true;
  g_cond_broadcast(&gate->changed);
  g_mutex_unlock(&gate->lock);
}

static bool wait_at_gate(G_GNUC_UNUSED struct task *task, void *context, G_GNUC_UNUSED GError **err)
{
  struct gate *gate = context;
  g_mutex_lock(&gate->lock);
  gate->waiting++;
  g_cond_broadcast(&gate->changed);
  while (!gate->open)
    g_cond_wait(&gate->changed, &gate->lock);
  g_mutex_unlock(&gate->lock);
  return true;
}

static bool succeed(G_GNUC_UNUSED struct task *task, G_GNUC_UNUSED void *context, G_GNUC_UNUSED GError **err)
{
  return true;
}

static bool fail(G_GNUC_UNUSED struct task *task, G_GNUC_UNUSED void *context, GError **err)
{
  return error_set(err, ERROR_GENERAL, NULL, "it broke");
}

static bool lack(G_GNUC_UNUSED struct task *task, G_GNUC_UNUSED void *context, GError **err)
{
  return error_set(err, ERROR_RESOURCES, NULL, "no room");
}

static bool lose(G_GNUC_UNUSED struct task *task, G_GNUC_UNUSED void *context, GError **err)
{
  return error_set(err, ERROR_LOST, NULL, "the connection went away");
}

static bool until_cancelled(struct task *task, void *context, GError **err)
{
  struct gate *gate = context;
  g_mutex_lock(&gate->lock);
  gate->waiting++;
  g_cond_broadcast(&gate->changed);
  g_mutex_unlock(&gate->lock);
  while (!atomic_load(task_cancel(task)))
    g_thread_yield();
  return error_set(err, ERROR_CANCELLED, NULL, "cancelled");
}

/* The ended state of job ID; messages before it are dropped. */
static struct job *ended(struct inbox *inbox, uint64_t id)
{
  struct pollfd fd = {.fd = inbox_fd(inbox), .events = POLLIN};
  for (;;) {
    struct message *message;
    while ((message = inbox_pop(inbox))) {
      struct job *job = message->payload;
      const bool found = message->kind == MESSAGE_JOB && job->id == id && job_state_ended(job->state);
      struct job *copy = found ? job_copy(job) : NULL;
      message_free(message);
      if (copy)
        return copy;
    }
    cr_assert(poll(&fd, 1, 30000) == 1, "job %d never ended", (int)id);
    inbox_clear_fd(inbox);
  }
}

static char guest_name[] = "a";
static const struct job launch = {.action = ACTION_LAUNCH, .guest = guest_name};

static void ends_as(task_run run, enum job_state state, int code, const char *error)
{
  struct inbox *inbox = inbox_new(NULL);
  struct jobs *jobs = jobs_new(inbox);
  const uint64_t id = jobs_submit(jobs, LANE_QUICK, &launch, run, NULL, NULL);
  struct job *job = ended(inbox, id);
  cr_assert_eq(job->state, state);
  cr_assert_eq(job->error_code, code);
  cr_assert_str_eq(job->guest, "a");
  cr_assert(job->ended_mono_ns >= job->started_mono_ns && job->started_mono_ns > 0);
  if (error)
    cr_assert_str_eq(job->error, error);
  else
    cr_assert_null(job->error);
  job_free(job);
  cr_assert(jobs_drain(jobs, 30));
  jobs_free(jobs);
  inbox_free(inbox);
}

Test(jobs, outcomes_are_told)
{
  ends_as(succeed, JOB_DONE, 0, NULL);
  ends_as(fail, JOB_FAILED, ERROR_GENERAL, "it broke");
  ends_as(lack, JOB_FAILED, ERROR_RESOURCES, "no room");
  ends_as(lose, JOB_UNKNOWN, ERROR_LOST, "the connection went away");
}

Test(jobs, a_full_slow_lane_does_not_hold_up_a_quick_one)
{
  struct inbox *inbox = inbox_new(NULL);
  struct jobs *jobs = jobs_new(inbox);
  struct gate gate;
  gate_init(&gate);
  for (int i = 0; i < 30; i++)
    jobs_submit(jobs, LANE_SLOW, &launch, wait_at_gate, &gate, NULL);
  job_free(ended(inbox, jobs_submit(jobs, LANE_QUICK, &launch, succeed, NULL, NULL)));
  jobs_ask(jobs, LANE_ASK, wait_at_gate, &gate, NULL);
  g_autoptr(GPtrArray) under_way = jobs_under_way(jobs);
  cr_assert_eq(under_way->len, 30, "queued and running ones, not what has ended, no questions");
  for (guint i = 0; i < under_way->len; i++)
    cr_assert_not(job_state_ended(((struct job *)under_way->pdata[i])->state));
  gate_open(&gate);
  job_free(ended(inbox, 30));
  cr_assert(jobs_drain(jobs, 30));
  jobs_free(jobs);
  inbox_free(inbox);
}

Test(jobs, cancelling_reaches_a_running_job_and_a_queued_one)
{
  struct inbox *inbox = inbox_new(NULL);
  struct jobs *jobs = jobs_new(inbox);
  struct gate gate;
  gate_init(&gate);
  const uint64_t running = jobs_submit(jobs, LANE_SLOW, &launch, until_cancelled, &gate, NULL);
  g_mutex_lock(&gate.lock);
  while (!gate.waiting)
    g_cond_wait(&gate.changed, &gate.lock);
  g_mutex_unlock(&gate.lock);
  jobs_cancel(jobs, running);
  struct job *job = ended(inbox, running);
  cr_assert_eq(job->state, JOB_CANCELLED);
  job_free(job);
  cr_assert(jobs_drain(jobs, 30));
  const uint64_t late = jobs_submit(jobs, LANE_QUICK, &launch, succeed, NULL, NULL);
  job = ended(inbox, late);
  cr_assert_eq(job->state, JOB_CANCELLED, "after draining began nothing is started");
  job_free(job);
  cr_assert(jobs_drain(jobs, 30));
  jobs_free(jobs);
  inbox_free(inbox);
}

static bool count(G_GNUC_UNUSED struct task *task, void *context, G_GNUC_UNUSED GError **err)
{
  atomic_fetch_add((atomic_int *)context, 1);
  return true;
}

Test(jobs, draining_drops_questions_but_not_what_has_to_be_done)
{
  struct inbox *inbox = inbox_new(NULL);
  struct jobs *jobs = jobs_new(inbox);
  struct gate gate;
  atomic_int asked = 0, insisted = 0;
  gate_init(&gate);
  for (int i = 0; i < 10; i++) /* more than there are threads */
    jobs_insist(jobs, wait_at_gate, &gate, NULL);
  jobs_ask(jobs, LANE_ASK, count, &asked, NULL);
  jobs_insist(jobs, count, &insisted, NULL);
  cr_assert_not(jobs_drain(jobs, 0.01));
  jobs_insist(jobs, count, &insisted, NULL);
  jobs_ask(jobs, LANE_ASK, count, &asked, NULL);
  gate_open(&gate);
  cr_assert(jobs_drain(jobs, 30));
  cr_assert_eq(atomic_load(&asked), 0);
  cr_assert_eq(atomic_load(&insisted), 2);
  jobs_free(jobs);
  inbox_free(inbox);
}

Test(jobs, draining_gives_up_on_a_stuck_job)
{
  struct inbox *inbox = inbox_new(NULL);
  struct jobs *jobs = jobs_new(inbox);
  struct gate gate;
  gate_init(&gate);
  jobs_submit(jobs, LANE_SLOW, &launch, wait_at_gate, &gate, NULL);
  g_mutex_lock(&gate.lock); /* a job that has not begun would only be cancelled */
  while (!gate.waiting)
    g_cond_wait(&gate.changed, &gate.lock);
  g_mutex_unlock(&gate.lock);
  cr_assert_not(jobs_drain(jobs, 0.05));
  gate_open(&gate);
  cr_assert(jobs_drain(jobs, 30));
  jobs_free(jobs);
  inbox_free(inbox);
}
