/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the engine know of one another.  All of it belongs to the main thread. */
#ifndef ENGINE_ENGINE_PRIVATE_H
#define ENGINE_ENGINE_PRIVATE_H

#include "core/engine/engine.h"
#include "core/engine/inbox.h"
#include "core/engine/jobs.h"
#include "core/engine/replay.h"
#include "core/host/host.h"
#include "core/session/recorder.h"
#include "core/virt/virt.h"

/* One connection. */
struct link {
  struct virt *virt;
  struct conn_scan *newest; /* never NULL */
  bool fresh;               /* delivered since the last recorded scan */
  struct offers *offers;    /* NULL: not asked or not known */
};

/* The answer to a question whose newest asking counts. */
struct preview {
  uint64_t number;
  char *xml, *argv, *error;
};

struct file_list {
  char uuid[37];
  char **files;
  char *error;
};

struct engine {
  struct inbox *inbox;
  struct settings *settings;
  bool readonly, lab_stop;
  double interval;
  int64_t began_mono_ns;

  int link_count;
  struct link *links;
  struct sink sink;
  struct host *host;
  struct host_scan *host_newest;
  struct replay *replay;
  struct engine_replay replay_state;

  uint64_t tick;
  struct scan *scan;
  struct history *history;
  GPtrArray *events, *jobs; /* struct event *, struct job * */

  struct jobs *workers;
  struct recorder *recorder;
  char *export_file, *recording_problem;
  char **unfinished;

  uint64_t previews_asked; /* main thread; the worker compares its own number in the answer */
  struct preview *preview;
  struct file_list *files;
  char *notice;
  bool notice_is_error;
};

void engine_set_notice(struct engine *engine, bool is_error, char *text); /* takes TEXT */
void engine_log_event(struct engine *engine, struct event *event);        /* takes EVENT */
/* Take one message into the model; returns the news it is. */
unsigned engine_take(struct engine *engine, struct message *message);
/* Bind the newest of every source into a new scan; record it when every open connection has
 * delivered since the last one recorded. */
void engine_compose(struct engine *engine);

void preview_free(struct preview *preview);
void file_list_free(struct file_list *list);

#endif
