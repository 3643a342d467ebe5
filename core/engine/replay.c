/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/engine/replay.h"

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/session/record.h"

struct replay {
  struct inbox *inbox;
  struct record *record; /* the thread's own after replay_new */
  uint64_t count;
  int history;
  GThread *thread;
  GMutex lock; /* guards what follows */
  GCond changed;
  bool stop, paused;
  double speed;
  uint64_t position; /* index of the scan on the screen */
  int64_t shown_us;  /* monotonic time at which it came there */
  bool moved;        /* the position was set from outside */
  guint next_event, next_job;
};

void frame_free(struct frame *frame)
{
  if (!frame)
    return;
  g_ptr_array_unref(frame->scans);
  g_ptr_array_unref(frame->events);
  g_ptr_array_unref(frame->jobs);
  g_free(frame->problem);
  g_free(frame);
}

static struct frame *frame_new(void)
{
  struct frame *frame = g_new0(struct frame, 1);
  frame->scans = g_ptr_array_new_with_free_func((GDestroyNotify)scan_unref);
  frame->events = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
  frame->jobs = g_ptr_array_new_with_free_func((GDestroyNotify)job_free);
  return frame;
}

static void fill_state(const struct replay *replay, struct replay_state *state)
{
  *state = (struct replay_state){.active = true,
                                 .paused = replay->paused,
                                 .at_end = replay->position + 1 >= replay->count,
                                 .speed = replay->speed,
                                 .from_wall_ns = record_scan_time(replay->record, 0),
                                 .to_wall_ns = record_scan_time(replay->record, replay->count - 1),
                                 .now_wall_ns = record_scan_time(replay->record, replay->position)};
}

static void fill_scans(struct replay *replay, struct frame *frame)
{
  const uint64_t back = frame->reset ? MIN((uint64_t)replay->history, replay->position) : 0;
  for (uint64_t i = replay->position - back; i <= replay->position; i++) {
    g_autoptr(GError) err = NULL;
    struct scan *scan = record_scan(replay->record, i, &err);
    if (scan)
      g_ptr_array_add(frame->scans, scan);
    else if (!frame->problem)
      frame->problem = g_strdup(err ? err->message : "a scan could not be read");
  }
}

/* What happened up to NOW and was not delivered yet. */
static void fill_happenings(struct replay *replay, struct frame *frame, int64_t now)
{
  const GPtrArray *events = record_events(replay->record), *jobs = record_jobs(replay->record);
  if (frame->reset)
    replay->next_event = replay->next_job = 0;
  for (; replay->next_event < events->len; replay->next_event++) {
    const struct event *event = events->pdata[replay->next_event];
    if (event->wall_ns > now)
      break;
    g_ptr_array_add(frame->events, event_copy(event));
  }
  for (; replay->next_job < jobs->len; replay->next_job++) {
    const struct job *job = jobs->pdata[replay->next_job];
    if (job->asked_wall_ns > now)
      break;
    g_ptr_array_add(frame->jobs, job_copy(job));
  }
}

static void deliver(struct replay *replay, bool reset)
{
  struct frame *frame = frame_new();
  frame->reset = reset;
  fill_state(replay, &frame->state);
  fill_scans(replay, frame);
  fill_happenings(replay, frame, frame->state.at_end ? INT64_MAX : frame->state.now_wall_ns);
  inbox_push(replay->inbox, MESSAGE_FRAME, -1, frame, (GDestroyNotify)frame_free);
}

/* Monotonic time (us) at which the next scan is due; INT64_MAX: none is. */
static int64_t next_due(const struct replay *replay)
{
  if (replay->paused || replay->position + 1 >= replay->count)
    return INT64_MAX;
  const int64_t gap = record_scan_time(replay->record, replay->position + 1) -
                      record_scan_time(replay->record, replay->position);
  return replay->shown_us + (int64_t)((double)MAX(gap, 0) / 1000 / replay->speed);
}

static void wait_for(struct replay *replay, int64_t due)
{
  if (due == INT64_MAX)
    g_cond_wait(&replay->changed, &replay->lock);
  else
    g_cond_wait_until(&replay->changed, &replay->lock, due);
}

static void *play(void *data)
{
  struct replay *replay = data;
  g_mutex_lock(&replay->lock);
  while (!replay->stop) {
    const int64_t due = next_due(replay), now = g_get_monotonic_time();
    if (replay->moved) {
      replay->moved = false;
      replay->shown_us = now;
      deliver(replay, true);
    } else if (due <= now) {
      replay->position++;
      /* Keep the recorded pace: the next is counted from when this one was due. */
      replay->shown_us = MAX(due, now - G_USEC_PER_SEC);
      deliver(replay, false);
    } else {
      wait_for(replay, due);
    }
  }
  g_mutex_unlock(&replay->lock);
  return NULL;
}

struct replay *replay_new(const char *file, int history, struct inbox *inbox, GError **err)
{
  struct record *record = record_open(file, err);
  if (!record)
    return NULL;
  if (record_scan_count(record) == 0) {
    record_free(record);
    error_set(err, ERROR_GENERAL, NULL, "cannot replay %s: it holds no scan", file);
    return NULL;
  }
  struct replay *replay = g_new0(struct replay, 1);
  replay->inbox = inbox;
  replay->record = record;
  replay->count = record_scan_count(record);
  replay->history = history;
  replay->speed = 1;
  replay->moved = true;
  g_mutex_init(&replay->lock);
  g_cond_init(&replay->changed);
  replay->thread = g_thread_new("replay", play, replay);
  return replay;
}

void replay_free(struct replay *replay)
{
  if (!replay)
    return;
  g_mutex_lock(&replay->lock);
  replay->stop = true;
  g_cond_signal(&replay->changed);
  g_mutex_unlock(&replay->lock);
  g_thread_join(replay->thread);
  record_free(replay->record);
  g_cond_clear(&replay->changed);
  g_mutex_clear(&replay->lock);
  g_free(replay);
}

/* A change of the state that the screen shows: delivered as a jump to where we are. */
static void change(struct replay *replay)
{
  replay->moved = true;
  g_cond_signal(&replay->changed);
  g_mutex_unlock(&replay->lock);
}

void replay_pause(struct replay *replay, bool paused)
{
  g_mutex_lock(&replay->lock);
  replay->paused = paused;
  change(replay);
}

void replay_step(struct replay *replay, int scans)
{
  g_mutex_lock(&replay->lock);
  const int64_t target = (int64_t)replay->position + scans;
  replay->paused = true;
  replay->position = (uint64_t)CLAMP(target, 0, (int64_t)replay->count - 1);
  change(replay);
}

void replay_speed(struct replay *replay, double speed)
{
  g_mutex_lock(&replay->lock);
  replay->speed = speed;
  change(replay);
}

void replay_jump(struct replay *replay, int64_t wall_ns)
{
  g_mutex_lock(&replay->lock);
  replay->position = record_find(replay->record, wall_ns);
  change(replay);
}
