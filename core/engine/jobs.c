/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/engine/jobs.h"

#include "core/base/clock.h"
#include "core/base/error.h"

/* Threads of each lane: quick calls wait for libvirt, slow ones for disks and booting guests. */
static const int lane_threads[LANES] = {
    [LANE_QUICK] = 8, [LANE_SLOW] = 4, [LANE_ASK] = 2, [LANE_ASK_GUEST] = 2};

/* A progress line that changes more often than this is not read by anyone. */
#define PROGRESS_NS (50 * NS_PER_MS)

struct jobs {
  struct inbox *inbox;
  GThreadPool *lanes[LANES];
  GMutex lock; /* guards what follows, and each task's job */
  GCond changed;
  GPtrArray *tasks; /* queued or running jobs; borrowed */
  uint64_t last_id;
  int unfinished; /* tasks of all lanes */
  bool draining;
};

struct task {
  struct jobs *jobs;
  struct job job; /* id 0: a question, not a job */
  atomic_bool cancel;
  bool insists; /* is not cancelled by draining */
  task_run run;
  void *context;
  GDestroyNotify free_context;
  int64_t told_ns;
};

static void push_job(struct task *task)
{
  inbox_push(task->jobs->inbox, MESSAGE_JOB, task->job.conn, job_copy(&task->job), (GDestroyNotify)job_free);
  task->told_ns = clock_mono_ns();
}

static void task_begin(struct task *task)
{
  task->job.started_mono_ns = clock_mono_ns();
  task->job.state = JOB_RUNNING;
  if (task->job.id)
    push_job(task);
}

static enum job_state outcome(bool done, const GError *err)
{
  if (done)
    return JOB_DONE;
  if (g_error_matches(err, ERROR_DOMAIN, ERROR_CANCELLED))
    return JOB_CANCELLED;
  return g_error_matches(err, ERROR_DOMAIN, ERROR_LOST) ? JOB_UNKNOWN : JOB_FAILED;
}

static void task_end(struct task *task, bool done, const GError *err)
{
  task->job.ended_mono_ns = clock_mono_ns();
  task->job.state = outcome(done, err);
  task->job.progress = done ? 1 : task->job.progress;
  g_clear_pointer(&task->job.step, g_free);
  if (!done) {
    task->job.error = g_strdup(err ? err->message : "it gave no reason");
    task->job.error_code = err && err->domain == ERROR_DOMAIN ? err->code : ERROR_GENERAL;
  }
  if (task->job.id)
    push_job(task);
}

static void task_free(struct task *task)
{
  if (task->free_context)
    task->free_context(task->context);
  job_clear(&task->job);
  g_free(task);
}

/* A worker thread runs one task. */
static void work(void *data, G_GNUC_UNUSED void *user)
{
  struct task *task = data;
  struct jobs *jobs = task->jobs;
  g_autoptr(GError) err = NULL;
  bool done = false;
  g_mutex_lock(&jobs->lock);
  task_begin(task);
  g_mutex_unlock(&jobs->lock);
  if (atomic_load(&task->cancel))
    error_set(&err, ERROR_CANCELLED, NULL, "cancelled before it began");
  else
    done = task->run(task, task->context, &err);
  g_mutex_lock(&jobs->lock);
  task_end(task, done, err);
  g_ptr_array_remove_fast(jobs->tasks, task);
  g_mutex_unlock(&jobs->lock);
  task_free(task);
  g_mutex_lock(&jobs->lock);
  jobs->unfinished--;
  g_cond_broadcast(&jobs->changed);
  g_mutex_unlock(&jobs->lock);
}

struct jobs *jobs_new(struct inbox *inbox)
{
  struct jobs *jobs = g_new0(struct jobs, 1);
  jobs->inbox = inbox;
  g_mutex_init(&jobs->lock);
  g_cond_init(&jobs->changed);
  jobs->tasks = g_ptr_array_new();
  for (int i = 0; i < LANES; i++)
    jobs->lanes[i] = g_thread_pool_new(work, NULL, lane_threads[i], FALSE, NULL);
  return jobs;
}

static struct task *task_new(struct jobs *jobs, task_run run, void *context, GDestroyNotify free_context)
{
  struct task *task = g_new0(struct task, 1);
  task->jobs = jobs;
  task->run = run;
  task->context = context;
  task->free_context = free_context;
  return task;
}

static void enqueue(struct jobs *jobs, enum job_lane lane, struct task *task)
{
  g_ptr_array_add(jobs->tasks, task);
  jobs->unfinished++;
  if (jobs->draining && !task->insists)
    atomic_store(&task->cancel, true);
  g_thread_pool_push(jobs->lanes[lane], task, NULL);
}

