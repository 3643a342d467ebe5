/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In place of database_mariadb.c where there is no client library. */
#include "core/base/error.h"
#include "core/database/database.h"

struct database *database_open(G_GNUC_UNUSED const struct place *place, GError **err)
{
  error_set(err, ERROR_UNSUPPORTED, "install libmariadb-dev and build anew (configure --with-mariadb)",
            "this virtlens was built without the client library of MySQL and MariaDB");
  return NULL;
}

/* No connection exists that the following could be called for. */

void database_close(G_GNUC_UNUSED struct database *database)
{
}

bool database_run(G_GNUC_UNUSED struct database *database, G_GNUC_UNUSED const char *sql,
                  G_GNUC_UNUSED GError **err)
{
  g_assert_not_reached();
}

bool database_rows(G_GNUC_UNUSED struct database *database, G_GNUC_UNUSED const char *sql,
                   G_GNUC_UNUSED database_each *each, G_GNUC_UNUSED void *context, G_GNUC_UNUSED GError **err)
{
  g_assert_not_reached();
}

char *database_quote(G_GNUC_UNUSED struct database *database, G_GNUC_UNUSED const char *text)
{
  g_assert_not_reached();
}
