/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/watch/reader.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/virt/watch/plan.h"

#define OPEN_SECONDS 10 /* a connection that does not come is waited for so long */
#define DOMS_KEPT 1000  /* handles: those of guests that are gone are among them, until there are so many */
#define RETRY_SECONDS 5 /* after it failed */

struct readers {
  struct refs refs; /* the scanner's, and one of each thread */
  struct hub *hub;
  GPtrArray *all;     /* struct reader; the list itself is the scanner's alone */
  GPtrArray *answers; /* under hub->lock: what came */
};

struct reader {
  int number;
  struct readers *readers;
  struct hub *hub;
  /* Under hub->lock. */
  enum { READER_IDLE, READER_OPENING, READER_CALLING } phase; /* idle: nothing to do, and waits */
  GPtrArray *todo;                                            /* the calls to make */
  GPtrArray *asking; /* the call under way, or to be made once it is open */
  int64_t since_ns;  /* when the phase began */
  bool stalled;      /* given up: what it waits for may come one day */
  int64_t retry_ns;  /* its connection failed: not before */
  /* The thread's own. */
  virConnectPtr conn;
  GHashTable *doms;
};

static void answer_free(void *p)
{
  struct answer *answer = p;
  virTypedParamsFree(answer->params, answer->count);
  g_free(answer);
}

static void reader_free(void *p)
{
  struct reader *reader = p;
  g_clear_pointer(&reader->todo, g_ptr_array_unref);
  g_clear_pointer(&reader->asking, g_ptr_array_unref);
  g_free(reader);
}

struct readers *readers_new(struct hub *hub)
{
  struct readers *readers = g_new0(struct readers, 1);
  refs_init(&readers->refs);
  readers->hub = hub_ref(hub);
  readers->all = g_ptr_array_new_with_free_func(reader_free);
  readers->answers = g_ptr_array_new_with_free_func(answer_free);
  return readers;
}

void readers_unref(struct readers *readers)
{
  if (!refs_put(&readers->refs))
    return;
  g_ptr_array_unref(readers->all);
  g_ptr_array_unref(readers->answers);
  hub_unref(readers->hub);
  g_free(readers);
}

/* ---- the thread ---- */

static void dom_free(void *dom)
{
  virDomainFree(dom);
}

static void forget_conn(struct reader *reader)
{
  g_clear_pointer(&reader->doms, g_hash_table_unref);
  if (reader->conn)
    hub_close_later(reader->hub, reader->conn);
  reader->conn = NULL;
}

/* With the lock held; ASKING stays the caller's. */
static void enter(struct reader *reader, int phase, GPtrArray *asking)
{
  reader->phase = phase;
  reader->since_ns = clock_mono_ns();
  reader->stalled = false;
  g_clear_pointer(&reader->asking, g_ptr_array_unref);
  reader->asking = asking ? g_ptr_array_ref(asking) : NULL;
  pthread_cond_broadcast(&reader->hub->wake);
}

static bool have_conn(struct reader *reader)
{
  if (reader->conn && virConnectIsAlive(reader->conn) == 0)
    forget_conn(reader);
  if (reader->conn)
    return true;
  g_autoptr(GError) error = NULL;
  reader->conn = hub_open(reader->hub, &error);
  if (reader->conn) {
    reader->doms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, dom_free);
    return true;
  }
  g_debug("reader %d: %s", reader->number, error->message);
  pthread_mutex_lock(&reader->hub->lock);
  reader->retry_ns = clock_mono_ns() + RETRY_SECONDS * NS_PER_S;
  pthread_mutex_unlock(&reader->hub->lock);
  return false;
}

static virDomainPtr dom_of(struct reader *reader, const char *uuid)
{
  virDomainPtr dom = g_hash_table_lookup(reader->doms, uuid);
  if (dom)
    return dom;
  dom = virDomainLookupByUUIDString(reader->conn, uuid);
  if (dom)
    g_hash_table_insert(reader->doms, g_strdup(uuid), dom);
  return dom;
}

/* The guests of a call are asked one after another: the I-th of N was at about I+1/2 Nths of the time. */
static struct answer *answer_of(virDomainStatsRecordPtr record, int i, int n, int64_t from_ns, int64_t to_ns)
{
  struct answer *answer = g_new0(struct answer, 1);
  virDomainGetUUIDString(record->dom, answer->uuid);
  answer->params = record->params;
  answer->count = record->nparams;
  record->params = NULL;
  record->nparams = 0;
  answer->at_ns = from_ns + (to_ns - from_ns) * (2 * i + 1) / (2 * n);
  answer->cost = (double)(to_ns - from_ns) / (double)NS_PER_S / n;
  return answer;
}

