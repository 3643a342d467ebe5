/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is watched. */
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "tests/fake/fake_private.h"

#define HISTORY 120

/* ---- for the other parts ---- */

void fake_news(struct engine *engine, unsigned what)
{
  engine->news |= what;
  eventfd_write(engine->wake, 1);
}

void fake_notice(struct engine *engine, bool is_error, char *text)
{
  g_free(engine->notice);
  engine->notice = text;
  engine->notice_is_error = is_error;
  fake_news(engine, NEWS_NOTICE);
}

void fake_note(struct engine *engine, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_free(engine->done);
  engine->done = g_strdup_vprintf(format, args);
  va_end(args);
}

bool fake_may_act(const struct engine *engine, GError **err)
{
  return !engine->options.readonly || error_set(err, ERROR_REFUSED, "start virtlens without --readonly",
                                                "opened read-only: nothing can be changed");
}

const char *fake_done(const struct engine *engine)
{
  return engine->done;
}

/* ---- the world ---- */

static void free_event(gpointer event)
{
  event_free(event);
}

static bool is_removed(const struct engine *engine, const struct guest *guest)
{
  return g_ptr_array_find_with_equal_func(engine->removed, guest->info->uuid, g_str_equal, NULL);
}

static void drop_removed(const struct engine *engine, struct conn_scan *conn)
{
  int kept = 0;
  for (int i = 0; i < conn->guest_count; i++) {
    struct guest *guest = conn->guests[i];
    if (is_removed(engine, guest))
      guest_free(guest);
    else
      conn->guests[kept++] = guest;
  }
  conn->guest_count = kept;
}

static void show(struct engine *engine, uint64_t tick)
{
  struct scan *scan = fake_scan(&engine->options, tick);
  for (int i = 0; i < scan->conn_count; i++)
    drop_removed(engine, scan->conns[i]);
  scan_unref(engine->scan);
  engine->scan = scan;
  history_add(engine->history, scan);
  fake_news(engine, NEWS_SCAN);
}

void fake_step(struct engine *engine)
{
  fake_memory_step(engine);
  fake_spans_step(engine);
  show(engine, engine->scan->tick + 1);
}

void fake_remove(struct engine *engine, const char *name)
{
  const struct guest *guest = scan_find_name(engine->scan, name, NULL, NULL);
  if (guest)
    g_ptr_array_add(engine->removed, g_strdup(guest->info->uuid));
}

static void add_event(struct engine *engine, int64_t wall_ns, enum event_kind kind, const char *uuid,
                      const char *guest, const char *text)
{
  struct event *event = event_new(kind, 0, uuid, guest, text);
  event->wall_ns = wall_ns;
  g_ptr_array_add(engine->events, event);
  fake_news(engine, NEWS_EVENT);
}

void fake_event(struct engine *engine, enum event_kind kind, const char *uuid, const char *text)
{
  const struct guest *guest = scan_find_uuid(engine->scan, 0, uuid, NULL);
  add_event(engine, engine->scan->wall_ns, kind, uuid, guest ? guest->info->name : NULL, text);
}

static void add_past(struct engine *engine)
{
  static const struct {
    enum event_kind kind;
    const char *uuid, *guest, *text;
  } past[] = {{EVENT_SESSION, "", NULL, "session began"},
              {EVENT_CONNECTION, "", NULL, "qemu:///embed: open"},
              {EVENT_GUEST, "00000000-0000-4000-8000-000000000000", "tour-virtio", "started"},
              {EVENT_GUEST, "", "tour-ide", "started"},
              {EVENT_GUEST, "", "alpine-01", "shut off (destroyed)"},
              {EVENT_WARNING, "", "silent", "does not answer: its QEMU may be stopped"}};
  int64_t now = clock_wall_ns();
  for (size_t i = 0; i < G_N_ELEMENTS(past); i++)
    add_event(engine, now + (int64_t)i * NS_PER_S, past[i].kind, past[i].uuid, past[i].guest, past[i].text);
}

/* ---- its life ---- */

struct engine *fake_engine_new(const struct fake_options *options)
{
  struct engine *engine = g_new0(struct engine, 1);
  engine->options = *options;
  engine->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  engine->interval = 1;
  engine->history = history_new(HISTORY);
  engine->events = g_ptr_array_new_with_free_func(free_event);
  engine->jobs = fake_jobs_new();
  engine->removed = g_ptr_array_new_with_free_func(g_free);
  engine->unfinished = g_ptr_array_new_with_free_func(g_free);
  engine->done = g_strdup("");
  if (options->unfinished) {
    g_ptr_array_add(engine->unfinished, g_strdup("/state/virtlens/2026-11-20T101500Z.journal"));
    g_ptr_array_add(engine->unfinished, g_strdup("/state/virtlens/2026-11-19T221000Z.journal"));
  }
  g_ptr_array_add(engine->unfinished, NULL);
  show(engine, 0);
  add_past(engine);
  return engine;
}

