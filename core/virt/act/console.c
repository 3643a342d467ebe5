/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/console.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/error.h"

#define CHUNK 4096
#define KEPT_BYTES                                                                                           \
  (256 * 1024) /* said and not taken: no more is read until it is, so that a guest can wait */
#define UNSENT_BYTES (64 * 1024) /* typed and not taken: what a paste may hold */
#define LOOK_NS (NS_PER_S / 2)

struct console {
  struct refs refs; /* the caller's, the thread's, the stream's callback's */
  struct hub *hub;
  char uuid[37];
  char *device; /* NULL: the first */
  bool force;
  int log_fd; /* -1: none */
  char *log;  /* its file, absolute; NULL: none */
  char *name; /* of the guest, once the stream is open */

  /* Under hub->lock; hub->wake tells of changes. */
  GByteArray *said, *typed;
  bool opened, ready, closing, ended;
  char *why;

  virStreamPtr stream; /* the thread's */
};

static void console_unref(struct console *console)
{
  if (!refs_put(&console->refs))
    return;
  if (console->log_fd >= 0)
    close(console->log_fd);
  g_byte_array_unref(console->said);
  g_byte_array_unref(console->typed);
  g_free(console->why);
  g_free(console->device);
  g_free(console->log);
  g_free(console->name);
  hub_unref(console->hub);
  g_free(console);
}

static void unref_later(void *console)
{
  console_unref(console);
}

/* ---- the event loop's thread: only a note that there is something to do ---- */

static void stream_ready(virStreamPtr stream, int events, void *opaque)
{
  struct console *console = opaque;
  (void)events;
  virStreamEventUpdateCallback(stream, 0); /* until it is dealt with */
  pthread_mutex_lock(&console->hub->lock);
  console->ready = true;
  pthread_cond_broadcast(&console->hub->wake);
  pthread_mutex_unlock(&console->hub->lock);
}

/* ---- its own thread ---- */

static void end(struct console *console, char *why)
{
  pthread_mutex_lock(&console->hub->lock);
  console->ended = true;
  g_free(console->why);
  console->why = why;
  pthread_cond_broadcast(&console->hub->wake);
  pthread_mutex_unlock(&console->hub->lock);
  hub_console_news(console->hub);
}

/* The session is to know where the rest of it is. */
static void tell_of_log(struct console *console, enum event_kind kind, const char *how, const char *why)
{
  g_autofree char *text = console->log ? g_strdup_printf("%s %s%s", how, console->log, why) : NULL;
  if (text)
    hub_tell(console->hub, event_new(kind, console->hub->conn, console->uuid, console->name, text));
}

static void log_bytes(struct console *console, const char *bytes, size_t n)
{
  if (console->log_fd < 0 || write(console->log_fd, bytes, n) == (ssize_t)n)
    return;
  g_autofree char *why = g_strdup_printf(": %s", g_strerror(errno));
  tell_of_log(console, EVENT_WARNING, "its console is no longer written to", why);
  close(console->log_fd);
  console->log_fd = -1;
}

/* Hand on what was read; false when enough waits to be taken. */
static bool hand_on(struct console *console, const char *bytes, size_t n)
{
  log_bytes(console, bytes, n);
  pthread_mutex_lock(&console->hub->lock);
  const bool first = console->said->len == 0;
  g_byte_array_append(console->said, (const guint8 *)bytes, (guint)n);
  const bool room = console->said->len < KEPT_BYTES;
  pthread_cond_broadcast(&console->hub->wake);
  pthread_mutex_unlock(&console->hub->lock);
  if (first)
    hub_console_news(console->hub);
  return room;
}

/* Read what is there.  False: it is at its end, which has been told. */
static bool receive(struct console *console)
{
  char bytes[CHUNK];
  for (;;) {
    const int n = virStreamRecv(console->stream, bytes, sizeof bytes);
    if (n == -2)
      return true;
    if (n <= 0) {
      end(console, n < 0 ? g_strdup(last_text()) : NULL);
      return false;
    }
    if (!hand_on(console, bytes, (size_t)n))
      return true;
  }
}

