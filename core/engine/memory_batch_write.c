/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A turn as text, CSV (RFC 4180, lines ended by a line feed) or JSON lines. */
#include "core/base/text.h"
#include "core/base/units.h"
#include "core/engine/batch_private.h"
#include "core/engine/memory_batch.h"
#include "core/session/memory_json.h"
#include "core/session/scan_json.h"

/* The name of a process, as the screen shows it; "(others)": those that there was no room for. */
static char *name_of(int pid, const char *name)
{
  return pid ? text_safe(name) : g_strdup("(others)");
}

static char *time_of(const struct memory_turn *turn, int64_t mono_ns)
{
  return units_time_utc(turn->wall_ns - (turn->mono_ns - mono_ns));
}

/* ---- text ---- */

#define NAME_COLUMNS (MEMORY_NAME - 1)

static void text_sums(GString *out, const struct memory_turn *turn, const struct batch_stream *stream)
{
  g_autofree char *time = units_time_utc(turn->wall_ns);
  units_buf mapped, freed;

  g_string_append_printf(out, "%s%s %.3f s: %" G_GUINT64_FORMAT " calls, %s mapped, %s freed\n",
                         stream->written ? "\n" : "", time, turn->seconds, memory_sums_seen(&turn->sums),
                         units_bytes(mapped, (double)turn->sums.mapped),
                         units_bytes(freed, (double)turn->sums.freed));
  if (!turn->process_count)
    return;
  g_string_append_printf(out, "%7s %-*s", "PID", NAME_COLUMNS, "NAME");
  for (int i = 0; i < MEMORY_CALLS; i++) {
    g_autofree char *title = g_ascii_strup(memory_call_name((enum memory_call)i), -1);
    g_string_append_printf(out, " %8s", title);
  }
  g_string_append_printf(out, " %6s %6s %6s\n", "FAILED", "MAPPED", "FREED");
  for (guint i = 0; i < turn->process_count; i++) {
    const struct memory_process *process = &turn->processes[i];
    g_autofree char *name = name_of(process->pid, process->name);
    g_string_append_printf(out, "%7d %-*s", process->pid, NAME_COLUMNS, name);
    for (int c = 0; c < MEMORY_CALLS; c++)
      g_string_append_printf(out, " %8" G_GUINT64_FORMAT, process->sums.calls[c]);
    g_string_append_printf(out, " %6" G_GUINT64_FORMAT " %6s %6s\n", process->sums.failed,
                           units_bytes(mapped, (double)process->sums.mapped),
                           units_bytes(freed, (double)process->sums.freed));
  }
}

static void text_requests(GString *out, const struct memory_turn *turn, const struct batch_stream *stream)
{
  if (stream->written == 0)
    g_string_append_printf(out, "%-24s %7s %7s %-*s %-8s %18s %12s %-4s %s\n", "TIME", "PID", "THREAD",
                           NAME_COLUMNS, "NAME", "CALL", "ADDRESS", "LENGTH", "PROT", "RESULT");
  for (guint i = 0; i < turn->request_count; i++) {
    const struct memory_request *request = &turn->requests[i];
    memory_protection_buf protection;
    g_autofree char *time = time_of(turn, request->mono_ns), *name = name_of(request->pid, request->name),
                    *result = memory_request_result(request);
    g_string_append_printf(
        out, "%s %7d %7d %-*s %-8s %#18" G_GINT64_MODIFIER "x %12" G_GUINT64_FORMAT " %-4s %s\n", time,
        request->pid, request->tid, NAME_COLUMNS, name, memory_call_name(request->call), request->address,
        request->length, memory_protection(protection, request), result);
  }
}

/* ---- CSV ---- */

static void csv_sums(GString *out, const struct memory_turn *turn, const struct batch_stream *stream)
{
  g_autofree char *time = units_time_utc(turn->wall_ns);

  if (stream->written == 0) {
    g_string_append(out, "time,seconds,pid,name");
    for (int i = 0; i < MEMORY_CALLS; i++)
      g_string_append_printf(out, ",%s", memory_call_name((enum memory_call)i));
    g_string_append(out, ",failed,mapped_bytes,freed_bytes\n");
  }
  for (guint i = 0; i < turn->process_count; i++) {
    const struct memory_process *process = &turn->processes[i];
    g_string_append_printf(out, "%s,%.6f,%d,", time, turn->seconds, process->pid);
    text_append_csv(out, process->name);
    for (int c = 0; c < MEMORY_CALLS; c++)
      g_string_append_printf(out, ",%" G_GUINT64_FORMAT, process->sums.calls[c]);
    g_string_append_printf(out, ",%" G_GUINT64_FORMAT ",%" G_GUINT64_FORMAT ",%" G_GUINT64_FORMAT "\n",
                           process->sums.failed, process->sums.mapped, process->sums.freed);
  }
}

static void csv_requests(GString *out, const struct memory_turn *turn, const struct batch_stream *stream)
{
  if (stream->written == 0)
    g_string_append(out, "time,pid,thread,name,call,address,length,protection,result,change_bytes\n");
  for (guint i = 0; i < turn->request_count; i++) {
    const struct memory_request *request = &turn->requests[i];
    memory_protection_buf protection;
    g_autofree char *time = time_of(turn, request->mono_ns), *result = memory_request_result(request);
    g_string_append_printf(out, "%s,%d,%d,", time, request->pid, request->tid);
    text_append_csv(out, request->name);
    g_string_append_printf(out,
                           ",%s,%#" G_GINT64_MODIFIER "x,%" G_GUINT64_FORMAT ",%s,%s,%" G_GINT64_FORMAT "\n",
                           memory_call_name(request->call), request->address, request->length,
                           memory_protection(protection, request), result, request->change);
  }
}

/* ---- JSON ---- */

static int append(const char *text, size_t length, void *out)
{
  g_string_append_len(out, text, (gssize)length);
  return 0;
}

/* Takes OBJECT. */
static void json_line(GString *out, json_t *object)
{
  json_dump_callback(object, append, out, SCAN_JSON_FLAGS);
  json_decref(object);
  g_string_append_c(out, '\n');
}

static void json_sums(GString *out, const struct memory_turn *turn, const struct batch_stream *stream)
{
  json_line(out, memory_turn_json(turn, stream->written + 1, stream->began_mono_ns));
}

static void json_requests(GString *out, const struct memory_turn *turn, const struct batch_stream *stream)
{
  for (guint i = 0; i < turn->request_count; i++)
    json_line(out, memory_request_json(&turn->requests[i], stream->written + 1, stream->began_mono_ns));
}

/* ---- all of them ---- */

void memory_batch_write(GString *out, enum batch_format format, const struct memory_turn *turn, bool each,
                        const struct batch_stream *stream)
{
  static void (*const writers[BATCH_FORMATS][2])(GString *, const struct memory_turn *,
                                                 const struct batch_stream *) = {
      [BATCH_TEXT] = {text_sums, text_requests},
      [BATCH_CSV] = {csv_sums, csv_requests},
      [BATCH_JSON] = {json_sums, json_requests}};

  writers[format][each](out, turn, stream);
}
