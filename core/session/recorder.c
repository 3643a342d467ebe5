/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "core/session/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/units.h"
#include "core/session/export.h"
#include "core/session/journal.h"
#include "core/session/lock.h"

#define PENDING_SCANS_MAX 8 /* scans that wait for the disk; more are thinned */
#define PENDING_REQUESTS_MAX                                                                                 \
  200000 /* memory requests that wait for it; of turns beyond, sums alone are kept */
#define SYNC_EVERY_NS NS_PER_S
#define RETRY_NS NS_PER_S

enum item_kind { ITEM_SCAN, ITEM_EVENT, ITEM_JOB, ITEM_MEMORY, ITEM_SPANS };

struct item {
  enum item_kind kind;
  void *thing;
};

enum phase {
  PHASE_RUN,
  PHASE_STOP,
  PHASE_STUCK, /* the end could not be written: the thread rests until it is asked again */
  PHASE_ABANDON,
  PHASE_STOPPED
};

struct recorder {
  char *path;
  int lock_fd;
  struct journal *journal; /* the thread's alone */
  struct journal_session session;
  int64_t synced_ns; /* the thread's alone */

  pthread_t thread;
  pthread_mutex_t lock; /* guards all that follows */
  pthread_cond_t wake, done;
  GQueue items; /* struct item * */
  int pending_scans;
  guint pending_requests;
  uint64_t posted, written; /* items so far */
  uint64_t rounds;          /* attempts to write */
  uint64_t scans, events, thinned, thinned_told;
  enum phase phase;
  GError *problem; /* of the last attempt */
};

static void item_free(struct item *item)
{
  switch (item->kind) {
  case ITEM_SCAN:
    scan_unref(item->thing);
    break;
  case ITEM_EVENT:
    event_free(item->thing);
    break;
  case ITEM_JOB:
    job_free(item->thing);
    break;
  case ITEM_MEMORY:
    memory_turn_unref(item->thing);
    break;
  case ITEM_SPANS:
    span_turn_unref(item->thing);
    break;
  }
  g_free(item);
}

static bool put_item(struct journal *journal, const struct item *item, GError **err)
{
  switch (item->kind) {
  case ITEM_SCAN:
    return journal_put_scan(journal, item->thing, err);
  case ITEM_EVENT:
    return journal_put_event(journal, item->thing, err);
  case ITEM_JOB:
    return journal_put_job(journal, item->thing, err);
  case ITEM_MEMORY:
    return journal_put_memory(journal, item->thing, err);
  case ITEM_SPANS:
    return journal_put_spans(journal, item->thing, err);
  }
  return true;
}

/* ---- the thread ---- */

static bool write_batch(struct recorder *recorder, GQueue *batch, GError **err)
{
  int64_t now = clock_mono_ns();
  bool sync = now - recorder->synced_ns >= SYNC_EVERY_NS;
  bool ok = journal_begin(recorder->journal, sync, err);
  for (GList *link = batch->head; link && ok; link = link->next)
    ok = put_item(recorder->journal, link->data, err);
  ok = ok && journal_commit(recorder->journal, err);
  if (!ok)
    journal_rollback(recorder->journal);
  else if (sync)
    recorder->synced_ns = now;
  return ok;
}

/* With the lock held: say in the journal that scans were left out. */
static void tell_thinning(struct recorder *recorder)
{
  if (recorder->thinned == recorder->thinned_told)
    return;
  g_autofree char *why = recorder->problem ? error_what(recorder->problem) : g_strdup("the disk is slow");
  g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT " scans were not recorded: %s",
                                          recorder->thinned - recorder->thinned_told, why);
  struct item *item = g_new0(struct item, 1);
  *item = (struct item){ITEM_EVENT, event_new(EVENT_WARNING, -1, "", NULL, text)};
  ((struct event *)item->thing)->wall_ns = clock_wall_ns();
  g_queue_push_tail(&recorder->items, item);
  recorder->posted++;
  recorder->thinned_told = recorder->thinned;
}

static void count_written(struct recorder *recorder, GQueue *batch)
{
  for (GList *link = batch->head; link; link = link->next) {
    const struct item *item = link->data;
    recorder->scans += item->kind == ITEM_SCAN;
    recorder->events += item->kind == ITEM_EVENT;
    recorder->pending_scans -= item->kind == ITEM_SCAN;
    if (item->kind == ITEM_MEMORY)
      recorder->pending_requests -= ((const struct memory_turn *)item->thing)->request_count;
    recorder->written++;
  }
}