uint64_t jobs_submit(struct jobs *jobs, enum job_lane lane, const struct job *job, task_run run,
                     void *context, GDestroyNotify free_context)
{
  struct task *task = task_new(jobs, run, context, free_context);
  g_mutex_lock(&jobs->lock);
  const uint64_t id = ++jobs->last_id;
  task->job = (struct job){.id = id,
                           .action = job->action,
                           .state = JOB_QUEUED,
                           .conn = job->conn,
                           .batch = job->batch,
                           .guest = g_strdup(job->guest),
                           .detail = g_strdup(job->detail),
                           .progress = -1,
                           .asked_wall_ns = clock_wall_ns()};
  g_strlcpy(task->job.uuid, job->uuid, sizeof task->job.uuid);
  push_job(task);
  enqueue(jobs, lane, task);
  g_mutex_unlock(&jobs->lock);
  return id;
}

static void ask(struct jobs *jobs, enum job_lane lane, bool insists, task_run run, void *context,
                GDestroyNotify free_context)
{
  struct task *task = task_new(jobs, run, context, free_context);
  task->insists = insists;
  g_mutex_lock(&jobs->lock);
  enqueue(jobs, lane, task);
  g_mutex_unlock(&jobs->lock);
}

void jobs_ask(struct jobs *jobs, enum job_lane lane, task_run run, void *context, GDestroyNotify free_context)
{
  ask(jobs, lane, false, run, context, free_context);
}

void jobs_insist(struct jobs *jobs, task_run run, void *context, GDestroyNotify free_context)
{
  ask(jobs, LANE_ASK, true, run, context, free_context);
}

void jobs_cancel(struct jobs *jobs, uint64_t id)
{
  g_mutex_lock(&jobs->lock);
  for (guint i = 0; i < jobs->tasks->len; i++) {
    struct task *task = jobs->tasks->pdata[i];
    if (task->job.id == id)
      atomic_store(&task->cancel, true);
  }
  g_mutex_unlock(&jobs->lock);
}

GPtrArray *jobs_under_way(struct jobs *jobs)
{
  GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)job_free);
  g_mutex_lock(&jobs->lock);
  for (guint i = 0; i < jobs->tasks->len; i++) {
    const struct task *task = jobs->tasks->pdata[i];
    if (task->job.id)
      g_ptr_array_add(list, job_copy(&task->job));
  }
  g_mutex_unlock(&jobs->lock);
  return list;
}

bool jobs_drain(struct jobs *jobs, double deadline_seconds)
{
  const int64_t deadline = g_get_monotonic_time() + (int64_t)(deadline_seconds * G_USEC_PER_SEC);
  g_mutex_lock(&jobs->lock);
  jobs->draining = true;
  for (guint i = 0; i < jobs->tasks->len; i++) {
    struct task *task = jobs->tasks->pdata[i];
    atomic_store(&task->cancel, !task->insists);
  }
  while (jobs->unfinished > 0 && g_cond_wait_until(&jobs->changed, &jobs->lock, deadline))
    continue;
  const bool drained = jobs->unfinished == 0;
  g_mutex_unlock(&jobs->lock);
  return drained;
}

void jobs_free(struct jobs *jobs)
{
  if (!jobs)
    return;
  for (int i = 0; i < LANES; i++)
    g_thread_pool_free(jobs->lanes[i], FALSE, TRUE);
  g_ptr_array_unref(jobs->tasks);
  g_cond_clear(&jobs->changed);
  g_mutex_clear(&jobs->lock);
  g_free(jobs);
}

const atomic_bool *task_cancel(const struct task *task)
{
  return &task->cancel;
}

void task_progress(struct task *task, double fraction, const char *step)
{
  g_mutex_lock(&task->jobs->lock);
  const bool news = g_strcmp0(step, task->job.step) != 0;
  if (news) {
    g_free(task->job.step);
    task->job.step = g_strdup(step);
  }
  task->job.progress = fraction;
  if (task->job.id && (news || clock_mono_ns() - task->told_ns > PROGRESS_NS))
    push_job(task);
  g_mutex_unlock(&task->jobs->lock);
}

void task_set_uuid(struct task *task, const char *uuid)
{
  g_mutex_lock(&task->jobs->lock);
  g_strlcpy(task->job.uuid, uuid, sizeof task->job.uuid);
  g_mutex_unlock(&task->jobs->lock);
}

void task_set_detail(struct task *task, const char *detail)
{
  g_mutex_lock(&task->jobs->lock);
  g_free(task->job.detail);
  task->job.detail = g_strdup(detail);
  g_mutex_unlock(&task->jobs->lock);
}
