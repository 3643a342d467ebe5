/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/database/request_table.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "core/base/error.h"
#include "core/base/text.h"

#define TABLE "procesos"
#define PROCEDURE "insertar_proceso"
#define MAKE_TABLE                                                                                           \
  "CREATE TABLE procesos (id BIGINT AUTO_INCREMENT PRIMARY KEY, pid INT NOT NULL, nombre_proceso "           \
  "VARCHAR(255) NOT "                                                                                        \
  "NULL, llamada VARCHAR(50) NOT NULL, tamanio BIGINT NOT NULL, fecha DATETIME NOT NULL) ENGINE=InnoDB;"
#define MAKE_PROCEDURE                                                                                       \
  "CREATE PROCEDURE insertar_proceso(pid INT, nombre VARCHAR(255), llamada VARCHAR(50), tamanio BIGINT, "    \
  "fecha "                                                                                                   \
  "VARCHAR(50)) INSERT INTO procesos (pid, nombre_proceso, llamada, tamanio, fecha) VALUES (pid, nombre, "   \
  "llamada, "                                                                                                \
  "tamanio, STR_TO_DATE(fecha, '%a %b %d %H:%i:%s %Y'));"

/* The columns of the table, and those of them that are parameters of the procedure, in its order. */
enum column { COLUMN_ID, COLUMN_PID, COLUMN_NAME, COLUMN_CALL, COLUMN_SIZE, COLUMN_TIME, COLUMNS };
#define FIRST_PARAMETER COLUMN_PID

static const char *const names[COLUMNS] = {"id", "pid", "nombre_proceso", "llamada", "tamanio", "fecha"};

/* What a column or a parameter holds. */
struct limit {
  bool known;
  int64_t from, to; /* of numbers; of texts TO characters at most */
};

struct request_table {
  struct database *database;
  struct limit limits[COLUMNS]; /* of column and parameter together */
  /* while its shape is being looked at */
  unsigned found; /* bit per column */
  unsigned parameters;
  bool numbered, transactions, there;
  char *engine;
};

/* ---- what fits ---- */

static const struct {
  const char *name;
  int bits;
} integers[] = {{"tinyint", 8}, {"smallint", 16}, {"mediumint", 24}, {"int", 32}, {"bigint", 64}};

/* What TYPE ("int(10) unsigned", "varchar(255)") holds. */
static struct limit limit_of(const char *type)
{
  const size_t word = strcspn(type, "( ");
  const bool is_unsigned = strstr(type, "unsigned") != NULL;

  if (g_str_has_prefix(type, "varchar(") || g_str_has_prefix(type, "char("))
    return (struct limit){true, 0, g_ascii_strtoll(type + word + 1, NULL, 10)};
  for (size_t i = 0; i < G_N_ELEMENTS(integers); i++)
    if (strlen(integers[i].name) == word && strncmp(type, integers[i].name, word) == 0) {
      const int bits = integers[i].bits - (is_unsigned ? 0 : 1);
      const int64_t to = bits >= 63 ? INT64_MAX : (INT64_C(1) << bits) - 1;
      return (struct limit){true, is_unsigned ? 0 : -to - 1, to};
    }
  return (struct limit){false};
}

static void narrow(struct limit *limit, const char *type)
{
  const struct limit more = limit_of(type);

  if (!limit->known)
    *limit = more;
  if (!more.known)
    return;
  limit->from = MAX(limit->from, more.from);
  limit->to = MIN(limit->to, more.to);
}

static bool number_fits(const struct request_table *table, enum column column, int64_t value, GError **err)
{
  const struct limit *limit = &table->limits[column];

  if (!limit->known || (value >= limit->from && value <= limit->to))
    return true;
  return error_set(err, ERROR_REFUSED,
                   "BIGINT would hold it: as type of the column, and of the parameter of " PROCEDURE,
                   "%s %" PRIi64 " does not fit: " TABLE " and " PROCEDURE " take %" PRIi64 " to %" PRIi64,
                   names[column], value, limit->from, limit->to);
}

static bool text_fits(const struct request_table *table, enum column column, const char *value, GError **err)
{
  const struct limit *limit = &table->limits[column];

  return !limit->known || g_utf8_strlen(value, -1) <= limit->to ||
         error_set(err, ERROR_REFUSED, NULL,
                   "%s \"%s\" does not fit: " TABLE " and " PROCEDURE " take %" PRIi64 " characters",
                   names[column], value, limit->to);
}