/* With the lock held: take what is pending, write it without the lock; back in line if that fails. */
static bool write_pending(struct recorder *recorder)
{
  GError *problem = NULL;
  if (!recorder->problem)
    tell_thinning(recorder);
  GQueue batch = recorder->items;
  g_queue_init(&recorder->items);
  pthread_mutex_unlock(&recorder->lock);
  bool ok = write_batch(recorder, &batch, &problem);
  pthread_mutex_lock(&recorder->lock);
  if (ok) {
    count_written(recorder, &batch);
    if (recorder->problem)
      tell_thinning(recorder);
    g_queue_clear_full(&batch, (GDestroyNotify)item_free);
  } else {
    while (!g_queue_is_empty(&batch))
      g_queue_push_head(&recorder->items, g_queue_pop_tail(&batch));
  }
  g_clear_error(&recorder->problem);
  recorder->problem = problem;
  recorder->rounds++;
  pthread_cond_broadcast(&recorder->done);
  return ok;
}

/* With the lock held: until there is something to do; after a failure, for a second at most. */
static void wait_for_work(struct recorder *recorder)
{
  if (recorder->phase == PHASE_STUCK) {
    while (recorder->phase == PHASE_STUCK)
      pthread_cond_wait(&recorder->wake, &recorder->lock);
  } else if (recorder->problem) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += RETRY_NS / NS_PER_S;
    int result = 0;
    while (recorder->phase == PHASE_RUN && result != ETIMEDOUT)
      result = pthread_cond_timedwait(&recorder->wake, &recorder->lock, &until);
  } else {
    while (recorder->phase == PHASE_RUN && g_queue_is_empty(&recorder->items))
      pthread_cond_wait(&recorder->wake, &recorder->lock);
  }
}

/* With the lock held: write all that is pending and, unless given up, the end. */
static bool write_end(struct recorder *recorder)
{
  while (!g_queue_is_empty(&recorder->items))
    if (!write_pending(recorder))
      return false;
  if (recorder->phase != PHASE_STOP)
    return true;
  GError *problem = NULL;
  uint64_t thinned = recorder->thinned;
  pthread_mutex_unlock(&recorder->lock);
  bool ok = journal_finish(recorder->journal, clock_wall_ns(), clock_mono_ns(), thinned, &problem);
  pthread_mutex_lock(&recorder->lock);
  g_clear_error(&recorder->problem);
  recorder->problem = problem;
  return ok;
}

/* With the lock held: the last words, for which room was kept.  False: they could not be written. */
static bool finish(struct recorder *recorder)
{
  bool ok = write_end(recorder);
  if (!ok && lock_give_room(recorder->lock_fd))
    ok = write_end(recorder);
  if (!ok && recorder->phase == PHASE_STOP) {
    recorder->phase = PHASE_STUCK;
    pthread_cond_broadcast(&recorder->done);
    return false;
  }
  return true;
}

static void *record(void *context)
{
  struct recorder *recorder = context;
  pthread_mutex_lock(&recorder->lock);
  for (bool over = false; !over;) {
    wait_for_work(recorder);
    if (recorder->phase != PHASE_RUN)
      over = finish(recorder);
    else
      write_pending(recorder);
  }
  recorder->phase = PHASE_STOPPED;
  pthread_cond_broadcast(&recorder->done);
  pthread_mutex_unlock(&recorder->lock);
  return NULL;
}

/* ---- the start ---- */

static void init_sync(struct recorder *recorder)
{
  pthread_condattr_t monotonic;
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_mutex_init(&recorder->lock, NULL);
  pthread_cond_init(&recorder->wake, &monotonic);
  pthread_cond_init(&recorder->done, &monotonic);
  pthread_condattr_destroy(&monotonic);
  g_queue_init(&recorder->items);
}

static void describe(struct journal_session *session, const struct recorder_options *options)
{
  session->id = g_uuid_string_random();
  session->version = g_strdup(options->version ? options->version : PACKAGE_VERSION);
  session->command = g_strdup(options->command);
  session->host = g_strdup(g_get_host_name());
  session->host_kind = options->host_kind;
  session->settings = g_strdup(options->settings);
  session->begin_wall_ns = clock_wall_ns();
  session->begin_mono_ns = clock_mono_ns();
}

