/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The session on disk while it runs.  A thread of its own appends scans, events and jobs
 * to the journal; events and jobs are never lost, scans are thinned when the disk is slow
 * or full (an event in the journal says how many).  When the journal cannot be written, it is
 * tried again each second and recorder_state tells why. */
#ifndef SESSION_RECORDER_H
#define SESSION_RECORDER_H

#include "core/model/event.h"
#include "core/model/job.h"
#include "core/model/kind.h"
#include "core/model/memory.h"
#include "core/model/scan.h"
#include "core/model/span.h"

struct recorder;
struct recorder_options {
  const char *dir;      /* journals live here; made with 0700 when it is not there */
  const char *command;  /* how the program was started, for the record */
  const char *settings; /* configuration in force, as text; NULL: none */
  const char *version;  /* of the program; NULL: this build's */
  enum kind host_kind;  /* of this machine */
};
struct recorder_state {
  bool recording; /* false while the journal cannot be written, and after recorder_stop */
  uint64_t scans, scans_thinned, events;
  char *problem; /* NULL: all well; g_free */
};

/* All functions but start, export, stop and free return at once, from any thread. */
struct recorder *recorder_start(const struct recorder_options *options, GError **err);
void recorder_scan(struct recorder *recorder, const struct scan *scan); /* takes its own reference */
void recorder_event(struct recorder *recorder, const struct event *event);
void recorder_job(struct recorder *recorder, const struct job *job); /* at each change of state */
/* Its requests are left out, and counted as lost, where very many wait for the disk: false. */
bool recorder_memory(struct recorder *recorder, const struct memory_turn *turn);
void recorder_spans(struct recorder *recorder, const struct span_turn *turn);
void recorder_state(struct recorder *recorder, struct recorder_state *ret);
const char *recorder_journal(const struct recorder *recorder); /* path */
/* Write an export of all recorded so far to TARGET, the session going on.  After a recorder_stop that failed:
 * of all that was recorded or is pending, as a session at its end.  Waits: worker thread. */
bool recorder_export(struct recorder *recorder, const char *target, GError **err);
/* Write what is pending and close the journal, marked complete; waits.  When that fails (disk
 * full), nothing pending is dropped and nothing more is written by itself: call it again once there is room,
 * export, or give up by recorder_free. */
bool recorder_stop(struct recorder *recorder, GError **err);
/* Without a successful recorder_stop the journal stays behind, unfinished.  NULL is fine. */
void recorder_free(struct recorder *recorder);

#endif
