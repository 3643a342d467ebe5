/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long things take, in the journal. */
#include "core/session/journal_db.h"

/* ---- writing ---- */

static bool put_turn(struct journal *journal, const struct span_turn *turn, GError **err)
{
  sqlite3_stmt *sql = journal_sql(journal, SQL_PUT_SPANS, err);

  if (!sql)
    return false;
  sqlite3_bind_text(sql, 1, span_kind_name(turn->kind), -1, SQLITE_STATIC);
  sqlite3_bind_int64(sql, 2, turn->wall_ns);
  sqlite3_bind_int64(sql, 3, turn->mono_ns);
  sqlite3_bind_double(sql, 4, turn->seconds);
  sqlite3_bind_int(sql, 5, turn->ended);
  sqlite3_bind_text(sql, 6, turn->problem, -1, SQLITE_STATIC);
  return journal_run(journal, sql, err);
}

static bool put_span(struct journal *journal, uint64_t nr, const struct span *span, GError **err)
{
  sqlite3_stmt *sql = journal_sql(journal, SQL_PUT_SPAN, err);
  g_autofree char *buckets = span_buckets_text(&span->sums);

  if (!sql)
    return false;
  sqlite3_bind_int64(sql, 1, (int64_t)nr);
  sqlite3_bind_text(sql, 2, span->uuid, -1, SQLITE_STATIC);
  sqlite3_bind_text(sql, 3, span_owner_name(span->owner), -1, SQLITE_STATIC);
  sqlite3_bind_int(sql, 4, span->pid);
  sqlite3_bind_int(sql, 5, span->tid);
  sqlite3_bind_text(sql, 6, span->name, -1, SQLITE_STATIC);
  sqlite3_bind_text(sql, 7, span->device, -1, SQLITE_STATIC);
  sqlite3_bind_int64(sql, 8, span->what);
  sqlite3_bind_int64(sql, 9, (int64_t)span->place);
  sqlite3_bind_int64(sql, 10, (int64_t)span->sums.count);
  sqlite3_bind_int64(sql, 11, (int64_t)span->sums.ns);
  sqlite3_bind_int64(sql, 12, (int64_t)span->sums.bytes);
  sqlite3_bind_text(sql, 13, buckets, -1, SQLITE_TRANSIENT);
  return journal_run(journal, sql, err);
}

bool journal_put_spans(struct journal *journal, const struct span_turn *turn, GError **err)
{
  uint64_t nr;

  if (!put_turn(journal, turn, err) || !journal_count_spans(journal, &nr, err))
    return false;
  for (guint i = 0; i < turn->count; i++)
    if (!put_span(journal, nr, &turn->spans[i], err))
      return false;
  return true;
}

/* ---- reading ---- */

bool journal_count_spans(struct journal *journal, uint64_t *ret, GError **err)
{
  return journal_count(journal, SQL_COUNT_SPANS, JOURNAL_VERSION_SPANS, ret, err);
}

static const char *column(sqlite3_stmt *sql, int at)
{
  const char *text = (const char *)sqlite3_column_text(sql, at);
  return text ? text : "";
}

static bool get_span(struct journal *journal, sqlite3_stmt *sql, struct span *ret, GError **err)
{
  const int owner = span_owner_find(column(sql, 1));

  *ret = (struct span){.owner = (enum span_owner)MAX(owner, 0),
                       .pid = sqlite3_column_int(sql, 2),
                       .tid = sqlite3_column_int(sql, 3),
                       .what = (uint32_t)sqlite3_column_int64(sql, 6),
                       .place = (uint64_t)sqlite3_column_int64(sql, 7),
                       .sums = {.count = (uint64_t)sqlite3_column_int64(sql, 8),
                                .ns = (uint64_t)sqlite3_column_int64(sql, 9),
                                .bytes = (uint64_t)sqlite3_column_int64(sql, 10)}};
  g_strlcpy(ret->uuid, column(sql, 0), sizeof ret->uuid);
  g_strlcpy(ret->name, column(sql, 4), sizeof ret->name);
  g_strlcpy(ret->device, column(sql, 5), sizeof ret->device);
  return (owner >= 0 && span_buckets_parse(column(sql, 11), &ret->sums)) ||
         journal_damaged(journal, err, "a histogram, or whose it is, cannot be read");
}

static bool get_spans(struct journal *journal, uint64_t nr, GArray *ret, GError **err)
{
  g_autoptr(GError) why = NULL;
  sqlite3_stmt *sql = journal_rows_of(journal, SQL_GET_SPANS_OF, nr, &why);
  bool ok = !why;

  while (ok && sql) {
    struct span span;
    ok = get_span(journal, sql, &span, &why);
    g_array_append_val(ret, span);
    if (ok)
      ok = journal_next(journal, &sql, &why);
    else
      sqlite3_reset(sql);
  }
  if (why)
    g_propagate_error(err, g_steal_pointer(&why));
  return ok;
}

/* The row of turn NR itself, into TURN. */
static bool get_turn(struct journal *journal, uint64_t nr, struct span_turn *turn, GError **err)
{
  g_autoptr(GError) why = NULL;
  sqlite3_stmt *sql = journal_rows_of(journal, SQL_GET_SPANS, nr, &why);
  const int kind = sql ? span_kind_find(column(sql, 0)) : -1;

  if (sql && kind >= 0) {
    turn->kind = (enum span_kind)kind;
    turn->wall_ns = sqlite3_column_int64(sql, 1);
    turn->mono_ns = sqlite3_column_int64(sql, 2);
    turn->seconds = sqlite3_column_double(sql, 3);
    turn->ended = sqlite3_column_int(sql, 4) != 0;
    turn->problem = g_strdup((const char *)sqlite3_column_text(sql, 5));
  } else if (!why) {
    journal_damaged(journal, &why, "a turn of what was timed is missing, or of a kind not known");
  }
  if (sql)
    sqlite3_reset(sql);
  if (why)
    g_propagate_error(err, g_steal_pointer(&why));
  return sql && kind >= 0;
}

struct span_turn *journal_get_spans(struct journal *journal, uint64_t nr, GError **err)
{
  GArray *spans = g_array_new(FALSE, FALSE, sizeof(struct span));
  const bool ok = get_spans(journal, nr, spans, err);
  struct span_turn *turn = span_turn_new(SPAN_BLOCK, spans);

  if (ok && get_turn(journal, nr, turn, err))
    return turn;
  span_turn_unref(turn);
  return NULL;
}
