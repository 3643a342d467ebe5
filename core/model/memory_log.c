/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/memory_log.h"

#include <math.h>
#include <string.h>

/* Turns that a wish cut short are too short for a rate. */
#define RATE_SECONDS_MIN 0.05

struct memory_log {
  struct memory_turn *newest;
  struct memory_sums total;
  GHashTable *by_process;          /* struct memory_row -> itself; owns them */
  GPtrArray *rows;                 /* the same */
  struct memory_request *requests; /* a ring */
  uint64_t request_count;          /* ever */
  double rates[MEMORY_RATES][MEMORY_LOG_RATES];
  uint64_t rate_count; /* ever */
};

static guint row_hash(gconstpointer key)
{
  const struct memory_row *row = key;
  return (guint)row->pid * 31 + g_str_hash(row->name);
}

static gboolean row_equal(gconstpointer a, gconstpointer b)
{
  const struct memory_row *x = a, *y = b;
  return x->pid == y->pid && strcmp(x->name, y->name) == 0;
}

struct memory_log *memory_log_new(void)
{
  struct memory_log *log = g_new0(struct memory_log, 1);

  log->by_process = g_hash_table_new_full(row_hash, row_equal, NULL, g_free);
  log->rows = g_ptr_array_new();
  log->requests = g_new(struct memory_request, MEMORY_LOG_REQUESTS);
  return log;
}

void memory_log_free(struct memory_log *log)
{
  if (!log)
    return;
  memory_turn_unref(log->newest);
  g_ptr_array_unref(log->rows);
  g_hash_table_unref(log->by_process);
  g_free(log->requests);
  g_free(log);
}

/* ---- adding ---- */

static struct memory_row *row_of(struct memory_log *log, int pid, const char *name)
{
  struct memory_row key = {.pid = pid};

  g_strlcpy(key.name, name, sizeof key.name);
  struct memory_row *row = g_hash_table_lookup(log->by_process, &key);
  if (row)
    return row;
  row = g_memdup2(&key, sizeof key);
  g_hash_table_add(log->by_process, row);
  g_ptr_array_add(log->rows, row);
  return row;
}

static gint least_first(gconstpointer a, gconstpointer b)
{
  const struct memory_row *x = *(struct memory_row *const *)a, *y = *(struct memory_row *const *)b;
  const uint64_t in_turn_x = memory_sums_seen(&x->turn), in_turn_y = memory_sums_seen(&y->turn);
  const uint64_t seen_x = memory_sums_seen(&x->total), seen_y = memory_sums_seen(&y->total);

  if (in_turn_x != in_turn_y)
    return in_turn_x < in_turn_y ? -1 : 1;
  return seen_x < seen_y ? -1 : seen_x > seen_y;
}

/* The quietest go into one row, so many that there is room for some time. */
static void make_room(struct memory_log *log)
{
  if (log->rows->len <= MEMORY_LOG_ROWS)
    return;
  struct memory_row *others = row_of(log, 0, "");
  g_ptr_array_sort(log->rows, least_first);
  const guint leave = log->rows->len - MEMORY_LOG_ROWS / 4 * 3;
  GPtrArray *rows = g_ptr_array_new();
  for (guint i = 0; i < log->rows->len; i++) {
    struct memory_row *row = log->rows->pdata[i];
    if (i >= leave || row == others) {
      g_ptr_array_add(rows, row);
      continue;
    }
    memory_sums_add(&others->total, &row->total);
    memory_sums_add(&others->turn, &row->turn);
    g_hash_table_remove(log->by_process, row);
  }
  g_ptr_array_unref(log->rows);
  log->rows = rows;
}

static void add_processes(struct memory_log *log, const struct memory_turn *turn)
{
  for (guint i = 0; i < log->rows->len; i++)
    ((struct memory_row *)log->rows->pdata[i])->turn = (struct memory_sums){0};
  for (guint i = 0; i < turn->process_count; i++) {
    const struct memory_process *process = &turn->processes[i];
    struct memory_row *row = row_of(log, process->pid, process->name);
    memory_sums_add(&row->total, &process->sums);
    memory_sums_add(&row->turn, &process->sums);
  }
  make_room(log);
}

