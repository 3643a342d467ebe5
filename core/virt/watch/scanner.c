/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/watch/scanner.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/virt/conn/uri.h"
#include "core/virt/watch/events.h"
#include "core/virt/watch/heavy.h"
#include "core/virt/watch/light.h"
#include "core/virt/watch/local.h"
#include "core/virt/watch/node.h"
#include "core/virt/watch/passed.h"

#define INFO_SECONDS 0.05 /* at most so long for definitions in one tick */

struct scanner {
  struct hub *hub;
  struct watch *watch;
  virConnectPtr conn;
  struct event_watch events;
  bool processes; /* its guests may be processes of this machine */
  struct roster *roster;
  struct heavy heavy;
  enum light_way way;
  struct node *node; /* remote connections only */
  struct conn_scan *last;
  char *uri; /* as libvirt says it, once open */
  uint64_t tick;
  int64_t beat_ns; /* when the last tick was due */
  int failures;    /* to open, in a row */
  bool was_open;
  char *told; /* the failure told last */
};

/* ---- publishing ---- */

static struct conn_scan *scan_begin(struct scanner *s, enum conn_state state)
{
  struct hub *hub = s->hub;
  const char *uri = s->uri ? s->uri : hub->asked ? hub->asked : hub->uri ? hub->uri : "";
  struct conn_scan *scan = conn_scan_new(uri);
  g_free(scan->label);
  scan->label = hub->uri ? g_strdup(hub->label) : uri_label(uri);
  scan->state = state;
  scan->readonly = hub->readonly;
  scan->local = uri_is_local(*uri ? uri : NULL);
  scan->tick = s->tick;
  scan->wall_ns = clock_wall_ns();
  scan->mono_ns = clock_mono_ns();
  return scan;
}

static void publish(struct scanner *s, struct conn_scan *scan)
{
  roster_publish(s->roster, scan);
  struct conn_scan *before = s->last;
  s->last = scan;
  hub_publish(s->hub, conn_scan_ref(scan));
  if (before)
    conn_scan_unref(before);
}

static void publish_closed(struct scanner *s, enum conn_state state, const char *error, int code,
                           const char *progress)
{
  struct conn_scan *scan = scan_begin(s, state);
  if (s->last && s->last->mono_ns)
    scan->mono_ns = s->last->mono_ns; /* the figures are as old as they are */
  scan->error = g_strdup(error);
  scan->error_code = code;
  scan->progress = g_strdup(progress);
  publish(s, scan);
}

/* ---- opening ---- */

/* From tick to tick, as the user wants it now; with the lock held. */
static int64_t step_ns(const struct watch *watch)
{
  return (int64_t)(watch->interval * (double)NS_PER_S);
}

static void say_opened(struct scanner *s)
{
  g_autofree char *text =
      g_strdup_printf("%s %s", s->was_open ? "connected again to" : "connected to", s->hub->label);
  hub_say(s->hub, EVENT_CONNECTION, text);
}

/* The first tick is due at once. */
static void begin_beat(struct scanner *s)
{
  pthread_mutex_lock(&s->hub->lock);
  s->beat_ns = clock_mono_ns() - step_ns(s->watch);
  pthread_mutex_unlock(&s->hub->lock);
}

static void opened(struct scanner *s)
{
  g_free(s->uri);
  s->uri = s->hub->asked ? g_strdup(s->hub->asked) : take_text(virConnectGetURI(s->conn));
  watch_set_conn(s->watch, s->conn);
  begin_beat(s);
  hub_share_if_world(s->hub, s->conn);
  events_watch(&s->events, s->conn, s->watch);
  s->way = LIGHT_BULK;
  if (!uri_is_local(s->uri) && !s->node)
    s->node = node_new();
  s->processes = uri_is_local(s->uri) && g_strcmp0(virConnectGetType(s->conn), "QEMU") == 0;
  say_opened(s);
  s->was_open = true;
  s->failures = 0;
  g_clear_pointer(&s->told, g_free);
}

