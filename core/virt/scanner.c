/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The scanner: one thread per connection that opens it, looks by the scan plan at each
 * tick, publishes, and opens it again when it was lost. */
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/virt/advice.h"
#include "core/virt/events.h"
#include "core/virt/light.h"
#include "core/virt/node.h"
#include "core/virt/plan.h"
#include "core/virt/quiet.h"
#include "core/virt/state.h"
#include "core/virt/stats.h"

#define INFO_SECONDS 0.05 /* at most so long for definitions in one tick */
#define CHUNK 4           /* guests of one heavy call: few share the fate of one that does not answer */
#define CHUNK_ALL 16      /* ... when everything is recorded anyway */
#define LATE_SECONDS 0.6  /* a heavy call is given up after this and ten times what it should take */

struct scanner {
  struct virt *virt;
  virConnectPtr conn;
  struct event_watch watch;
  bool close_watched;
  bool processes; /* its guests may be processes of this machine */
  struct roster *roster;
  enum light_way way;
  struct node *node; /* remote connections only */
  struct conn_scan *last;
  char *uri; /* as libvirt says it, once open */
  uint64_t tick;
  int64_t due_ns; /* the next tick */
  int failures;   /* to open, in a row */
  bool was_open;
  char *told; /* the failure told last */
};

/* ---- publishing ---- */

static struct conn_scan *scan_begin(struct scanner *s, enum conn_state state)
{
  struct virt *virt = s->virt;
  const char *uri = s->uri ? s->uri : virt->asked_uri ? virt->asked_uri : virt->uri ? virt->uri : "";
  struct conn_scan *scan = conn_scan_new(uri);
  g_free(scan->label);
  scan->label = virt->options.lab || virt->uri ? g_strdup(virt->label) : uri_label(uri);
  scan->state = state;
  scan->readonly = virt->options.readonly;
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
  virt_publish(s->virt, conn_scan_ref(scan));
  if (before)
    conn_scan_unref(before);
}

static void publish_closed(struct scanner *s, enum conn_state state, const char *error, int code,
                           const char *progress)
{
  struct conn_scan *scan = scan_begin(s, state);
  if (s->last) { /* the figures are as old as they are */
    scan->mono_ns = s->last->mono_ns ? s->last->mono_ns : scan->mono_ns;
  }
  scan->error = g_strdup(error);
  scan->error_code = code;
  scan->progress = g_strdup(progress);
  publish(s, scan);
}

/* ---- opening ---- */

static void on_close(virConnectPtr conn, int reason, void *opaque)
{
  static const char *const why[] = {"the connection broke", "the peer closed the connection",
                                    "the peer did not answer keepalive messages", "it was closed"};
  (void)conn;
  struct virt *virt = opaque;
  if (reason == VIR_CONNECT_CLOSE_REASON_CLIENT)
    return;
  pthread_mutex_lock(&virt->lock);
  virt->lost = true;
  g_free(virt->lost_why);
  virt->lost_why = g_strdup(reason >= 0 && reason < (int)G_N_ELEMENTS(why) ? why[reason] : why[0]);
  virt->kicked = true;
  pthread_cond_broadcast(&virt->wake);
  pthread_mutex_unlock(&virt->lock);
}

/* Drivers without a peer take a close callback and forget it, its free callback too: the
 * reference that it needs is the one that say_farewell, which ends it, is started with. */
static void watch_conn(struct scanner *s)
{
  s->close_watched = virConnectRegisterCloseCallback(s->conn, on_close, s->virt, NULL) == 0;
  events_watch(&s->watch, s->conn, s->virt);
}

/* Each connection to the test driver's own file is a world of its own; all users share one then. */
static void share_if_world(struct scanner *s)
{
  struct virt *virt = s->virt;
  const char *type = virConnectGetType(s->conn);
  if (g_strcmp0(type, "TEST") != 0 || virConnectRef(s->conn) < 0)
    return;
  pthread_mutex_lock(&virt->lock);
  virt->shared = s->conn;
  pthread_mutex_unlock(&virt->lock);
}

static void say_opened(struct scanner *s)
{
  g_autofree char *text =
      g_strdup_printf("%s %s", s->was_open ? "connected again to" : "connected to", s->virt->label);
  virt_say(s->virt, EVENT_CONNECTION, text);
}

