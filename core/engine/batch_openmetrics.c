/* SPDX-License-Identifier: GPL-2.0-or-later */
/* OpenMetrics 1.0 text.  Counters and gauges of the metric tables; rates are left to the reader,
 * who makes them over the time of their choice. */
#include <string.h>

#include "core/base/text.h"
#include "core/engine/batch_private.h"

struct family {
  enum metric_scope scope;
  const char *prefix; /* of the metric family's name; of parts also the label that says which one */
};
static const struct family families[] = {
    {SCOPE_HOST, "host"}, {SCOPE_CORE, "core"}, {SCOPE_GUEST, "guest"},  {SCOPE_VCPU, "vcpu"},
    {SCOPE_DISK, "disk"}, {SCOPE_NIC, "nic"},   {SCOPE_THREAD, "thread"}};
G_STATIC_ASSERT(G_N_ELEMENTS(families) == SCOPE_COUNT);

/* Units as the specification wants them: the family's name ends with them. */
static const char *const units[] = {
    [UNIT_NONE] = NULL,
    [UNIT_COUNT] = NULL,
    [UNIT_PERCENT] = "percent",
    [UNIT_BYTES] = "bytes",
    [UNIT_BYTES_PER_S] = "bytes_per_second",
    [UNIT_PER_S] = "per_second",
    [UNIT_SECONDS] = "seconds",
};

/* Write all samples of a family whose name on each line is NAME. */
typedef void (*sample_func)(GString *out, const struct scan *scan, const char *name, int metric);

static void append_escaped(GString *out, const char *text)
{
  g_autofree char *safe = text_safe(text);

  for (const char *c = safe; *c; c++) {
    if (*c == '\\' || *c == '"')
      g_string_append_c(out, '\\');
    g_string_append_c(out, *c);
  }
}

static void append_label(GString *out, char before, const char *label, const char *value)
{
  g_string_append_printf(out, "%c%s=\"", before, label);
  append_escaped(out, value);
  g_string_append_c(out, '"');
}

/* NAME{connection=...,uuid=...,name=... with the brace left open. */
static void begin_guest(GString *out, const char *name, const struct conn_scan *conn,
                        const struct guest *guest)
{
  g_string_append(out, name);
  append_label(out, '{', "connection", conn->uri);
  append_label(out, ',', "uuid", guest->info->uuid);
  append_label(out, ',', "name", guest->info->name);
}

static void end_sample(GString *out, double value)
{
  g_string_append(out, "} ");
  batch_append_number(out, value);
  g_string_append_c(out, '\n');
}

static void sample_host(GString *out, const struct scan *scan, const char *name, int metric)
{
  double value;

  if (!scan->host || !readings_get(&scan->host->r, metric, &value))
    return;
  g_string_append(out, name);
  append_label(out, '{', "host", scan->host->hostname);
  end_sample(out, value);
}

static void sample_core(GString *out, const struct scan *scan, const char *name, int metric)
{
  double value;

  for (int i = 0; scan->host && i < scan->host->core_count; i++) {
    if (!readings_get(&scan->host->cores[i], metric, &value))
      continue;
    g_string_append(out, name);
    append_label(out, '{', "host", scan->host->hostname);
    g_string_append_printf(out, ",core=\"%d\"", i);
    end_sample(out, value);
  }
}

static void part_samples(GString *out, const char *name, const struct conn_scan *conn,
                         const struct guest *guest, const struct family *family, int metric)
{
  int count;
  double value;
  const struct guest_part *parts = guest_parts(guest, family->scope, &count);

  for (int i = 0; i < count; i++)
    if (parts[i].target && readings_get(&parts[i].r, metric, &value)) {
      begin_guest(out, name, conn, guest);
      append_label(out, ',', family->prefix, parts[i].target);
      end_sample(out, value);
    }
}

static void guest_samples(GString *out, const char *name, const struct conn_scan *conn,
                          const struct guest *guest, const struct family *family, int metric)
{
  double value;

  if (family->scope == SCOPE_GUEST && readings_get(&guest->r, metric, &value)) {
    begin_guest(out, name, conn, guest);
    end_sample(out, value);
  }
  for (int i = 0; family->scope == SCOPE_VCPU && i < guest->vcpu_count; i++)
    if (readings_get(&guest->vcpus[i], metric, &value)) {
      begin_guest(out, name, conn, guest);
      g_string_append_printf(out, ",vcpu=\"%d\"", i);
      end_sample(out, value);
    }
  if (family->scope >= SCOPE_DISK)
    part_samples(out, name, conn, guest, family, metric);
}

