/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Batch output for reading: a line on connections and host, then a table. */
#include "core/base/text.h"
#include "core/base/units.h"
#include "core/engine/batch_private.h"

static const int columns[] = {GUEST_CPU, GUEST_VCPU, GUEST_STEAL, GUEST_PROXY, GUEST_EXITS, GUEST_RD,
                              GUEST_WR,  GUEST_IOPS, GUEST_LAT,   GUEST_RX,    GUEST_TX};
#define COLUMN_WIDTH 8

static const char *figure(units_buf buf, const struct metric *metric, double value)
{
  switch (metric->unit) {
  case UNIT_BYTES:
  case UNIT_BYTES_PER_S:
    return units_bytes(buf, value);
  case UNIT_PERCENT:
    return units_percent(buf, value);
  case UNIT_SECONDS:
    return units_seconds(buf, value, true);
  default:
    return units_count(buf, value);
  }
}

static void append_figure(GString *out, const struct metric *metric, const struct readings *r, int id)
{
  units_buf buf;
  double value;

  g_string_append_printf(out, " %*s", COLUMN_WIDTH,
                         readings_get(r, id, &value) ? figure(buf, metric, value) : "-");
}

/* TEXT and blanks up to WIDTH columns. */
static void append_padded(GString *out, const char *text, int width)
{
  g_string_append(out, text);
  for (int n = text_width(text); n < width; n++)
    g_string_append_c(out, ' ');
}

static void write_host(GString *out, const struct host_scan *host)
{
  static const struct {
    const char *label;
    int metric;
  } figures[] = {{"cpu%", HOST_CPU},       {"steal%", HOST_STEAL}, {"load", HOST_LOAD1},
                 {"mem", HOST_MEM_USED},   {"of", HOST_MEM_TOTAL}, {"read/s", HOST_DISK_RD},
                 {"write/s", HOST_DISK_WR}};
  const struct metric *table = metric_table(SCOPE_HOST, NULL);
  g_autofree char *name = text_safe(host->hostname);
  units_buf buf;
  double value;

  g_string_append_printf(out, "host %s:", name);
  for (size_t i = 0; i < G_N_ELEMENTS(figures); i++)
    g_string_append_printf(out, " %s %s", figures[i].label,
                           readings_get(&host->r, figures[i].metric, &value)
                               ? figure(buf, &table[figures[i].metric], value)
                               : "-");
  g_string_append_c(out, '\n');
}

static void write_guest(GString *out, const struct guest *guest, int name_width, int backend_width)
{
  const struct metric *table = metric_table(SCOPE_GUEST, NULL);
  g_autofree char *name = text_safe(guest->info->name);
  g_autofree char *backend = guest_backend_text(guest->info);
  g_autofree char *safe_backend = text_safe(backend);

  append_padded(out, name, name_width);
  g_string_append_printf(out, " %-5s %-5s ", guest_state_short(guest->state), accel_name(guest->info->accel));
  append_padded(out, safe_backend, backend_width);
  for (size_t i = 0; i < G_N_ELEMENTS(columns); i++)
    append_figure(out, &table[columns[i]], &guest->r, columns[i]);
  g_string_append_c(out, '\n');
}

static void write_table(GString *out, const struct conn_scan *conn)
{
  const struct metric *table = metric_table(SCOPE_GUEST, NULL);
  int name_width = (int)sizeof("NAME") - 1, backend_width = (int)sizeof("BACKEND") - 1;

  for (int i = 0; i < conn->guest_count; i++) {
    g_autofree char *name = text_safe(conn->guests[i]->info->name);
    g_autofree char *backend = guest_backend_text(conn->guests[i]->info);
    g_autofree char *safe_backend = text_safe(backend);
    name_width = MAX(name_width, text_width(name));
    backend_width = MAX(backend_width, text_width(safe_backend));
  }
  append_padded(out, "NAME", name_width);
  g_string_append(out, " STATE ACCEL ");
  append_padded(out, "BACKEND", backend_width);
  for (size_t i = 0; i < G_N_ELEMENTS(columns); i++)
    g_string_append_printf(out, " %*s", COLUMN_WIDTH, table[columns[i]].title);
  g_string_append_c(out, '\n');
  for (int i = 0; i < conn->guest_count; i++)
    write_guest(out, conn->guests[i], name_width, backend_width);
}

void batch_write_text(GString *out, const struct scan *scan, const struct batch_stream *stream)
{
  g_autofree char *time = units_time_utc(scan->wall_ns);

  if (stream->written > 0)
    g_string_append_c(out, '\n');
  g_string_append_printf(out, "%s tick %" G_GUINT64_FORMAT "\n", time, scan->tick);
  if (scan->host)
    write_host(out, scan->host);
  for (int i = 0; i < scan->conn_count; i++) {
    const struct conn_scan *conn = scan->conns[i];
    g_autofree char *label = text_safe(conn->label ? conn->label : conn->uri);
    g_autofree char *error = text_line(conn->error);
    g_string_append_printf(out, "%s: %s%s%s, %d guests\n", label, conn_state_name(conn->state),
                           *error ? ": " : "", error, conn->guest_count);
    if (conn->guest_count > 0)
      write_table(out, conn);
  }
}
