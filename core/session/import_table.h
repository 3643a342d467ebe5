/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memory requests of a database's table as a session. */
#ifndef SESSION_IMPORT_TABLE_H
#define SESSION_IMPORT_TABLE_H

#include <glib.h>
#include <stdbool.h>

/* Write what the table of the database URL holds to TARGET, as the JSON export of a session, for replay: a
 * turn for each second in which something was asked for.  PASSWORD_FILE (NULL: none) as in database/place.h;
 * COMMAND for the record.  RET_TEXT (g_free): how much it was, and what was left out.  Waits for the database
 * and the disk. */
bool import_table(const char *url, const char *password_file, const char *command, const char *target,
                  char **ret_text, GError **err);

#endif