bool engine_finish(G_GNUC_UNUSED struct engine *engine, char **ret_export, G_GNUC_UNUSED GError **err)
{
  *ret_export = NULL;
  return true;
}

bool engine_export_again(struct engine *engine, const char *file, G_GNUC_UNUSED GError **err)
{
  fake_note(engine, "export-again %s", file);
  return true;
}

void engine_free(struct engine *engine)
{
  fake_answers_clear(&engine->answers);
  scan_unref(engine->scan);
  history_free(engine->history);
  memory_log_free(engine->memory);
  span_log_free(engine->spans);
  g_ptr_array_unref(engine->events);
  g_ptr_array_unref(engine->jobs);
  g_ptr_array_unref(engine->removed);
  g_ptr_array_unref(engine->unfinished);
  g_free(engine->done);
  g_free(engine->saved);
  g_clear_error(&engine->not_saved);
  g_free(engine->notice);
  close(engine->wake);
  g_free(engine);
}

/* ---- what is there ---- */

int engine_wake_fd(const struct engine *engine)
{
  return engine->wake;
}

unsigned engine_poll(struct engine *engine)
{
  eventfd_t count;
  eventfd_read(engine->wake, &count);
  unsigned what = engine->news;
  engine->news = 0;
  fake_answers_poll(engine);
  return what;
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

/* ---- how it is watched ---- */

void engine_set_attention(G_GNUC_UNUSED struct engine *engine, G_GNUC_UNUSED const char *const *uuids)
{
}

bool engine_set_interval(struct engine *engine, double seconds, GError **err)
{
  if (!(seconds >= 0.1 && seconds <= 60))
    return error_set(err, ERROR_USAGE, NULL, "tick: %g s is not from 0.1 to 60 s", seconds);
  engine->interval = seconds;
  return true;
}

double engine_interval(const struct engine *engine)
{
  return engine->interval;
}

void engine_set_stop_deadline(struct engine *engine, double seconds)
{
  fake_note(engine, "stop-deadline %g", seconds);
}

void engine_set_steal_threshold(struct engine *engine, double percent)
{
  fake_note(engine, "steal-threshold %g", percent);
}

void engine_refresh(struct engine *engine)
{
  fake_step(engine);
}

bool engine_readonly(const struct engine *engine)
{
  return engine->options.readonly;
}

/* ---- the recording ---- */

void engine_recording(G_GNUC_UNUSED const struct engine *engine, struct engine_recording *ret)
{
  *ret = (struct engine_recording){.on = true, .seconds = 252};
}

const char *const *engine_unfinished(const struct engine *engine)
{
  return (const char *const *)engine->unfinished->pdata;
}

static void drop_unfinished(struct engine *engine, const char *journal, const char *verb)
{
  for (guint i = 0; i + 1 < engine->unfinished->len; i++) {
    if (strcmp(g_ptr_array_index(engine->unfinished, i), journal) != 0)
      continue;
    fake_notice(engine, false, g_strdup_printf("%s %s", verb, journal));
    g_ptr_array_remove_index(engine->unfinished, i);
    return;
  }
}

void engine_recover(struct engine *engine, const char *journal)
{
  drop_unfinished(engine, journal, "recovered");
}

void engine_discard(struct engine *engine, const char *journal)
{
  drop_unfinished(engine, journal, "removed");
}

/* ---- replay: as far as the screen has to know that it is one ---- */

void engine_replay_state(const struct engine *engine, struct replay_state *ret)
{
  *ret = (struct replay_state){.active = engine->options.replay, .speed = 1};
}

void engine_replay_pause(G_GNUC_UNUSED struct engine *engine, G_GNUC_UNUSED bool paused)
{
}

void engine_replay_step(G_GNUC_UNUSED struct engine *engine, G_GNUC_UNUSED int scans)
{
}

bool engine_replay_speed(G_GNUC_UNUSED struct engine *engine, G_GNUC_UNUSED double speed, GError **err)
{
  return error_set(err, ERROR_REFUSED, NULL, "this is no replay");
}

void engine_replay_jump(G_GNUC_UNUSED struct engine *engine, G_GNUC_UNUSED int64_t wall_ns)
{
}