bool request_table_fits(const struct request_table *table, const struct table_row *row, GError **err)
{
  g_autofree char *name = text_safe(row->name);

  return number_fits(table, COLUMN_PID, row->pid, err) && number_fits(table, COLUMN_SIZE, row->size, err) &&
         text_fits(table, COLUMN_NAME, name, err) &&
         text_fits(table, COLUMN_CALL, memory_call_name((enum memory_call)row->call), err);
}

/* ---- its shape ---- */

static bool take_table(void *context, const char *const *columns, G_GNUC_UNUSED GError **err)
{
  struct request_table *table = context;

  table->there = true;
  g_free(table->engine);
  table->engine = g_strdup(columns[0] ? columns[0] : "a view");
  table->transactions = g_strcmp0(columns[1], "YES") == 0;
  return true;
}

static bool take_column(void *context, const char *const *columns, G_GNUC_UNUSED GError **err)
{
  struct request_table *table = context;

  for (int i = 0; i < COLUMNS; i++)
    if (g_ascii_strcasecmp(columns[0], names[i]) == 0) {
      table->found |= 1u << i;
      narrow(&table->limits[i], columns[1]);
      table->numbered = table->numbered || (i == COLUMN_ID && strstr(columns[2], "auto_increment"));
    }
  return true;
}

static bool take_parameter(void *context, const char *const *columns, G_GNUC_UNUSED GError **err)
{
  struct request_table *table = context;
  const unsigned column = FIRST_PARAMETER + table->parameters++;

  if (column < COLUMNS)
    narrow(&table->limits[column], columns[0]);
  return true;
}

static bool look(struct request_table *table, GError **err)
{
  struct database *database = table->database;

  return database_rows(database,
                       "SELECT t.ENGINE, e.TRANSACTIONS FROM information_schema.TABLES t LEFT JOIN"
                       " information_schema.ENGINES e ON e.ENGINE = t.ENGINE"
                       " WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_NAME = '" TABLE "'",
                       take_table, table, err) &&
         database_rows(database,
                       "SELECT COLUMN_NAME, COLUMN_TYPE, EXTRA FROM information_schema.COLUMNS"
                       " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '" TABLE "'",
                       take_column, table, err) &&
         database_rows(database,
                       "SELECT DTD_IDENTIFIER FROM information_schema.PARAMETERS"
                       " WHERE SPECIFIC_SCHEMA = DATABASE() AND SPECIFIC_NAME = '" PROCEDURE "'"
                       " AND ROUTINE_TYPE = 'PROCEDURE' ORDER BY ORDINAL_POSITION",
                       take_parameter, table, err);
}

static bool judge_table(const struct request_table *table, GError **err)
{
  if (!table->there)
    return error_set(err, ERROR_RESOURCES, MAKE_TABLE,
                     "the database has no table " TABLE ", or its user may not SELECT from it");
  for (int i = 0; i < COLUMNS; i++)
    if (!(table->found & (1u << i)))
      return error_set(err, ERROR_RESOURCES, "as it should be: " MAKE_TABLE,
                       "the table " TABLE " has no column %s", names[i]);
  return true;
}

/* What writing needs more than reading. */
static bool judge_writing(const struct request_table *table, GError **err)
{
  if (!table->numbered)
    return error_set(err, ERROR_RESOURCES, "ALTER TABLE " TABLE " MODIFY id BIGINT AUTO_INCREMENT;",
                     "the column id of the table " TABLE " is not AUTO_INCREMENT");
  if (!table->transactions)
    return error_set(err, ERROR_RESOURCES, "ALTER TABLE " TABLE " ENGINE=InnoDB;",
                     "the table " TABLE " (%s) has no transactions: what it has could not be counted",
                     table->engine);
  if (table->parameters == 0)
    return error_set(err, ERROR_RESOURCES, MAKE_PROCEDURE,
                     "the database has no procedure " PROCEDURE ", or its user may not EXECUTE it");
  if (table->parameters != COLUMNS - FIRST_PARAMETER)
    return error_set(err, ERROR_RESOURCES, "as it should be: " MAKE_PROCEDURE,
                     "the procedure " PROCEDURE " has %u parameters, not %d", table->parameters,
                     COLUMNS - FIRST_PARAMETER);
  return true;
}

