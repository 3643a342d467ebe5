/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The JSON export (DESIGN section 9), made from a journal alone, streamed. */
#ifndef SESSION_EXPORT_H
#define SESSION_EXPORT_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define EXPORT_FORMAT "virtlens-session"
#define EXPORT_VERSION 4

/* Write the export of JOURNAL to TARGET (beside it, synced, renamed; 0600).  Memory holds one
 * scan and the definitions, however long the session.  "complete" is false when the session
 * that wrote it has not come to its end. */
bool export_journal(const char *journal, const char *target, GError **err);
/* The same of a journal that is open, and stays so; it is frozen. */
struct journal;
bool export_open_journal(struct journal *journal, const char *target, GError **err);
/* The journals in DIR that no running program holds: sessions that ended without an
 * export, newest first.  NULL-terminated, g_strfreev; empty when there are none. */
char **export_unfinished(const char *dir);
/* Remove a journal and its companions (-wal, -shm, lock).  Refused while a program writes it. */
bool export_discard(const char *journal, GError **err);
/* What the export of JOURNAL is called: NAME.json of FOLDER/NAME.journal.  Caller frees. */
char *export_name(const char *journal);
/* "2026-11-21T083407Z": a time in file names.  Caller frees. */
char *export_stamp(int64_t wall_ns);

#endif
