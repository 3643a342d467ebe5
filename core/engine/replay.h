/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The source that plays a recorded session: a thread reads the record and delivers
 * frames (MESSAGE_FRAME) at their time. */
#ifndef ENGINE_REPLAY_H
#define ENGINE_REPLAY_H

#include "core/engine/inbox.h"
#include "core/engine/replay_state.h"
#include "core/model/event.h"
#include "core/model/job.h"
#include "core/model/kind.h"
#include "core/model/memory.h"
#include "core/model/scan.h"
#include "core/model/span.h"

/* What one step brings. */
struct frame {
  bool reset;        /* the position jumped: forget history, events and jobs first */
  GPtrArray *scans;  /* struct scan *, oldest first; the last is now, those before fill the graphs */
  GPtrArray *events; /* struct event * since the frame before */
  GPtrArray *jobs;   /* struct job * since the frame before */
  GPtrArray *turns;  /* struct memory_turn * since the frame before */
  GPtrArray *spans;  /* struct span_turn * since the frame before */
  struct replay_state state;
  char *problem; /* a scan could not be read; NULL: all well */
};
void frame_free(struct frame *frame);

struct replay;
/* HISTORY: how many scans before a jump's target fill the graphs. */
struct replay *replay_new(const char *file, int history, struct inbox *inbox, GError **err);
/* What kind of machine it was recorded on. */
enum kind replay_host_kind(const struct replay *replay);
void replay_free(struct replay *replay);
void replay_pause(struct replay *replay, bool paused);
void replay_step(struct replay *replay, int scans);
void replay_speed(struct replay *replay, double speed);
void replay_jump(struct replay *replay, int64_t wall_ns);

#endif
