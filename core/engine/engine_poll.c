/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the threads delivered becomes the model that the screen draws. */
#include <string.h>

#include "core/base/clock.h"
#include "core/engine/engine_private.h"

#define EVENTS_KEPT 1000
#define JOBS_KEPT 200

void engine_set_notice(struct engine *engine, bool is_error, char *text)
{
  g_free(engine->notice);
  engine->notice = text;
  engine->notice_is_error = is_error;
}

void engine_log_event(struct engine *engine, struct event *event)
{
  if (engine->recorder)
    recorder_event(engine->recorder, event);
  if (engine->events->len >= EVENTS_KEPT)
    g_ptr_array_remove_range(engine->events, 0, EVENTS_KEPT / 10);
  g_ptr_array_add(engine->events, event);
}

static struct scan *bind_scan(const struct engine *engine)
{
  struct scan *scan = scan_new(engine->link_count);
  scan->tick = engine->tick;
  scan->mono_ns = clock_mono_ns();
  scan->wall_ns = clock_wall_ns();
  scan->interval_seconds = engine->interval;
  scan->host = engine->host_newest ? host_scan_ref(engine->host_newest) : NULL;
  for (int i = 0; i < engine->link_count; i++)
    scan->conns[i] = conn_scan_ref(engine->links[i].newest);
  return scan;
}

/* Has every open connection delivered since the last recorded scan? */
static bool round_is_whole(const struct engine *engine)
{
  bool any = false;
  for (int i = 0; i < engine->link_count; i++) {
    if (engine->links[i].newest->state == CONN_OPEN && !engine->links[i].fresh)
      return false;
    any = any || engine->links[i].fresh;
  }
  return any;
}

static unsigned tell_steal(struct engine *engine)
{
  g_autoptr(GPtrArray) events = steal_watch_take(engine->steal, engine->scan, engine->steal_threshold);
  for (guint i = 0; i < events->len; i++)
    engine_log_event(engine, event_copy(events->pdata[i]));
  return events->len ? NEWS_EVENT : 0;
}

unsigned engine_compose(struct engine *engine)
{
  const bool whole = round_is_whole(engine);
  if (whole)
    engine->tick++;
  scan_unref(engine->scan);
  engine->scan = bind_scan(engine);
  history_add(engine->history, engine->scan);
  if (!whole)
    return 0;
  for (int i = 0; i < engine->link_count; i++)
    engine->links[i].fresh = false;
  if (engine->recorder)
    recorder_scan(engine->recorder, engine->scan);
  return tell_steal(engine);
}

/* ---- one taker per kind of message ---- */

static unsigned take_conn(struct engine *engine, struct message *message)
{
  struct link *link = &engine->links[message->conn];
  conn_scan_unref(link->newest);
  link->newest = g_steal_pointer(&message->payload);
  link->fresh = true;
  return NEWS_SCAN;
}

static unsigned take_host(struct engine *engine, struct message *message)
{
  host_scan_unref(engine->host_newest);
  engine->host_newest = g_steal_pointer(&message->payload);
  return NEWS_SCAN;
}

static unsigned take_event(struct engine *engine, struct message *message)
{
  engine_log_event(engine, g_steal_pointer(&message->payload));
  return NEWS_EVENT;
}

/* The place of the job with ID, or -1. */
static int find_job(const struct engine *engine, uint64_t id)
{
  for (guint i = engine->jobs->len; i-- > 0;)
    if (((struct job *)engine->jobs->pdata[i])->id == id)
      return (int)i;
  return -1;
}

/* Room for more: the oldest that have ended go, those that have not are to be seen and cancelled. */
static void forget_jobs(struct engine *engine)
{
  guint gone = 0;
  for (guint i = 0; i < engine->jobs->len && gone < JOBS_KEPT / 10;) {
    if (job_state_ended(((struct job *)engine->jobs->pdata[i])->state)) {
      g_ptr_array_remove_index(engine->jobs, i);
      gone++;
    } else {
      i++;
    }
  }
}

