/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/reader.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/virt/plan.h"
#include "core/virt/process.h"
#include "core/virt/state.h"

#define RETRY_SECONDS 5 /* after a reader's connection failed */

void reader_answer_free(void *p)
{
  struct answer *answer = p;
  virTypedParamsFree(answer->params, answer->count);
  g_free(answer);
}

void reader_free(void *p)
{
  struct reader *reader = p;
  g_clear_pointer(&reader->todo, g_ptr_array_unref);
  g_clear_pointer(&reader->asking, g_ptr_array_unref);
  g_free(reader);
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
    virt_close_later(reader->virt, reader->conn);
  reader->conn = NULL;
}

static void set_phase(struct reader *reader, int phase, GPtrArray *asking)
{
  struct virt *virt = reader->virt;
  pthread_mutex_lock(&virt->lock);
  reader->phase = phase;
  reader->since_ns = clock_mono_ns();
  reader->stalled = false;
  g_clear_pointer(&reader->asking, g_ptr_array_unref);
  reader->asking = asking;
  pthread_cond_broadcast(&virt->wake);
  pthread_mutex_unlock(&virt->lock);
}

static bool have_conn(struct reader *reader)
{
  if (reader->conn && virConnectIsAlive(reader->conn) == 0)
    forget_conn(reader);
  if (reader->conn)
    return true;
  set_phase(reader, READER_OPENING, NULL);
  g_autoptr(GError) error = NULL;
  reader->conn = virt_open(reader->virt, &error);
  if (reader->conn) {
    reader->doms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, dom_free);
    return true;
  }
  g_debug("reader %d: %s", reader->number, error->message);
  pthread_mutex_lock(&reader->virt->lock);
  reader->retry_ns = clock_mono_ns() + RETRY_SECONDS * NS_PER_S;
  pthread_mutex_unlock(&reader->virt->lock);
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

static int64_t vcpu_ns(struct virt *virt, const char *uuid)
{
  struct process process = {0};
  pthread_mutex_lock(&virt->lock);
  const struct process *known = g_hash_table_lookup(virt->processes, uuid);
  if (known)
    process = *known;
  pthread_mutex_unlock(&virt->lock);
  return process_vcpu_ns(&process);
}

/* The guests of a call are asked one after another: the I-th of N was at about I+1/2 Nths of the time. */
static struct answer *answer_of(struct virt *virt, virDomainStatsRecordPtr record, int i, int n,
                                int64_t from_ns, int64_t to_ns)
{
  struct answer *answer = g_new0(struct answer, 1);
  virDomainGetUUIDString(record->dom, answer->uuid);
  answer->params = record->params;
  answer->count = record->nparams;
  record->params = NULL;
  record->nparams = 0;
  answer->at_ns = from_ns + (to_ns - from_ns) * (2 * i + 1) / (2 * n);
  answer->cpu_ns = vcpu_ns(virt, answer->uuid);
  answer->cost = (double)(to_ns - from_ns) / (double)NS_PER_S / n;
  return answer;
}

