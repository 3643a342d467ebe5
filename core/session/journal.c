/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/session/journal.h"

#include <string.h>

#include "core/base/error.h"
#include "core/session/journal_db.h"

#define BUSY_MS 5000
#define BLOB_MAX (256 << 20)

#define MEMORY_SUMS "mmap, munmap, mremap, brk, mprotect, failed, mapped, freed, stored, lost"
#define MEMORY_SUMS_VALUES "?, ?, ?, ?, ?, ?, ?, ?, ?, ?"
#define SPAN_COLUMNS "uuid, owner, pid, tid, name, device, what, place, count, ns, bytes, buckets"

static const char schema[] =
    "CREATE TABLE session(one INTEGER PRIMARY KEY CHECK(one = 1), id TEXT NOT NULL, version TEXT NOT NULL,"
    " command TEXT, host TEXT, host_kind TEXT, settings TEXT, begin_wall_ns INTEGER NOT NULL, begin_mono_ns "
    "INTEGER NOT NULL,"
    " end_wall_ns INTEGER NOT NULL DEFAULT 0, end_mono_ns INTEGER NOT NULL DEFAULT 0, scans_thinned INTEGER "
    "NOT NULL DEFAULT 0);"
    "CREATE TABLE metric(scope INTEGER, number INTEGER, name TEXT NOT NULL, form TEXT NOT NULL,"
    " PRIMARY KEY(scope, number)) WITHOUT ROWID;"
    "CREATE TABLE connection(number INTEGER PRIMARY KEY, uri TEXT, label TEXT, readonly INTEGER, local "
    "INTEGER);"
    "CREATE TABLE guest(id INTEGER PRIMARY KEY, body BLOB NOT NULL UNIQUE);"
    "CREATE TABLE scan(n INTEGER PRIMARY KEY, wall_ns INTEGER NOT NULL, key INTEGER NOT NULL, body BLOB NOT "
    "NULL);"
    "CREATE TABLE event(n INTEGER PRIMARY KEY, wall_ns INTEGER NOT NULL, kind TEXT NOT NULL, conn INTEGER,"
    " uuid TEXT, guest TEXT, text TEXT);"
    "CREATE TABLE job(id INTEGER PRIMARY KEY, action TEXT NOT NULL, state TEXT NOT NULL, conn INTEGER, uuid "
    "TEXT,"
    " guest TEXT, detail TEXT, step TEXT, error TEXT, progress REAL, asked_wall_ns INTEGER,"
    " started_mono_ns INTEGER, ended_mono_ns INTEGER);"
    "CREATE TABLE memory(n INTEGER PRIMARY KEY, wall_ns INTEGER NOT NULL, mono_ns INTEGER NOT NULL, seconds "
    "REAL, sending INTEGER, ended INTEGER, problem TEXT, " MEMORY_SUMS ");"
    "CREATE TABLE memory_process(n INTEGER PRIMARY KEY, turn INTEGER NOT NULL, pid INTEGER, name "
    "TEXT, " MEMORY_SUMS ");"
    "CREATE INDEX memory_process_turn ON memory_process(turn);"
    "CREATE TABLE memory_request(n INTEGER PRIMARY KEY, turn INTEGER NOT NULL, mono_ns INTEGER, pid INTEGER,"
    " tid INTEGER, name TEXT, call TEXT, address INTEGER, length INTEGER, protection INTEGER, result INTEGER,"
    " change INTEGER);"
    "CREATE INDEX memory_request_turn ON memory_request(turn);"
    "CREATE TABLE span_turn(n INTEGER PRIMARY KEY, kind TEXT NOT NULL, wall_ns INTEGER NOT NULL, mono_ns "
    "INTEGER NOT NULL, seconds REAL, ended INTEGER, problem TEXT);"
    "CREATE TABLE span(n INTEGER PRIMARY KEY, turn INTEGER NOT NULL, uuid TEXT, owner TEXT, pid INTEGER,"
    " tid INTEGER, name TEXT, device TEXT, what INTEGER, place INTEGER, count INTEGER, ns INTEGER, bytes "
    "INTEGER, buckets TEXT);"
    "CREATE INDEX span_turn_of ON span(turn);";

