/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "core/session/journal_db.h"

static char *column(sqlite3_stmt *sql, int i)
{
  return g_strdup((const char *)sqlite3_column_text(sql, i));
}

static void column_uuid(sqlite3_stmt *sql, int i, char uuid[37])
{
  const char *text = (const char *)sqlite3_column_text(sql, i);
  g_strlcpy(uuid, text ? text : "", 37);
}

bool journal_freeze(struct journal *journal, GError **err)
{
  /* The picture is taken by the first read after BEGIN. */
  uint64_t ignored;
  sqlite3_stmt *sql = journal_sql(journal, SQL_BEGIN, err);
  return sql && journal_run(journal, sql, err) && journal_count_scans(journal, &ignored, err);
}

static bool get_host_kind(struct journal *journal, enum kind *ret, GError **err)
{
  if (journal->version < JOURNAL_VERSION_KIND)
    return true;
  sqlite3_stmt *sql = journal_sql(journal, SQL_GET_HOST_KIND, err);
  if (!sql || journal_step(journal, sql, err) != SQLITE_ROW)
    return false;
  g_autofree char *name = column(sql, 0);
  *ret = kind_find(name);
  sqlite3_reset(sql);
  return true;
}

bool journal_get_session(struct journal *journal, struct journal_session *ret, GError **err)
{
  sqlite3_stmt *sql = journal_sql(journal, SQL_GET_SESSION, err);
  if (!sql)
    return false;
  int result = journal_step(journal, sql, err);
  if (result != SQLITE_ROW)
    return result == SQLITE_DONE && journal_damaged(journal, err, "it does not say which session it holds");
  *ret = (struct journal_session){
      .id = column(sql, 0),
      .version = column(sql, 1),
      .command = column(sql, 2),
      .host = column(sql, 3),
      .settings = column(sql, 4),
      .begin_wall_ns = sqlite3_column_int64(sql, 5),
      .begin_mono_ns = sqlite3_column_int64(sql, 6),
      .end_wall_ns = sqlite3_column_int64(sql, 7),
      .end_mono_ns = sqlite3_column_int64(sql, 8),
      .scans_thinned = (uint64_t)sqlite3_column_int64(sql, 9),
  };
  sqlite3_reset(sql);
  return get_host_kind(journal, &ret->host_kind, err);
}

/* The one integer that statement ID gives for the row number N (0: takes none). */
static bool get_int(struct journal *journal, enum statement id, uint64_t n, int64_t *ret, GError **err)
{
  *ret = 0;
  sqlite3_stmt *sql = journal_sql(journal, id, err);
  if (!sql)
    return false;
  if (n > 0)
    sqlite3_bind_int64(sql, 1, (int64_t)n);
  int result = journal_step(journal, sql, err);
  if (result == SQLITE_ROW)
    *ret = sqlite3_column_int64(sql, 0);
  sqlite3_reset(sql);
  return result == SQLITE_ROW ||
         (result == SQLITE_DONE && journal_damaged(journal, err, "a scan is missing"));
}

bool journal_count_scans(struct journal *journal, uint64_t *ret, GError **err)
{
  int64_t count;
  if (!get_int(journal, SQL_COUNT_SCANS, 0, &count, err))
    return false;
  *ret = (uint64_t)MAX(count, 0);
  return true;
}

bool journal_scan_time(struct journal *journal, uint64_t index, int64_t *ret_wall_ns, GError **err)
{
  return get_int(journal, SQL_SCAN_TIME, index + 1, ret_wall_ns, err);
}

static struct guest_info *get_info(struct journal *journal, int64_t id)
{
  sqlite3_stmt *sql = journal_sql(journal, SQL_GET_INFO, NULL);
  struct guest_info *info = NULL;
  if (!sql)
    return NULL;
  sqlite3_bind_int64(sql, 1, id);
  if (journal_step(journal, sql, NULL) == SQLITE_ROW)
    info = info_blob_decode(sqlite3_column_blob(sql, 0), (size_t)sqlite3_column_bytes(sql, 0));
  sqlite3_reset(sql);
  return info;
}

static struct guest_info *info_of(void *context, uint64_t number)
{
  struct journal *journal = context;
  int64_t id = (int64_t)number;
  struct guest_info *info = g_hash_table_lookup(journal->infos, &id);
  if (info || id <= 0)
    return info;
  info = get_info(journal, id);
  if (!info)
    return NULL;
  int64_t *key = g_new(int64_t, 1);
  *key = id;
  g_hash_table_insert(journal->infos, key, info);
  g_hash_table_insert(journal->numbers, info, key);
  return info;
}

uint64_t journal_info_id(struct journal *journal, const struct guest_info *info)
{
  const int64_t *id = g_hash_table_lookup(journal->numbers, info);
  return id ? (uint64_t)*id : 0;
}

const struct guest_info *journal_info(struct journal *journal, uint64_t id)
{
  return info_of(journal, id);
}