static void post(struct reader *reader, virDomainStatsRecordPtr *records, int n, int64_t from_ns,
                 int64_t to_ns)
{
  struct hub *hub = reader->hub;
  GPtrArray *answers = g_ptr_array_new_with_free_func(answer_free);
  for (int i = 0; i < n; i++)
    g_ptr_array_add(answers, answer_of(records[i], i, n, from_ns, to_ns));
  pthread_mutex_lock(&hub->lock);
  /* No one knows at what time of a call given up each figure was read: no rate could be made of it. */
  if (!reader->stalled)
    g_ptr_array_extend_and_steal(reader->readers->answers, g_steal_pointer(&answers));
  pthread_mutex_unlock(&hub->lock);
  g_clear_pointer(&answers, g_ptr_array_unref);
}

static bool ask(struct reader *reader, virDomainPtr *doms)
{
  virDomainStatsRecordPtr *records = NULL;
  int64_t from_ns = clock_mono_ns();
  int n = virDomainListGetStats(doms, plan_stats(true), &records, VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT);
  if (n < 0)
    return false;
  post(reader, records, n, from_ns, clock_mono_ns());
  virDomainStatsRecordListFree(records);
  return true;
}

/* One of several may have gone in the midst of the call, which then fails as a whole. */
static void ask_singly(struct reader *reader, virDomainPtr *doms)
{
  for (int i = 0; doms[i]; i++) {
    virDomainPtr one[] = {doms[i], NULL};
    char uuid[VIR_UUID_STRING_BUFLEN];
    if (ask(reader, one))
      continue;
    if (virGetLastErrorCode() == VIR_ERR_NO_SUPPORT || virConnectIsAlive(reader->conn) == 0)
      return;
    if (virDomainGetUUIDString(doms[i], uuid) == 0)
      g_hash_table_remove(reader->doms, uuid);
  }
}

/* False when its connection came too late: others have its guests by now. */
static bool begin_call(struct reader *reader, GPtrArray *call)
{
  struct hub *hub = reader->hub;
  pthread_mutex_lock(&hub->lock);
  bool late = reader->stalled;
  if (!late)
    enter(reader, READER_CALLING, call);
  pthread_mutex_unlock(&hub->lock);
  return !late;
}

static void make_call(struct reader *reader, GPtrArray *call)
{
  g_autofree virDomainPtr *doms = g_new0(virDomainPtr, call->len + 1);
  int n = 0;
  if (g_hash_table_size(reader->doms) > DOMS_KEPT)
    g_hash_table_remove_all(reader->doms);
  for (guint i = 0; i < call->len; i++) {
    const struct wish *wish = g_ptr_array_index(call, i);
    if ((doms[n] = dom_of(reader, wish->uuid)))
      n++;
  }
  if (n > 0 && !ask(reader, doms))
    ask_singly(reader, doms);
}

/* The next call to make, or NULL: the end. */
static GPtrArray *next_call(struct reader *reader)
{
  struct hub *hub = reader->hub;
  pthread_mutex_lock(&hub->lock);
  while (!hub->stopping && reader->todo->len == 0)
    pthread_cond_wait(&hub->wake, &hub->lock);
  GPtrArray *call = hub->stopping ? NULL : g_ptr_array_steal_index(reader->todo, 0);
  if (call)
    enter(reader, READER_OPENING, call);
  pthread_mutex_unlock(&hub->lock);
  return call;
}

static void rest_if_done(struct reader *reader, bool drop)
{
  struct hub *hub = reader->hub;
  pthread_mutex_lock(&hub->lock);
  if (drop)
    g_ptr_array_set_size(reader->todo, 0);
  if (reader->todo->len == 0)
    enter(reader, READER_IDLE, NULL);
  pthread_mutex_unlock(&hub->lock);
}

static void reader_main(struct hub *hub, void *arg)
{
  (void)hub;
  struct reader *reader = arg;
  for (GPtrArray *call; (call = next_call(reader));) {
    bool open = have_conn(reader);
    if (open && begin_call(reader, call))
      make_call(reader, call);
    g_ptr_array_unref(call);
    rest_if_done(reader, !open);
  }
  forget_conn(reader);
  readers_unref(reader->readers);
}