static void keep_job(struct engine *engine, struct job *job)
{
  const int at = find_job(engine, job->id);
  if (at >= 0) {
    job_free(engine->jobs->pdata[at]);
    engine->jobs->pdata[at] = job;
    return;
  }
  if (engine->jobs->len >= JOBS_KEPT)
    forget_jobs(engine);
  g_ptr_array_add(engine->jobs, job);
}

/* What the user presses, or types, to take something back. */
static const char *undo_key(const struct engine *engine)
{
  const GPtrArray *bindings = engine->settings ? settings_bindings(engine->settings) : NULL;
  for (guint i = 0; bindings && i < bindings->len; i++) {
    const struct binding *binding = bindings->pdata[i];
    if (!strcmp(binding->place, "main") && !strcmp(binding->command, "undo"))
      return binding->key;
  }
  return ":undo";
}

/* SENTENCE, with how what it tells is taken back. */
static void tell(struct engine *engine, bool is_error, const char *sentence, const struct action_undo *undo,
                 bool several)
{
  g_autofree char *back = action_undo_text(undo, undo_key(engine), several);
  engine_set_notice(engine, is_error, g_strconcat(sentence, back ? "; " : NULL, back, NULL));
}

/* The outcome of a job is an event, and told on the notice line. */
static void tell_outcome(struct engine *engine, const struct job *job)
{
  g_autofree char *sentence = job_sentence(job, clock_mono_ns());
  engine_log_event(engine, event_new(EVENT_JOB, job->conn, job->uuid, NULL, sentence));
  tell(engine, job->state != JOB_DONE, sentence, job_undo(job), false);
}

/* What several came to together is told when the last of them has ended. */
static void tell_batch(struct engine *engine, const struct job *job)
{
  for (guint i = 0; i < engine->batches->len; i++) {
    struct batch *batch = engine->batches->pdata[i];
    if (!batch_take(batch, job))
      continue;
    g_autofree char *sentence = batch_sentence(batch);
    engine_log_event(engine, event_new(EVENT_JOB, -1, "", NULL, sentence));
    tell(engine, !batch_is_well(batch), sentence, batch_undo(batch), true);
    g_ptr_array_remove_index(engine->batches, i);
    return;
  }
}

static unsigned take_job(struct engine *engine, struct message *message)
{
  struct job *job = g_steal_pointer(&message->payload);
  if (engine->recorder)
    recorder_job(engine->recorder, job);
  keep_job(engine, job);
  if (!job_state_ended(job->state))
    return NEWS_JOB;
  tell_outcome(engine, job);
  tell_batch(engine, job);
  return NEWS_JOB | NEWS_EVENT | NEWS_NOTICE;
}

static unsigned take_notice(struct engine *engine, struct message *message)
{
  engine_set_notice(engine, message->kind == MESSAGE_FAULT, g_steal_pointer(&message->payload));
  return NEWS_NOTICE;
}

static void forget(struct engine *engine)
{
  history_free(engine->history);
  engine->history = history_new((int)settings_number(engine->settings, SETTING_HISTORY));
  g_ptr_array_set_size(engine->events, 0);
  g_ptr_array_set_size(engine->jobs, 0);
  g_clear_pointer(&engine->memory, memory_log_free);
  g_clear_pointer(&engine->spans.log, span_log_free);
}

static unsigned take_console(G_GNUC_UNUSED struct engine *engine, G_GNUC_UNUSED struct message *message)
{
  return NEWS_CONSOLE;
}

