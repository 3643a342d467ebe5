/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/memory_rows.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/base/units.h"

/* What a cell shows, for the screen; caller frees. */
typedef char *cell_text(const void *row, double seconds);

struct list_column {
  const char *title;
  int width;
  bool right;
  int rank; /* enum memory_rank that orders by it, or -1 */
  cell_text *text;
};

/* ---- processes ---- */

static char *bytes(double value)
{
  units_buf buf;
  return g_strdup(units_bytes(buf, value));
}

static char *count(uint64_t value)
{
  units_buf buf;
  return value ? g_strdup(units_count(buf, (double)value)) : g_strdup("0");
}

static char *process_pid(const void *row, G_GNUC_UNUSED double seconds)
{
  const struct memory_row *process = row;
  return process->pid ? g_strdup_printf("%d", process->pid) : g_strdup("-");
}

static char *process_name(const void *row, G_GNUC_UNUSED double seconds)
{
  const struct memory_row *process = row;
  return process->pid ? text_safe(process->name) : g_strdup("(others)");
}

static char *process_rate(const void *row, double seconds)
{
  units_buf buf;
  const uint64_t calls = memory_sums_seen(&((const struct memory_row *)row)->turn);
  return g_strdup(units_count(buf, seconds > 0 ? (double)calls / seconds : -1));
}

static char *process_mapped(const void *row, G_GNUC_UNUSED double seconds)
{
  return bytes((double)((const struct memory_row *)row)->total.mapped);
}

static char *process_freed(const void *row, G_GNUC_UNUSED double seconds)
{
  return bytes((double)((const struct memory_row *)row)->total.freed);
}

/* Below 0 where more was freed than mapped since tracing began. */
static char *process_net(const void *row, G_GNUC_UNUSED double seconds)
{
  const struct memory_sums *total = &((const struct memory_row *)row)->total;
  const bool less = total->freed > total->mapped;
  g_autofree char *text = bytes((double)(less ? total->freed - total->mapped : total->mapped - total->freed));
  return g_strdup_printf("%s%s", less ? "-" : "", text);
}

static char *process_calls(const void *row, enum memory_call call)
{
  return count(((const struct memory_row *)row)->total.calls[call]);
}

static char *process_mmap(const void *row, G_GNUC_UNUSED double seconds)
{
  return process_calls(row, MEMORY_MMAP);
}

static char *process_munmap(const void *row, G_GNUC_UNUSED double seconds)
{
  return process_calls(row, MEMORY_MUNMAP);
}

static char *process_mremap(const void *row, G_GNUC_UNUSED double seconds)
{
  return process_calls(row, MEMORY_MREMAP);
}

static char *process_brk(const void *row, G_GNUC_UNUSED double seconds)
{
  return process_calls(row, MEMORY_BRK);
}

static char *process_mprotect(const void *row, G_GNUC_UNUSED double seconds)
{
  return process_calls(row, MEMORY_MPROTECT);
}

static char *process_failed(const void *row, G_GNUC_UNUSED double seconds)
{
  return count(((const struct memory_row *)row)->total.failed);
}

/* The most important first: what has no room is left out. */
static const struct list_column process_columns[] = {
    {"PID", 7, true, -1, process_pid},
    {"NAME", 15, false, -1, process_name},
    {"CALL/S", 6, true, MEMORY_BY_CALLS, process_rate},
    {"MAPPED", 6, true, MEMORY_BY_MAPPED, process_mapped},
    {"FREED", 6, true, MEMORY_BY_FREED, process_freed},
    {"NET", 7, true, MEMORY_BY_NET, process_net},
    {"MMAP", 6, true, -1, process_mmap},
    {"MUNMAP", 6, true, -1, process_munmap},
    {"BRK", 6, true, -1, process_brk},
    {"MREMAP", 6, true, -1, process_mremap},
    {"FAILED", 6, true, -1, process_failed},
    {"MPROTECT", 8, true, -1, process_mprotect},
};

/* ---- requests ---- */

static char *request_time(const void *row, G_GNUC_UNUSED double seconds)
{
  return units_time_of_day(((const struct memory_moment *)row)->wall_ns);
}

static char *request_pid(const void *row, G_GNUC_UNUSED double seconds)
{
  return g_strdup_printf("%d", ((const struct memory_moment *)row)->request.pid);
}

static char *request_name(const void *row, G_GNUC_UNUSED double seconds)
{
  return text_safe(((const struct memory_moment *)row)->request.name);
}

static char *request_call(const void *row, G_GNUC_UNUSED double seconds)
{
  return g_strdup(memory_call_name(((const struct memory_moment *)row)->request.call));
}

static char *request_length(const void *row, G_GNUC_UNUSED double seconds)
{
  const struct memory_request *request = &((const struct memory_moment *)row)->request;
  const int64_t change = request->change;

  if (request->call != MEMORY_BRK)
    return bytes((double)request->length);
  g_autofree char *text = bytes((double)ABS(change));
  return g_strdup_printf("%s%s", change < 0 ? "-" : "", text);
}