/* ---- the scanner's side ---- */

static struct reader *start_one(struct readers *readers)
{
  struct reader *reader = g_new0(struct reader, 1);
  g_autofree char *name = g_strdup_printf("virt-read%u", readers->all->len);
  reader->number = (int)readers->all->len;
  reader->readers = readers;
  reader->hub = readers->hub;
  reader->todo = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
  refs_get(&readers->refs);
  if (!hub_thread(readers->hub, name, reader_main, reader)) {
    readers_unref(readers);
    reader_free(reader);
    return NULL;
  }
  g_ptr_array_add(readers->all, reader);
  return reader;
}

struct reader *readers_free_one(struct readers *readers, int64_t now_ns)
{
  struct hub *hub = readers->hub;
  struct reader *found = NULL;
  bool at_work = false;
  pthread_mutex_lock(&hub->lock);
  for (guint i = 0; i < readers->all->len; i++) {
    struct reader *reader = g_ptr_array_index(readers->all, i);
    at_work |= (reader->phase != READER_IDLE || reader->todo->len > 0 || reader->retry_ns > now_ns) &&
               !reader->stalled;
    if (reader->phase == READER_IDLE && reader->todo->len == 0 && !found)
      found = reader;
  }
  pthread_mutex_unlock(&hub->lock);
  if (at_work)
    return NULL;
  return found || readers->all->len >= READERS_MAX ? found : start_one(readers);
}

void reader_ask(struct reader *reader, GPtrArray *calls)
{
  struct hub *hub = reader->hub;
  pthread_mutex_lock(&hub->lock);
  g_ptr_array_extend_and_steal(reader->todo, calls);
  pthread_cond_broadcast(&hub->wake);
  pthread_mutex_unlock(&hub->lock);
}

static void tell_held(const struct reader *reader, const GPtrArray *call, int asked, readers_held *held,
                      void *context)
{
  for (guint i = 0; i < call->len; i++) {
    const struct wish *wish = g_ptr_array_index(call, i);
    held(context, wish->uuid, reader->since_ns, asked);
  }
}

/* Calls not begun are told as asking nobody. */
static void give_up_if_late(struct reader *reader, int64_t now_ns, double limit, readers_held *held,
                            void *context)
{
  double took = (double)(now_ns - reader->since_ns) / (double)NS_PER_S;
  bool opening = reader->phase == READER_OPENING;
  if (reader->phase == READER_IDLE || reader->stalled || took < (opening ? OPEN_SECONDS : limit))
    return;
  reader->stalled = true;
  if (opening)
    tell_held(reader, reader->asking, 0, held, context);
  for (guint i = 0; i < reader->todo->len; i++)
    tell_held(reader, g_ptr_array_index(reader->todo, i), 0, held, context);
  g_ptr_array_set_size(reader->todo, 0);
}

void readers_check(struct readers *readers, int64_t now_ns, double limit, readers_held *held, void *context)
{
  struct hub *hub = readers->hub;
  pthread_mutex_lock(&hub->lock);
  for (guint i = 0; i < readers->all->len; i++) {
    struct reader *reader = g_ptr_array_index(readers->all, i);
    give_up_if_late(reader, now_ns, limit, held, context);
    if (reader->stalled && reader->phase == READER_CALLING)
      tell_held(reader, reader->asking, (int)reader->asking->len, held, context);
  }
  pthread_mutex_unlock(&hub->lock);
}

static bool any_at_work(struct readers *readers)
{
  for (guint i = 0; i < readers->all->len; i++) {
    struct reader *reader = g_ptr_array_index(readers->all, i);
    if (!reader->stalled && (reader->phase != READER_IDLE || reader->todo->len > 0))
      return true;
  }
  return false;
}

void readers_wait(struct readers *readers, int64_t deadline_ns)
{
  struct hub *hub = readers->hub;
  pthread_mutex_lock(&hub->lock);
  while (!hub->stopping && any_at_work(readers) && hub_wait(hub, deadline_ns))
    continue;
  pthread_mutex_unlock(&hub->lock);
}

GPtrArray *readers_answers(struct readers *readers)
{
  struct hub *hub = readers->hub;
  GPtrArray *fresh = g_ptr_array_new_with_free_func(answer_free);
  pthread_mutex_lock(&hub->lock);
  GPtrArray *answers = readers->answers;
  readers->answers = fresh;
  pthread_mutex_unlock(&hub->lock);
  return answers;
}
