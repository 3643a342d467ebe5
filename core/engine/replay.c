/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/engine/replay.h"

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/session/record.h"

#define EACH_REQUEST_NS (10 * NS_PER_S)

enum order_kind { ORDER_PAUSE, ORDER_STEP, ORDER_SPEED, ORDER_JUMP, ORDER_STOP };

struct order {
  enum order_kind kind;
  int64_t number; /* paused or not; scans; wall clock */
  double speed;
};

struct replay {
  struct inbox *inbox;
  GAsyncQueue
      *orders; /* struct order *: the record is on the disk, for which the main thread does not wait */
  GThread *thread;
  /* the thread's own */
  struct record *record;
  uint64_t count;
  int history;
  bool paused;
  double speed;
  uint64_t position; /* index of the scan on the screen */
  int64_t shown_us;  /* monotonic time at which it came there */
  guint next_event, next_job;
  uint64_t next_turn, next_span;
};

void frame_free(struct frame *frame)
{
  if (!frame)
    return;
  g_ptr_array_unref(frame->scans);
  g_ptr_array_unref(frame->events);
  g_ptr_array_unref(frame->jobs);
  g_ptr_array_unref(frame->turns);
  g_ptr_array_unref(frame->spans);
  g_free(frame->problem);
  g_free(frame);
}

static struct frame *frame_new(void)
{
  struct frame *frame = g_new0(struct frame, 1);
  frame->scans = g_ptr_array_new_with_free_func((GDestroyNotify)scan_unref);
  frame->events = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
  frame->jobs = g_ptr_array_new_with_free_func((GDestroyNotify)job_free);
  frame->turns = g_ptr_array_new_with_free_func((GDestroyNotify)memory_turn_unref);
  frame->spans = g_ptr_array_new_with_free_func((GDestroyNotify)span_turn_unref);
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

/* Turns of memory requests up to NOW; after a jump the requests one by one of the last of them alone. */
static void fill_turns(struct replay *replay, struct frame *frame, int64_t now)
{
  const int64_t each_from = frame->reset ? frame->state.now_wall_ns - EACH_REQUEST_NS : INT64_MIN;
  if (frame->reset)
    replay->next_turn = 0;
  for (; replay->next_turn < record_memory_count(replay->record); replay->next_turn++) {
    struct memory_turn *turn = record_memory(replay->record, replay->next_turn, false, NULL);
    const bool due = turn && turn->wall_ns <= now, each = due && turn->wall_ns >= each_from;
    if (each)
      memory_turn_unref(turn);
    if (each)
      turn = record_memory(replay->record, replay->next_turn, true, NULL);
    if (due && turn)
      g_ptr_array_add(frame->turns, turn);
    else
      memory_turn_unref(turn);
    if (!due)
      return;
  }
}

/* Turns of what was timed, up to NOW. */
static void fill_spans(struct replay *replay, struct frame *frame, int64_t now)
{
  if (frame->reset)
    replay->next_span = 0;
  for (; replay->next_span < record_span_count(replay->record); replay->next_span++) {
    struct span_turn *turn = record_spans(replay->record, replay->next_span, NULL);
    if (!turn || turn->wall_ns > now) {
      span_turn_unref(turn);
      return;
    }
    g_ptr_array_add(frame->spans, turn);
  }
}

static void deliver(struct replay *replay, bool reset)
{
  struct frame *frame = frame_new();
  frame->reset = reset;
  fill_state(replay, &frame->state);
  fill_scans(replay, frame);
  fill_happenings(replay, frame, frame->state.at_end ? INT64_MAX : frame->state.now_wall_ns);
  fill_turns(replay, frame, frame->state.at_end ? INT64_MAX : frame->state.now_wall_ns);
  fill_spans(replay, frame, frame->state.at_end ? INT64_MAX : frame->state.now_wall_ns);
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

/* False: the end. */
static bool obey(struct replay *replay, const struct order *order)
{
  switch (order->kind) {
  case ORDER_PAUSE:
    replay->paused = order->number != 0;
    break;
  case ORDER_STEP:
    replay->paused = true;
    replay->position =
        (uint64_t)CLAMP((int64_t)replay->position + order->number, 0, (int64_t)replay->count - 1);
    break;
  case ORDER_SPEED:
    replay->speed = order->speed;
    break;
  case ORDER_JUMP:
    replay->position = record_find(replay->record, order->number);
    break;
  case ORDER_STOP:
    return false;
  }
  return true;
}

/* ORDER, which is freed, and all that wait behind it. */
static bool obey_all(struct replay *replay, struct order *order)
{
  bool goes_on = true;
  for (; order; order = g_async_queue_try_pop(replay->orders)) {
    goes_on = goes_on && obey(replay, order);
    g_free(order);
  }
  return goes_on;
}

/* The next order; NULL: the next scan is due. */
static struct order *wait_for_order(struct replay *replay, int64_t due)
{
  const int64_t now = g_get_monotonic_time();
  return due == INT64_MAX ? g_async_queue_pop(replay->orders)
                          : g_async_queue_timeout_pop(replay->orders, (guint64)MAX(due - now, 0));
}

static void *play(void *data)
{
  struct replay *replay = data;
  bool goes_on = true;
  while (goes_on) {
    const int64_t due = next_due(replay);
    struct order *order = wait_for_order(replay, due);
    const int64_t now = g_get_monotonic_time();
    if (!order) {
      replay->position++;
      /* Keep the recorded pace: the next is counted from when this one was due. */
      replay->shown_us = MAX(due, now - G_USEC_PER_SEC);
      deliver(replay, false);
    } else if ((goes_on = obey_all(replay, order))) {
      /* Whatever changed, the screen is shown anew where we are. */
      replay->shown_us = now;
      deliver(replay, true);
    }
  }
  return NULL;
}

static void ask(struct replay *replay, enum order_kind kind, int64_t number, double speed)
{
  struct order *order = g_new(struct order, 1);
  *order = (struct order){kind, number, speed};
  g_async_queue_push(replay->orders, order);
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
  replay->orders = g_async_queue_new_full(g_free);
  replay_jump(replay, INT64_MIN); /* to the beginning */
  replay->thread = g_thread_new("replay", play, replay);
  return replay;
}

enum kind replay_host_kind(const struct replay *replay)
{
  return record_host_kind(replay->record); /* which does not change: the thread may be reading it */
}

void replay_free(struct replay *replay)
{
  if (!replay)
    return;
  ask(replay, ORDER_STOP, 0, 0);
  g_thread_join(replay->thread);
  g_async_queue_unref(replay->orders);
  record_free(replay->record);
  g_free(replay);
}

void replay_pause(struct replay *replay, bool paused)
{
  ask(replay, ORDER_PAUSE, paused, 0);
}

void replay_step(struct replay *replay, int scans)
{
  ask(replay, ORDER_STEP, scans, 0);
}

void replay_speed(struct replay *replay, double speed)
{
  ask(replay, ORDER_SPEED, 0, speed);
}

void replay_jump(struct replay *replay, int64_t wall_ns)
{
  ask(replay, ORDER_JUMP, wall_ns, 0);
}
