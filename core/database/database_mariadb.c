/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errmsg.h>
#include <mysql.h>
#include <mysqld_error.h>
#include <string.h>

#include "core/base/error.h"
#include "core/database/database.h"

#define ANSWER_SECONDS 5u /* for the server to connect, or to say something */
#define COLUMNS_MAX 16
/* What all that follows relies on: names of days and months in English, nothing fitted silently, waits for
 * locks shorter than ANSWER_SECONDS, and no notes among the warnings. */
#define SETTINGS                                                                                             \
  "SET SESSION lc_time_names = 'en_US', sql_mode = 'STRICT_ALL_TABLES', lock_wait_timeout = 3,"              \
  " innodb_lock_wait_timeout = 3, sql_notes = 0"

struct database {
  MYSQL *mysql;
};

/* ---- what went wrong ---- */

/* Of the server's: these say that a row is not taken as it is. */
static const unsigned of_data[] = {
    ER_WARN_DATA_OUT_OF_RANGE, WARN_DATA_TRUNCATED,
    ER_TRUNCATED_WRONG_VALUE,  ER_DATA_TOO_LONG,
    ER_WRONG_VALUE_FOR_TYPE,   ER_TRUNCATED_WRONG_VALUE_FOR_FIELD,
    ER_BAD_NULL_ERROR,         ER_DUP_ENTRY,
    ER_SIGNAL_EXCEPTION,       ER_DATA_OUT_OF_RANGE,
    ER_CONSTRAINT_FAILED,      ER_NO_REFERENCED_ROW_2,
};

static const struct {
  unsigned number;
  enum error_code code;
  const char *advice;
} faults[] = {
    {ER_ACCESS_DENIED_ERROR, ERROR_RESOURCES,
     "give the password in ~/.my.cnf, by --sink-password-file FILE, or in $MYSQL_PWD"},
    {ER_DBACCESS_DENIED_ERROR, ERROR_RESOURCES,
     "the user needs SELECT on the table procesos and EXECUTE on the procedure insertar_proceso"},
    {ER_BAD_DB_ERROR, ERROR_RESOURCES, "CREATE DATABASE makes one"},
    {ER_RECORD_FILE_FULL, ERROR_RESOURCES, "make room in the server's data folder"},
    {ER_DISK_FULL, ERROR_RESOURCES, "make room in the server's data folder"},
    {ER_LOCK_WAIT_TIMEOUT, ERROR_RESOURCES, "somebody else holds the table locked"},
    {ER_OPTION_PREVENTS_STATEMENT, ERROR_RESOURCES, "the server is read-only"},
    {ER_CONNECTION_KILLED, ERROR_LOST, NULL},
    {ER_SERVER_SHUTDOWN, ERROR_LOST, NULL},
    {CR_SERVER_GONE_ERROR, ERROR_LOST, NULL},
    {CR_SERVER_LOST, ERROR_LOST, NULL},
    {CR_CONNECTION_ERROR, ERROR_RESOURCES, "is its server up, and its socket there?"},
    {CR_CONN_HOST_ERROR, ERROR_RESOURCES, "is its server up, and does it listen there?"},
    {CR_UNKNOWN_HOST, ERROR_RESOURCES, NULL},
    {CR_SERVER_LOST_EXTENDED, ERROR_LOST, NULL},
};

/* Always false: the failure of WHAT into ERR. */
static bool fail(struct database *database, const char *what, GError **err)
{
  const unsigned number = mysql_errno(database->mysql);
  enum error_code code = ERROR_RESOURCES;
  const char *advice = NULL;

  for (size_t i = 0; i < G_N_ELEMENTS(of_data); i++)
    if (of_data[i] == number)
      code = ERROR_REFUSED;
  for (size_t i = 0; i < G_N_ELEMENTS(faults); i++)
    if (faults[i].number == number) {
      code = faults[i].code;
      advice = faults[i].advice;
    }
  return error_set(err, code, advice, "%s: %s (%u)", what, mysql_error(database->mysql), number);
}

