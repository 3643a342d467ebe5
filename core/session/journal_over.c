/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A journal that cannot be written any more, and what it could not take, as one. */
#include "core/session/journal_db.h"

/* Names without a schema mean SQLite's temporary one first ("Attach Database", "Table names"), so what is
 * written and read after this goes through these.  Scans, events and what was traced, of which there may be
 * many, stay where they are and go on in a second table; of the others a copy is made. */
#define MEMORY_SUMS(of)                                                                                      \
  of "mmap, " of "munmap, " of "mremap, " of "brk, " of "mprotect, " of "failed, " of "mapped, " of          \
     "freed, " of "stored, " of "lost"
#define SPAN_COLUMNS(of)                                                                                     \
  of "uuid, " of "owner, " of "pid, " of "tid, " of "name, " of "device, " of "what, " of "place, " of       \
     "count, " of "ns, " of "bytes, " of "buckets"
#define GROWING(name, columns, new_columns)                                                                  \
  "CREATE TEMP TABLE more_" name " AS SELECT * FROM main." name " LIMIT 0;"                                  \
  "CREATE TEMP VIEW " name " AS SELECT * FROM main." name " UNION ALL SELECT * FROM more_" name ";"          \
  "CREATE TEMP TRIGGER put_" name " INSTEAD OF INSERT ON " name " BEGIN INSERT INTO more_" name              \
  "(n, " columns ") SELECT 1 + max(coalesce((SELECT max(n) FROM main." name                                  \
  "), 0), coalesce((SELECT max(n) FROM more_" name "), 0)), " new_columns "; END;"
static const char overlay[] =
    "PRAGMA temp_store = MEMORY;"
    "CREATE TEMP TABLE session AS SELECT * FROM main.session;"
    "CREATE TEMP TABLE connection AS SELECT * FROM main.connection;"
    "CREATE UNIQUE INDEX temp.connection_number ON connection(number);"
    "CREATE TEMP TABLE job AS SELECT * FROM main.job;"
    "CREATE UNIQUE INDEX temp.job_id ON job(id);"
    "CREATE TEMP TABLE guest(id INTEGER PRIMARY KEY, body BLOB NOT NULL UNIQUE);"
    "INSERT INTO temp.guest SELECT id, body FROM main.guest;" GROWING("scan", "wall_ns, key, body",
                                                                      "NEW.wall_ns, NEW.key, NEW.body")
        GROWING("event", "wall_ns, kind, conn, uuid, guest, text",
                "NEW.wall_ns, NEW.kind, NEW.conn, NEW.uuid, NEW.guest, NEW.text")
            GROWING("memory", "wall_ns, mono_ns, seconds, sending, ended, problem, " MEMORY_SUMS(""),
                    "NEW.wall_ns, NEW.mono_ns, NEW.seconds, NEW.sending, NEW.ended, "
                    "NEW.problem, " MEMORY_SUMS("NEW."))
                GROWING("memory_process", "turn, pid, name, " MEMORY_SUMS(""),
                        "NEW.turn, NEW.pid, NEW.name, " MEMORY_SUMS("NEW."))
                    GROWING("memory_request",
                            "turn, mono_ns, pid, tid, name, call, address, length, protection, "
                            "result, change",
                            "NEW.turn, NEW.mono_ns, NEW.pid, NEW.tid, NEW.name, NEW.call, "
                            "NEW.address, NEW.length, NEW.protection, NEW.result, NEW.change")
                        GROWING("span_turn", "kind, wall_ns, mono_ns, seconds, ended, problem",
                                "NEW.kind, NEW.wall_ns, NEW.mono_ns, NEW.seconds, NEW.ended, NEW.problem")
                            GROWING("span", "turn, " SPAN_COLUMNS(""), "NEW.turn, " SPAN_COLUMNS("NEW."));

struct journal *journal_open_over(const char *path, GError **err)
{
  struct journal *journal = journal_open(path, err);
  if (!journal || sqlite3_exec(journal->db, overlay, NULL, NULL, NULL) == SQLITE_OK)
    return journal;
  journal_error(journal, err, "read");
  journal_close(journal);
  return NULL;
}