/* MESSAGE may have advice on a second line, which is no part of what happened. */
static void say_failure(struct scanner *s, const char *message)
{
  if (g_strcmp0(s->told, message) == 0)
    return;
  g_free(s->told);
  s->told = g_strdup(message);
  g_autofree char *what = g_strndup(message, strcspn(message, "\n"));
  hub_say(s->hub, EVENT_CONNECTION, what);
}

/* Wait SECONDS, or without end if negative; a kick ends it. */
static void pause_for(struct watch *watch, double seconds)
{
  struct hub *hub = watch->hub;
  int64_t deadline_ns = seconds < 0 ? INT64_MAX : clock_mono_ns() + (int64_t)(seconds * (double)NS_PER_S);
  pthread_mutex_lock(&hub->lock);
  watch->kicked = false;
  while (!hub->stopping && !watch->kicked && hub_wait(hub, deadline_ns))
    continue;
  watch->kicked = false;
  pthread_mutex_unlock(&hub->lock);
}

static void wait_to_retry(struct scanner *s, int code)
{
  static const double back_off[] = {1, 2, 5, 10, 30};
  int i = MIN(s->failures, (int)G_N_ELEMENTS(back_off) - 1);
  s->failures++;
  /* What never worked from afar is not tried again unasked: servers count failed log-ins. */
  bool worth = s->was_open || (uri_is_local(s->hub->uri) && !open_error_is_final(code));
  pause_for(s->watch, worth ? back_off[i] : -1);
}

static const char *opening_text(const struct scanner *s)
{
  if (s->hub->lab)
    return "starting the lab; its first start asks QEMU what it can do, which takes about 4 s";
  return s->was_open ? "connecting again" : "connecting";
}

static bool open_conn(struct scanner *s)
{
  g_autoptr(GError) error = NULL;
  if (s->failures == 0)
    publish_closed(s, s->was_open ? CONN_LOST : CONN_OPENING, s->told, 0, opening_text(s));
  s->conn = hub_open(s->hub, &error);
  if (s->conn) {
    opened(s);
    return true;
  }
  int code = virGetLastErrorCode();
  say_failure(s, error->message);
  publish_closed(s, s->was_open ? CONN_LOST : CONN_FAILED, error->message, error->code, NULL);
  wait_to_retry(s, code);
  return false;
}

/* What a close does in the background: a dead peer may keep each step waiting. */
struct farewell {
  virConnectPtr conn;
  struct event_watch events;
};

static void say_farewell(struct hub *hub, void *arg)
{
  (void)hub;
  struct farewell *farewell = arg;
  events_unwatch(&farewell->events, farewell->conn);
  virConnectClose(farewell->conn);
  g_free(farewell);
}

static void drop_conn(struct scanner *s)
{
  struct farewell *farewell = g_new0(struct farewell, 1);
  *farewell = (struct farewell){s->conn, s->events};
  roster_forget_conn(s->roster);
  watch_set_conn(s->watch, NULL);
  hub_end_sharing(s->hub);
  s->conn = NULL;
  /* With no thread to be had the connection stays, and may call back. */
  if (!hub_thread(s->hub, "virt-close", say_farewell, farewell))
    g_free(farewell);
}

static void lose(struct scanner *s, const char *why)
{
  g_autofree char *message = g_strdup_printf("lost %s: %s", s->hub->label, why);
  drop_conn(s);
  say_failure(s, message);
  publish_closed(s, CONN_LOST, message, 0, NULL);
}

/* ---- the tick ---- */

static void take_marks(struct scanner *s)
{
  GHashTableIter iter;
  gpointer key;
  pthread_mutex_lock(&s->hub->lock);
  g_hash_table_iter_init(&iter, s->watch->marked);
  while (g_hash_table_iter_next(&iter, &key, NULL)) {
    struct member *member = roster_find(s->roster, key);
    if (member)
      member->info_old = true;
  }
  g_hash_table_remove_all(s->watch->marked);
  s->watch->kicked = false;
  pthread_mutex_unlock(&s->hub->lock);
}