static const char *const texts[STATEMENTS] = {
    [SQL_BEGIN] = "BEGIN",
    [SQL_COMMIT] = "COMMIT",
    [SQL_ROLLBACK] = "ROLLBACK",
    [SQL_PUT_SESSION] =
        "INSERT OR REPLACE INTO session(one, id, version, command, host, settings, begin_wall_ns,"
        " begin_mono_ns, end_wall_ns, end_mono_ns, scans_thinned, host_kind)"
        " VALUES(1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [SQL_PUT_METRIC] = "INSERT INTO metric(scope, number, name, form) VALUES(?, ?, ?, ?)",
    [SQL_PUT_CONN] =
        "INSERT OR REPLACE INTO connection(number, uri, label, readonly, local) VALUES(?, ?, ?, ?, ?)",
    [SQL_PUT_INFO] = "INSERT OR IGNORE INTO guest(body) VALUES(?)",
    [SQL_FIND_INFO] = "SELECT id FROM guest WHERE body = ?",
    [SQL_PUT_SCAN] = "INSERT INTO scan(wall_ns, key, body) VALUES(?, ?, ?)",
    [SQL_PUT_EVENT] = "INSERT INTO event(wall_ns, kind, conn, uuid, guest, text) VALUES(?, ?, ?, ?, ?, ?)",
    [SQL_PUT_JOB] =
        "INSERT OR REPLACE INTO job(id, action, state, conn, uuid, guest, detail, step, error, progress,"
        " asked_wall_ns, started_mono_ns, ended_mono_ns) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [SQL_PUT_MEMORY] = "INSERT INTO memory(wall_ns, mono_ns, seconds, sending, ended, problem, " MEMORY_SUMS
                       ") VALUES(?, ?, ?, ?, ?, ?, " MEMORY_SUMS_VALUES ")",
    [SQL_PUT_MEMORY_PROCESS] = "INSERT INTO memory_process(turn, pid, name, " MEMORY_SUMS
                               ") VALUES(?, ?, ?, " MEMORY_SUMS_VALUES ")",
    [SQL_PUT_MEMORY_REQUEST] =
        "INSERT INTO memory_request(turn, mono_ns, pid, tid, name, call, address, length,"
        " protection, result, change) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [SQL_PUT_SPANS] =
        "INSERT INTO span_turn(kind, wall_ns, mono_ns, seconds, ended, problem) VALUES(?, ?, ?, ?, ?, ?)",
    [SQL_PUT_SPAN] = "INSERT INTO span(turn, " SPAN_COLUMNS ") VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [SQL_END] = "UPDATE session SET end_wall_ns = ?, end_mono_ns = ?, scans_thinned = ?",
    [SQL_GET_SESSION] =
        "SELECT id, version, command, host, settings, begin_wall_ns, begin_mono_ns, end_wall_ns,"
        " end_mono_ns, scans_thinned FROM session",
    [SQL_GET_HOST_KIND] = "SELECT host_kind FROM session",
    [SQL_GET_METRICS] = "SELECT scope, number, name, form FROM metric ORDER BY scope, number",
    [SQL_GET_CONNS] = "SELECT number, uri, label, readonly, local FROM connection ORDER BY number",
    [SQL_GET_INFO] = "SELECT body FROM guest WHERE id = ?",
    [SQL_COUNT_SCANS] = "SELECT coalesce(max(n), 0) FROM scan",
    [SQL_SCAN_TIME] = "SELECT wall_ns FROM scan WHERE n = ?",
    [SQL_KEY_BEFORE] = "SELECT n FROM scan WHERE n <= ? AND key ORDER BY n DESC LIMIT 1",
    [SQL_GET_SCAN] = "SELECT body FROM scan WHERE n = ?",
    [SQL_GET_EVENTS] = "SELECT wall_ns, kind, conn, uuid, guest, text FROM event ORDER BY n",
    [SQL_GET_JOBS] =
        "SELECT id, action, state, conn, uuid, guest, detail, step, error, progress, asked_wall_ns,"
        " started_mono_ns, ended_mono_ns FROM job ORDER BY id",
    [SQL_COUNT_MEMORY] = "SELECT coalesce(max(n), 0) FROM memory",
    [SQL_GET_MEMORY] =
        "SELECT wall_ns, mono_ns, seconds, sending, ended, problem, " MEMORY_SUMS " FROM memory WHERE n = ?",
    [SQL_GET_MEMORY_PROCESSES] =
        "SELECT pid, name, " MEMORY_SUMS " FROM memory_process WHERE turn = ? ORDER BY n",
    [SQL_GET_MEMORY_REQUESTS] =
        "SELECT mono_ns, pid, tid, name, call, address, length, protection, result, change"
        " FROM memory_request WHERE turn = ? ORDER BY n",
    [SQL_COUNT_SPANS] = "SELECT coalesce(max(n), 0) FROM span_turn",
    [SQL_GET_SPANS] = "SELECT kind, wall_ns, mono_ns, seconds, ended, problem FROM span_turn WHERE n = ?",
    [SQL_GET_SPANS_OF] = "SELECT " SPAN_COLUMNS " FROM span WHERE turn = ? ORDER BY n",
};

void journal_session_clear(struct journal_session *session)
{
  g_free(session->id);
  g_free(session->version);
  g_free(session->command);
  g_free(session->host);
  g_free(session->settings);
  *session = (struct journal_session){0};
}

static const struct {
  int result;
  enum error_code code;
  const char *advice;
} faults[] = {
    {SQLITE_FULL, ERROR_RESOURCES, "Make room on the file system that holds it."},
    {SQLITE_IOERR, ERROR_RESOURCES,
     "Look at the file system that holds it: it may be full, over its quota or failing."},
    {SQLITE_READONLY, ERROR_RESOURCES, "It must be possible to write to the file and its folder."},
    {SQLITE_CANTOPEN, ERROR_RESOURCES, "It must be possible to read the file and its folder."},
    {SQLITE_PERM, ERROR_RESOURCES, "It must be possible to read the file and its folder."},
    {SQLITE_CORRUPT, ERROR_GENERAL, "The file is damaged."},
    {SQLITE_NOTADB, ERROR_GENERAL, "The file is damaged, or no journal of virtlens."},
};

bool journal_error(struct journal *journal, GError **err, const char *what)
{
  int result = sqlite3_errcode(journal->db) & 0xff, number = sqlite3_system_errno(journal->db);
  enum error_code code = ERROR_GENERAL;
  const char *advice = NULL;
  for (size_t i = 0; i < G_N_ELEMENTS(faults); i++)
    if (faults[i].result == result) {
      code = faults[i].code;
      advice = faults[i].advice;
    }
  if (number != 0 && code == ERROR_RESOURCES)
    return error_set(err, code, advice, "cannot %s the journal %s: %s (%s)", what, journal->path,
                     sqlite3_errmsg(journal->db), g_strerror(number));
  return error_set(err, code, advice, "cannot %s the journal %s: %s", what, journal->path,
                   sqlite3_errmsg(journal->db));
}

bool journal_damaged(struct journal *journal, GError **err, const char *what)
{
  return error_set(err, ERROR_GENERAL, NULL, "the journal %s is damaged: %s", journal->path, what);
}

sqlite3_stmt *journal_sql(struct journal *journal, enum statement id, GError **err)
{
  sqlite3_stmt **sql = &journal->statements[id];
  if (!*sql &&
      sqlite3_prepare_v3(journal->db, texts[id], -1, SQLITE_PREPARE_PERSISTENT, sql, NULL) != SQLITE_OK) {
    journal_error(journal, err, journal->verb);
    return NULL;
  }
  sqlite3_reset(*sql);
  sqlite3_clear_bindings(*sql);
  return *sql;
}

int journal_step(struct journal *journal, sqlite3_stmt *sql, GError **err)
{
  int result = sqlite3_step(sql);
  if (result != SQLITE_ROW && result != SQLITE_DONE)
    journal_error(journal, err, journal->verb);
  if (result != SQLITE_ROW)
    sqlite3_reset(sql);
  return result;
}

bool journal_run(struct journal *journal, sqlite3_stmt *sql, GError **err)
{
  int result = journal_step(journal, sql, err);
  sqlite3_reset(sql);
  return result == SQLITE_DONE || result == SQLITE_ROW;
}

bool journal_count(struct journal *journal, enum statement id, int since, uint64_t *ret, GError **err)
{
  *ret = 0;
  if (journal->version < since)
    return true;
  sqlite3_stmt *sql = journal_sql(journal, id, err);
  if (!sql || journal_step(journal, sql, err) != SQLITE_ROW)
    return false;
  *ret = (uint64_t)MAX(sqlite3_column_int64(sql, 0), 0);
  sqlite3_reset(sql);
  return true;
}

sqlite3_stmt *journal_rows_of(struct journal *journal, enum statement id, uint64_t nr, GError **err)
{
  sqlite3_stmt *sql = journal_sql(journal, id, err);

  if (sql)
    sqlite3_bind_int64(sql, 1, (int64_t)nr);
  return sql && journal_step(journal, sql, err) == SQLITE_ROW ? sql : NULL;
}

bool journal_next(struct journal *journal, sqlite3_stmt **sql, GError **err)
{
  const int result = journal_step(journal, *sql, err);

  if (result != SQLITE_ROW)
    *sql = NULL;
  return result == SQLITE_ROW || result == SQLITE_DONE;
}

static struct journal *journal_new(const char *path, const char *verb)
{
  struct journal *journal = g_new0(struct journal, 1);
  journal->verb = verb;
  journal->path = g_strdup(path ? path : "(temporary)");
  journal->ids = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, g_free);
  journal->infos =
      g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)guest_info_unref);
  journal->numbers = g_hash_table_new(NULL, NULL);
  return journal;
}