struct request_table *request_table_open(const struct place *place, enum table_use use, GError **err)
{
  struct request_table *table = g_new0(struct request_table, 1);

  table->database = database_open(place, err);
  if (table->database && look(table, err) && judge_table(table, err) &&
      (use == TABLE_READ || judge_writing(table, err)))
    return table;
  request_table_close(table);
  return NULL;
}

void request_table_close(struct request_table *table)
{
  if (!table)
    return;
  database_close(table->database);
  g_free(table->engine);
  g_free(table);
}

/* ---- storing ---- */

/* "Sat Nov 28 08:29:24 2026": English whatever the locale, as asctime(3) is. */
static void append_time(GString *sql, int64_t wall_s)
{
  const time_t at = (time_t)wall_s;
  struct tm local;
  char text[26];

  localtime_r(&at, &local);
  asctime_r(&local, text);
  text[strcspn(text, "\n")] = '\0';
  g_string_append_printf(sql, "'%s'", text);
}

static void append_call(GString *sql, struct database *database, const struct table_row *row)
{
  g_autofree char *safe = text_safe(row->name), *name = database_quote(database, safe);

  g_string_append_printf(sql, "CALL " PROCEDURE "(%d,%s,'%s',%" PRIi64 ",", row->pid, name,
                         memory_call_name((enum memory_call)row->call), row->size);
  append_time(sql, row->wall_s);
  g_string_append(sql, ");");
}

static bool take_number(void *context, const char *const *columns, G_GNUC_UNUSED GError **err)
{
  *(uint64_t *)context = columns[0] ? g_ascii_strtoull(columns[0], NULL, 10) : 0;
  return true;
}

static bool put_rows(struct request_table *table, const struct table_row *rows, guint count, GError **err)
{
  g_autoptr(GString) sql = g_string_new("START TRANSACTION;");

  for (guint i = 0; i < count; i++)
    append_call(sql, table->database, &rows[i]);
  return database_run(table->database, sql->str, err);
}

bool request_table_store(struct request_table *table, const struct table_row *rows, guint count,
                         struct table_doubt *doubt, GError **err)
{
  uint64_t id = 0;

  *doubt = (struct table_doubt){0};
  if (!put_rows(table, rows, count, err) ||
      !database_rows(table->database, "SELECT LAST_INSERT_ID()", take_number, &id, err)) {
    database_run(table->database, "ROLLBACK", NULL);
    return false;
  }
  *doubt = (struct table_doubt){count, id, rows[count - 1]};
  if (!database_run(table->database, "COMMIT", err))
    return false;
  *doubt = (struct table_doubt){0};
  return true;
}

bool request_table_look_up(struct request_table *table, struct table_doubt *doubt, bool *ret, GError **err)
{
  g_autofree char *safe = text_safe(doubt->row.name), *name = database_quote(table->database, safe);
  uint64_t found = 0;
  /* Ids that were not committed may be given again, hence the rest; the lock waits for whoever still commits.
   */
  g_autofree char *sql =
      g_strdup_printf("SELECT id FROM " TABLE " WHERE id = %" PRIu64
                      " AND pid = %d AND nombre_proceso = %s AND tamanio = %" PRIi64 " LOCK IN SHARE MODE",
                      doubt->id, doubt->row.pid, name, doubt->row.size);

  if (!database_rows(table->database, sql, take_number, &found, err))
    return false;
  *ret = found != 0;
  return true;
}

/* ---- reading ---- */

struct reading {
  request_table_each *each;
  void *context;
};

static bool take_row(void *context, const char *const *columns, GError **err)
{
  const struct reading *reading = context;
  const struct table_text row = {columns[0], columns[1], columns[2], columns[3], columns[4]};

  return reading->each(reading->context, &row, err);
}

bool request_table_read(struct request_table *table, request_table_each *each, void *context, GError **err)
{
  struct reading reading = {each, context};

  return database_rows(table->database,
                       "SELECT pid, nombre_proceso, llamada, tamanio, DATE_FORMAT(fecha, '%Y-%m-%dT%H:%i:%s')"
                       " FROM " TABLE " ORDER BY fecha, id",
                       take_row, &reading, err);
}
