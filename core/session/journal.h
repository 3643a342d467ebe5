/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The session on disk: one SQLite file.  One thread at a time uses a struct journal.
 *
 *   session     one row: who recorded what, from when to when, and whether it came to its end; what kind of
 * machine the host is (since version 4)
 *   metric      what the numbers in the blobs stand for
 *   connection  one row per connection of the session
 *   guest       one row per definition (info_blob_encode), in order of appearance
 *   scan        one row per tick (scan_blob_encode); a key scan at least every KEY_EVERY
 *   event, job  as in core/model; a job's row is its newest picture
 *   memory      one row per turn of memory tracing, in order; memory_process what each process asked for in
 * it, memory_request each request where that was wished for (since version 2)
 *   span_turn   one row per turn of how long things take, in order; span what was timed in it, with a
 * histogram (span_buckets_text) (since version 3) */
#ifndef SESSION_JOURNAL_H
#define SESSION_JOURNAL_H

#include <glib.h>
#include <stdbool.h>

#include "core/model/event.h"
#include "core/model/job.h"
#include "core/model/kind.h"
#include "core/model/memory.h"
#include "core/model/scan.h"
#include "core/model/span.h"

#define JOURNAL_APPLICATION_ID 0x564c4a4c /* "VLJL" */
#define JOURNAL_VERSION 4
#define JOURNAL_VERSION_MEMORY 2 /* the first that holds memory requests */
#define JOURNAL_VERSION_SPANS 3  /* ... how long things take */
#define JOURNAL_VERSION_KIND 4   /* ... what kind of machine the host is */
#define JOURNAL_KEY_EVERY 120

struct journal_session {
  char *id, *version, *command, *host, *settings; /* settings may be NULL */
  int64_t begin_wall_ns, begin_mono_ns;
  int64_t end_wall_ns, end_mono_ns; /* 0: it did not come to its end */
  uint64_t scans_thinned;
  enum kind host_kind; /* of the machine HOST */
};
void journal_session_clear(struct journal_session *session);

struct journal;
/* Make a new journal at PATH, which must be an empty file or not be there; NULL: a nameless
 * one that goes when it is closed, and that can be read as well as written. */
struct journal *journal_create(const char *path, GError **err);
/* Open for reading.  Refused: not a journal, a newer one (with both numbers), a damaged one. */
struct journal *journal_open(const char *path, GError **err);
/* Open one that cannot be written any more (its disk is full or failing) so that what is put now stays in
 * memory, on top of what it holds; it is read as one, and goes when it is closed. */
struct journal *journal_open_over(const char *path, GError **err);
void journal_close(struct journal *journal); /* NULL is fine */

/* ---- writing: all between begin and commit ---- */
/* SYNC: its commit waits until the disk has it (power loss), not the kernel alone (kill -9). */
bool journal_begin(struct journal *journal, bool sync, GError **err);
bool journal_commit(struct journal *journal, GError **err);
void journal_rollback(struct journal *journal);
bool journal_put_session(struct journal *journal, const struct journal_session *session, GError **err);
bool journal_put_scan(struct journal *journal, const struct scan *scan, GError **err);
bool journal_put_event(struct journal *journal, const struct event *event, GError **err);
bool journal_put_job(struct journal *journal, const struct job *job, GError **err);
bool journal_put_memory(struct journal *journal, const struct memory_turn *turn, GError **err);
/* One more of turn NR, which was put before. */
bool journal_put_memory_request(struct journal *journal, uint64_t nr, const struct memory_request *request,
                                GError **err);
bool journal_put_spans(struct journal *journal, const struct span_turn *turn, GError **err);
/* Mark it complete. */
bool journal_put_end(struct journal *journal, int64_t end_wall_ns, int64_t end_mono_ns,
                     uint64_t scans_thinned, GError **err);
/* The same, not in a transaction, and fold it into one plain file. */
bool journal_finish(struct journal *journal, int64_t end_wall_ns, int64_t end_mono_ns, uint64_t scans_thinned,
                    GError **err);

/* ---- reading ---- */
/* One picture of all that was written up to now, until journal_close. */
bool journal_freeze(struct journal *journal, GError **err);
bool journal_get_session(struct journal *journal, struct journal_session *ret, GError **err);
bool journal_count_scans(struct journal *journal, uint64_t *ret, GError **err);
bool journal_scan_time(struct journal *journal, uint64_t index, int64_t *ret_wall_ns, GError **err);
/* Scan number INDEX (from 0); cheap when it follows the one got last.  Caller unrefs. */
struct scan *journal_get_scan(struct journal *journal, uint64_t index, GError **err);
/* The number of the definition that a guest of a scan got here has (0: none), and back (borrowed). */
uint64_t journal_info_id(struct journal *journal, const struct guest_info *info);
const struct guest_info *journal_info(struct journal *journal, uint64_t id);
/* EACH is called in order; it owns what it is given and returns false (with ERR set) to stop. */
typedef bool journal_each_event(void *context, struct event *event, GError **err);
typedef bool journal_each_job(void *context, struct job *job, GError **err);
typedef bool journal_each_conn(void *context, int number, const struct conn_scan *conn, GError **err);
bool journal_events(struct journal *journal, journal_each_event *each, void *context, GError **err);
bool journal_jobs(struct journal *journal, journal_each_job *each, void *context, GError **err);
/* Turns of memory tracing, counted from 1. */
bool journal_count_memory(struct journal *journal, uint64_t *ret, GError **err);
/* Turn NR, with its requests if they are wished for; caller unrefs. */
struct memory_turn *journal_get_memory(struct journal *journal, uint64_t nr, bool requests, GError **err);
/* Its requests, one by one. */
typedef bool journal_each_request(void *context, uint64_t nr, const struct memory_request *request,
                                  GError **err);
bool journal_memory_requests(struct journal *journal, uint64_t nr, journal_each_request *each, void *context,
                             GError **err);
/* Turns of how long things take, counted from 1; caller unrefs. */
bool journal_count_spans(struct journal *journal, uint64_t *ret, GError **err);
struct span_turn *journal_get_spans(struct journal *journal, uint64_t nr, GError **err);
/* CONN holds uri, label, readonly and local alone, and stays the journal's. */
bool journal_conns(struct journal *journal, journal_each_conn *each, void *context, GError **err);

#endif