/* Send what was typed, as far as it is taken now; false: it cannot be sent, which has been told. */
static bool send_typed(struct console *console)
{
  for (;;) {
    char bytes[CHUNK];
    pthread_mutex_lock(&console->hub->lock);
    const guint n = MIN(console->typed->len, sizeof bytes);
    if (n)
      memcpy(bytes, console->typed->data, n);
    pthread_mutex_unlock(&console->hub->lock);
    const int sent = n ? virStreamSend(console->stream, bytes, n) : -2;
    if (sent == -2)
      return true;
    if (sent < 0) {
      end(console, g_strdup(last_text()));
      return false;
    }
    pthread_mutex_lock(&console->hub->lock);
    g_byte_array_remove_range(console->typed, 0, (guint)sent);
    pthread_mutex_unlock(&console->hub->lock);
  }
}

/* Wait for something to do; false at the end. */
static bool wait_for_work(struct console *console)
{
  struct hub *hub = console->hub;
  pthread_mutex_lock(&hub->lock);
  while (!console->ready && !console->closing && !hub->stopping)
    hub_wait(hub, clock_mono_ns() + LOOK_NS);
  console->ready = false;
  const bool go_on = !console->closing && !hub->stopping;
  pthread_mutex_unlock(&hub->lock);
  return go_on;
}

/* What the stream is to tell of next. */
static int wanted_events(struct console *console)
{
  pthread_mutex_lock(&console->hub->lock);
  int events = VIR_STREAM_EVENT_ERROR | VIR_STREAM_EVENT_HANGUP;
  if (console->said->len < KEPT_BYTES)
    events |= VIR_STREAM_EVENT_READABLE;
  if (console->typed->len)
    events |= VIR_STREAM_EVENT_WRITABLE;
  pthread_mutex_unlock(&console->hub->lock);
  return events;
}

static bool has_room(struct console *console)
{
  pthread_mutex_lock(&console->hub->lock);
  const bool room = console->said->len < KEPT_BYTES;
  pthread_mutex_unlock(&console->hub->lock);
  return room;
}

static void pump(struct console *console)
{
  do
    if ((has_room(console) && !receive(console)) || !send_typed(console))
      return;
  while (virStreamEventUpdateCallback(console->stream, wanted_events(console)) == 0 &&
         wait_for_work(console));
}

static bool open_stream(struct console *console, GError **err)
{
  const int events = VIR_STREAM_EVENT_READABLE | VIR_STREAM_EVENT_ERROR | VIR_STREAM_EVENT_HANGUP;
  g_autoptr(virConnect) conn = hub_action_conn(console->hub, err);
  g_autoptr(virDomain) domain = conn ? guest_of_uuid(conn, console->uuid, err) : NULL;
  if (!domain)
    return false;
  if (!(console->stream = virStreamNew(conn, VIR_STREAM_NONBLOCK)))
    return virt_error(err, NULL, "no stream");
  const unsigned flags = console->force ? VIR_DOMAIN_CONSOLE_FORCE : VIR_DOMAIN_CONSOLE_SAFE;
  if (virDomainOpenConsole(domain, console->device, console->stream, flags) < 0)
    return virt_error(err,
                      virGetLastErrorCode() == VIR_ERR_OPERATION_FAILED && !console->force
                          ? "Add the word force to take it from whoever has it."
                          : NULL,
                      "its console cannot be opened");
  console->name = g_strdup(virDomainGetName(domain));
  refs_get(&console->refs);
  if (virStreamEventAddCallback(console->stream, events, stream_ready, console, unref_later) == 0)
    return true;
  console_unref(console);
  return virt_error(err, NULL, "its console cannot be watched");
}

