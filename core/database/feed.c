/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/database/feed.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/database/request_table.h"
#include "core/database/spool.h"

#define BATCH 1000u             /* rows of a transaction */
#define ROWS_KEPT (8u << 20)    /* that may wait on disk: 320 MiB */
#define UNSPOOLED_MAX 400000u   /* requests that may wait for that disk */
#define RETRY_US G_USEC_PER_SEC /* until the database is tried again */

struct feed {
  struct place place;
  char *place_text;
  struct spool *spool;
  GThread *keeper, *sender; /* from turns to the spool; from there to the database */

  /* the sender's own */
  struct request_table *table; /* NULL: there is no connection */
  struct table_doubt doubt;
  struct table_row rows[BATCH];
  uint64_t careful; /* rows that are sent one by one, because one of them was refused */

  GMutex lock; /* guards all that follows */
  GCond changed;
  GQueue turns;    /* const struct memory_turn * */
  guint unspooled; /* their requests, and those being put into the spool */
  uint64_t seen, stored, waiting, refused, lost;
  char *problem, *refusal;
  bool finishing, over; /* nothing comes any more; nothing is tried any more */
};

/* ---- the keeper ---- */

static struct table_row row_of(const struct memory_turn *turn, const struct memory_request *request)
{
  struct table_row row = {.wall_s = (turn->wall_ns - (turn->mono_ns - request->mono_ns)) / NS_PER_S,
                          .size = request->call == MEMORY_BRK
                                      ? request->change
                                      : (int64_t)MIN(request->length, (uint64_t)INT64_MAX),
                          .pid = request->pid,
                          .call = (int32_t)request->call};

  memcpy(row.name, request->name, sizeof row.name);
  return row;
}

/* With the lock held, which is let go meanwhile. */
static void spool_turn(struct feed *feed, const struct memory_turn *turn)
{
  const guint count = turn->request_count;
  g_autoptr(GError) err = NULL;

  g_mutex_unlock(&feed->lock);
  g_autofree struct table_row *rows = g_new(struct table_row, count);
  for (guint i = 0; i < count; i++)
    rows[i] = row_of(turn, &turn->requests[i]);
  const uint64_t kept = spool_append(feed->spool, rows, count, &err);
  g_mutex_lock(&feed->lock);
  feed->unspooled -= count;
  feed->waiting -= count - kept;
  feed->lost += count - kept;
  g_cond_broadcast(&feed->changed);
}

static void *keep(void *context)
{
  struct feed *feed = context;

  g_mutex_lock(&feed->lock);
  for (;;) {
    struct memory_turn *turn = g_queue_pop_head(&feed->turns);
    if (turn)
      spool_turn(feed, turn);
    else if (feed->finishing)
      break;
    else
      g_cond_wait(&feed->changed, &feed->lock);
    memory_turn_unref(turn);
  }
  g_mutex_unlock(&feed->lock);
  return NULL;
}

/* ---- the sender ---- */

/* COUNT rows are done with: they add to SUM. */
static void settle(struct feed *feed, uint64_t count, uint64_t *sum)
{
  g_mutex_lock(&feed->lock);
  spool_drop(feed->spool, count);
  feed->waiting -= count;
  *sum += count;
  g_cond_broadcast(&feed->changed);
  g_mutex_unlock(&feed->lock);
  feed->careful -= MIN(feed->careful, count);
}

/* Takes WHY; NULL: all is well. */
static void tell_problem(struct feed *feed, GError *why)
{
  g_mutex_lock(&feed->lock);
  g_free(feed->problem);
  feed->problem = why ? g_strdup(why->message) : NULL;
  g_mutex_unlock(&feed->lock);
  g_clear_error(&why);
}

/* The first row cannot be stored, as WHY says. */
static void refuse(struct feed *feed, const GError *why)
{
  g_mutex_lock(&feed->lock);
  g_free(feed->refusal);
  feed->refusal = g_strdup(why->message);
  g_mutex_unlock(&feed->lock);
  settle(feed, 1, &feed->refused);
}

/* A connection, and no doubt about what went over the one before. */
static bool connect_anew(struct feed *feed, GError **err)
{
  bool were_stored = false;

  if (!feed->table)
    feed->table = request_table_open(&feed->place, TABLE_WRITE, err);
  if (!feed->table)
    return false;
  if (!feed->doubt.count)
    return true;
  if (!request_table_look_up(feed->table, &feed->doubt, &were_stored, err))
    return false;
  const uint64_t count = feed->doubt.count;
  feed->doubt = (struct table_doubt){0};
  if (were_stored)
    settle(feed, count, &feed->stored);
  return true;
}

/* How many of the first COUNT rows fit; WHY: why the next one does not. */
static guint fitting(struct feed *feed, guint count, GError **why)
{
  guint n = 0;

  while (n < count && request_table_fits(feed->table, &feed->rows[n], why))
    n++;
  return n;
}