/* ---- the connection ---- */

static void set_options(MYSQL *mysql)
{
  const unsigned seconds = ANSWER_SECONDS;

  mysql_options(mysql, MYSQL_READ_DEFAULT_GROUP, "virtlens");
  mysql_options(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
  mysql_options(mysql, MYSQL_OPT_READ_TIMEOUT, &seconds);
  mysql_options(mysql, MYSQL_OPT_WRITE_TIMEOUT, &seconds);
  mysql_options(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
}

struct database *database_open(const struct place *place, GError **err)
{
  struct database *database = g_new0(struct database, 1);

  database->mysql = mysql_init(NULL);
  if (!database->mysql)
    g_error("mysql_init: out of memory");
  set_options(database->mysql);
  if (!mysql_real_connect(database->mysql, place->host, place->user, place->password, place->name,
                          place->port, place->socket, CLIENT_MULTI_STATEMENTS)) {
    g_autofree char *where = place_text(place), *what = g_strdup_printf("cannot open the database %s", where);
    fail(database, what, err);
  } else if (database_run(database, SETTINGS, err)) {
    return database;
  }
  database_close(database);
  return NULL;
}

void database_close(struct database *database)
{
  if (!database)
    return;
  mysql_close(database->mysql);
  g_free(database);
}

/* ---- statements ---- */

static bool keep_text(void *context, const char *const *columns, G_GNUC_UNUSED GError **err)
{
  char **ret = context;

  if (!*ret)
    *ret = g_strdup(columns[2]);
  return true;
}

/* Always false: what the server warns of, as a failure. */
static bool refuse_warned(struct database *database, GError **err)
{
  g_autofree char *text = NULL;

  return database_rows(database, "SHOW WARNINGS", keep_text, &text, err) &&
         error_set(err, ERROR_REFUSED, NULL, "the server would change it: %s",
                   text ? text : "it does not say why");
}

bool database_run(struct database *database, const char *sql, GError **err)
{
  MYSQL *mysql = database->mysql;
  unsigned warnings = 0;
  int more = mysql_query(mysql, sql);

  while (more == 0) {
    mysql_free_result(mysql_store_result(mysql));
    warnings += mysql_warning_count(mysql);
    more = mysql_next_result(mysql);
  }
  if (more > 0)
    return fail(database, "the database", err);
  return warnings == 0 || refuse_warned(database, err);
}

/* All rows of RESULT. */
static bool hand_on(struct database *database, MYSQL_RES *result, database_each *each, void *context,
                    GError **err)
{
  const unsigned count = MIN(mysql_num_fields(result), COLUMNS_MAX);
  MYSQL_ROW row;
  bool ok = true;

  while (ok && (row = mysql_fetch_row(result))) {
    const char *columns[COLUMNS_MAX] = {NULL};
    for (unsigned i = 0; i < count; i++)
      columns[i] = row[i];
    ok = each(context, columns, err);
  }
  return ok && (mysql_errno(database->mysql) == 0 || fail(database, "the database", err));
}

bool database_rows(struct database *database, const char *sql, database_each *each, void *context,
                   GError **err)
{
  if (mysql_query(database->mysql, sql) != 0)
    return fail(database, "the database", err);
  MYSQL_RES *result = mysql_use_result(database->mysql);
  if (!result)
    return fail(database, "the database", err);
  const bool ok = hand_on(database, result, each, context, err);
  mysql_free_result(result); /* the rows that are left, too */
  return ok;
}

char *database_quote(struct database *database, const char *text)
{
  const size_t length = strlen(text);
  char *quoted = g_malloc(2 * length + 3);
  const unsigned long n = mysql_real_escape_string(database->mysql, quoted + 1, text, length);

  quoted[0] = quoted[n + 1] = '\'';
  quoted[n + 2] = '\0';
  return quoted;
}