void journal_close(struct journal *journal)
{
  if (!journal)
    return;
  for (int i = 0; i < STATEMENTS; i++)
    sqlite3_finalize(journal->statements[i]);
  sqlite3_close(journal->db);
  if (journal->before)
    scan_unref(journal->before);
  if (journal->now)
    scan_unref(journal->now);
  g_hash_table_unref(journal->ids);
  g_hash_table_unref(journal->numbers);
  g_hash_table_unref(journal->infos);
  g_clear_error(&journal->failed);
  g_free(journal->path);
  g_free(journal);
}

static bool execute(struct journal *journal, const char *sql, const char *what, GError **err)
{
  return sqlite3_exec(journal->db, sql, NULL, NULL, NULL) == SQLITE_OK || journal_error(journal, err, what);
}

static bool put_layout(struct journal *journal, GError **err)
{
  for (int scope = 0; scope < SCOPE_COUNT; scope++) {
    int count;
    const struct metric *rows = metric_table((enum metric_scope)scope, &count);
    for (int i = 0; i < count; i++) {
      sqlite3_stmt *sql = journal_sql(journal, SQL_PUT_METRIC, err);
      if (!sql)
        return false;
      sqlite3_bind_int(sql, 1, scope);
      sqlite3_bind_int(sql, 2, i);
      sqlite3_bind_text(sql, 3, rows[i].name, -1, SQLITE_STATIC);
      sqlite3_bind_text(sql, 4, blob_form_name(journal->layout.metric[scope][i].form), -1, SQLITE_STATIC);
      if (!journal_run(journal, sql, err))
        return false;
    }
  }
  return true;
}