/* Some of the first rows of the spool into the database. */
static bool send_some(struct feed *feed, GError **err)
{
  g_autoptr(GError) why = NULL, unfit = NULL;

  if (!connect_anew(feed, err))
    return false;
  const uint64_t there = spool_peek(feed->spool, feed->rows, feed->careful ? 1 : BATCH, err);
  const guint count = fitting(feed, (guint)there, &unfit);
  if (count == 0 && unfit) {
    refuse(feed, unfit);
  } else if (count > 0) {
    if (request_table_store(feed->table, feed->rows, count, &feed->doubt, &why))
      settle(feed, count, &feed->stored);
    else if (why->code == ERROR_REFUSED && count > 1)
      feed->careful = count;
    else if (why->code == ERROR_REFUSED)
      refuse(feed, why);
    else
      g_propagate_error(err, g_steal_pointer(&why));
  }
  return !*err;
}

/* With the lock held: until there is something to send, or, after a failure, for a while.  False: it is over.
 */
static bool wait_for_rows(struct feed *feed)
{
  if (feed->problem) {
    const gint64 until = g_get_monotonic_time() + RETRY_US;
    while (!feed->over && g_cond_wait_until(&feed->changed, &feed->lock, until))
      continue;
  }
  while (!feed->over && spool_waiting(feed->spool) == 0)
    g_cond_wait(&feed->changed, &feed->lock);
  return !feed->over;
}

static void *send_all(void *context)
{
  struct feed *feed = context;

  g_mutex_lock(&feed->lock);
  while (wait_for_rows(feed)) {
    GError *err = NULL;
    g_mutex_unlock(&feed->lock);
    if (!send_some(feed, &err))
      g_clear_pointer(&feed->table, request_table_close);
    tell_problem(feed, err);
    g_mutex_lock(&feed->lock);
  }
  g_mutex_unlock(&feed->lock);
  return NULL;
}

/* ---- the other threads ---- */

static bool open_all(struct feed *feed, const char *url, const char *password_file, const char *dir,
                     GError **err)
{
  if (!place_parse(url, password_file, &feed->place, err))
    return false;
  feed->place_text = place_text(&feed->place);
  feed->table = request_table_open(&feed->place, TABLE_WRITE, err);
  feed->spool = feed->table ? spool_new(dir, ROWS_KEPT, err) : NULL;
  return feed->spool != NULL;
}

static void feed_free(struct feed *feed)
{
  request_table_close(feed->table);
  spool_free(feed->spool);
  g_queue_clear_full(&feed->turns, (GDestroyNotify)memory_turn_unref);
  g_free(feed->place_text);
  g_free(feed->problem);
  g_free(feed->refusal);
  place_clear(&feed->place);
  g_cond_clear(&feed->changed);
  g_mutex_clear(&feed->lock);
  g_free(feed);
}

struct feed *feed_start(const char *url, const char *password_file, const char *dir, GError **err)
{
  struct feed *feed = g_new0(struct feed, 1);

  g_mutex_init(&feed->lock);
  g_cond_init(&feed->changed);
  g_queue_init(&feed->turns);
  if (!open_all(feed, url, password_file, dir, err)) {
    feed_free(feed);
    return NULL;
  }
  feed->keeper = g_thread_new("keeper", keep, feed);
  feed->sender = g_thread_new("sender", send_all, feed);
  return feed;
}

void feed_turn(struct feed *feed, const struct memory_turn *turn)
{
  const uint64_t told = turn->request_count, seen = MAX(memory_sums_seen(&turn->sums), told);

  g_mutex_lock(&feed->lock);
  const bool room = feed->unspooled + told <= UNSPOOLED_MAX;
  feed->seen += seen;
  feed->waiting += room ? told : 0;
  feed->lost += seen - (room ? told : 0);
  if (room) {
    feed->unspooled += turn->request_count;
    g_queue_push_tail(&feed->turns, (void *)(uintptr_t)memory_turn_ref(turn));
    g_cond_broadcast(&feed->changed);
  }
  g_mutex_unlock(&feed->lock);
}

/* With the lock held. */
static void fill_state(struct feed *feed, struct delivery *ret)
{
  *ret = (struct delivery){.place = g_strdup(feed->place_text),
                           .seen = feed->seen,
                           .stored = feed->stored,
                           .waiting = feed->waiting,
                           .refused = feed->refused,
                           .lost = feed->lost,
                           .problem = g_strdup(feed->problem),
                           .refusal = g_strdup(feed->refusal)};
}

void feed_state(struct feed *feed, struct delivery *ret)
{
  g_mutex_lock(&feed->lock);
  fill_state(feed, ret);
  g_mutex_unlock(&feed->lock);
}

void feed_finish(struct feed *feed, double seconds, struct delivery *ret)
{
  if (!feed)
    return;
  const gint64 until = g_get_monotonic_time() + (gint64)(seconds * G_USEC_PER_SEC);
  g_mutex_lock(&feed->lock);
  feed->finishing = true;
  g_cond_broadcast(&feed->changed);
  while (feed->waiting > 0 && g_cond_wait_until(&feed->changed, &feed->lock, until))
    continue;
  feed->over = true;
  g_cond_broadcast(&feed->changed);
  g_mutex_unlock(&feed->lock);
  g_thread_join(feed->keeper);
  g_thread_join(feed->sender);
  feed->lost += feed->waiting;
  feed->waiting = 0;
  if (ret)
    fill_state(feed, ret);
  feed_free(feed);
}