static void look_at_host(struct scanner *s)
{
  if (s->node)
    hub_publish_host(s->hub, node_look(s->node, s->conn, s->uri));
}

/* False if the connection is gone, and why. */
static bool tick(struct scanner *s, bool due, double interval, char **ret_why)
{
  int64_t start_ns = clock_mono_ns();
  bool first = s->roster->look == 0;
  take_marks(s);
  if (!light_look(s->roster, s->conn, &s->way, ret_why))
    return false;
  int64_t light_ns = clock_mono_ns();
  if (s->processes)
    passed_look(s->roster);
  if (first) { /* the first screen waits for nothing more */
    struct conn_scan *scan = scan_begin(s, CONN_OPEN);
    publish(s, scan);
  }
  if (due && s->processes)
    local_look(s->roster);
  if (due)
    heavy_ask(&s->heavy, interval);
  bool more = roster_read_infos(s->roster, INFO_SECONDS);
  if (due) {
    look_at_host(s);
    readers_wait(s->heavy.readers, start_ns + (int64_t)(MIN(interval / 2, 1.0) * (double)NS_PER_S));
  }
  heavy_take(&s->heavy);
  s->tick += due;
  struct conn_scan *scan = scan_begin(s, CONN_OPEN);
  scan->mono_ns = light_ns;
  scan->cost_seconds = (double)(clock_mono_ns() - start_ns) / (double)NS_PER_S;
  publish(s, scan);
  if (more)
    watch_kick(s->watch);
  return true;
}

/* Until the next tick is due, or someone kicks.  False: the connection is lost, or the end. */
static bool wait_for_tick(struct scanner *s, bool *ret_due, double *ret_interval)
{
  struct hub *hub = s->hub;
  struct watch *watch = s->watch;
  pthread_mutex_lock(&hub->lock);
  while (!hub->stopping && !watch->lost && !watch->kicked && hub_wait(hub, s->beat_ns + step_ns(watch)))
    continue;
  bool go_on = !hub->stopping && !watch->lost;
  int64_t now_ns = clock_mono_ns(), step = step_ns(watch), due_ns = s->beat_ns + step;
  *ret_interval = watch->interval;
  pthread_mutex_unlock(&hub->lock);
  *ret_due = now_ns >= due_ns;
  if (*ret_due) /* ticks keep their beat; those missed are not made up for */
    s->beat_ns = MAX(due_ns, now_ns - step / 2);
  return go_on;
}

static void watch_until_lost(struct scanner *s)
{
  bool due;
  double interval;
  g_autofree char *why = NULL;
  while (wait_for_tick(s, &due, &interval) && tick(s, due, interval, &why))
    continue;
  if (hub_stopping(s->hub))
    return;
  pthread_mutex_lock(&s->hub->lock);
  if (s->watch->lost_why && !why)
    why = g_strdup(s->watch->lost_why);
  pthread_mutex_unlock(&s->hub->lock);
  lose(s, why);
  pause_for(s->watch, 1);
}

static void scanner_main(struct hub *hub, void *arg)
{
  struct watch *watch = arg;
  struct scanner s = {.hub = hub, .watch = watch, .roster = roster_new()};
  s.heavy = (struct heavy){watch, s.roster, readers_new(hub)};
  while (!hub_stopping(hub))
    if (open_conn(&s))
      watch_until_lost(&s);
  if (s.conn)
    drop_conn(&s);
  readers_unref(s.heavy.readers);
  roster_free(s.roster);
  if (s.last)
    conn_scan_unref(s.last);
  if (s.node)
    node_free(s.node);
  g_free(s.uri);
  g_free(s.told);
  watch_unref(watch);
}

bool scanner_start(struct watch *watch)
{
  if (hub_thread(watch->hub, "virt-scan", scanner_main, watch_ref(watch)))
    return true;
  watch_unref(watch);
  return false;
}