static bool make_schema(struct journal *journal, const char *path, GError **err)
{
  g_autofree char *head = g_strdup_printf("PRAGMA application_id = %d; PRAGMA user_version = %d;",
                                          JOURNAL_APPLICATION_ID, JOURNAL_VERSION);
  const char *mode = path ? "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
                          : "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;";
  return execute(journal, mode, "make", err) && journal_begin(journal, false, err) &&
         execute(journal, head, "make", err) && execute(journal, schema, "make", err) &&
         put_layout(journal, err) && journal_commit(journal, err);
}

static bool open_db(struct journal *journal, const char *name, int flags)
{
  if (sqlite3_open_v2(name, &journal->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
    return false;
  sqlite3_extended_result_codes(journal->db, 1);
  sqlite3_busy_timeout(journal->db, BUSY_MS);
  sqlite3_limit(journal->db, SQLITE_LIMIT_LENGTH, BLOB_MAX);
  return true;
}

struct journal *journal_create(const char *path, GError **err)
{
  struct journal *journal = journal_new(path, "write");
  journal->version = JOURNAL_VERSION;
  scan_layout_now(&journal->layout);
  if (!open_db(journal, path ? path : "", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE))
    journal_error(journal, err, "make");
  else if (make_schema(journal, path, err))
    return journal;
  journal_close(journal);
  return NULL;
}

static bool get_pragma(struct journal *journal, const char *text, int *ret)
{
  sqlite3_stmt *sql = NULL;
  bool ok =
      sqlite3_prepare_v2(journal->db, text, -1, &sql, NULL) == SQLITE_OK && sqlite3_step(sql) == SQLITE_ROW;
  if (ok)
    *ret = sqlite3_column_int(sql, 0);
  sqlite3_finalize(sql);
  return ok;
}

static bool check_version(struct journal *journal, GError **err)
{
  int application, version = 0;
  if (!get_pragma(journal, "PRAGMA application_id", &application) ||
      !get_pragma(journal, "PRAGMA user_version", &version))
    return journal_error(journal, err, "read");
  if (application != JOURNAL_APPLICATION_ID)
    return error_set(err, ERROR_USAGE, NULL,
                     "cannot read %s: it is a SQLite database, but no journal of virtlens", journal->path);
  if (version > JOURNAL_VERSION)
    return error_set(err, ERROR_UNSUPPORTED,
                     "Read it with the version of virtlens that wrote it, or a later one.",
                     "cannot read the journal %s: its format is version %d, this virtlens knows up to %d",
                     journal->path, version, JOURNAL_VERSION);
  journal->version = version;
  return true;
}

static bool place_metric(struct journal *journal, sqlite3_stmt *sql)
{
  int scope = sqlite3_column_int(sql, 0), number = sqlite3_column_int(sql, 1);
  if (scope < 0 || scope >= SCOPE_COUNT || number != journal->layout.count[scope] || number >= METRICS_MAX)
    return false;
  const char *name = (const char *)sqlite3_column_text(sql, 2);
  int id = name ? metric_find((enum metric_scope)scope, name) : -1;
  int form = blob_form_find((const char *)sqlite3_column_text(sql, 3));
  if (id < 0 || form < 0)
    return false;
  journal->layout.metric[scope][number].id = id;
  journal->layout.metric[scope][number].form = (enum blob_form)form;
  journal->layout.count[scope]++;
  return true;
}

static bool get_layout(struct journal *journal, GError **err)
{
  sqlite3_stmt *sql = journal_sql(journal, SQL_GET_METRICS, err);
  if (!sql)
    return false;
  int result;
  while ((result = journal_step(journal, sql, err)) == SQLITE_ROW)
    if (!place_metric(journal, sql)) {
      journal_damaged(journal, err, "its table of metrics is not one that this version knows");
      sqlite3_reset(sql);
      return false;
    }
  return result == SQLITE_DONE;
}

/* A journal that was left with its log in a folder where nothing can be written still reads. */
static bool open_for_reading(struct journal *journal, GError **err)
{
  int ignored;
  if (open_db(journal, journal->path, SQLITE_OPEN_READONLY) &&
      get_pragma(journal, "PRAGMA user_version", &ignored))
    return true;
  if ((sqlite3_errcode(journal->db) & 0xff) != SQLITE_CANTOPEN)
    return journal_error(journal, err, "read");
  g_autofree char *escaped = g_uri_escape_string(journal->path, "/", true);
  g_autofree char *uri = g_strdup_printf("file:%s?immutable=1", escaped);
  sqlite3_close(journal->db);
  return open_db(journal, uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI) || journal_error(journal, err, "read");
}

struct journal *journal_open(const char *path, GError **err)
{
  struct journal *journal = journal_new(path, "read");
  if (open_for_reading(journal, err)) {
    sqlite3_db_config(journal->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(journal->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    if (check_version(journal, err) && get_layout(journal, err))
      return journal;
  }
  journal_close(journal);
  return NULL;
}