/* An empty file only we may read, which SQLite then fills (and makes its companions alike). */
static bool make_file(const char *path, GError **err)
{
  int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  bool ok = fd >= 0 && fchmod(fd, 0600) == 0; /* whatever the umask */
  if (!ok)
    error_set_errno(err, ERROR_RESOURCES, errno, "It must be possible to make files in its folder.",
                    "cannot make the journal %s", path);
  if (fd >= 0)
    close(fd);
  return ok;
}

static bool open_journal(struct recorder *recorder, GError **err)
{
  recorder->lock_fd = lock_take(recorder->path, err);
  if (recorder->lock_fd < 0 || !make_file(recorder->path, err))
    return false;
  recorder->journal = journal_create(recorder->path, err);
  if (!recorder->journal || !journal_begin(recorder->journal, true, err))
    return false;
  bool ok = journal_put_session(recorder->journal, &recorder->session, err) &&
            journal_commit(recorder->journal, err);
  if (!ok)
    journal_rollback(recorder->journal);
  recorder->synced_ns = clock_mono_ns();
  if (ok)
    lock_reserve(recorder->lock_fd);
  return ok;
}

static void free_all(struct recorder *recorder)
{
  journal_close(recorder->journal);
  lock_drop(recorder->lock_fd);
  journal_session_clear(&recorder->session);
  g_queue_clear_full(&recorder->items, (GDestroyNotify)item_free);
  g_clear_error(&recorder->problem);
  pthread_cond_destroy(&recorder->wake);
  pthread_cond_destroy(&recorder->done);
  pthread_mutex_destroy(&recorder->lock);
  g_free(recorder->path);
  g_free(recorder);
}

struct recorder *recorder_start(const struct recorder_options *options, GError **err)
{
  if (!path_make(options->dir, err))
    return NULL;
  struct recorder *recorder = g_new0(struct recorder, 1);
  recorder->lock_fd = -1;
  init_sync(recorder);
  describe(&recorder->session, options);
  g_autofree char *stamp = export_stamp(recorder->session.begin_wall_ns);
  recorder->path = g_strdup_printf("%s/virtlens-%s-%.8s.journal", options->dir, stamp, recorder->session.id);
  int failed = open_journal(recorder, err) ? pthread_create(&recorder->thread, NULL, record, recorder) : -1;
  if (failed == 0)
    return recorder;
  if (failed > 0)
    error_set_errno(err, ERROR_RESOURCES, failed, NULL, "cannot start recording");
  if (recorder->lock_fd >= 0) {
    g_clear_pointer(&recorder->journal, journal_close);
    lock_drop(recorder->lock_fd);
    recorder->lock_fd = -1;
    export_discard(recorder->path, NULL);
  }
  free_all(recorder);
  return NULL;
}

/* ---- the other threads ---- */

/* With the lock held: a scan too many takes the place of the newest one that waits.  While all are being
 * written one more may wait: if that fails, the newest must not be the one that was lost. */
static bool thin(struct recorder *recorder, struct scan *scan)
{
  if (recorder->pending_scans < PENDING_SCANS_MAX)
    return false;
  for (GList *link = recorder->items.tail; link; link = link->prev) {
    struct item *item = link->data;
    if (item->kind == ITEM_SCAN) {
      scan_unref(item->thing);
      item->thing = scan;
      recorder->thinned++;
      return true;
    }
  }
  return false;
}

static void post(struct recorder *recorder, enum item_kind kind, void *thing)
{
  pthread_mutex_lock(&recorder->lock);
  if (kind != ITEM_SCAN || !thin(recorder, thing)) {
    struct item *item = g_new0(struct item, 1);
    *item = (struct item){kind, thing};
    g_queue_push_tail(&recorder->items, item);
    recorder->pending_scans += kind == ITEM_SCAN;
    recorder->posted++;
  }
  pthread_cond_signal(&recorder->wake);
  pthread_mutex_unlock(&recorder->lock);
}

void recorder_scan(struct recorder *recorder, const struct scan *scan)
{
  post(recorder, ITEM_SCAN, scan_ref(scan));
}

void recorder_event(struct recorder *recorder, const struct event *event)
{
  post(recorder, ITEM_EVENT, event_copy(event));
}

void recorder_job(struct recorder *recorder, const struct job *job)
{
  post(recorder, ITEM_JOB, job_copy(job));
}