static char *request_result(const void *row, G_GNUC_UNUSED double seconds)
{
  return memory_request_result(&((const struct memory_moment *)row)->request);
}

static char *request_address(const void *row, G_GNUC_UNUSED double seconds)
{
  return g_strdup_printf("%#" G_GINT64_MODIFIER "x", ((const struct memory_moment *)row)->request.address);
}

static char *request_protection(const void *row, G_GNUC_UNUSED double seconds)
{
  memory_protection_buf buf;
  return g_strdup(memory_protection(buf, &((const struct memory_moment *)row)->request));
}

static char *request_thread(const void *row, G_GNUC_UNUSED double seconds)
{
  return g_strdup_printf("%d", ((const struct memory_moment *)row)->request.tid);
}

static const struct list_column request_columns[] = {
    {"TIME", 8, false, -1, request_time},      {"PID", 7, true, -1, request_pid},
    {"NAME", 15, false, -1, request_name},     {"CALL", 8, false, -1, request_call},
    {"LENGTH", 7, true, -1, request_length},   {"PROT", 4, false, -1, request_protection},
    {"RESULT", 14, false, -1, request_result}, {"ADDRESS", 14, false, -1, request_address},
    {"THREAD", 7, true, -1, request_thread},
};

static const struct {
  const struct list_column *columns;
  size_t count;
  size_t row; /* bytes of one */
} lists[] = {
    [MEMORY_PROCESSES] = {process_columns, G_N_ELEMENTS(process_columns), sizeof(struct memory_row)},
    [MEMORY_REQUESTS] = {request_columns, G_N_ELEMENTS(request_columns), sizeof(struct memory_moment)},
};
G_STATIC_ASSERT(G_N_ELEMENTS(lists) == MEMORY_LISTS);

/* ---- choosing ---- */

static bool is_matched(enum memory_list list, const void *row, const char *filter)
{
  bool found = !*filter;

  for (size_t i = 0; i < lists[list].count && !found; i++) {
    g_autofree char *text = lists[list].columns[i].rank < 0 ? lists[list].columns[i].text(row, 0) : NULL;
    found = text && text_matches(text, filter);
  }
  return found;
}

static void add_processes(GArray *rows, struct memory_log *log, enum memory_rank by, const char *filter)
{
  const GPtrArray *all = memory_log_rows(log, by);

  for (guint i = 0; i < all->len; i++)
    if (is_matched(MEMORY_PROCESSES, all->pdata[i], filter))
      g_array_append_vals(rows, all->pdata[i], 1);
}

static void add_requests(GArray *rows, const struct memory_log *log, const char *filter)
{
  for (guint i = 0; i < memory_log_request_count(log); i++) {
    const struct memory_request *request = memory_log_request(log, i);
    const struct memory_moment moment = {*request, memory_log_wall_ns(log, request)};
    if (is_matched(MEMORY_REQUESTS, &moment, filter))
      g_array_append_val(rows, moment);
  }
}

GArray *memory_rows_new(struct memory_log *log, enum memory_list list, enum memory_rank by,
                        const char *filter)
{
  GArray *rows = g_array_new(FALSE, FALSE, (guint)lists[list].row);

  if (list == MEMORY_PROCESSES)
    add_processes(rows, log, by, filter);
  else
    add_requests(rows, log, filter);
  return rows;
}

/* ---- drawing ---- */

static void draw_cell(struct canvas *canvas, int x, int y, const struct list_column *column, enum role role,
                      const char *text)
{
  if (column->right)
    canvas_put_right(canvas, x, y, column->width, role, text);
  else
    canvas_put_fit(canvas, x, y, column->width, role, text);
}

void memory_rows_draw_head(struct canvas *canvas, struct rect rect, enum memory_list list,
                           enum memory_rank by)
{
  int x = rect.x;

  for (size_t i = 0; i < lists[list].count; i++) {
    const struct list_column *column = &lists[list].columns[i];
    if (x + column->width > rect.x + rect.w)
      return;
    draw_cell(canvas, x, rect.y, column, column->rank == (int)by ? ROLE_HEAD_SORT : ROLE_HEAD, column->title);
    x += column->width + 1;
  }
}

void memory_rows_draw(struct canvas *canvas, struct rect rect, enum memory_list list, const GArray *rows,
                      guint nr, double seconds)
{
  const void *row = rows->data + (gsize)nr * lists[list].row;
  const bool quiet =
      list == MEMORY_PROCESSES ? memory_sums_seen(&((const struct memory_row *)row)->turn) == 0 : false;
  const bool failed =
      list == MEMORY_REQUESTS && memory_request_failed(&((const struct memory_moment *)row)->request);
  int x = rect.x;

  for (size_t i = 0; i < lists[list].count; i++) {
    const struct list_column *column = &lists[list].columns[i];
    if (x + column->width > rect.x + rect.w)
      return;
    g_autofree char *text = column->text(row, seconds);
    draw_cell(canvas, x, rect.y, column, failed ? ROLE_WARN : quiet ? ROLE_DIM : ROLE_TEXT, text);
    x += column->width + 1;
  }
}
