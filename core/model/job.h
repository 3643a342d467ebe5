/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Something asked for that takes time.  struct job is a picture of it at one moment. */
#ifndef MODEL_JOB_H
#define MODEL_JOB_H

#include "core/model/action.h"
#include "core/model/scan.h"

enum job_state { JOB_QUEUED, JOB_RUNNING, JOB_DONE, JOB_FAILED, JOB_CANCELLED, JOB_UNKNOWN, JOB_STATES };
const char *job_state_name(enum job_state state);
int job_state_find(const char *name);
bool job_state_ended(enum job_state state);

struct job {
  uint64_t id; /* from 1 in each session */
  enum action_id action;
  enum job_state state;
  int conn;
  int batch; /* those asked for together have the same; 0: asked for alone; not recorded */
  char uuid[37];
  char *guest;     /* name, raw; may be NULL */
  char *detail;    /* what it works on: "template=pulse backend=ide", its words; NULL: none */
  char *step;      /* what it does now, or NULL */
  char *error;     /* libvirt's own text and advice when failed, else NULL */
  int error_code;  /* enum error_code of ERROR; 0: none, or not known (it is not recorded) */
  double progress; /* 0..1; negative: not known */
  int64_t asked_wall_ns, started_mono_ns, ended_mono_ns; /* 0: not yet */
};
struct job *job_copy(const struct job *job);
void job_free(struct job *job);  /* NULL is fine */
void job_clear(struct job *job); /* what it holds */
/* Seconds it ran so far or in all; 0 when it has not started. */
double job_seconds(const struct job *job, int64_t now_mono_ns);
/* What went wrong, without the advice; caller frees. */
char *job_why(const struct job *job);
/* How what it did is taken back; NULL: not at all, or it did nothing. */
const struct action_undo *job_undo(const struct job *job);
/* "launch pulse-02: done in 0.31 s", safe for the screen.  Caller frees. */
char *job_sentence(const struct job *job, int64_t now_mono_ns);
/* Was the connection of JOB looked at since JOB ended?  Before that SCAN may still show its guest as it was.
 */
bool job_is_seen(const struct job *job, const struct scan *scan);
/* Is a guest NAME being launched by one of JOBS (struct job *), or launched and not in SCAN yet? */
bool job_launches(const GPtrArray *jobs, const struct scan *scan, const char *name);

#endif
