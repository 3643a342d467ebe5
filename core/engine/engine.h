/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one door the screen uses.  All functions are for the main thread and return at
 * once; what takes time is a job or a question answered later through engine_poll. */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "core/engine/replay_state.h"
#include "core/engine/settings.h"
#include "core/model/chain.h"
#include "core/model/deletion.h"
#include "core/model/delivery.h"
#include "core/model/event.h"
#include "core/model/explanation.h"
#include "core/model/history.h"
#include "core/model/host_look.h"
#include "core/model/job.h"
#include "core/model/kind.h"
#include "core/model/memory_log.h"
#include "core/model/offers.h"
#include "core/model/rivals.h"
#include "core/model/scan.h"
#include "core/model/sheet.h"
#include "core/model/snapshot.h"
#include "core/model/span_log.h"
#include "core/model/spec.h"
#include "core/model/sriov.h"
#include "core/model/target.h"

struct engine;

struct engine_options {
  const char *const *uris; /* NULL-terminated; NULL or empty: libvirt's choice */
  bool lab, lab_stop, readonly, tour;
  const char *lab_root;           /* NULL: default */
  const char *export_file;        /* NULL: a new file in the state folder */
  const char *replay_file;        /* journal or export instead of libvirt; NULL: live */
  const char *sink;               /* URL of a database that memory requests go into, too; NULL: none */
  const char *sink_password_file; /* NULL: the client library's option files and the environment */
  const char *command;            /* for the record */
  const struct settings *settings;
};

/* Open everything in the background, but for SINK, which is waited for, some seconds at most.  Fails at once
 * for what can be known at once: export folder not writable, lab held by another program, replay file
 * malformed, database absent or of another shape. */
struct engine *engine_new(const struct engine_options *options, GError **err);
/* End the session: jobs are waited for or left within a bounded time, journal closed, export
 * written.  RET_EXPORT gets its path (g_free), NULL when there is none (replay, or it cannot be made).  On
 * failure ERR names the journal, which stays: because the export could not be made, or because it could not
 * be closed or removed, while RET_EXPORT has everything. */
bool engine_finish(struct engine *engine, char **ret_export, GError **err);
/* Try the export again, to FILE, after engine_finish gave none. */
bool engine_export_again(struct engine *engine, const char *file, GError **err);
void engine_free(struct engine *engine);

/* Readable (poll) when something new is there; cleared by engine_poll. */
int engine_wake_fd(const struct engine *engine);

enum engine_news {
  NEWS_SCAN = 1 << 0,
  NEWS_EVENT = 1 << 1,
  NEWS_JOB = 1 << 2,
  NEWS_OFFERS = 1 << 3,
  NEWS_PREVIEW = 1 << 4,
  NEWS_DELETION = 1 << 5,
  NEWS_NOTICE = 1 << 6,
  NEWS_SNAPSHOTS = 1 << 7,
  NEWS_CONSOLE = 1 << 8,
  NEWS_CHAIN = 1 << 9,
  NEWS_FUNCTIONS = 1 << 10,
  NEWS_EXPLANATION = 1 << 11,
  NEWS_FILLED = 1 << 12,
  NEWS_RIVALS = 1 << 13,
  NEWS_HOST = 1 << 14,
  NEWS_MEMORY = 1 << 15,
  NEWS_PROCESS = 1 << 16,
  NEWS_SAVED = 1 << 17,
  NEWS_SPANS = 1 << 18,
  NEWS_RESULTS = 1 << 19
};
/* Take in what threads delivered; returns the kinds of news (bits). */
unsigned engine_poll(struct engine *engine);

/* All of these are borrowed and valid until the next engine_poll. */
const struct scan *engine_scan(const struct engine *engine); /* never NULL */
const struct history *engine_history(const struct engine *engine);
const GPtrArray *engine_events(const struct engine *engine); /* struct event *, oldest first, the last 1000 */
const GPtrArray *
engine_jobs(const struct engine *engine); /* struct job *, oldest first, the last 200 and all under way */
const struct offers *engine_offers(const struct engine *engine, int conn); /* NULL: not known yet */
/* The last thing to tell the user in one line (job outcome, refused command), or NULL. */
const char *engine_notice(const struct engine *engine, bool *ret_is_error);

