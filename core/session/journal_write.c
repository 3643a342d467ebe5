/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "core/session/journal_db.h"

static bool set_sync(struct journal *journal, bool sync, GError **err)
{
  const char *text = sync ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL";
  if (sync != journal->sync && sqlite3_exec(journal->db, text, NULL, NULL, NULL) != SQLITE_OK)
    return journal_error(journal, err, "write");
  journal->sync = sync;
  return true;
}

bool journal_begin(struct journal *journal, bool sync, GError **err)
{
  sqlite3_stmt *sql = set_sync(journal, sync, err) ? journal_sql(journal, SQL_BEGIN, err) : NULL;
  return sql && journal_run(journal, sql, err);
}

bool journal_commit(struct journal *journal, GError **err)
{
  sqlite3_stmt *sql = journal_sql(journal, SQL_COMMIT, err);
  return sql && journal_run(journal, sql, err);
}

void journal_rollback(struct journal *journal)
{
  sqlite3_stmt *sql = sqlite3_get_autocommit(journal->db) ? NULL : journal_sql(journal, SQL_ROLLBACK, NULL);
  if (sql)
    journal_run(journal, sql, NULL);
  /* What was told of may not be there any more: start anew with a key scan. */
  g_clear_pointer(&journal->before, scan_unref);
  g_hash_table_remove_all(journal->ids);
}

static void bind_text(sqlite3_stmt *sql, int column, const char *text)
{
  sqlite3_bind_text(sql, column, text, -1, SQLITE_STATIC);
}

bool journal_put_session(struct journal *journal, const struct journal_session *session, GError **err)
{
  sqlite3_stmt *sql = journal_sql(journal, SQL_PUT_SESSION, err);
  if (!sql)
    return false;
  const char *const texts[] = {session->id, session->version, session->command, session->host,
                               session->settings};
  for (int i = 0; i < (int)G_N_ELEMENTS(texts); i++)
    bind_text(sql, i + 1, texts[i]);
  sqlite3_bind_int64(sql, 6, session->begin_wall_ns);
  sqlite3_bind_int64(sql, 7, session->begin_mono_ns);
  sqlite3_bind_int64(sql, 8, session->end_wall_ns);
  sqlite3_bind_int64(sql, 9, session->end_mono_ns);
  sqlite3_bind_int64(sql, 10, (int64_t)session->scans_thinned);
  bind_text(sql, 11, kind_name(session->host_kind));
  return journal_run(journal, sql, err);
}

/* The number of a definition that is in the table. */
static bool find_info(struct journal *journal, const GByteArray *body, int64_t *ret, GError **err)
{
  sqlite3_stmt *sql = journal_sql(journal, SQL_FIND_INFO, err);
  if (!sql)
    return false;
  sqlite3_bind_blob(sql, 1, body->data, (int)body->len, SQLITE_STATIC);
  int result = journal_step(journal, sql, err);
  if (result == SQLITE_ROW)
    *ret = sqlite3_column_int64(sql, 0);
  sqlite3_reset(sql);
  return result == SQLITE_ROW ||
         (result == SQLITE_DONE && journal_damaged(journal, err, "a definition is gone"));
}

static bool put_info(struct journal *journal, const GByteArray *body, int64_t *ret, GError **err)
{
  sqlite3_stmt *sql = journal_sql(journal, SQL_PUT_INFO, err);
  if (!sql)
    return false;
  sqlite3_bind_blob(sql, 1, body->data, (int)body->len, SQLITE_STATIC);
  return journal_run(journal, sql, err) && find_info(journal, body, ret, err);
}

static uint64_t info_id(void *context, const struct guest_info *info)
{
  struct journal *journal = context;
  GByteArray *body = info_blob_encode(info);
  g_autoptr(GBytes) key = g_bytes_new(body->data, body->len);
  int64_t id = 0, *known = g_hash_table_lookup(journal->ids, key);
  if (known) {
    id = *known;
  } else if (!journal->failed && put_info(journal, body, &id, &journal->failed)) {
    known = g_new(int64_t, 1);
    *known = id;
    g_hash_table_insert(journal->ids, g_bytes_ref(key), known);
  }
  g_byte_array_unref(body);
  return (uint64_t)id;
}

static bool conn_told(const struct conn_scan *conn, const struct conn_scan *before)
{
  return before && (before == conn ||
                    (g_strcmp0(conn->uri, before->uri) == 0 && g_strcmp0(conn->label, before->label) == 0 &&
                     conn->readonly == before->readonly && conn->local == before->local));
}

