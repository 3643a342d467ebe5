/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory requests in a database: rows of the table procesos(id, pid, nombre_proceso, llamada, tamanio,
 * fecha), put there by the procedure insertar_proceso(pid, nombre, llamada, tamanio, fecha), whose fecha is a
 * local time as ctime(3) writes it.  One thread at a time; all functions wait for the database. */
#ifndef DATABASE_REQUEST_TABLE_H
#define DATABASE_REQUEST_TABLE_H

#include <stdint.h>

#include "core/database/database.h"
#include "core/model/memory.h"

/* A request as the table can hold it. */
struct table_row {
  int64_t wall_s;
  int64_t size; /* bytes as asked for; brk: by which it grew */
  int32_t pid;
  int32_t call; /* enum memory_call */
  char name[MEMORY_NAME];
};

struct request_table;
enum table_use { TABLE_READ, TABLE_WRITE };
/* Open the database and see whether what USE needs, the table and to write to it the procedure, is of the
 * shape that is needed; if not, the advice is the SQL that makes it. */
struct request_table *request_table_open(const struct place *place, enum table_use use, GError **err);
void request_table_close(struct request_table *table); /* NULL is fine */

/* Does ROW fit the table's columns and the procedure's parameters, as far as they say how much they hold?
 * ERROR_REFUSED. */
bool request_table_fits(const struct request_table *table, const struct table_row *row, GError **err);

/* The newest row of rows that may have been stored, or not: the connection was lost while they were being
 * committed. */
struct table_doubt {
  guint count; /* rows; 0: there is no doubt */
  uint64_t id; /* of the last of them */
  struct table_row row;
};
/* Store all COUNT rows or, on failure, none; which of both remains in DOUBT where it cannot be told. */
bool request_table_store(struct request_table *table, const struct table_row *rows, guint count,
                         struct table_doubt *doubt, GError **err);
/* End DOUBT: RET tells whether they were stored. */
bool request_table_look_up(struct request_table *table, struct table_doubt *doubt, bool *ret, GError **err);

/* All rows, by time; NAME and CALL as they stand there, FECHA and the numbers as text, NULL where there is
 * none. */
struct table_text {
  const char *pid, *name, *call, *size, *time;
};
typedef bool request_table_each(void *context, const struct table_text *row, GError **err);
bool request_table_read(struct request_table *table, request_table_each *each, void *context, GError **err);

#endif
