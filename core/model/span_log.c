/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/span_log.h"

#include <string.h>

struct span_log {
  enum span_kind kind;
  struct span_turn *newest;
  GArray *rows; /* struct span_row */
  double seconds;
};

struct span_log *span_log_new(enum span_kind kind)
{
  struct span_log *log = g_new0(struct span_log, 1);

  log->kind = kind;
  log->rows = g_array_new(FALSE, FALSE, sizeof(struct span_row));
  return log;
}

void span_log_free(struct span_log *log)
{
  if (!log)
    return;
  span_turn_unref(log->newest);
  g_array_unref(log->rows);
  g_free(log);
}

static struct span_row *row_at(const GArray *rows, guint i)
{
  return &g_array_index(rows, struct span_row, i);
}

/* The row of ROWS that is about what SPAN is about, made where there is none. */
static struct span_row *row_of(GArray *rows, const struct span *span)
{
  const struct span_row new = {.span = *span};

  for (guint i = 0; i < rows->len; i++)
    if (span_is_same(&row_at(rows, i)->span, span))
      return row_at(rows, i);
  g_array_append_val(rows, new);
  row_at(rows, rows->len - 1)->span.sums = (struct span_sums){0};
  return row_at(rows, rows->len - 1);
}

/* SPAN without the process, where there are very many of them. */
static struct span within_room(const struct span_log *log, const struct span *span)
{
  struct span kept = *span;

  if (log->rows->len >= SPAN_LOG_ROWS) {
    kept.pid = kept.tid = 0;
    *kept.name = '\0';
  }
  return kept;
}

void span_log_add(struct span_log *log, const struct span_turn *turn)
{
  span_turn_unref(log->newest);
  log->newest = span_turn_ref(turn);
  log->seconds += turn->seconds;
  for (guint i = 0; i < log->rows->len; i++)
    row_at(log->rows, i)->turn = (struct span_sums){0};
  for (guint i = 0; i < turn->count; i++) {
    const struct span span = within_room(log, &turn->spans[i]);
    struct span_row *row = row_of(log->rows, &span);
    span_sums_add(&row->span.sums, &span.sums);
    span_sums_add(&row->turn, &span.sums);
  }
}

enum span_kind span_log_kind(const struct span_log *log)
{
  return log->kind;
}

const struct span_turn *span_log_newest(const struct span_log *log)
{
  return log->newest;
}

const GArray *span_log_rows(const struct span_log *log)
{
  return log->rows;
}

double span_log_seconds(const struct span_log *log)
{
  return log->seconds;
}

/* What is left of SPAN when processes and places are not told apart. */
static struct span plain(const struct span *span)
{
  struct span left = {.owner = span->owner, .what = span->what};

  memcpy(left.uuid, span->uuid, sizeof left.uuid);
  memcpy(left.device, span->device, sizeof left.device);
  return left;
}

GArray *span_log_of(const struct span_log *log, const char *uuid)
{
  GArray *found = g_array_new(FALSE, FALSE, sizeof(struct span_row));

  for (guint i = 0; i < log->rows->len; i++) {
    const struct span_row *row = row_at(log->rows, i);
    if (strcmp(row->span.uuid, uuid) != 0)
      continue;
    const struct span span = plain(&row->span);
    struct span_row *to = row_of(found, &span);
    span_sums_add(&to->span.sums, &row->span.sums);
    span_sums_add(&to->turn, &row->turn);
  }
  return found;
}
