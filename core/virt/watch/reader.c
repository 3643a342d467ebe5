/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/watch/reader.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/virt/watch/plan.h"

#define RETRY_SECONDS 5 /* after a reader's connection failed */

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
  enum { READER_IDLE, READER_OPENING, READER_CALLING } phase;
  GPtrArray *todo;   /* the calls to make */
  GPtrArray *asking; /* the call under way */
  int64_t since_ns;  /* when that call began */
  bool stalled;      /* given up: its call may come back one day */
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

static void set_phase(struct reader *reader, int phase, GPtrArray *asking)
{
  struct hub *hub = reader->hub;
  pthread_mutex_lock(&hub->lock);
  reader->phase = phase;
  reader->since_ns = clock_mono_ns();
  reader->stalled = false;
  g_clear_pointer(&reader->asking, g_ptr_array_unref);
  reader->asking = asking;
  pthread_cond_broadcast(&hub->wake);
  pthread_mutex_unlock(&hub->lock);
}

static bool have_conn(struct reader *reader)
{
  if (reader->conn && virConnectIsAlive(reader->conn) == 0)
    forget_conn(reader);
  if (reader->conn)
    return true;
  set_phase(reader, READER_OPENING, NULL);
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

/* What the vCPUs of the guest UUID of CALL have used, as far as it runs here. */
static int64_t vcpu_ns(const GPtrArray *call, const char *uuid)
{
  for (guint i = 0; i < call->len; i++) {
    const struct wish *wish = g_ptr_array_index(call, i);
    if (strcmp(wish->uuid, uuid) == 0)
      return process_vcpu_ns(&wish->process);
  }
  return -1;
}

/* The guests of a call are asked one after another: the I-th of N was at about I+1/2 Nths of the time. */
static struct answer *answer_of(const GPtrArray *call, virDomainStatsRecordPtr record, int i, int n,
                                int64_t from_ns, int64_t to_ns)
{
  struct answer *answer = g_new0(struct answer, 1);
  virDomainGetUUIDString(record->dom, answer->uuid);
  answer->params = record->params;
  answer->count = record->nparams;
  record->params = NULL;
  record->nparams = 0;
  answer->at_ns = from_ns + (to_ns - from_ns) * (2 * i + 1) / (2 * n);
  answer->cpu_ns = vcpu_ns(call, answer->uuid);
  answer->cost = (double)(to_ns - from_ns) / (double)NS_PER_S / n;
  return answer;
}

static void post(struct reader *reader, const GPtrArray *call, virDomainStatsRecordPtr *records, int n,
                 int64_t from_ns, int64_t to_ns)
{
  struct hub *hub = reader->hub;
  GPtrArray *answers = g_ptr_array_new_with_free_func(answer_free);
  for (int i = 0; i < n; i++)
    g_ptr_array_add(answers, answer_of(call, records[i], i, n, from_ns, to_ns));
  pthread_mutex_lock(&hub->lock);
  /* No one knows at what time of a call given up each figure was read: no rate could be made of it. */
  if (!reader->stalled)
    g_ptr_array_extend_and_steal(reader->readers->answers, g_steal_pointer(&answers));
  pthread_mutex_unlock(&hub->lock);
  g_clear_pointer(&answers, g_ptr_array_unref);
}

static bool ask(struct reader *reader, const GPtrArray *call, virDomainPtr *doms)
{
  virDomainStatsRecordPtr *records = NULL;
  int64_t from_ns = clock_mono_ns();
  int n = virDomainListGetStats(doms, plan_stats(true), &records, VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT);
  if (n < 0)
    return false;
  post(reader, call, records, n, from_ns, clock_mono_ns());
  virDomainStatsRecordListFree(records);
  return true;
}

/* One of several may have gone in the midst of the call, which then fails as a whole. */
static void ask_singly(struct reader *reader, const GPtrArray *call, virDomainPtr *doms)
{
  for (int i = 0; doms[i]; i++) {
    virDomainPtr one[] = {doms[i], NULL};
    char uuid[VIR_UUID_STRING_BUFLEN];
    if (ask(reader, call, one))
      continue;
    if (virGetLastErrorCode() == VIR_ERR_NO_SUPPORT || virConnectIsAlive(reader->conn) == 0)
      return;
    if (virDomainGetUUIDString(doms[i], uuid) == 0)
      g_hash_table_remove(reader->doms, uuid);
  }
}

static void make_call(struct reader *reader, GPtrArray *call)
{
  g_autofree virDomainPtr *doms = g_new0(virDomainPtr, call->len + 1);
  int n = 0;
  set_phase(reader, READER_CALLING, g_ptr_array_ref(call));
  for (guint i = 0; i < call->len; i++) {
    const struct wish *wish = g_ptr_array_index(call, i);
    if ((doms[n] = dom_of(reader, wish->uuid)))
      n++;
  }
  if (n > 0 && !ask(reader, call, doms))
    ask_singly(reader, call, doms);
}

/* The next call to make, or NULL: the end. */
static GPtrArray *next_call(struct reader *reader)
{
  struct hub *hub = reader->hub;
  pthread_mutex_lock(&hub->lock);
  while (!hub->stopping && reader->todo->len == 0)
    pthread_cond_wait(&hub->wake, &hub->lock);
  GPtrArray *call = hub->stopping ? NULL : g_ptr_array_steal_index(reader->todo, 0);
  pthread_mutex_unlock(&hub->lock);
  return call;
}

/* Idle when nothing is left to do; no one else can give it more before that. */
static void rest_if_done(struct reader *reader, bool drop)
{
  struct hub *hub = reader->hub;
  pthread_mutex_lock(&hub->lock);
  if (drop)
    g_ptr_array_set_size(reader->todo, 0);
  bool done = reader->todo->len == 0;
  pthread_mutex_unlock(&hub->lock);
  if (done)
    set_phase(reader, READER_IDLE, NULL);
}

static void reader_main(struct hub *hub, void *arg)
{
  (void)hub;
  struct reader *reader = arg;
  for (GPtrArray *call; (call = next_call(reader));) {
    bool open = have_conn(reader);
    if (open)
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
  if (reader->phase != READER_CALLING || reader->stalled || took < limit)
    return;
  reader->stalled = true;
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
    if (reader->stalled)
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
