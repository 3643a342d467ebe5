/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the engine know of one another.  All of it belongs to the main thread. */
#ifndef ENGINE_ENGINE_PRIVATE_H
#define ENGINE_ENGINE_PRIVATE_H

#include "core/database/feed.h"
#include "core/engine/engine.h"
#include "core/engine/inbox.h"
#include "core/engine/jobs.h"
#include "core/engine/replay.h"
#include "core/host/host.h"
#include "core/host/trace.h"
#include "core/model/batch.h"
#include "core/model/steal.h"
#include "core/session/recorder.h"
#include "core/virt/virt.h"

/* What a connection can be asked. */
enum ask_kind {
  ASK_OFFERS,
  ASK_PREVIEW,
  ASK_DELETION,
  ASK_SNAPSHOTS,
  ASK_CHAIN,
  ASK_FUNCTIONS,
  ASK_EXPLANATION,
  ASK_RIVALS,
  ASK_HOST,
  ASK_FILL,
  ASK_PROCESS,
  ASK_KINDS
};

struct answer {
  enum ask_kind kind;
  uint64_t number; /* of the question */
  char uuid[37];   /* what it was about; "": no guest */
  void *value;     /* NULL: ERROR says why */
  char *error;
};
void answer_free(struct answer *answer);

/* What came of keeping a template. */
struct template_saved {
  char *path;    /* NULL: ERROR says why */
  GError *error; /* NULL: it is kept */
};
void template_saved_free(struct template_saved *saved);

/* One connection. */
struct link {
  struct virt *virt;
  struct conn_scan *newest; /* never NULL */
  bool fresh;               /* delivered since the last recorded scan */
  struct answer *answers[ASK_KINDS];
  uint64_t asked[ASK_KINDS]; /* number of the newest question */
  GHashTable *looking;       /* set of UUIDs: guests that are being asked what they are inside */
};

/* What came of a file of results: one of the two. */
struct results_answer {
  uint64_t number; /* of its question */
  struct sheet_book *book;
  char *error;
};

struct engine {
  struct inbox *inbox;
  struct settings *settings;
  bool readonly, lab_stop;
  double interval, stop_seconds, steal_threshold;
  int64_t began_mono_ns;

  int link_count;
  struct link *links;
  struct sink sink;
  struct host *host;
  enum kind host_kind; /* of this machine, in a replay of the recorded one */
  struct host_scan *host_newest;
  struct replay *replay;
  struct replay_state replay_state;

  uint64_t tick;
  struct scan *scan;
  struct history *history;
  struct steal_watch *steal;
  GPtrArray *events, *jobs; /* struct event *, struct job * */
  GPtrArray *batches;       /* struct batch *: those with jobs that have not ended */
  int last_batch;           /* the number of the newest */

  struct jobs *workers;
  struct recorder *recorder;
  char *export_file, *recording_problem;
  char **unfinished;

  struct trace *trace;             /* NULL: nothing is traced */
  struct memory_wish memory_wish;  /* the newest */
  bool memory_wished, trace_stops; /* it holds; the trace was told to end */
  struct memory_log *memory;       /* NULL: nothing was seen */
  struct feed *feed;               /* of a database; NULL: none */
  struct delivery_told feed_told;
  struct {
    struct trace *trace;   /* NULL: nothing is traced */
    struct span_wish wish; /* the newest */
    bool wished, stops;    /* it holds; the trace was told to end */
    struct span_log *log;  /* NULL: nothing was seen */
  } spans;

  struct console *console; /* the one that is open, or NULL */
  int preview_conn;        /* of the newest question for a preview */
  uint64_t results_asked;  /* questions so far */
  struct results_answer *results;
  struct template_saved *saved; /* the last one; NULL: none, or not known yet */
  char *notice;
  bool notice_is_error;
};

void engine_set_notice(struct engine *engine, bool is_error, char *text); /* takes TEXT */
void engine_log_event(struct engine *engine, struct event *event);        /* takes EVENT */
/* Take one message into the model; returns the news it is. */
unsigned engine_take(struct engine *engine, struct message *message);
/* Bind the newest of every source into a new scan; when every open connection has delivered since the last
 * one recorded, record it and tell of steal.  Returns the news it is. */
unsigned engine_compose(struct engine *engine);

/* Where the export of JOURNAL goes unless the user said where. */
char *engine_export_path(const char *journal);
/* Into what is shown. */
void engine_add_turn(struct engine *engine, const struct memory_turn *turn);
unsigned engine_take_memory(struct engine *engine, struct message *message);
/* Where OPTIONS name a database: open it. */
bool engine_open_feed(struct engine *engine, const struct engine_options *options, GError **err);
/* TURN goes into it; returns the news it is. */
unsigned engine_feed(struct engine *engine, const struct memory_turn *turn);
/* Wait for what is still to go there, some seconds at most, and tell what came of all. */
void engine_close_feed(struct engine *engine);
void engine_add_spans(struct engine *engine, const struct span_turn *turn);
unsigned engine_take_spans(struct engine *engine, struct message *message);
unsigned engine_take_answer(struct engine *engine, struct message *message);
/* ACTION_BENCH with FLAGS as the job TASK: makes its guests on VIRT, and writes results after each run.
 * RET_TOLD: where they are (caller frees).  Worker thread. */
bool bench_order(struct task *task, struct virt *virt, const char *const *flags, char **ret_told,
                 GError **err);
unsigned engine_take_results(struct engine *engine, struct message *message);
void results_answer_free(struct results_answer *answer); /* NULL is fine */
unsigned engine_take_saved(struct engine *engine, struct message *message);
unsigned engine_take_looked(struct engine *engine, struct message *message);
/* Give SPEC a free name after its template when the user gave none. */
bool engine_fill_name(const struct engine *engine, struct spec *spec, GError **err);
/* The link of connection CONN, or NULL with ERR. */
struct link *engine_link(const struct engine *engine, int conn, GError **err);

#endif
