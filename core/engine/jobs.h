/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The job queue: lanes of worker threads, so that a slow kind of job cannot hold up a
 * fast one.  Each change of a job arrives in the inbox as a copy (MESSAGE_JOB). */
#ifndef ENGINE_JOBS_H
#define ENGINE_JOBS_H

#include <stdatomic.h>

#include "core/engine/inbox.h"
#include "core/model/job.h"

/* Questions to a guest itself, which may not answer, hold up no others. */
enum job_lane { LANE_QUICK, LANE_SLOW, LANE_ASK, LANE_ASK_GUEST, LANES };

struct jobs;
struct task; /* a job while it runs */

/* Runs on a worker thread; returns false with ERR when it failed. */
typedef bool (*task_run)(struct task *task, void *context, GError **err);

struct jobs *jobs_new(struct inbox *inbox);
/* Queue a job; JOB gives action, conn, batch, uuid, guest and detail.  Takes CONTEXT.  Returns its id. */
uint64_t jobs_submit(struct jobs *jobs, enum job_lane lane, const struct job *job, task_run run,
                     void *context, GDestroyNotify free_context);
/* Run something that is no job (a question): RUN delivers its own answer, and ERR is not looked at. */
void jobs_ask(struct jobs *jobs, enum job_lane lane, task_run run, void *context,
              GDestroyNotify free_context);
/* The same on LANE_ASK for what has to be done once it was asked for: draining waits for it, too. */
void jobs_insist(struct jobs *jobs, task_run run, void *context, GDestroyNotify free_context);
void jobs_cancel(struct jobs *jobs, uint64_t id);
/* Pictures of all that are queued or running, which the inbox may not have told of yet: struct job *, no
 * order; g_ptr_array_unref. */
GPtrArray *jobs_under_way(struct jobs *jobs);
/* No new jobs; the queued ones are cancelled, the running ones asked to stop and waited for.
 * False when some still ran after DEADLINE_SECONDS. */
bool jobs_drain(struct jobs *jobs, double deadline_seconds);
/* After a successful drain only (else the threads still use it). */
void jobs_free(struct jobs *jobs);

/* For the running task. */
const atomic_bool *task_cancel(const struct task *task);
void task_progress(struct task *task, double fraction, const char *step);
void task_set_uuid(struct task *task, const char *uuid);
void task_set_detail(struct task *task, const char *detail);

#endif
