/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory requests in the journal. */
#include <string.h>

#include "core/session/journal_db.h"

/* ---- writing ---- */

/* The columns of SUMS, from number AT on; the number after them. */
static int bind_sums(sqlite3_stmt *sql, int at, const struct memory_sums *sums)
{
  const uint64_t rest[] = {sums->failed, sums->mapped, sums->freed, sums->sent, sums->lost};

  for (int i = 0; i < MEMORY_CALLS; i++)
    sqlite3_bind_int64(sql, at++, (int64_t)sums->calls[i]);
  for (size_t i = 0; i < G_N_ELEMENTS(rest); i++)
    sqlite3_bind_int64(sql, at++, (int64_t)rest[i]);
  return at;
}

static bool put_turn(struct journal *journal, const struct memory_turn *turn, GError **err)
{
  sqlite3_stmt *sql = journal_sql(journal, SQL_PUT_MEMORY, err);

  if (!sql)
    return false;
  sqlite3_bind_int64(sql, 1, turn->wall_ns);
  sqlite3_bind_int64(sql, 2, turn->mono_ns);
  sqlite3_bind_double(sql, 3, turn->seconds);
  sqlite3_bind_int(sql, 4, turn->sending);
  sqlite3_bind_int(sql, 5, turn->ended);
  sqlite3_bind_text(sql, 6, turn->problem, -1, SQLITE_STATIC);
  bind_sums(sql, 7, &turn->sums);
  return journal_run(journal, sql, err);
}

static bool put_process(struct journal *journal, uint64_t nr, const struct memory_process *process,
                        GError **err)
{
  sqlite3_stmt *sql = journal_sql(journal, SQL_PUT_MEMORY_PROCESS, err);

  if (!sql)
    return false;
  sqlite3_bind_int64(sql, 1, (int64_t)nr);
  sqlite3_bind_int(sql, 2, process->pid);
  sqlite3_bind_text(sql, 3, process->name, -1, SQLITE_STATIC);
  bind_sums(sql, 4, &process->sums);
  return journal_run(journal, sql, err);
}

bool journal_put_memory_request(struct journal *journal, uint64_t nr, const struct memory_request *request,
                                GError **err)
{
  sqlite3_stmt *sql = journal_sql(journal, SQL_PUT_MEMORY_REQUEST, err);

  if (!sql)
    return false;
  sqlite3_bind_int64(sql, 1, (int64_t)nr);
  sqlite3_bind_int64(sql, 2, request->mono_ns);
  sqlite3_bind_int(sql, 3, request->pid);
  sqlite3_bind_int(sql, 4, request->tid);
  sqlite3_bind_text(sql, 5, request->name, -1, SQLITE_STATIC);
  sqlite3_bind_text(sql, 6, memory_call_name(request->call), -1, SQLITE_STATIC);
  sqlite3_bind_int64(sql, 7, (int64_t)request->address);
  sqlite3_bind_int64(sql, 8, (int64_t)request->length);
  sqlite3_bind_int64(sql, 9, request->protection);
  sqlite3_bind_int64(sql, 10, request->result);
  sqlite3_bind_int64(sql, 11, request->change);
  return journal_run(journal, sql, err);
}

bool journal_put_memory(struct journal *journal, const struct memory_turn *turn, GError **err)
{
  uint64_t nr;

  if (!put_turn(journal, turn, err) || !journal_count_memory(journal, &nr, err))
    return false;
  for (guint i = 0; i < turn->process_count; i++)
    if (!put_process(journal, nr, &turn->processes[i], err))
      return false;
  for (guint i = 0; i < turn->request_count; i++)
    if (!journal_put_memory_request(journal, nr, &turn->requests[i], err))
      return false;
  return true;
}

/* ---- reading ---- */

static int column_sums(sqlite3_stmt *sql, int at, struct memory_sums *ret)
{
  uint64_t *const rest[] = {&ret->failed, &ret->mapped, &ret->freed, &ret->sent, &ret->lost};

  for (int i = 0; i < MEMORY_CALLS; i++)
    ret->calls[i] = (uint64_t)sqlite3_column_int64(sql, at++);
  for (size_t i = 0; i < G_N_ELEMENTS(rest); i++)
    *rest[i] = (uint64_t)sqlite3_column_int64(sql, at++);
  return at;
}

static void column_name(sqlite3_stmt *sql, int at, char name[MEMORY_NAME])
{
  const char *text = (const char *)sqlite3_column_text(sql, at);
  g_strlcpy(name, text ? text : "", MEMORY_NAME);
}

