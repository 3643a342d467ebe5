/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A journal that cannot be written any more, and what it could not take, as one. */
#include "core/session/journal_db.h"

/* Names without a schema mean SQLite's temporary one first ("Attach Database", "Table names"), so what is
 * written and read after this goes through these.  Scans and events, of which there may be many, stay where
 * they are and go on in a second table; of the others a copy is made. */
#define GROWING(name, columns, new_columns)                                                                  \
  "CREATE TEMP TABLE more_" name " AS SELECT * FROM main." name " LIMIT 0;"                                  \
  "CREATE TEMP VIEW " name " AS SELECT * FROM main." name " UNION ALL SELECT * FROM more_" name ";"          \
  "CREATE TEMP TRIGGER put_" name " INSTEAD OF INSERT ON " name " BEGIN INSERT INTO more_" name              \
  "(n, " columns ") SELECT 1 + max(coalesce((SELECT max(n) FROM main." name                                  \
  "), 0), coalesce((SELECT max(n) FROM more_" name "), 0)), " new_columns "; END;"
static const char overlay[] = "PRAGMA temp_store = MEMORY;"
                              "CREATE TEMP TABLE session AS SELECT * FROM main.session;"
                              "CREATE TEMP TABLE connection AS SELECT * FROM main.connection;"
                              "CREATE UNIQUE INDEX temp.connection_number ON connection(number);"
                              "CREATE TEMP TABLE job AS SELECT * FROM main.job;"
                              "CREATE UNIQUE INDEX temp.job_id ON job(id);"
                              "CREATE TEMP TABLE guest(id INTEGER PRIMARY KEY, body BLOB NOT NULL UNIQUE);"
                              "INSERT INTO temp.guest SELECT id, body FROM main.guest;" GROWING(
                                  "scan", "wall_ns, key, body", "NEW.wall_ns, NEW.key, NEW.body")
                                  GROWING("event", "wall_ns, kind, conn, uuid, guest, text",
                                          "NEW.wall_ns, NEW.kind, NEW.conn, NEW.uuid, NEW.guest, NEW.text");

struct journal *journal_open_over(const char *path, GError **err)
{
  struct journal *journal = journal_open(path, err);
  if (!journal || sqlite3_exec(journal->db, overlay, NULL, NULL, NULL) == SQLITE_OK)
    return journal;
  journal_error(journal, err, "read");
  journal_close(journal);
  return NULL;
}