static bool put_conns(struct journal *journal, const struct scan *scan, GError **err)
{
  const struct scan *before = journal->before;
  for (int i = 0; i < scan->conn_count; i++) {
    const struct conn_scan *conn = scan->conns[i];
    if (!conn || conn_told(conn, before && i < before->conn_count ? before->conns[i] : NULL))
      continue;
    sqlite3_stmt *sql = journal_sql(journal, SQL_PUT_CONN, err);
    if (!sql)
      return false;
    sqlite3_bind_int(sql, 1, i);
    bind_text(sql, 2, conn->uri);
    bind_text(sql, 3, conn->label);
    sqlite3_bind_int(sql, 4, conn->readonly);
    sqlite3_bind_int(sql, 5, conn->local);
    if (!journal_run(journal, sql, err))
      return false;
  }
  return true;
}

static bool put_blob(struct journal *journal, const struct scan *scan, bool key, const GByteArray *body,
                     GError **err)
{
  sqlite3_stmt *sql = journal_sql(journal, SQL_PUT_SCAN, err);
  if (!sql)
    return false;
  sqlite3_bind_int64(sql, 1, scan->wall_ns);
  sqlite3_bind_int(sql, 2, key);
  sqlite3_bind_blob(sql, 3, body->data, (int)body->len, SQLITE_STATIC);
  return journal_run(journal, sql, err);
}

bool journal_put_scan(struct journal *journal, const struct scan *scan, GError **err)
{
  if (!put_conns(journal, scan, err))
    return false;
  bool key = !journal->before || journal->since_key + 1 >= JOURNAL_KEY_EVERY;
  GByteArray *body = scan_blob_encode(scan, key ? NULL : journal->before, &journal->layout, info_id, journal);
  bool ok = !journal->failed && put_blob(journal, scan, key, body, err);
  g_byte_array_unref(body);
  if (journal->failed)
    g_propagate_error(err, g_steal_pointer(&journal->failed));
  if (!ok)
    return false;
  g_clear_pointer(&journal->before, scan_unref);
  journal->before = scan_ref(scan);
  journal->since_key = key ? 0 : journal->since_key + 1;
  return true;
}

bool journal_put_event(struct journal *journal, const struct event *event, GError **err)
{
  sqlite3_stmt *sql = journal_sql(journal, SQL_PUT_EVENT, err);
  if (!sql)
    return false;
  sqlite3_bind_int64(sql, 1, event->wall_ns);
  bind_text(sql, 2, event_kind_name(event->kind));
  sqlite3_bind_int(sql, 3, event->conn);
  bind_text(sql, 4, event->uuid);
  bind_text(sql, 5, event->guest);
  bind_text(sql, 6, event->text);
  return journal_run(journal, sql, err);
}

bool journal_put_job(struct journal *journal, const struct job *job, GError **err)
{
  sqlite3_stmt *sql = journal_sql(journal, SQL_PUT_JOB, err);
  if (!sql)
    return false;
  sqlite3_bind_int64(sql, 1, (int64_t)job->id);
  bind_text(sql, 2, action_row(job->action)->name);
  bind_text(sql, 3, job_state_name(job->state));
  sqlite3_bind_int(sql, 4, job->conn);
  bind_text(sql, 5, job->uuid);
  bind_text(sql, 6, job->guest);
  bind_text(sql, 7, job->detail);
  bind_text(sql, 8, job->step);
  bind_text(sql, 9, job->error);
  sqlite3_bind_double(sql, 10, job->progress);
  sqlite3_bind_int64(sql, 11, job->asked_wall_ns);
  sqlite3_bind_int64(sql, 12, job->started_mono_ns);
  sqlite3_bind_int64(sql, 13, job->ended_mono_ns);
  return journal_run(journal, sql, err);
}

bool journal_put_end(struct journal *journal, int64_t end_wall_ns, int64_t end_mono_ns,
                     uint64_t scans_thinned, GError **err)
{
  sqlite3_stmt *sql = journal_sql(journal, SQL_END, err);
  if (!sql)
    return false;
  sqlite3_bind_int64(sql, 1, end_wall_ns);
  sqlite3_bind_int64(sql, 2, end_mono_ns);
  sqlite3_bind_int64(sql, 3, (int64_t)scans_thinned);
  return journal_run(journal, sql, err);
}

bool journal_finish(struct journal *journal, int64_t end_wall_ns, int64_t end_mono_ns, uint64_t scans_thinned,
                    GError **err)
{
  bool ok = journal_begin(journal, true, err) &&
            journal_put_end(journal, end_wall_ns, end_mono_ns, scans_thinned, err) &&
            journal_commit(journal, err);
  if (!ok)
    journal_rollback(journal);
  else
    /* Another reader may hold this up; the journal is whole either way. */
    sqlite3_exec(journal->db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
  return ok;
}
