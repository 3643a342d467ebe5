/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/engine/memory_batch.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/engine/inbox.h"
#include "core/host/trace.h"

struct loop {
  const struct memory_batch_options *options;
  struct trace *trace;
  struct inbox *inbox;
  GString *pending; /* of a turn, to be written */
  struct memory_sums *total;
  struct batch_stream stream;
  bool unread, over;
};

/* Called by the trace's thread. */
static void deliver(void *inbox, struct memory_turn *turn)
{
  inbox_push(inbox, MESSAGE_MEMORY, -1, turn, (GDestroyNotify)memory_turn_unref);
}

/* What is pending goes out; a reader that went away is not written to any more. */
static bool write_out(struct loop *loop, GError **err)
{
  size_t at = 0;

  while (!loop->unread && at < loop->pending->len) {
    const ssize_t n = write(loop->options->out_fd, loop->pending->str + at, loop->pending->len - at);
    if (n < 0 && errno == EPIPE)
      loop->unread = true;
    else if (n < 0 && errno != EINTR)
      return error_set_errno(err, ERROR_GENERAL, errno, NULL, "standard output cannot be written");
    at += n > 0 ? (size_t)n : 0;
  }
  g_string_truncate(loop->pending, 0);
  return true;
}

static bool take_turn(struct loop *loop, const struct memory_turn *turn, GError **err)
{
  const struct memory_batch_options *options = loop->options;

  memory_sums_add(loop->total, &turn->sums);
  loop->over = turn->ended;
  if (turn->problem)
    return error_set(err, ERROR_RESOURCES, NULL, "%s", turn->problem);
  if (loop->stream.written == 0)
    loop->stream.began_mono_ns = turn->mono_ns;
  memory_batch_write(loop->pending, options->format, turn, options->wish.requests, &loop->stream);
  loop->stream.written++;
  if (!write_out(loop, err))
    return false;
  /* The first does not count: it tells that the wish is in force, and takes nearly no time. */
  if (loop->unread || (options->count > 0 && loop->stream.written > options->count))
    trace_stop(loop->trace);
  return true;
}

static bool take_turns(struct loop *loop, GError **err)
{
  struct message *message;
  bool ok = true;

  inbox_clear_fd(loop->inbox);
  while (ok && (message = inbox_pop(loop->inbox))) {
    ok = take_turn(loop, message->payload, err);
    message_free(message);
  }
  return ok;
}

static bool run(struct loop *loop, GError **err)
{
  bool ok = true, told = false;

  while (ok && !loop->over) {
    struct pollfd fds[] = {{.fd = inbox_fd(loop->inbox), .events = POLLIN},
                           {.fd = told ? -1 : loop->options->quit_fd, .events = POLLIN},
                           {.fd = loop->options->out_fd}}; /* a pipe that nobody reads any more */

    if (poll(fds, loop->unread ? 2 : G_N_ELEMENTS(fds), -1) < 0 && errno != EINTR)
      return error_set_errno(err, ERROR_GENERAL, errno, NULL, "poll");
    loop->unread = loop->unread || fds[2].revents;
    if (fds[1].revents || fds[2].revents) {
      told = true;
      trace_stop(loop->trace);
    }
    if (fds[0].revents)
      ok = take_turns(loop, err);
  }
  return ok;
}

bool memory_batch_run(const struct memory_batch_options *options, struct memory_sums *ret_total, GError **err)
{
  struct loop loop = {.options = options, .inbox = inbox_new(err), .total = ret_total};
  bool ok = false;

  *ret_total = (struct memory_sums){0};
  if (!loop.inbox)
    return false;
  loop.pending = g_string_new(NULL);
  loop.trace = trace_start(&options->wish, deliver, loop.inbox, err);
  ok = loop.trace && run(&loop, err);
  trace_free(loop.trace);
  g_string_free(loop.pending, TRUE);
  inbox_free(loop.inbox);
  return ok;
}