static void post(struct reader *reader, virDomainStatsRecordPtr *records, int n, int64_t from_ns,
                 int64_t to_ns)
{
  struct virt *virt = reader->virt;
  GPtrArray *answers = g_ptr_array_new_with_free_func(reader_answer_free);
  for (int i = 0; i < n; i++)
    g_ptr_array_add(answers, answer_of(virt, records[i], i, n, from_ns, to_ns));
  pthread_mutex_lock(&virt->lock);
  /* No one knows at what time of a call given up each figure was read: no rate could be made of it. */
  if (!reader->stalled)
    g_ptr_array_extend_and_steal(virt->results, g_steal_pointer(&answers));
  pthread_mutex_unlock(&virt->lock);
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

static void call(struct reader *reader, GPtrArray *uuids)
{
  g_autofree virDomainPtr *doms = g_new0(virDomainPtr, uuids->len + 1);
  int n = 0;
  set_phase(reader, READER_CALLING, g_ptr_array_ref(uuids));
  for (guint i = 0; i < uuids->len; i++)
    if ((doms[n] = dom_of(reader, g_ptr_array_index(uuids, i))))
      n++;
  if (n > 0 && !ask(reader, doms))
    ask_singly(reader, doms);
}

/* The next call to make, or NULL: the end. */
static GPtrArray *next_call(struct reader *reader)
{
  struct virt *virt = reader->virt;
  pthread_mutex_lock(&virt->lock);
  while (!virt->stopping && reader->todo->len == 0)
    pthread_cond_wait(&virt->wake, &virt->lock);
  GPtrArray *uuids = virt->stopping ? NULL : g_ptr_array_steal_index(reader->todo, 0);
  pthread_mutex_unlock(&virt->lock);
  return uuids;
}

/* Idle when nothing is left to do; no one else can give it more before that. */
static void rest_if_done(struct reader *reader, bool drop)
{
  struct virt *virt = reader->virt;
  pthread_mutex_lock(&virt->lock);
  if (drop)
    g_ptr_array_set_size(reader->todo, 0);
  bool done = reader->todo->len == 0;
  pthread_mutex_unlock(&virt->lock);
  if (done)
    set_phase(reader, READER_IDLE, NULL);
}

static void reader_main(struct virt *virt, void *arg)
{
  (void)virt;
  struct reader *reader = arg;
  for (;;) {
    GPtrArray *uuids = next_call(reader);
    if (!uuids)
      break;
    bool open = have_conn(reader);
    if (open)
      call(reader, uuids);
    g_ptr_array_unref(uuids);
    rest_if_done(reader, !open);
  }
  forget_conn(reader);
}

/* ---- the scanner's side ---- */

static struct reader *start_one(struct virt *virt)
{
  struct reader *reader = g_new0(struct reader, 1);
  g_autofree char *name = g_strdup_printf("virt-read%u", virt->readers->len);
  reader->number = (int)virt->readers->len;
  reader->virt = virt;
  reader->todo = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
  if (!virt_thread(virt, name, reader_main, reader)) {
    reader_free(reader);
    return NULL;
  }
  g_ptr_array_add(virt->readers, reader);
  return reader;
}

struct reader *readers_free_one(struct virt *virt, int64_t now_ns)
{
  struct reader *found = NULL;
  bool at_work = false;
  pthread_mutex_lock(&virt->lock);
  for (guint i = 0; i < virt->readers->len; i++) {
    struct reader *reader = g_ptr_array_index(virt->readers, i);
    at_work |= (reader->phase != READER_IDLE || reader->todo->len > 0 || reader->retry_ns > now_ns) &&
               !reader->stalled;
    if (reader->phase == READER_IDLE && reader->todo->len == 0 && !found)
      found = reader;
  }
  pthread_mutex_unlock(&virt->lock);
  if (at_work)
    return NULL;
  return found || virt->readers->len >= READERS_MAX ? found : start_one(virt);
}

void reader_ask(struct reader *reader, GPtrArray *calls)
{
  struct virt *virt = reader->virt;
  pthread_mutex_lock(&virt->lock);
  g_ptr_array_extend_and_steal(reader->todo, calls);
  pthread_cond_broadcast(&virt->wake);
  pthread_mutex_unlock(&virt->lock);
}

/* Calls not begun are told as asking nobody. */
static void give_up_if_late(struct reader *reader, int64_t now_ns, double limit, readers_held *held,
                            void *context)
{
  double took = (double)(now_ns - reader->since_ns) / (double)NS_PER_S;
  if (reader->phase != READER_CALLING || reader->stalled || took < limit)
    return;
  reader->stalled = true;
  for (guint i = 0; i < reader->todo->len; i++) {
    GPtrArray *uuids = g_ptr_array_index(reader->todo, i);
    for (guint k = 0; k < uuids->len; k++)
      held(context, g_ptr_array_index(uuids, k), reader->since_ns, 0);
  }
  g_ptr_array_set_size(reader->todo, 0);
}

void readers_check(struct virt *virt, int64_t now_ns, double limit, readers_held *held, void *context)
{
  pthread_mutex_lock(&virt->lock);
  for (guint i = 0; i < virt->readers->len; i++) {
    struct reader *reader = g_ptr_array_index(virt->readers, i);
    give_up_if_late(reader, now_ns, limit, held, context);
    for (guint k = 0; reader->stalled && k < reader->asking->len; k++)
      held(context, g_ptr_array_index(reader->asking, k), reader->since_ns, (int)reader->asking->len);
  }
  pthread_mutex_unlock(&virt->lock);
}

static bool any_at_work(struct virt *virt)
{
  for (guint i = 0; i < virt->readers->len; i++) {
    struct reader *reader = g_ptr_array_index(virt->readers, i);
    if (!reader->stalled && (reader->phase != READER_IDLE || reader->todo->len > 0))
      return true;
  }
  return false;
}

void readers_wait(struct virt *virt, int64_t deadline_ns)
{
  pthread_mutex_lock(&virt->lock);
  while (!virt->stopping && any_at_work(virt) && virt_wait(virt, deadline_ns))
    continue;
  pthread_mutex_unlock(&virt->lock);
}

GPtrArray *readers_answers(struct virt *virt)
{
  GPtrArray *fresh = g_ptr_array_new_with_free_func(reader_answer_free);
  pthread_mutex_lock(&virt->lock);
  GPtrArray *answers = virt->results;
  virt->results = fresh;
  pthread_mutex_unlock(&virt->lock);
  return answers;
}