static void opened(struct scanner *s)
{
  pthread_mutex_lock(&s->virt->lock);
  s->virt->lost = false;
  pthread_mutex_unlock(&s->virt->lock);
  char *uri = virConnectGetURI(s->conn);
  g_free(s->uri);
  s->uri = s->virt->options.uri ? g_strdup(s->virt->options.uri) : g_strdup(uri);
  free(uri);
  share_if_world(s);
  watch_conn(s);
  s->way = LIGHT_BULK;
  if (!uri_is_local(s->uri) && !s->node)
    s->node = node_new();
  s->processes = uri_is_local(s->uri) && g_strcmp0(virConnectGetType(s->conn), "QEMU") == 0;
  say_opened(s);
  s->was_open = true;
  s->failures = 0;
  g_clear_pointer(&s->told, g_free);
  s->due_ns = clock_mono_ns();
}

/* MESSAGE may have advice on a second line, which is no part of what happened. */
static void say_failure(struct scanner *s, const char *message)
{
  if (g_strcmp0(s->told, message) == 0)
    return;
  g_free(s->told);
  s->told = g_strdup(message);
  g_autofree char *what = g_strndup(message, strcspn(message, "\n"));
  virt_say(s->virt, EVENT_CONNECTION, what);
}

/* Wait SECONDS, or without end if negative; a kick ends it. */
static void pause_for(struct virt *virt, double seconds)
{
  int64_t deadline_ns = seconds < 0 ? INT64_MAX : clock_mono_ns() + (int64_t)(seconds * (double)NS_PER_S);
  pthread_mutex_lock(&virt->lock);
  virt->kicked = false;
  while (!virt->stopping && !virt->kicked && virt_wait(virt, deadline_ns))
    continue;
  virt->kicked = false;
  pthread_mutex_unlock(&virt->lock);
}

static void wait_to_retry(struct scanner *s, int code)
{
  static const double back_off[] = {1, 2, 5, 10, 30};
  int i = MIN(s->failures, (int)G_N_ELEMENTS(back_off) - 1);
  s->failures++;
  /* What never worked from afar is not tried again unasked: servers count failed log-ins. */
  bool worth = s->was_open || (uri_is_local(s->virt->uri) && !open_error_is_final(code));
  pause_for(s->virt, worth ? back_off[i] : -1);
}

static const char *opening_text(const struct scanner *s)
{
  if (s->virt->options.lab)
    return "starting the lab; its first start asks QEMU what it can do, which takes about 4 s";
  return s->was_open ? "connecting again" : "connecting";
}

static bool open_conn(struct scanner *s)
{
  g_autoptr(GError) error = NULL;
  if (s->failures == 0)
    publish_closed(s, s->was_open ? CONN_LOST : CONN_OPENING, s->told, 0, opening_text(s));
  s->conn = virt_open(s->virt, &error);
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

static void end_sharing(struct virt *virt)
{
  pthread_mutex_lock(&virt->lock);
  virConnectPtr shared = virt->shared;
  virt->shared = NULL;
  pthread_mutex_unlock(&virt->lock);
  virt_close_later(virt, shared);
}

/* What a close does in the background: a dead peer may keep each step waiting. */
struct farewell {
  virConnectPtr conn;
  struct event_watch watch;
  bool close_watched;
};

static void say_farewell(struct virt *virt, void *arg)
{
  (void)virt;
  struct farewell *farewell = arg;
  events_unwatch(&farewell->watch, farewell->conn);
  if (farewell->close_watched)
    virConnectUnregisterCloseCallback(farewell->conn, on_close);
  virConnectClose(farewell->conn);
  g_free(farewell);
}

static void drop_conn(struct scanner *s)
{
  struct farewell *farewell = g_new0(struct farewell, 1);
  *farewell = (struct farewell){s->conn, s->watch, s->close_watched};
  roster_forget_conn(s->roster);
  end_sharing(s->virt);
  s->conn = NULL;
  if (virt_thread(s->virt, "virt-close", say_farewell, farewell))
    return;
  virt_ref(s->virt); /* the connection stays, and may call back */
  g_free(farewell);
}

static void lose(struct scanner *s, const char *why)
{
  g_autofree char *message = g_strdup_printf("lost %s: %s", s->virt->label, why);
  drop_conn(s);
  say_failure(s, message);
  publish_closed(s, CONN_LOST, message, 0, NULL);
}

/* ---- heavy groups ---- */

static void on_held(void *context, const char *uuid, int64_t since_ns, int asked)
{
  struct scanner *s = context;
  struct member *member = roster_find(s->roster, uuid);
  if (member && asked == 0)
    member->asked_ns = 0; /* its turn did not come */
  if (!member || asked == 0 || member->cleared_ns == since_ns)
    return;
  member->held = true;
  member->held_since_ns = since_ns;
  member->stuck |= asked == 1;
}

static void check_late(struct scanner *s)
{
  GHashTableIter iter;
  gpointer value;
  double most = 0;
  g_hash_table_iter_init(&iter, s->roster->members);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    struct member *member = value;
    member->held = false;
    most = MAX(most, member->cost);
  }
  readers_check(s->virt, clock_mono_ns(), LATE_SECONDS + 10 * most * CHUNK, on_held, s);
  g_hash_table_iter_init(&iter, s->roster->members);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    struct member *member = value;
    member->stuck &= member->held;
  }
}