/* ---- asking ---- */
/* Act on the guest UUID of connection CONN ("" and any CONN for ACTION_TOUR).  Refused with the
 * reason when its state or --readonly forbids it.  RET_JOB may be NULL. */
bool engine_act(struct engine *engine, int conn, const char *uuid, enum action_id action,
                const char *const *flags, uint64_t *ret_job, GError **err);
/* The same for COUNT guests, a job each; whoever it cannot be done to does not hold up the others.  When the
 * last has ended, what they came to is an event and the notice.  Refused when it can be done to none. */
bool engine_act_all(struct engine *engine, const struct target *guests, guint count, enum action_id action,
                    const char *const *flags, GError **err);
/* Launch SPEC; what the user did not give is filled in as for engine_ask_fill. */
bool engine_launch(struct engine *engine, int conn, const struct spec *spec, uint64_t *ret_job, GError **err);
void engine_cancel(struct engine *engine, uint64_t job);
/* Ask for offers / a preview / what a deletion comes to; the answer is news. */
void engine_ask_offers(struct engine *engine, int conn);
void engine_ask_preview(struct engine *engine, int conn, const struct spec *spec);
void engine_ask_deletion(struct engine *engine, int conn, const char *uuid);
/* Answers: borrowed, NULL while not known.  A preview's ERROR says why there is none. */
bool engine_preview(const struct engine *engine, const char **ret_xml, const char **ret_argv,
                    const char **ret_error);
const struct deletion *engine_deletion(const struct engine *engine, const char *uuid, const char **ret_error);
/* Ask for the snapshots of a guest; the answer is news, borrowed, NULL while not known (RET_ERROR: why). */
void engine_ask_snapshots(struct engine *engine, int conn, const char *uuid);
const struct snapshot_list *engine_snapshots(const struct engine *engine, const char *uuid,
                                             const char **ret_error);
/* The same of what a guest's disks stand on. */
void engine_ask_chain(struct engine *engine, int conn, const char *uuid);
const struct chain *engine_chain(const struct engine *engine, const char *uuid, const char **ret_error);
/* The same of the virtual functions of CONN's host. */
void engine_ask_functions(struct engine *engine, int conn);
const struct sriov_list *engine_functions(const struct engine *engine, int conn, const char **ret_error);
/* The same of FILE with the results of a benchmark (NULL: the newest that a session has run), its rows held
 * against BASELINE (a backend; NULL: that of its plan). */
void engine_ask_results(struct engine *engine, const char *file, const char *baseline);
const struct sheet_book *engine_results(const struct engine *engine, const char **ret_error);
/* The same of what kind of virtualization a guest is, and what of it can be seen. */
void engine_ask_explanation(struct engine *engine, int conn, const char *uuid);
const struct explanation *engine_explanation(const struct engine *engine, const char *uuid,
                                             const char **ret_error);
/* The same of the process of this machine that runs a guest: its pid, 0 while not known. */
void engine_ask_process(struct engine *engine, int conn, const char *uuid);
int engine_process(const struct engine *engine, const char *uuid, const char **ret_error);
/* The same of who ran on the CPUs of a guest's vCPUs between the last two questions; while a question is
 * under way, and for half a second after its answer, no other is asked, and the last answer stays. */
void engine_ask_rivals(struct engine *engine, int conn, const char *uuid);
const struct rivals *engine_rivals(const struct engine *engine, const char *uuid, const char **ret_error);
/* The same of this machine, if a connection's guests run on it: what scans leave out of it. */
void engine_ask_host(struct engine *engine);
const struct host_look *engine_host_look(const struct engine *engine, const char **ret_error);
/* What kind of machine this is itself; in a replay, the one that the session was recorded on. */
enum kind engine_host_kind(const struct engine *engine);
/* Ask a guest that runs what it is inside, unless it is being asked: the answer is in its info in the scans
 * that follow. */
void engine_look_inside(struct engine *engine, int conn, const char *uuid);
/* Open the console of a guest in the background, in place of the one that is open; news tell that it said
 * something or has ended.  FORCE: also where somebody else has it.  LOG (NULL: none): a file to append what
 * it says to. */
bool engine_console_open(struct engine *engine, int conn, const char *uuid, bool force, const char *log,
                         GError **err);