static void samples(GString *out, const struct scan *scan, const struct family *family, const char *name,
                    int metric)
{
  if (family->scope == SCOPE_HOST)
    sample_host(out, scan, name, metric);
  else if (family->scope == SCOPE_CORE)
    sample_core(out, scan, name, metric);
  else
    for (int i = 0; i < scan->conn_count; i++)
      for (int k = 0; k < scan->conns[i]->guest_count; k++)
        guest_samples(out, name, scan->conns[i], scan->conns[i]->guests[k], family, metric);
}

static void write_head(GString *out, const char *family, const char *type, const char *unit, const char *help)
{
  g_string_append_printf(out, "# TYPE %s %s\n", family, type);
  if (unit)
    g_string_append_printf(out, "# UNIT %s %s\n", family, unit);
  g_string_append_printf(out, "# HELP %s ", family);
  append_escaped(out, help);
  g_string_append_c(out, '\n');
}

static void write_family(GString *out, const struct scan *scan, const struct family *family, int id)
{
  const struct metric *metric = &metric_table(family->scope, NULL)[id];
  g_autofree char *full = g_strdup_printf("virtlens_%s_%s", family->prefix, metric->name);
  g_autofree char *name = g_strdup(full);
  const char *unit = units[metric->unit];
  bool counter = metric->kind == METRIC_COUNTER;

  if (counter && g_str_has_suffix(name, "_total"))
    name[strlen(name) - strlen("_total")] = 0;
  write_head(out, name, counter ? "counter" : "gauge", unit && g_str_has_suffix(name, unit) ? unit : NULL,
             metric->text);
  samples(out, scan, family, full, id);
}

static void write_connections(GString *out, const struct scan *scan)
{
  write_head(out, "virtlens_connection_up", "gauge", NULL, "1 while the connection is open");
  for (int i = 0; i < scan->conn_count; i++) {
    g_string_append(out, "virtlens_connection_up");
    append_label(out, '{', "connection", scan->conns[i]->uri);
    end_sample(out, scan->conns[i]->state == CONN_OPEN);
  }
}

static void write_info(GString *out, const struct scan *scan)
{
  write_head(out, "virtlens_guest", "info", NULL, "what is known of the guest");
  for (int i = 0; i < scan->conn_count; i++)
    for (int k = 0; k < scan->conns[i]->guest_count; k++) {
      const struct guest *guest = scan->conns[i]->guests[k];
      g_autofree char *backend = guest_backend_text(guest->info);
      begin_guest(out, "virtlens_guest_info", scan->conns[i], guest);
      append_label(out, ',', "accel", accel_name(guest->info->accel));
      append_label(out, ',', "backend", backend);
      end_sample(out, 1);
    }
}

static void write_states(GString *out, const struct scan *scan)
{
  write_head(out, "virtlens_guest_state", "stateset", NULL, "the state of the guest, as virsh names it");
  for (int i = 0; i < scan->conn_count; i++)
    for (int k = 0; k < scan->conns[i]->guest_count; k++)
      for (int state = 0; state < GUEST_STATES; state++) {
        begin_guest(out, "virtlens_guest_state", scan->conns[i], scan->conns[i]->guests[k]);
        append_label(out, ',', "virtlens_guest_state", guest_state_name(state));
        end_sample(out, scan->conns[i]->guests[k]->state == (enum guest_state)state);
      }
}

void batch_write_openmetrics(GString *out, const struct scan *scan, const struct batch_stream *stream)
{
  (void)stream;
  write_connections(out, scan);
  write_info(out, scan);
  write_states(out, scan);
  for (size_t i = 0; i < G_N_ELEMENTS(families); i++) {
    int count;
    const struct metric *table = metric_table(families[i].scope, &count);
    for (int id = 0; id < count; id++)
      if (table[id].kind == METRIC_COUNTER || table[id].kind == METRIC_GAUGE)
        write_family(out, scan, &families[i], id);
  }
  g_string_append(out, "# EOF\n");
}
