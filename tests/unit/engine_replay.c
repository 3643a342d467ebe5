/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A recorded session played: each scan once and in order, steps, jumps, the end. */
#include "tests/unit/test.h"

#include <poll.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/engine/replay.h"
#include "core/session/record.h"
#include "tests/unit/random_scan.h"
#include "tests/unit/session_dir.h"

#define SCANS 40
#define HISTORY 10

struct playing {
  struct session_dir dir;
  char *journal;
  struct record *record; /* to compare with */
  struct inbox *inbox;
  struct replay *replay;
};

static struct playing playing_new(uint32_t seed)
{
  struct playing p = {.inbox = inbox_new(NULL)};
  g_autoptr(GError) err = NULL;
  session_dir_init(&p.dir);
  p.journal = session_make_journal(&p.dir, seed, SCANS);
  p.record = record_open(p.journal, &err);
  cr_assert_not_null(p.record, "%s", err ? err->message : "");
  p.replay = replay_new(p.journal, HISTORY, p.inbox, &err);
  cr_assert_not_null(p.replay, "%s", err ? err->message : "");
  return p;
}

static void playing_free(struct playing *p)
{
  replay_free(p->replay);
  inbox_free(p->inbox);
  record_free(p->record);
  g_free(p->journal);
  session_dir_clear(&p->dir);
}

/* The next frame; caller frees. */
static struct frame *next_frame(struct playing *p)
{
  for (;;) {
    struct message *message = inbox_pop(p->inbox);
    if (message) {
      cr_assert_eq(message->kind, MESSAGE_FRAME);
      struct frame *frame = message->payload;
      message->payload = NULL;
      message_free(message);
      cr_assert_null(frame->problem, "%s", frame->problem);
      return frame;
    }
    struct pollfd fd = {inbox_fd(p->inbox), POLLIN, 0};
    cr_assert_gt(poll(&fd, 1, 60000), 0, "no frame came");
    inbox_clear_fd(p->inbox);
  }
}

/* Is SCAN the record's number INDEX? */
static void is_scan(struct playing *p, const struct scan *scan, uint64_t index)
{
  struct scan *expected = record_scan(p->record, index, NULL);
  g_autofree char *why = scan_difference(expected, scan, &(struct scan_slack){0, false});
  cr_assert_null(why, "scan %d: %s", (int)index, why);
  scan_unref(expected);
}

/* How many events had happened by NOW. */
static guint events_until(const struct playing *p, int64_t now)
{
  const GPtrArray *events = record_events(p->record);
  guint n = 0;
  while (n < events->len && ((const struct event *)events->pdata[n])->wall_ns <= now)
    n++;
  return n;
}

/* A frame that a jump to INDEX brings: the history before it, all that had happened by then. */
static void is_jump(struct playing *p, const struct frame *frame, uint64_t index)
{
  cr_assert(frame->reset);
  uint64_t first = index > HISTORY ? index - HISTORY : 0;
  cr_assert_eq(frame->scans->len, index - first + 1);
  for (uint64_t i = first; i <= index; i++)
    is_scan(p, frame->scans->pdata[i - first], i);
  cr_assert_eq(frame->state.now_wall_ns, record_scan_time(p->record, index));
  cr_assert_eq(frame->state.at_end, index == SCANS - 1);
  cr_assert_eq(frame->events->len,
               events_until(p, frame->state.at_end ? INT64_MAX : frame->state.now_wall_ns));
}

/* A pause may come after some scans were played: the frame that answers it tells where we are. */
static struct frame *paused_frame(struct playing *p)
{
  for (;;) {
    struct frame *frame = next_frame(p);
    if (frame->state.paused)
      return frame;
    frame_free(frame);
  }
}

Test(replay, steps_and_jumps)
{
  struct playing p = playing_new(31);
  replay_pause(p.replay, true);
  struct frame *frame = paused_frame(&p);
  cr_assert_eq(frame->state.from_wall_ns, record_scan_time(p.record, 0));
  cr_assert_eq(frame->state.to_wall_ns, record_scan_time(p.record, SCANS - 1));
  frame_free(frame);
  static const struct {
    int64_t jump_to; /* -1: step */
    int step;
    uint64_t expected;
  } moves[] = {{0, 0, 0},
               {-1, 1, 1},
               {-1, 5, 6},
               {-1, -2, 4},
               {-1, -100, 0},
               {-1, 3, 3},
               {25, 0, 25},
               {-1, -1000000, 0},
               {-1, 2147483647, SCANS - 1},
               {SCANS - 1, 0, SCANS - 1},
               {7, 0, 7}};
  for (size_t i = 0; i < G_N_ELEMENTS(moves); i++) {
    if (moves[i].jump_to >= 0)
      replay_jump(p.replay, record_scan_time(p.record, (uint64_t)moves[i].jump_to));
    else
      replay_step(p.replay, moves[i].step);
    frame = next_frame(&p);
    is_jump(&p, frame, moves[i].expected);
    cr_assert(frame->state.paused);
    frame_free(frame);
  }
  replay_jump(p.replay, INT64_MIN);
  frame = next_frame(&p);
  is_jump(&p, frame, 0);
  frame_free(frame);
  playing_free(&p);
}

Test(replay, plays_every_scan_event_and_job_once_and_stops_at_the_end)
{
  struct playing p = playing_new(32);
  replay_speed(p.replay, 1e9);
  uint64_t played = 0, events = 0, jobs = 0, turns = 0;
  for (bool at_end = false; !at_end;) {
    struct frame *frame = next_frame(&p);
    if (frame->reset)
      played = events = jobs = turns = 0;
    cr_assert(frame->reset || frame->scans->len == 1, "one scan at a time");
    if (frame->reset) /* the answer to replay_speed, wherever we are */
      played = record_find(p.record, frame->state.now_wall_ns) + 1;
    else
      is_scan(&p, frame->scans->pdata[0], played++);
    events += frame->events->len;
    jobs += frame->jobs->len;
    turns += frame->turns->len;
    at_end = frame->state.at_end;
    frame_free(frame);
  }
  cr_assert_eq(played, SCANS);
  cr_assert_eq(events, record_events(p.record)->len);
  cr_assert_eq(jobs, record_jobs(p.record)->len);
  cr_assert_eq(turns, record_memory_count(p.record));
  replay_pause(p.replay, true);
  struct frame *frame = paused_frame(&p);
  cr_assert(frame->state.at_end, "it stays at the end");
  frame_free(frame);
  playing_free(&p);
}

Test(replay, of_what_cannot_be_played_is_refused)
{
  struct inbox *inbox = inbox_new(NULL);
  const char *const files[] = {"/nowhere/at/all", "/dev/null", "/"};
  for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
    g_autoptr(GError) err = NULL;
    cr_assert_null(replay_new(files[i], HISTORY, inbox, &err), "%s", files[i]);
    cr_assert_not_null(err);
    cr_assert(strstr(err->message, files[i]), "%s", err->message);
  }
  struct session_dir dir;
  session_dir_init(&dir);
  g_autofree char *empty = session_make_journal(&dir, 33, 0);
  g_autoptr(GError) err = NULL;
  cr_assert_null(replay_new(empty, HISTORY, inbox, &err));
  cr_assert(err && strstr(err->message, "no scan"), "%s", err ? err->message : "");
  session_dir_clear(&dir);
  inbox_free(inbox);
}