static void add_requests(struct memory_log *log, const struct memory_turn *turn)
{
  for (guint i = 0; i < turn->request_count; i++)
    log->requests[log->request_count++ % MEMORY_LOG_REQUESTS] = turn->requests[i];
}

static void add_rates(struct memory_log *log, const struct memory_turn *turn)
{
  const uint64_t at = log->rate_count % MEMORY_LOG_RATES;

  if (turn->seconds < RATE_SECONDS_MIN)
    return;
  log->rates[MEMORY_RATE_CALLS][at] = (double)memory_sums_seen(&turn->sums) / turn->seconds;
  log->rates[MEMORY_RATE_MAPPED][at] = (double)turn->sums.mapped / turn->seconds;
  log->rates[MEMORY_RATE_FREED][at] = (double)turn->sums.freed / turn->seconds;
  log->rate_count++;
}

void memory_log_add(struct memory_log *log, const struct memory_turn *turn)
{
  memory_turn_unref(log->newest);
  log->newest = memory_turn_ref(turn);
  memory_sums_add(&log->total, &turn->sums);
  add_processes(log, turn);
  add_requests(log, turn);
  add_rates(log, turn);
}

/* ---- looking ---- */

const struct memory_turn *memory_log_newest(const struct memory_log *log)
{
  return log->newest;
}

const struct memory_sums *memory_log_total(const struct memory_log *log)
{
  return &log->total;
}

/* What ROW is ordered by; what was freed in more than was mapped is a large net, too, but below 0. */
static double rank(const struct memory_row *row, enum memory_rank by)
{
  switch (by) {
  case MEMORY_BY_MAPPED:
    return (double)row->total.mapped;
  case MEMORY_BY_FREED:
    return (double)row->total.freed;
  case MEMORY_BY_NET:
    return (double)row->total.mapped - (double)row->total.freed;
  default:
    return (double)memory_sums_seen(&row->turn);
  }
}

static gint by_rank(gconstpointer a, gconstpointer b, gpointer by)
{
  const struct memory_row *x = *(struct memory_row *const *)a, *y = *(struct memory_row *const *)b;
  const double rank_x = rank(x, *(enum memory_rank *)by), rank_y = rank(y, *(enum memory_rank *)by);

  if (rank_x != rank_y)
    return rank_x > rank_y ? -1 : 1;
  const int least = least_first(a, b);
  return least ? -least : x->pid - y->pid;
}

const GPtrArray *memory_log_rows(struct memory_log *log, enum memory_rank by)
{
  g_ptr_array_sort_with_data(log->rows, by_rank, &by);
  return log->rows;
}

guint memory_log_request_count(const struct memory_log *log)
{
  return (guint)MIN(log->request_count, MEMORY_LOG_REQUESTS);
}

const struct memory_request *memory_log_request(const struct memory_log *log, guint nr)
{
  const uint64_t oldest = log->request_count - memory_log_request_count(log);
  return &log->requests[(oldest + nr) % MEMORY_LOG_REQUESTS];
}

int64_t memory_log_wall_ns(const struct memory_log *log, const struct memory_request *request)
{
  return log->newest->wall_ns - (log->newest->mono_ns - request->mono_ns);
}

void memory_log_rates(const struct memory_log *log, enum memory_rate rate, double *ret, int n)
{
  const uint64_t kept = MIN(log->rate_count, MEMORY_LOG_RATES);

  for (int i = 0; i < n; i++) {
    const uint64_t back = (uint64_t)(n - i); /* 1: the newest */
    ret[i] = back <= kept ? log->rates[rate][(log->rate_count - back) % MEMORY_LOG_RATES] : (double)NAN;
  }
}