static void tell_opened(struct console *console)
{
  pthread_mutex_lock(&console->hub->lock);
  console->opened = true;
  pthread_cond_broadcast(&console->hub->wake);
  pthread_mutex_unlock(&console->hub->lock);
}

static void run(struct hub *hub, void *arg)
{
  struct console *console = arg;
  GError *fault = NULL;
  (void)hub;
  if (open_stream(console, &fault)) {
    tell_opened(console);
    tell_of_log(console, EVENT_GUEST, "its console is written to", "");
    pump(console);
    virStreamEventRemoveCallback(console->stream);
    virStreamAbort(console->stream);
  } else {
    end(console, g_strdup(fault->message));
    g_clear_error(&fault);
  }
  if (console->stream)
    virStreamFree(console->stream);
  console->stream = NULL;
  console_unref(console);
}

/* ---- for others ---- */

static bool open_log(struct console *console, const char *log, GError **err)
{
  console->log = log ? g_canonicalize_filename(log, NULL) : NULL;
  console->log_fd = log ? open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600) : -1;
  return !log || console->log_fd >= 0 || error_set_errno(err, ERROR_RESOURCES, errno, NULL, "log=%s", log);
}

struct console *console_open(struct hub *hub, const struct console_wish *wish, GError **err)
{
  struct console *console = g_new0(struct console, 1);
  refs_init(&console->refs);
  console->hub = hub_ref(hub);
  console->force = wish->force;
  console->device = g_strdup(wish->device);
  console->said = g_byte_array_new();
  console->typed = g_byte_array_new();
  g_strlcpy(console->uuid, wish->uuid, sizeof console->uuid);
  refs_get(&console->refs);
  if (open_log(console, wish->log, err) && hub_thread(hub, "console", run, console))
    return console;
  if (err && !*err)
    error_set(err, ERROR_RESOURCES, NULL, "no thread is to be had");
  console_unref(console);
  console_unref(console);
  return NULL;
}

GBytes *console_take(struct console *console, bool *ret_ended, char **ret_why)
{
  GBytes *bytes = NULL;
  pthread_mutex_lock(&console->hub->lock);
  if (console->said->len) {
    console->ready = console->ready || console->said->len >= KEPT_BYTES; /* it may be read again */
    bytes = g_byte_array_free_to_bytes(console->said);
    console->said = g_byte_array_new();
    pthread_cond_broadcast(&console->hub->wake);
  }
  *ret_ended = console->ended;
  *ret_why = g_strdup(console->why);
  pthread_mutex_unlock(&console->hub->lock);
  return bytes;
}

void console_wait(struct console *console, int64_t deadline_ns)
{
  struct hub *hub = console->hub;
  pthread_mutex_lock(&hub->lock);
  while (!console->said->len && !console->ended && !hub->stopping && hub_wait(hub, deadline_ns))
    ;
  pthread_mutex_unlock(&hub->lock);
}

bool console_wait_open(struct console *console, int64_t deadline_ns)
{
  struct hub *hub = console->hub;
  pthread_mutex_lock(&hub->lock);
  while (!console->opened && !console->ended && !hub->stopping && hub_wait(hub, deadline_ns))
    ;
  const bool opened = console->opened;
  pthread_mutex_unlock(&hub->lock);
  return opened;
}

void console_send(struct console *console, const void *bytes, size_t n)
{
  pthread_mutex_lock(&console->hub->lock);
  if (console->typed->len + n <= UNSENT_BYTES)
    g_byte_array_append(console->typed, bytes, (guint)n);
  console->ready = true;
  pthread_cond_broadcast(&console->hub->wake);
  pthread_mutex_unlock(&console->hub->lock);
}

void console_close(struct console *console)
{
  pthread_mutex_lock(&console->hub->lock);
  console->closing = true;
  pthread_cond_broadcast(&console->hub->wake);
  pthread_mutex_unlock(&console->hub->lock);
  console_unref(console);
}
