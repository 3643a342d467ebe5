/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A thin hand on the client library of MySQL and MariaDB: one connection, for one thread at a time.
 *
 * Errors: ERROR_LOST the connection went away; ERROR_REFUSED the data are not taken as they are;
 * ERROR_RESOURCES all else that the server does not do at present, which it may later; the server's own text
 * stands unaltered in each. */
#ifndef DATABASE_DATABASE_H
#define DATABASE_DATABASE_H

#include "core/database/place.h"

struct database;
/* Waits, some seconds at most.  A build without the library:
 * ERROR_UNSUPPORTED. */
struct database *database_open(const struct place *place, GError **err);
void database_close(struct database *database); /* NULL is fine */

/* Run SQL: one statement or several, parted by semicolons; rows that come are dropped.  One that would
 * change the data to make them fit (a warning) is a failure, ERROR_REFUSED. */
bool database_run(struct database *database, const char *sql, GError **err);
/* Run one statement, and hand its rows on as they come: the texts of its columns, NULL where there is none.
 * EACH returns false (with ERR set) to stop. */
typedef bool database_each(void *context, const char *const *columns, GError **err);
bool database_rows(struct database *database, const char *sql, database_each *each, void *context,
                   GError **err);
/* TEXT as a string of SQL, in its quotes.  Caller frees. */
char *database_quote(struct database *database, const char *text);

#endif
