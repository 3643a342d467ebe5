/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What journal.c, journal_write.c and journal_read.c share, and nobody else sees. */
#ifndef SESSION_JOURNAL_DB_H
#define SESSION_JOURNAL_DB_H

#include <sqlite3.h>

#include "core/session/journal.h"
#include "core/session/scan_blob.h"

enum statement {
  SQL_BEGIN,
  SQL_COMMIT,
  SQL_ROLLBACK,
  SQL_PUT_SESSION,
  SQL_PUT_METRIC,
  SQL_PUT_CONN,
  SQL_PUT_INFO,
  SQL_FIND_INFO,
  SQL_PUT_SCAN,
  SQL_PUT_EVENT,
  SQL_PUT_JOB,
  SQL_PUT_MEMORY,
  SQL_PUT_MEMORY_PROCESS,
  SQL_PUT_MEMORY_REQUEST,
  SQL_PUT_SPANS,
  SQL_PUT_SPAN,
  SQL_END,
  SQL_GET_SESSION,
  SQL_GET_HOST_KIND,
  SQL_GET_METRICS,
  SQL_GET_CONNS,
  SQL_GET_INFO,
  SQL_COUNT_SCANS,
  SQL_SCAN_TIME,
  SQL_KEY_BEFORE,
  SQL_GET_SCAN,
  SQL_GET_EVENTS,
  SQL_GET_JOBS,
  SQL_COUNT_MEMORY,
  SQL_GET_MEMORY,
  SQL_GET_MEMORY_PROCESSES,
  SQL_GET_MEMORY_REQUESTS,
  SQL_COUNT_SPANS,
  SQL_GET_SPANS,
  SQL_GET_SPANS_OF,
  STATEMENTS
};

struct journal {
  char *path;       /* as the user knows it */
  int version;      /* of its format */
  const char *verb; /* what it was opened for: "write" or "read" */
  sqlite3 *db;
  sqlite3_stmt *statements[STATEMENTS];
  struct scan_layout layout;
  /* writing */
  bool sync;           /* commits wait for the disk */
  struct scan *before; /* the scan that the next one is told against; NULL: none */
  int since_key;
  GHashTable *ids; /* GBytes of a definition -> its number */
  GError *failed;  /* from inside a callback */
  /* reading */
  struct scan *now; /* scan number AT, or NULL */
  uint64_t at;
  GHashTable *infos;   /* number -> struct guest_info */
  GHashTable *numbers; /* struct guest_info -> number */
};

/* Statement ID, ready to be bound; NULL with ERR. */
sqlite3_stmt *journal_sql(struct journal *journal, enum statement id, GError **err);
/* Run a bound statement that gives no rows. */
bool journal_run(struct journal *journal, sqlite3_stmt *sql, GError **err);
/* Next row: SQLITE_ROW, SQLITE_DONE, or another with ERR set. */
int journal_step(struct journal *journal, sqlite3_stmt *sql, GError **err);
/* What counting statement ID tells; 0 of a journal from before version SINCE. */
bool journal_count(struct journal *journal, enum statement id, int since, uint64_t *ret, GError **err);
/* Statement ID about turn NR, at its first row; NULL: it has none, or ERR is set. */
sqlite3_stmt *journal_rows_of(struct journal *journal, enum statement id, uint64_t nr, GError **err);
/* To the next row of *SQL, which becomes NULL after the last. */
bool journal_next(struct journal *journal, sqlite3_stmt **sql, GError **err);
/* Always false, with SQLite's own words in ERR. */
bool journal_error(struct journal *journal, GError **err, const char *what);
bool journal_damaged(struct journal *journal, GError **err, const char *what);

#endif
