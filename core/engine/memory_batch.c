/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/engine/memory_batch.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/database/feed.h"
#include "core/engine/batch_private.h"
#include "core/engine/inbox.h"
#include "core/host/trace.h"

#define FINISH_SECONDS 10.0 /* for the database to take what waits for it */

struct loop {
  const struct memory_batch_options *options;
  struct trace *trace;
  struct feed *feed; /* NULL: none */
  struct delivery_told news;
  struct inbox *inbox;
  GString *pending; /* of a turn, to be written */
  size_t at;        /* of it, what is next */
  struct memory_batch_result *result;
  struct batch_stream stream;
  unsigned told;     /* how often it was told to end */
  bool more;         /* turns may have come that were not taken */
  bool unread, over; /* nobody reads what is written; the last turn was taken */
};

/* Called by the trace's thread. */
static void deliver(void *inbox, struct memory_turn *turn)
{
  inbox_push(inbox, MESSAGE_MEMORY, -1, turn, (GDestroyNotify)memory_turn_unref);
}

static void tell_news(struct loop *loop, const struct delivery *delivery)
{
  bool wrong;
  char *text;

  while ((text = delivery_news(delivery, &loop->news, &wrong))) {
    loop->options->warn(text);
    g_free(text);
  }
}

static void feed(struct loop *loop, const struct memory_turn *turn)
{
  struct delivery delivery;

  if (!loop->feed)
    return;
  feed_turn(loop->feed, turn);
  feed_state(loop->feed, &delivery);
  tell_news(loop, &delivery);
  delivery_clear(&delivery);
}

static bool take_turn(struct loop *loop, const struct memory_turn *turn, GError **err)
{
  const struct memory_batch_options *options = loop->options;

  memory_sums_add(&loop->result->total, &turn->sums);
  feed(loop, turn);
  loop->over = turn->ended;
  if (turn->problem)
    return error_set(err, ERROR_RESOURCES, NULL, "%s", turn->problem);
  if (loop->stream.written == 0)
    loop->stream.began_mono_ns = turn->mono_ns;
  memory_batch_write(loop->pending, options->format, turn, options->each, &loop->stream);
  loop->stream.written++;
  /* The first does not count: it tells that the wish is in force, and takes nearly no time. */
  if (options->count > 0 && loop->stream.written > options->count)
    trace_stop(loop->trace);
  return true;
}

/* The next turn, if it is there. */
static bool take_next(struct loop *loop, GError **err)
{
  inbox_clear_fd(loop->inbox);
  struct message *message = inbox_pop(loop->inbox);
  const bool ok = !message || take_turn(loop, message->payload, err);

  loop->more = message != NULL;
  if (message)
    trace_took(loop->trace);
  message_free(message);
  return ok;
}

static bool write_some(struct loop *loop, GError **err)
{
  const size_t left = loop->pending->len - loop->at;
  const ssize_t n = write(loop->options->out_fd, loop->pending->str + loop->at, MIN(left, BATCH_CHUNK));

  if (n < 0 && errno == EPIPE)
    loop->unread = true;
  else if (n < 0 && errno != EINTR && errno != EAGAIN)
    return error_set_errno(err, ERROR_GENERAL, errno, NULL, "standard output cannot be written");
  loop->at += n > 0 ? (size_t)n : 0;
  if (loop->unread || loop->at == loop->pending->len) {
    g_string_truncate(loop->pending, 0);
    loop->at = 0;
  }
  return true;
}

/* A signal came.  What is written already is no more than the beginning of what was seen: so the rest is
 * written first, unless a second signal comes. */
static bool take_signal(struct loop *loop, GError **err)
{
  char ignored[128];

  if (read(loop->options->quit_fd, ignored, sizeof ignored) < 0 && errno == EINTR)
    return true;
  trace_stop(loop->trace);
  return ++loop->told < 2 ||
         error_set(err, ERROR_CANCELLED, NULL, "told to end twice: not all that was seen is written");
}

/* Wait for something to do, and do it. */
static bool turn(struct loop *loop, GError **err)
{
  const bool writing = loop->pending->len > 0;
  struct pollfd fds[] = {{.fd = loop->options->quit_fd, .events = POLLIN},
                         {.fd = writing ? -1 : inbox_fd(loop->inbox), .events = POLLIN},
                         {.fd = loop->unread ? -1 : loop->options->out_fd, .events = writing ? POLLOUT : 0}};

  if (poll(fds, G_N_ELEMENTS(fds), loop->more && !writing ? 0 : -1) < 0 && errno != EINTR)
    return error_set_errno(err, ERROR_GENERAL, errno, NULL, "poll");
  if (fds[0].revents && !take_signal(loop, err))
    return false;
  if (fds[2].revents & (POLLERR | POLLNVAL)) {
    loop->unread = true;
    g_string_truncate(loop->pending, 0);
    trace_stop(loop->trace);
  } else if (fds[2].revents && !write_some(loop, err)) {
    return false;
  }
  return writing || take_next(loop, err);
}

/* From the opened sink, if one is wished for, to the last turn. */
static bool run(struct loop *loop, GError **err)
{
  const struct memory_batch_options *options = loop->options;
  struct memory_wish wish = options->wish;
  g_autofree char *state = path_state();

  if (options->sink) {
    loop->feed = feed_start(options->sink, options->sink_password_file, state, err);
    if (!loop->feed)
      return false;
  }
  wish.requests = options->each || loop->feed;
  loop->trace = trace_memory(&wish, deliver, loop->inbox, err);
  bool ok = loop->trace != NULL;
  while (ok && !(loop->over && loop->pending->len == 0))
    ok = turn(loop, err);
  return ok;
}

bool memory_batch_run(const struct memory_batch_options *options, struct memory_batch_result *ret,
                      GError **err)
{
  struct loop loop = {.options = options, .inbox = inbox_new(err), .result = ret};

  *ret = (struct memory_batch_result){0};
  if (!loop.inbox)
    return false;
  loop.pending = g_string_new(NULL);
  const bool ok = run(&loop, err);
  trace_free(loop.trace);
  feed_finish(loop.feed, FINISH_SECONDS, &ret->delivery);
  if (ret->delivery.place)
    tell_news(&loop, &ret->delivery);
  g_string_free(loop.pending, TRUE);
  inbox_free(loop.inbox);
  return ok;
}