/* Move on to scan INDEX, which follows the one at hand or is a key. */
static bool advance(struct journal *journal, uint64_t index, GError **err)
{
  sqlite3_stmt *sql = journal_sql(journal, SQL_GET_SCAN, err);
  if (!sql)
    return false;
  sqlite3_bind_int64(sql, 1, (int64_t)index + 1);
  int result = journal_step(journal, sql, err);
  if (result != SQLITE_ROW)
    return result == SQLITE_DONE && journal_damaged(journal, err, "a scan is missing");
  struct scan *scan = scan_blob_decode(sqlite3_column_blob(sql, 0), (size_t)sqlite3_column_bytes(sql, 0),
                                       journal->now, &journal->layout, info_of, journal);
  sqlite3_reset(sql);
  if (!scan) {
    g_autofree char *what = g_strdup_printf(
        "scan %" G_GUINT64_FORMAT " is malformed, or refers to a guest that is not there", index + 1);
    return journal_damaged(journal, err, what);
  }
  g_clear_pointer(&journal->now, scan_unref);
  journal->now = scan;
  journal->at = index;
  return true;
}

struct scan *journal_get_scan(struct journal *journal, uint64_t index, GError **err)
{
  if (journal->now && journal->at == index)
    return scan_ref(journal->now);
  uint64_t from = index;
  if (!journal->now || journal->at + 1 != index) {
    int64_t key;
    if (!get_int(journal, SQL_KEY_BEFORE, index + 1, &key, err))
      return NULL;
    bool ahead = journal->now && journal->at < index && journal->at + 1 >= (uint64_t)key;
    from = ahead ? journal->at + 1 : (uint64_t)MAX(key - 1, 0);
    if (!ahead)
      g_clear_pointer(&journal->now, scan_unref);
  }
  for (; from <= index; from++)
    if (!advance(journal, from, err))
      return NULL;
  return scan_ref(journal->now);
}

bool journal_events(struct journal *journal, journal_each_event *each, void *context, GError **err)
{
  sqlite3_stmt *sql = journal_sql(journal, SQL_GET_EVENTS, err);
  int result = SQLITE_ERROR;
  while (sql && (result = journal_step(journal, sql, err)) == SQLITE_ROW) {
    const char *name = (const char *)sqlite3_column_text(sql, 1);
    int kind = name ? event_kind_find(name) : -1;
    struct event *event =
        event_new(kind < 0 ? EVENT_WARNING : (enum event_kind)kind, sqlite3_column_int(sql, 2), "",
                  (const char *)sqlite3_column_text(sql, 4), "");
    event->wall_ns = sqlite3_column_int64(sql, 0);
    column_uuid(sql, 3, event->uuid);
    g_free(event->text);
    event->text = column(sql, 5);
    if (!event->text)
      event->text = g_strdup("");
    if (!each(context, event, err)) {
      sqlite3_reset(sql);
      return false;
    }
  }
  return result == SQLITE_DONE;
}

static struct job *job_row(sqlite3_stmt *sql)
{
  const char *action_name = (const char *)sqlite3_column_text(sql, 1);
  const char *state_name = (const char *)sqlite3_column_text(sql, 2);
  int action = action_name ? action_find(action_name) : -1,
      state = state_name ? job_state_find(state_name) : -1;
  if (action < 0)
    return NULL;
  struct job *job = g_new0(struct job, 1);
  job->id = (uint64_t)sqlite3_column_int64(sql, 0);
  job->action = (enum action_id)action;
  job->state = state < 0 ? JOB_UNKNOWN : (enum job_state)state;
  job->conn = sqlite3_column_int(sql, 3);
  column_uuid(sql, 4, job->uuid);
  job->guest = column(sql, 5);
  job->detail = column(sql, 6);
  job->step = column(sql, 7);
  job->error = column(sql, 8);
  job->progress = sqlite3_column_double(sql, 9);
  job->asked_wall_ns = sqlite3_column_int64(sql, 10);
  job->started_mono_ns = sqlite3_column_int64(sql, 11);
  job->ended_mono_ns = sqlite3_column_int64(sql, 12);
  return job;
}

bool journal_jobs(struct journal *journal, journal_each_job *each, void *context, GError **err)
{
  sqlite3_stmt *sql = journal_sql(journal, SQL_GET_JOBS, err);
  int result = SQLITE_ERROR;
  while (sql && (result = journal_step(journal, sql, err)) == SQLITE_ROW) {
    struct job *job = job_row(sql);
    bool ok = job ? each(context, job, err) : journal_damaged(journal, err, "a job is of a kind not known");
    if (!ok) {
      sqlite3_reset(sql);
      return false;
    }
  }
  return result == SQLITE_DONE;
}

bool journal_conns(struct journal *journal, journal_each_conn *each, void *context, GError **err)
{
  sqlite3_stmt *sql = journal_sql(journal, SQL_GET_CONNS, err);
  int result = SQLITE_ERROR;
  while (sql && (result = journal_step(journal, sql, err)) == SQLITE_ROW) {
    g_autofree char *uri = column(sql, 1), *label = column(sql, 2);
    struct conn_scan conn = {.uri = uri, .label = label};
    conn.readonly = sqlite3_column_int(sql, 3) != 0;
    conn.local = sqlite3_column_int(sql, 4) != 0;
    if (!each(context, sqlite3_column_int(sql, 0), &conn, err)) {
      sqlite3_reset(sql);
      return false;
    }
  }
  return result == SQLITE_DONE;
}