/* One of the guests of a call that is still out is to blame; who answers another reader is not. */
static void clear_or_blame(struct member *member, bool missed)
{
  if (!member->held)
    return;
  if (missed) {
    member->stuck = true;
    return;
  }
  member->held = member->stuck = false;
  member->cleared_ns = member->held_since_ns;
}

static void take_answers(struct scanner *s)
{
  GPtrArray *answers = readers_answers(s->virt);
  for (guint i = 0; i < answers->len; i++) {
    const struct answer *answer = g_ptr_array_index(answers, i);
    struct member *member = roster_find(s->roster, answer->uuid);
    if (!member)
      continue;
    if (!member->now)
      member->now = guest_copy(member->last);
    if (!guest_state_active(member->now->state) || answer->at_ns < member->run_began_ns)
      continue;
    struct stats_found found =
        stats_apply(member->now, answer->params, answer->count, answer->at_ns, plan_bits(true));
    member->cost = plan_cost(member->cost, answer->cost);
    clear_or_blame(member, found.missed);
    member->answered_ns = answer->at_ns;
    member->cpu_ns = found.missed ? -1 : answer->cpu_ns;
  }
  g_ptr_array_unref(answers);
}

/* The guests that may be asked, as the plan wants them. */
static GPtrArray *candidates(struct scanner *s, GArray *items)
{
  GPtrArray *members = g_ptr_array_new();
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init(&iter, s->roster->members);
  pthread_mutex_lock(&s->virt->lock);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    struct member *member = value;
    const struct guest *guest = member->now ? member->now : member->last;
    if (!guest || !guest_state_active(guest->state) || member->stuck)
      continue;
    bool wanted = g_hash_table_contains(s->virt->attention, member->uuid);
    if (!s->virt->options.record_all && quiet_take(member, wanted, clock_mono_ns()))
      continue;
    struct plan_item item = {wanted, member->asked_ns, member->cost};
    g_array_append_val(items, item);
    g_ptr_array_add(members, member);
  }
  pthread_mutex_unlock(&s->virt->lock);
  return members;
}

static void add_to_calls(GPtrArray *calls, const struct member *member, guint chunk)
{
  GPtrArray *call = calls->len ? g_ptr_array_index(calls, calls->len - 1) : NULL;
  if (!call || member->held || call->len >= chunk) {
    call = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(calls, call);
  }
  g_ptr_array_add(call, g_strdup(member->uuid));
}

/* Calls for the chosen; those held by a call that is out go last and alone. */
static GPtrArray *make_calls(struct scanner *s, GPtrArray *members, const int *chosen, int n)
{
  GPtrArray *calls = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
  int64_t now_ns = clock_mono_ns();
  guint chunk = s->virt->options.record_all ? CHUNK_ALL : CHUNK;
  for (int held = 0; held < 2; held++)
    for (int i = 0; i < n; i++) {
      struct member *member = g_ptr_array_index(members, (guint)chosen[i]);
      if (member->held != (held == 1))
        continue;
      member->asked_ns = now_ns;
      add_to_calls(calls, member, chunk);
    }
  return calls;
}