/* What it said since the last call (caller unrefs), or NULL.  RET_ENDED: nothing more comes; RET_WHY
 * (g_free), NULL: it was closed by the guest. */
GBytes *engine_console_take(struct engine *engine, bool *ret_ended, char **ret_why);
void engine_console_send(struct engine *engine, const void *bytes, size_t n);
void engine_console_close(struct engine *engine);
/* Ask for SPEC with what the user did not give filled in: a name after the template ("pulse-2", the first
 * that is free), and the template's values.  The answer is news, borrowed, NULL while not known (RET_ERROR:
 * why). */
void engine_ask_fill(struct engine *engine, int conn, const struct spec *spec);
const struct spec *engine_filled(const struct engine *engine, int conn, const char **ret_error);
/* Write an export now; the outcome comes as a notice. */
void engine_export_now(struct engine *engine, const char *file);
/* Keep SPEC as the user's template NAME ($XDG_CONFIG_HOME/virtlens/templates); the next offers have it.
 * An existing one is replaced only if REPLACE, else ERROR_REFUSED.  The outcome is news. */
void engine_save_template(struct engine *engine, const struct spec *spec, const char *name, bool replace);
/* Where the template asked for last is kept; NULL: not, and RET_ERROR says why, or NULL: not known yet.  Both
 * borrowed. */
const char *engine_template_saved(const struct engine *engine, const GError **ret_error);

/* ---- memory requests ---- */
/* See in the background what WISH says, in place of what was wished before, until engine_memory_stop; what is
 * seen is recorded.  Where requests go into a database, each is wished for.  Refused in a replay, which shows
 * what was recorded. */
bool engine_memory_watch(struct engine *engine, const struct memory_wish *wish, GError **err);
void engine_memory_stop(struct engine *engine);
/* What was seen since it was last wished for anew; its newest turn tells whether it has ended, and why.
 * Borrowed until the next engine_poll; NULL: nothing yet. */
struct memory_log *engine_memory(const struct engine *engine);
/* How far requests have come on their way into the database; false: there is none.  Caller clears RET. */
bool engine_delivery(const struct engine *engine, struct delivery *ret);

/* ---- how long things take ---- */
/* See in the background what is of KIND, in place of another kind, until engine_spans_stop; what is seen is
 * recorded.  Refused in a replay, which shows what was recorded. */
bool engine_spans_watch(struct engine *engine, enum span_kind kind, GError **err);
void engine_spans_stop(struct engine *engine);
/* What of KIND was seen since it was last wished for; its newest turn tells whether it has ended, and why.
 * Borrowed until the next engine_poll; NULL: nothing yet. */
const struct span_log *engine_spans(const struct engine *engine, enum span_kind kind);

/* ---- how it is watched ---- */
void engine_set_attention(struct engine *engine, const char *const *uuids);
bool engine_set_interval(struct engine *engine, double seconds, GError **err); /* 0.1 .. 60 */
double engine_interval(const struct engine *engine);
/* How long guests may take to shut down, from now on. */
void engine_set_stop_deadline(struct engine *engine, double seconds);
/* From how many percent of steal on an event tells of it, from now on. */
void engine_set_steal_threshold(struct engine *engine, double percent);
void engine_refresh(struct engine *engine);
bool engine_readonly(const struct engine *engine);

/* ---- the recording ---- */
struct engine_recording {
  bool on;             /* false in replay */
  double seconds;      /* since the session began */
  const char *problem; /* NULL: all well */
};
void engine_recording(const struct engine *engine, struct engine_recording *ret);
/* Sessions that ended without an export: paths, NULL-terminated, borrowed. */
const char *const *engine_unfinished(const struct engine *engine);
/* Make the export of JOURNAL (one of them), or remove it for good.  The outcome comes as a notice;
 * the journal is no longer listed. */
void engine_recover(struct engine *engine, const char *journal);
void engine_discard(struct engine *engine, const char *journal);

/* ---- replay ---- */
void engine_replay_state(const struct engine *engine, struct replay_state *ret);
void engine_replay_pause(struct engine *engine, bool paused);
void engine_replay_step(struct engine *engine, int scans);                   /* negative: back; pauses */
bool engine_replay_speed(struct engine *engine, double speed, GError **err); /* 0.1 .. 100 */
void engine_replay_jump(struct engine *engine, int64_t wall_ns);

#endif