static unsigned take_frame(struct engine *engine, struct message *message)
{
  struct frame *frame = message->payload;
  if (frame->reset)
    forget(engine);
  engine->replay_state = frame->state;
  for (guint i = 0; i < frame->scans->len; i++) {
    scan_unref(engine->scan);
    engine->scan = scan_ref(frame->scans->pdata[i]);
    history_add(engine->history, engine->scan);
  }
  engine->interval = engine->scan->interval_seconds;
  for (guint i = 0; i < frame->events->len; i++)
    engine_log_event(engine, event_copy(frame->events->pdata[i]));
  for (guint i = 0; i < frame->jobs->len; i++)
    keep_job(engine, job_copy(frame->jobs->pdata[i]));
  for (guint i = 0; i < frame->turns->len; i++)
    engine_add_turn(engine, frame->turns->pdata[i]);
  for (guint i = 0; i < frame->spans->len; i++)
    engine_add_spans(engine, frame->spans->pdata[i]);
  if (frame->problem)
    engine_set_notice(engine, true, g_steal_pointer(&frame->problem));
  return NEWS_SCAN | NEWS_EVENT | NEWS_JOB | NEWS_NOTICE | NEWS_MEMORY | NEWS_SPANS;
}

unsigned engine_take(struct engine *engine, struct message *message)
{
  static unsigned (*const takers[])(struct engine *, struct message *) = {
      [MESSAGE_CONN] = take_conn,
      [MESSAGE_HOST] = take_host,
      [MESSAGE_EVENT] = take_event,
      [MESSAGE_JOB] = take_job,
      [MESSAGE_ANSWER] = engine_take_answer,
      [MESSAGE_LOOKED] = engine_take_looked,
      [MESSAGE_SAVED] = engine_take_saved,
      [MESSAGE_RESULTS] = engine_take_results,
      [MESSAGE_NOTICE] = take_notice,
      [MESSAGE_FAULT] = take_notice,
      [MESSAGE_FRAME] = take_frame,
      [MESSAGE_CONSOLE] = take_console,
      [MESSAGE_MEMORY] = engine_take_memory,
      [MESSAGE_SPANS] = engine_take_spans,
  };
  return takers[message->kind](engine, message);
}

unsigned engine_poll(struct engine *engine)
{
  unsigned news = 0;
  bool live = false;
  struct message *message;
  inbox_clear_fd(engine->inbox);
  while ((message = inbox_pop(engine->inbox))) {
    live = live || message->kind == MESSAGE_CONN || message->kind == MESSAGE_HOST;
    /* A second delivery of one connection in one round: the first is not to be lost. */
    if (message->kind == MESSAGE_CONN && engine->links[message->conn].fresh)
      news |= engine_compose(engine);
    news |= engine_take(engine, message);
    message_free(message);
  }
  if (live)
    news |= engine_compose(engine);
  return news;
}

/* ---- looking ---- */

int engine_wake_fd(const struct engine *engine)
{
  return inbox_fd(engine->inbox);
}

const struct scan *engine_scan(const struct engine *engine)
{
  return engine->scan;
}

const struct history *engine_history(const struct engine *engine)
{
  return engine->history;
}

const GPtrArray *engine_events(const struct engine *engine)
{
  return engine->events;
}

const GPtrArray *engine_jobs(const struct engine *engine)
{
  return engine->jobs;
}

const char *engine_notice(const struct engine *engine, bool *ret_is_error)
{
  *ret_is_error = engine->notice_is_error;
  return engine->notice;
}

double engine_interval(const struct engine *engine)
{
  return engine->interval;
}

bool engine_readonly(const struct engine *engine)
{
  return engine->readonly;
}

const char *const *engine_unfinished(const struct engine *engine)
{
  static const char *const none[] = {NULL};
  return engine->unfinished ? (const char *const *)engine->unfinished : none;
}

void engine_recording(const struct engine *engine, struct engine_recording *ret)
{
  *ret = (struct engine_recording){0};
  if (!engine->recorder)
    return;
  struct recorder_state state = {0};
  recorder_state(engine->recorder, &state);
  ret->on = state.recording;
  ret->seconds = (double)(clock_mono_ns() - engine->began_mono_ns) / (double)NS_PER_S;
  /* The text must outlive this call: it changes rarely and is kept in the engine. */
  struct engine *owner = (struct engine *)(uintptr_t)engine;
  g_free(owner->recording_problem);
  owner->recording_problem = state.problem;
  ret->problem = owner->recording_problem;
}
