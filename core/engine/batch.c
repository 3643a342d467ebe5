/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/engine/batch.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/engine/batch_play.h"
#include "core/engine/batch_private.h"

/* Scans made out of turn (an event, a kick) are not written: at least this share of the tick lies
 * between two that are. */
#define TICK_SHARE 0.75

/* ---- the loop ---- */

enum step { GO_ON, END, FAILED };

struct batch {
  struct engine *engine;
  const struct batch_options *options;
  GString *pending; /* not written yet */
  size_t written;   /* of it */
  struct batch_stream stream;
  uint64_t last_tick;
  int64_t last_ns;
  bool tour_ended;
};

/* Is there anything to show?  To begin with, all connections have been tried and one is open; one
 * that is lost later is shown as such. */
static bool is_ready(const struct batch *batch, const struct scan *scan)
{
  bool open = batch->stream.written > 0;

  for (int i = 0; i < scan->conn_count; i++) {
    if (scan->conns[i]->state == CONN_OPENING && batch->stream.written == 0)
      return false;
    open |= scan->conns[i]->state == CONN_OPEN;
  }
  return open;
}

static enum error_code code_of(int code)
{
  return code ? (enum error_code)code : ERROR_GENERAL;
}

/* Why no connection can be had, when none can. */
static bool all_failed(const struct scan *scan, GError **err)
{
  const struct conn_scan *failed = NULL;

  for (int i = 0; i < scan->conn_count; i++) {
    if (scan->conns[i]->state != CONN_FAILED)
      return false;
    if (!failed)
      failed = scan->conns[i];
  }
  if (!failed)
    return false;
  if (failed->error)
    error_set(err, code_of(failed->error_code), NULL, "%s", failed->error);
  else
    error_set(err, ERROR_GENERAL, NULL, "cannot open %s: libvirt does not say why", failed->label);
  return true;
}

static enum step follow_tour(struct batch *batch, GError **err)
{
  const GPtrArray *jobs = engine_jobs(batch->engine);

  for (guint i = 0; i < jobs->len; i++) {
    const struct job *job = g_ptr_array_index(jobs, i);
    if (job->action != ACTION_TOUR || !job_state_ended(job->state))
      continue;
    batch->tour_ended = true;
    if (job->state == JOB_DONE)
      return GO_ON;
    error_set(err, code_of(job->error_code), NULL, "the tour failed: %s",
              job->error ? job->error : "cancelled");
    return FAILED;
  }
  return GO_ON;
}

/* What is written is what is watched: every guest's costly readings are wanted at each tick. */
static void watch_all(struct batch *batch, const struct scan *scan)
{
  g_autoptr(GPtrArray) uuids = g_ptr_array_new();

  for (int i = 0; i < scan->conn_count; i++)
    for (int k = 0; k < scan->conns[i]->guest_count; k++)
      g_ptr_array_add(uuids, scan->conns[i]->guests[k]->info->uuid);
  g_ptr_array_add(uuids, NULL);
  engine_set_attention(batch->engine, (const char *const *)uuids->pdata);
}

static enum step take_news(struct batch *batch, GError **err)
{
  engine_poll(batch->engine);

  const struct scan *scan = engine_scan(batch->engine);
  double interval = engine_interval(batch->engine);

  if (batch->stream.written == 0 && all_failed(scan, err))
    return FAILED;
  if (!batch->tour_ended && follow_tour(batch, err) == FAILED)
    return FAILED;
  if (scan->tick == batch->last_tick)
    return GO_ON; /* not a whole round of the connections: such a scan is not recorded either */
  batch->last_tick = scan->tick;
  watch_all(batch, scan);
  if (!batch->tour_ended || batch->pending->len > 0 || !is_ready(batch, scan) ||
      (batch->last_ns && (double)(scan->mono_ns - batch->last_ns) < TICK_SHARE * interval * (double)NS_PER_S))
    return GO_ON;
  if (batch->stream.written == 0)
    batch->stream.began_mono_ns = scan->mono_ns;
  batch_write(batch->pending, batch->options->format, scan, &batch->stream);
  batch->last_ns = scan->mono_ns;
  batch->stream.written++;
  return GO_ON;
}

static enum step write_some(struct batch *batch, GError **err)
{
  size_t left = batch->pending->len - batch->written;
  ssize_t n = write(batch->options->out_fd, batch->pending->str + batch->written, MIN(left, BATCH_CHUNK));

  if (n < 0 && (errno == EINTR || errno == EAGAIN))
    return GO_ON;
  if (n < 0 && errno == EPIPE)
    return END; /* the reader has seen enough */
  if (n < 0) {
    error_set_errno(err, ERROR_GENERAL, errno, NULL, "standard output cannot be written");
    return FAILED;
  }
  batch->written += (size_t)n;
  if (batch->written == batch->pending->len) {
    g_string_truncate(batch->pending, 0);
    batch->written = 0;
  }
  return GO_ON;
}

static bool is_done(const struct batch *batch)
{
  return !batch->options->play && batch->options->count > 0 &&
         batch->stream.written >= batch->options->count && batch->pending->len == 0;
}

/* The script's next steps; RET_MS: when to come again at the latest, negative: no need. */
static enum step play(struct batch *batch, int *ret_ms, GError **err)
{
  g_autoptr(GError) why = NULL;

  *ret_ms = -1;
  if (!batch->options->play || batch_play(batch->engine, batch->options->play, ret_ms, &why))
    return GO_ON;
  if (!why)
    return END;
  g_propagate_error(err, g_steal_pointer(&why));
  return FAILED;
}

/* Wait for something to do, and do it. */
static enum step turn(struct batch *batch, GError **err)
{
  int ms;

  if (play(batch, &ms, err) == FAILED)
    return FAILED;
  if (batch->options->play && ms < 0)
    return END;

  bool writing = batch->pending->len > 0;
  struct pollfd fds[] = {{.fd = batch->options->quit_fd, .events = POLLIN},
                         {.fd = engine_wake_fd(batch->engine), .events = POLLIN},
                         {.fd = batch->options->out_fd, .events = writing ? POLLOUT : 0}};

  if (poll(fds, G_N_ELEMENTS(fds), ms) < 0 && errno != EINTR) {
    error_set_errno(err, ERROR_GENERAL, errno, NULL, "poll");
    return FAILED;
  }
  if (fds[0].revents || (fds[2].revents & (POLLERR | POLLNVAL)) || (!writing && fds[2].revents))
    return END; /* a signal; or the reader of the pipe, the terminal, went away */

  enum step step = fds[2].revents ? write_some(batch, err) : GO_ON;
  return step == GO_ON && (fds[1].revents || batch->options->play) ? take_news(batch, err) : step;
}

bool batch_run(struct engine *engine, const struct batch_options *options, GError **err)
{
  struct batch batch = {
      .engine = engine, .options = options, .pending = g_string_new(NULL), .tour_ended = !options->tour};
  enum step step = GO_ON;

  while (step == GO_ON && !is_done(&batch))
    step = turn(&batch, err);
  g_string_free(batch.pending, TRUE);
  return step != FAILED;
}