static void ask_heavy(struct scanner *s, double interval)
{
  check_late(s);
  struct reader *reader = readers_free_one(s->virt, clock_mono_ns());
  GArray *items = g_array_new(FALSE, FALSE, sizeof(struct plan_item));
  GPtrArray *members = candidates(s, items);
  if (reader && members->len > 0) {
    g_autofree int *chosen = g_new(int, members->len);
    int n = plan_choose((struct plan_item *)items->data, (int)members->len,
                        s->virt->options.watch_budget * interval, s->virt->options.record_all, chosen);
    reader_ask(reader, make_calls(s, members, chosen, n));
  }
  g_ptr_array_unref(members);
  g_array_unref(items);
}

/* ---- the tick ---- */

static void take_marks(struct scanner *s)
{
  GHashTableIter iter;
  gpointer key;
  pthread_mutex_lock(&s->virt->lock);
  g_hash_table_iter_init(&iter, s->virt->marked);
  while (g_hash_table_iter_next(&iter, &key, NULL)) {
    struct member *member = roster_find(s->roster, key);
    if (member)
      member->info_old = true;
  }
  g_hash_table_remove_all(s->virt->marked);
  s->virt->kicked = false;
  pthread_mutex_unlock(&s->virt->lock);
}

static void look_at_host(struct scanner *s)
{
  if (s->node)
    virt_publish_host(s->virt, node_look(s->node, s->conn, s->uri));
}

/* False if the connection is gone. */
static bool tick(struct scanner *s, bool due, double interval)
{
  int64_t start_ns = clock_mono_ns();
  bool first = s->roster->look == 0;
  take_marks(s);
  if (!light_look(s->roster, s->conn, &s->way))
    return false;
  int64_t light_ns = clock_mono_ns();
  if (first) { /* the first screen waits for nothing more */
    struct conn_scan *scan = scan_begin(s, CONN_OPEN);
    publish(s, scan);
  }
  if (due && s->processes)
    quiet_find_processes(s->virt, s->roster);
  if (due)
    ask_heavy(s, interval);
  bool more = roster_read_infos(s->roster, INFO_SECONDS);
  if (due) {
    look_at_host(s);
    readers_wait(s->virt, start_ns + (int64_t)(MIN(interval / 2, 1.0) * (double)NS_PER_S));
  }
  take_answers(s);
  s->tick += due;
  struct conn_scan *scan = scan_begin(s, CONN_OPEN);
  scan->mono_ns = light_ns;
  scan->cost_seconds = (double)(clock_mono_ns() - start_ns) / (double)NS_PER_S;
  publish(s, scan);
  if (more)
    virt_kick(s->virt);
  return true;
}

/* Until the next tick is due, or someone kicks.  False: the connection is lost, or the end. */
static bool wait_for_tick(struct scanner *s, bool *ret_due, double *ret_interval)
{
  struct virt *virt = s->virt;
  pthread_mutex_lock(&virt->lock);
  while (!virt->stopping && !virt->lost && !virt->kicked && virt_wait(virt, s->due_ns))
    continue;
  bool go_on = !virt->stopping && !virt->lost;
  double interval = virt->interval;
  pthread_mutex_unlock(&virt->lock);
  int64_t now_ns = clock_mono_ns(), step_ns = (int64_t)(interval * (double)NS_PER_S);
  *ret_due = now_ns >= s->due_ns;
  *ret_interval = interval;
  if (*ret_due) /* ticks keep their beat; those missed are not made up for */
    s->due_ns = MAX(s->due_ns + step_ns, now_ns + step_ns / 2);
  return go_on;
}

static void watch_until_lost(struct scanner *s)
{
  bool due;
  double interval;
  g_autofree char *why = NULL;
  while (!why && wait_for_tick(s, &due, &interval))
    if (!tick(s, due, interval))
      why = g_strdup(virGetLastErrorMessage());
  if (virt_stopping(s->virt))
    return;
  pthread_mutex_lock(&s->virt->lock);
  if (s->virt->lost_why && !why)
    why = g_strdup(s->virt->lost_why);
  pthread_mutex_unlock(&s->virt->lock);
  lose(s, why);
  pause_for(s->virt, 1);
}

void scanner_main(struct virt *virt, void *arg)
{
  (void)arg;
  struct scanner s = {.virt = virt, .roster = roster_new()};
  while (!virt_stopping(virt))
    if (open_conn(&s))
      watch_until_lost(&s);
  if (s.conn)
    drop_conn(&s);
  roster_free(s.roster);
  if (s.last)
    conn_scan_unref(s.last);
  if (s.node)
    node_free(s.node);
  g_free(s.uri);
  g_free(s.told);
}