bool journal_count_memory(struct journal *journal, uint64_t *ret, GError **err)
{
  return journal_count(journal, SQL_COUNT_MEMORY, JOURNAL_VERSION_MEMORY, ret, err);
}

static bool get_processes(struct journal *journal, uint64_t nr, GArray *ret, GError **err)
{
  g_autoptr(GError) why = NULL;
  sqlite3_stmt *sql = journal_rows_of(journal, SQL_GET_MEMORY_PROCESSES, nr, &why);
  bool ok = !why;

  while (ok && sql) {
    struct memory_process process = {.pid = sqlite3_column_int(sql, 0)};
    column_name(sql, 1, process.name);
    column_sums(sql, 2, &process.sums);
    g_array_append_val(ret, process);
    ok = journal_next(journal, &sql, &why);
  }
  if (why)
    g_propagate_error(err, g_steal_pointer(&why));
  return ok;
}

bool journal_memory_requests(struct journal *journal, uint64_t nr, journal_each_request *each, void *context,
                             GError **err)
{
  g_autoptr(GError) why = NULL;
  sqlite3_stmt *sql = journal_rows_of(journal, SQL_GET_MEMORY_REQUESTS, nr, &why);
  bool ok = !why;

  while (ok && sql) {
    const char *call = (const char *)sqlite3_column_text(sql, 4);
    const int id = call ? memory_call_find(call) : -1;
    struct memory_request request = {.mono_ns = sqlite3_column_int64(sql, 0),
                                     .pid = sqlite3_column_int(sql, 1),
                                     .tid = sqlite3_column_int(sql, 2),
                                     .call = (enum memory_call)MAX(id, 0),
                                     .address = (uint64_t)sqlite3_column_int64(sql, 5),
                                     .length = (uint64_t)sqlite3_column_int64(sql, 6),
                                     .protection = (uint32_t)sqlite3_column_int64(sql, 7),
                                     .result = sqlite3_column_int64(sql, 8),
                                     .change = sqlite3_column_int64(sql, 9)};
    column_name(sql, 3, request.name);
    ok = id >= 0 ? each(context, nr, &request, &why)
                 : journal_damaged(journal, &why, "a memory request is of a kind not known");
    if (ok)
      ok = journal_next(journal, &sql, &why);
    else
      sqlite3_reset(sql);
  }
  if (why)
    g_propagate_error(err, g_steal_pointer(&why));
  return ok;
}

static bool keep_request(void *context, G_GNUC_UNUSED uint64_t nr, const struct memory_request *request,
                         G_GNUC_UNUSED GError **err)
{
  g_array_append_vals(context, request, 1);
  return true;
}

/* What stands in its own row, into TURN, whose processes have been added up. */
static bool get_turn(struct journal *journal, uint64_t nr, struct memory_turn *turn, GError **err)
{
  g_autoptr(GError) why = NULL;
  sqlite3_stmt *sql = journal_rows_of(journal, SQL_GET_MEMORY, nr, &why);

  if (!sql && !why)
    return journal_damaged(journal, err, "a turn of memory requests is missing");
  if (!sql) {
    g_propagate_error(err, g_steal_pointer(&why));
    return false;
  }
  turn->wall_ns = sqlite3_column_int64(sql, 0);
  turn->mono_ns = sqlite3_column_int64(sql, 1);
  turn->seconds = sqlite3_column_double(sql, 2);
  turn->sending = sqlite3_column_int(sql, 3) != 0;
  turn->ended = sqlite3_column_int(sql, 4) != 0;
  turn->problem = g_strdup((const char *)sqlite3_column_text(sql, 5));
  column_sums(sql, 6, &turn->sums);
  sqlite3_reset(sql);
  return true;
}

struct memory_turn *journal_get_memory(struct journal *journal, uint64_t nr, bool requests, GError **err)
{
  GArray *processes = g_array_new(FALSE, FALSE, sizeof(struct memory_process));
  GArray *list = requests ? g_array_new(FALSE, FALSE, sizeof(struct memory_request)) : NULL;
  bool ok = get_processes(journal, nr, processes, err) &&
            (!list || journal_memory_requests(journal, nr, keep_request, list, err));
  struct memory_turn *turn = memory_turn_new(processes, list);

  if (ok && get_turn(journal, nr, turn, err))
    return turn;
  memory_turn_unref(turn);
  return NULL;
}
