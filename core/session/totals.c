/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/session/totals.h"

#include <math.h>
#include <string.h>

#include "core/session/json_value.h"

struct total {
  struct totals_guest guest;
  int runs;
  bool running, began_here; /* the run at hand; began_here: its counters began at 0 in this session */
  int64_t run;
  int64_t at_ns[GROUP_COUNT];
  struct readings before;      /* of the run at hand */
  struct readings first, last; /* counters */
  struct readings rise;        /* of counters, all runs */
  struct readings max, sum;    /* of derived metrics; sum: value times weight */
  double weight[METRICS_MAX];
};

struct totals {
  GHashTable *by_key; /* "CONN UUID" -> struct total */
  GPtrArray *list;    /* the same, in order */
  GArray *open;       /* bool per connection: was open in the scan before */
};

static void total_free(struct total *total)
{
  g_array_unref(total->guest.definitions);
  g_free(total);
}

struct totals *totals_new(void)
{
  struct totals *totals = g_new0(struct totals, 1);
  totals->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  totals->list = g_ptr_array_new_with_free_func((GDestroyNotify)total_free);
  totals->open = g_array_new(false, true, sizeof(bool));
  return totals;
}

void totals_free(struct totals *totals)
{
  if (!totals)
    return;
  g_hash_table_unref(totals->by_key);
  g_ptr_array_unref(totals->list);
  g_array_unref(totals->open);
  g_free(totals);
}

static struct total *find(struct totals *totals, int conn, const char *uuid)
{
  g_autofree char *key = g_strdup_printf("%d %s", conn, uuid);
  struct total *total = g_hash_table_lookup(totals->by_key, key);
  if (total)
    return total;
  total = g_new0(struct total, 1);
  total->guest.conn = conn;
  g_strlcpy(total->guest.uuid, uuid, sizeof total->guest.uuid);
  total->guest.definitions = g_array_new(false, false, sizeof(uint64_t));
  g_hash_table_insert(totals->by_key, g_steal_pointer(&key), total);
  g_ptr_array_add(totals->list, total);
  return total;
}

static void add_definition(struct total *total, uint64_t id)
{
  GArray *known = total->guest.definitions;
  for (unsigned i = known->len; i > 0; i--) /* the newest is the likeliest */
    if (g_array_index(known, uint64_t, i - 1) == id)
      return;
  g_array_append_val(known, id);
}

static void add_counter(struct total *total, int id, double value)
{
  double before = 0;
  bool known = readings_get(&total->before, id, &before);
  if (!readings_has(&total->first, id))
    readings_set(&total->first, id, value);
  readings_set(&total->last, id, value);
  readings_add(&total->rise, id, known ? MAX(value - before, 0) : total->began_here ? value : 0);
}

static void add_derived(struct total *total, const struct guest *guest, int id, const struct metric *row)
{
  double value = guest->r.value[id], weight = 0, max, now, before;
  if (row->kind != METRIC_RATIO) {
    int64_t from = total->at_ns[row->group];
    weight = from ? (double)(guest->at_ns[row->group] - from) / 1e9 : 0;
  } else if (readings_get(&guest->r, row->b, &now) && readings_get(&total->before, row->b, &before)) {
    weight = now - before;
  }
  if (!readings_get(&total->max, id, &max) || value > max)
    readings_set(&total->max, id, value);
  if (weight > 0) {
    readings_add(&total->sum, id, value * weight);
    total->weight[id] += weight;
  }
}

static void add_readings(struct total *total, const struct guest *guest)
{
  int count;
  const struct metric *rows = metric_table(SCOPE_GUEST, &count);
  for (int i = 0; i < count; i++) {
    bool anew = guest->at_ns[rows[i].group] != total->at_ns[rows[i].group];
    if (!anew || !readings_has(&guest->r, i) || !isfinite(guest->r.value[i]))
      continue;
    if (rows[i].kind == METRIC_COUNTER)
      add_counter(total, i, guest->r.value[i]);
    else if (rows[i].kind != METRIC_GAUGE)
      add_derived(total, guest, i, &rows[i]);
  }
  /* A reading that is missing once is still what the next one rose from. */
  for (int i = 0; i < count; i++)
    if (readings_has(&guest->r, i))
      readings_set(&total->before, i, guest->r.value[i]);
  memcpy(total->at_ns, guest->at_ns, sizeof total->at_ns);
}

static void add_guest(struct total *total, const struct guest *guest, bool watched)
{
  bool active = guest_state_active(guest->state);
  if (active && (!total->running || guest->run != total->run)) {
    total->runs++;
    total->began_here = watched;
    total->run = guest->run;
    total->before = (struct readings){0};
    memset(total->at_ns, 0, sizeof total->at_ns);
  }
  total->running = active;
  if (active)
    add_readings(total, guest);
}

void totals_add(struct totals *totals, const struct scan *scan,
                uint64_t (*definition)(void *context, const struct guest_info *info), void *context)
{
  g_array_set_size(totals->open, (unsigned)scan->conn_count);
  for (int i = 0; i < scan->conn_count; i++) {
    const struct conn_scan *conn = scan->conns[i];
    bool *open = &g_array_index(totals->open, bool, (unsigned)i);
    for (int j = 0; conn && j < conn->guest_count; j++) {
      const struct guest *guest = conn->guests[j];
      struct total *total = find(totals, i, guest->info->uuid);
      add_definition(total, definition(context, guest->info));
      add_guest(total, guest, *open);
    }
    *open = conn && conn->state == CONN_OPEN;
  }
}

int totals_count(const struct totals *totals)
{
  return (int)totals->list->len;
}

const struct totals_guest *totals_guest(const struct totals *totals, int index)
{
  const struct total *total = totals->list->pdata[index];
  return &total->guest;
}

static void put_reading(json_t *object, const char *name, const struct readings *r, int id, double weight)
{
  json_put(object, name, readings_has(r, id) ? json_number(r->value[id] / weight) : json_null());
}

json_t *totals_json(const struct totals *totals, int index)
{
  const struct total *total = totals->list->pdata[index];
  json_t *object = json_object(), *first = json_object(), *last = json_object();
  json_t *mean = json_object(), *max = json_object();
  int count;
  const struct metric *rows = metric_table(SCOPE_GUEST, &count);
  json_put(object, "runs", json_integer(total->runs));
  for (int i = 0; i < count; i++) {
    if (rows[i].kind == METRIC_COUNTER) {
      put_reading(object, rows[i].name, &total->rise, i, 1);
      put_reading(first, rows[i].name, &total->first, i, 1);
      put_reading(last, rows[i].name, &total->last, i, 1);
    } else if (rows[i].kind != METRIC_GAUGE) {
      put_reading(mean, rows[i].name, &total->sum, i, total->weight[i]);
      put_reading(max, rows[i].name, &total->max, i, 1);
    }
  }
  json_put(object, "first", first);
  json_put(object, "last", last);
  json_put(object, "mean", mean);
  json_put(object, "max", max);
  return object;
}
