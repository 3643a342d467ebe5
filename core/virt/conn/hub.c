/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/conn/hub.h"

#include <signal.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/virt/conn/uri.h"

/* ---- its life ---- */

static void init_locks(struct hub *hub)
{
  pthread_condattr_t attr;
  pthread_condattr_init(&attr);
  pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
  pthread_cond_init(&hub->wake, &attr);
  pthread_condattr_destroy(&attr);
  pthread_mutex_init(&hub->lock, NULL);
  pthread_mutex_init(&hub->deliver, NULL);
  pthread_mutex_init(&hub->action_lock, NULL);
  pthread_mutex_init(&hub->open_lock, NULL);
}

struct hub *hub_new(const char *uri, struct lab *lab, bool readonly, const struct sink *sink, int conn)
{
  struct hub *hub = g_new0(struct hub, 1);
  refs_init(&hub->refs);
  init_locks(hub);
  hub->asked = lab ? NULL : g_strdup(uri);
  hub->uri = lab ? g_strdup(lab_uri(lab)) : uri_to_open(uri);
  hub->label = lab ? g_strdup("lab") : uri_label(uri);
  hub->readonly = readonly;
  hub->lab = lab;
  hub->sink = *sink;
  hub->conn = conn;
  return hub;
}

struct hub *hub_ref(struct hub *hub)
{
  refs_get(&hub->refs);
  return hub;
}

void hub_unref(struct hub *hub)
{
  if (!refs_put(&hub->refs))
    return;
  lab_close(hub->lab);
  g_clear_pointer(&hub->deleted, g_ptr_array_unref);
  g_free(hub->asked);
  g_free(hub->uri);
  g_free(hub->label);
  pthread_mutex_destroy(&hub->lock);
  pthread_mutex_destroy(&hub->deliver);
  pthread_mutex_destroy(&hub->action_lock);
  pthread_mutex_destroy(&hub->open_lock);
  pthread_cond_destroy(&hub->wake);
  g_free(hub);
}

static void stop_delivery(struct hub *hub)
{
  pthread_mutex_lock(&hub->deliver);
  hub->silent = true;
  pthread_mutex_unlock(&hub->deliver);
}

/* An action that opens it just now is not waited for. */
static void close_action_conn(struct hub *hub)
{
  if (pthread_mutex_trylock(&hub->action_lock) != 0)
    return;
  hub_close_later(hub, hub->action);
  hub->action = NULL;
  pthread_mutex_unlock(&hub->action_lock);
}

int hub_stop(struct hub *hub, double deadline_seconds)
{
  int64_t deadline_ns = clock_mono_ns() + (int64_t)(deadline_seconds * (double)NS_PER_S);
  stop_delivery(hub);
  close_action_conn(hub);
  pthread_mutex_lock(&hub->lock);
  hub->stopping = true;
  pthread_cond_broadcast(&hub->wake);
  while (hub->threads > 0 && hub_wait(hub, deadline_ns))
    continue;
  int left = hub->threads;
  pthread_mutex_unlock(&hub->lock);
  return left;
}

const char *hub_lab_root(const struct hub *hub)
{
  return hub->lab ? lab_root(hub->lab) : NULL;
}

/* ---- threads ---- */

struct start {
  struct hub *hub;
  char name[16];
  void (*fn)(struct hub *hub, void *arg);
  void *arg;
};

static void *run(void *context)
{
  struct start start = *(struct start *)context;
  g_free(context);
  pthread_setname_np(pthread_self(), start.name);
  start.fn(start.hub, start.arg);
  pthread_mutex_lock(&start.hub->lock);
  start.hub->threads--;
  pthread_cond_broadcast(&start.hub->wake);
  pthread_mutex_unlock(&start.hub->lock);
  hub_unref(start.hub);
  return NULL;
}

static void count_threads(struct hub *hub, int delta)
{
  pthread_mutex_lock(&hub->lock);
  hub->threads += delta;
  pthread_mutex_unlock(&hub->lock);
}

bool hub_thread(struct hub *hub, const char *name, void (*fn)(struct hub *hub, void *arg), void *arg)
{
  pthread_t thread;
  sigset_t all, old;
  struct start *start = g_new0(struct start, 1);
  *start = (struct start){.hub = hub_ref(hub), .fn = fn, .arg = arg};
  g_strlcpy(start->name, name, sizeof start->name);
  count_threads(hub, 1);
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &old); /* signals are for the main thread */
  int rc = pthread_create(&thread, NULL, run, start);
  pthread_sigmask(SIG_SETMASK, &old, NULL);
  if (rc == 0) {
    pthread_detach(thread);
    return true;
  }
  count_threads(hub, -1);
  hub_unref(hub);
  g_free(start);
  return false;
}

bool hub_wait(struct hub *hub, int64_t deadline_ns)
{
  struct timespec ts = {.tv_sec = deadline_ns / NS_PER_S, .tv_nsec = deadline_ns % NS_PER_S};
  return pthread_cond_timedwait(&hub->wake, &hub->lock, &ts) == 0;
}

bool hub_stopping(struct hub *hub)
{
  pthread_mutex_lock(&hub->lock);
  bool stopping = hub->stopping;
  pthread_mutex_unlock(&hub->lock);
  return stopping;
}

static void close_now(struct hub *hub, void *conn)
{
  (void)hub;
  virConnectClose(conn);
}

void hub_close_later(struct hub *hub, virConnectPtr conn)
{
  /* With no thread to be had the connection is kept: a leak is better than a hang. */
  if (conn)
    hub_thread(hub, "virt-close", close_now, conn);
}

/* ---- delivery ---- */

void hub_publish(struct hub *hub, struct conn_scan *scan)
{
  pthread_mutex_lock(&hub->deliver);
  if (hub->silent)
    conn_scan_unref(scan);
  else
    hub->sink.conn(hub->sink.context, hub->conn, scan);
  pthread_mutex_unlock(&hub->deliver);
}

void hub_publish_host(struct hub *hub, struct host_scan *scan)
{
  pthread_mutex_lock(&hub->deliver);
  if (hub->silent)
    host_scan_unref(scan);
  else
    hub->sink.host(hub->sink.context, scan);
  pthread_mutex_unlock(&hub->deliver);
}

void hub_tell(struct hub *hub, struct event *event)
{
  event->conn = hub->conn;
  pthread_mutex_lock(&hub->deliver);
  if (hub->silent)
    event_free(event);
  else
    hub->sink.event(hub->sink.context, event);
  pthread_mutex_unlock(&hub->deliver);
}

void hub_console_news(struct hub *hub)
{
  pthread_mutex_lock(&hub->deliver);
  if (!hub->silent && hub->sink.console)
    hub->sink.console(hub->sink.context, hub->conn);
  pthread_mutex_unlock(&hub->deliver);
}

void hub_say(struct hub *hub, enum event_kind kind, const char *text)
{
  hub_tell(hub, event_new(kind, hub->conn, "", NULL, text));
}
