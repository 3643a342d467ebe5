/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Batch output for spreadsheets and scripts: one row per guest and tick (RFC 4180, except that
 * lines end with a line feed alone, as everything on this system reads them). */
#include <string.h>

#include "core/base/text.h"
#include "core/base/units.h"
#include "core/engine/batch_private.h"

static const char *const lead[] = {"time", "tick", "connection", "uuid", "name", "state", "accel", "backend"};

static void write_headings(GString *out)
{
  int count;
  const struct metric *table = metric_table(SCOPE_GUEST, &count);

  for (size_t i = 0; i < G_N_ELEMENTS(lead); i++)
    g_string_append_printf(out, "%s%s", i ? "," : "", lead[i]);
  for (int i = 0; i < count; i++)
    g_string_append_printf(out, ",%s", table[i].name);
  g_string_append_c(out, '\n');
}

static void write_guest(GString *out, const char *time, uint64_t tick, const struct conn_scan *conn,
                        const struct guest *guest)
{
  g_autofree char *backend = guest_backend_text(guest->info);
  const char *const texts[] = {conn->uri,
                               guest->info->uuid,
                               guest->info->name,
                               guest_state_name(guest->state),
                               guest->info->accel == ACCEL_UNKNOWN ? "" : accel_name(guest->info->accel),
                               strcmp(backend, "-") == 0 ? "" : backend};
  int count;
  double value;

  g_string_append_printf(out, "%s,%" G_GUINT64_FORMAT, time, tick);
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_string_append_c(out, ',');
    text_append_csv(out, texts[i]);
  }
  metric_table(SCOPE_GUEST, &count);
  for (int i = 0; i < count; i++) {
    g_string_append_c(out, ',');
    if (readings_get(&guest->r, i, &value))
      batch_append_number(out, value);
  }
  g_string_append_c(out, '\n');
}

void batch_write_csv(GString *out, const struct scan *scan, const struct batch_stream *stream)
{
  g_autofree char *time = units_time_utc(scan->wall_ns);

  if (stream->written == 0)
    write_headings(out);
  for (int i = 0; i < scan->conn_count; i++)
    for (int k = 0; k < scan->conns[i]->guest_count; k++)
      write_guest(out, time, scan->tick, scan->conns[i], scan->conns[i]->guests[k]);
}