bool recorder_memory(struct recorder *recorder, const struct memory_turn *turn)
{
  pthread_mutex_lock(&recorder->lock);
  const bool whole = recorder->pending_requests + turn->request_count <= PENDING_REQUESTS_MAX;
  recorder->pending_requests += whole ? turn->request_count : 0;
  pthread_mutex_unlock(&recorder->lock);
  post(recorder, ITEM_MEMORY, whole ? memory_turn_ref(turn) : memory_turn_thin(turn));
  return whole;
}

void recorder_spans(struct recorder *recorder, const struct span_turn *turn)
{
  post(recorder, ITEM_SPANS, span_turn_ref(turn));
}

void recorder_state(struct recorder *recorder, struct recorder_state *ret)
{
  pthread_mutex_lock(&recorder->lock);
  *ret = (struct recorder_state){
      .recording = !recorder->problem && recorder->phase == PHASE_RUN,
      .scans = recorder->scans,
      .scans_thinned = recorder->thinned,
      .events = recorder->events,
      .problem = recorder->problem ? error_what(recorder->problem) : NULL,
  };
  pthread_mutex_unlock(&recorder->lock);
}

const char *recorder_journal(const struct recorder *recorder)
{
  return recorder->path;
}

/* With the lock held and the thread at rest: what is pending and the end, which the journal itself could not
 * take, into JOURNAL, which lies over it. */
static bool put_rest(struct recorder *recorder, struct journal *journal, GError **err)
{
  tell_thinning(recorder);
  bool ok = journal_begin(journal, false, err);
  for (GList *link = recorder->items.head; link && ok; link = link->next)
    ok = put_item(journal, link->data, err);
  return ok && journal_put_end(journal, clock_wall_ns(), clock_mono_ns(), recorder->thinned, err) &&
         journal_commit(journal, err);
}

static bool export_with_rest(struct recorder *recorder, const char *target, GError **err)
{
  struct journal *journal = journal_open_over(recorder->path, err);
  pthread_mutex_lock(&recorder->lock);
  bool ok = journal && put_rest(recorder, journal, err);
  pthread_mutex_unlock(&recorder->lock);
  ok = ok && export_open_journal(journal, target, err);
  journal_close(journal);
  return ok;
}

bool recorder_export(struct recorder *recorder, const char *target, GError **err)
{
  pthread_mutex_lock(&recorder->lock);
  /* What was posted before this call shall be in it: written, or tried in vain. */
  uint64_t wanted = recorder->posted, round = recorder->rounds + 2;
  while ((recorder->phase == PHASE_RUN || recorder->phase == PHASE_STOP) && recorder->written < wanted &&
         !(recorder->problem && recorder->rounds >= round)) {
    pthread_cond_signal(&recorder->wake);
    pthread_cond_wait(&recorder->done, &recorder->lock);
  }
  bool stuck = recorder->phase == PHASE_STUCK;
  pthread_mutex_unlock(&recorder->lock);
  return stuck ? export_with_rest(recorder, target, err) : export_journal(recorder->path, target, err);
}

bool recorder_stop(struct recorder *recorder, GError **err)
{
  pthread_mutex_lock(&recorder->lock);
  if (recorder->phase == PHASE_RUN || recorder->phase == PHASE_STUCK) {
    recorder->phase = PHASE_STOP;
    pthread_cond_signal(&recorder->wake);
  }
  while (recorder->phase == PHASE_STOP)
    pthread_cond_wait(&recorder->done, &recorder->lock);
  bool ok = recorder->phase == PHASE_STOPPED;
  if (!ok && err)
    *err = g_error_copy(recorder->problem);
  pthread_mutex_unlock(&recorder->lock);
  if (ok && recorder->journal) {
    pthread_join(recorder->thread, NULL);
    g_clear_pointer(&recorder->journal, journal_close);
    lock_drop(recorder->lock_fd);
    recorder->lock_fd = -1;
  }
  return ok;
}

void recorder_free(struct recorder *recorder)
{
  if (!recorder)
    return;
  if (recorder->journal) {
    pthread_mutex_lock(&recorder->lock);
    recorder->phase = PHASE_ABANDON;
    pthread_cond_signal(&recorder->wake);
    pthread_mutex_unlock(&recorder->lock);
    pthread_join(recorder->thread, NULL);
  }
  free_all(recorder);
}
