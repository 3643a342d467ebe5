/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS_MAX 32768
#define RING_FIRST 32 /* slots of a new ring; doubled as it fills */

/* bfloat16: the upper half of an IEEE 754 float, rounded to even. */
static uint16_t pack(double value)
{
  float f = (float)value;
  uint32_t bits;
  if (!isfinite(f))
    return 0x7fc0;
  memcpy(&bits, &f, sizeof bits);
  return (uint16_t)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

static double unpack(uint16_t packed)
{
  uint32_t bits = (uint32_t)packed << 16;
  float f;
  memcpy(&f, &bits, sizeof f);
  return (double)f;
}

#define PACKED_NONE 0x7fc0 /* the quiet NaN */

/* The last values of one metric.  As long as all were the same there is no ring. */
struct series {
  uint16_t *ring;
  uint16_t same, size, next, count;
};

/* The series of one thing: a host, core, guest, vCPU or part of a guest. */
struct strip {
  char *target; /* of parts: which one */
  struct series *series;
};

struct strips {
  enum metric_scope scope;
  int count;
  struct strip *strip;
};

struct past {
  int64_t at_ns[GROUP_COUNT];
  uint64_t seen; /* number of the history_add that met it last */
  struct strips own, vcpus, parts[SCOPE_COUNT - SCOPE_DISK];
};

struct history {
  int slots;
  uint64_t adds;
  int64_t host_at_ns;
  struct strips host, cores;
  GHashTable *guests; /* UUID -> struct past */
};

static void strip_reset(struct strip *strip, enum metric_scope scope)
{
  int count;
  metric_table(scope, &count);
  for (int i = 0; strip->series && i < count; i++)
    g_free(strip->series[i].ring);
  g_clear_pointer(&strip->series, g_free);
  g_clear_pointer(&strip->target, g_free);
}

static void strips_resize(struct strips *strips, int n)
{
  for (int i = n; i < strips->count; i++)
    strip_reset(&strips->strip[i], strips->scope);
  if (n != strips->count)
    strips->strip = g_renew(struct strip, strips->strip, n);
  for (int i = strips->count; i < n; i++)
    strips->strip[i] = (struct strip){0};
  strips->count = n;
}

/* The ring in order from its oldest value, with room for SIZE. */
static void ring_resize(struct series *s, int size)
{
  uint16_t *ring = g_new(uint16_t, size);
  for (int i = 0; i < s->count; i++)
    ring[i] = s->ring ? s->ring[(s->next + s->size - s->count + i) % s->size] : s->same;
  g_free(s->ring);
  s->ring = ring;
  s->size = (uint16_t)size;
  s->next = (uint16_t)(s->count % size);
}

static void series_push(struct series *s, uint16_t value, int slots)
{
  if (!s->ring && (s->count == 0 || value == s->same)) {
    s->same = value;
    s->count = (uint16_t)MIN(s->count + 1, slots);
    return;
  }
  if (!s->ring || (s->count == s->size && s->size < slots))
    ring_resize(s, MIN(slots, MAX(RING_FIRST, 2 * s->count)));
  s->ring[s->next] = value;
  s->next = (uint16_t)((s->next + 1) % s->size);
  s->count = (uint16_t)MIN(s->count + 1, s->size);
}

static uint16_t series_value(const struct series *s, int back)
{
  if (back >= s->count)
    return PACKED_NONE;
  return s->ring ? s->ring[(s->next + s->size - 1 - back) % s->size] : s->same;
}

/* Take what R has in the groups that FRESH marks (bit per group). */
static void strip_add(struct strip *strip, enum metric_scope scope, const struct readings *r, unsigned fresh,
                      int slots)
{
  int count;
  const struct metric *rows = metric_table(scope, &count);
  for (int i = 0; i < count; i++) {
    if (rows[i].kind == METRIC_COUNTER || !(fresh >> rows[i].group & 1))
      continue;
    bool known = readings_has(r, i);
    if (!known && (!strip->series || !strip->series[i].count))
      continue;
    if (!strip->series)
      strip->series = g_new0(struct series, count);
    series_push(&strip->series[i], known ? pack(r->value[i]) : PACKED_NONE, slots);
  }
}

static struct strip *strip_of(struct strips *strips, int i, const char *target)
{
  struct strip *strip = &strips->strip[i];
  if (g_strcmp0(strip->target, target) != 0) {
    strip_reset(strip, strips->scope);
    strip->target = g_strdup(target);
  }
  return strip;
}

static void strips_clear(struct strips *strips)
{
  strips_resize(strips, 0);
  g_clear_pointer(&strips->strip, g_free);
}

static void past_free(gpointer data)
{
  struct past *past = data;
  strips_clear(&past->own);
  strips_clear(&past->vcpus);
  for (size_t i = 0; i < G_N_ELEMENTS(past->parts); i++)
    strips_clear(&past->parts[i]);
  g_free(past);
}

static struct past *past_of(struct history *history, const char *uuid)
{
  struct past *past = g_hash_table_lookup(history->guests, uuid);
  if (past)
    return past;
  past = g_new0(struct past, 1);
  past->own.scope = SCOPE_GUEST;
  past->vcpus.scope = SCOPE_VCPU;
  for (int scope = SCOPE_DISK; scope < SCOPE_COUNT; scope++)
    past->parts[scope - SCOPE_DISK].scope = (enum metric_scope)scope;
  strips_resize(&past->own, 1);
  g_hash_table_insert(history->guests, g_strdup(uuid), past);
  return past;
}

static unsigned fresh_groups(struct past *past, const struct guest *guest)
{
  unsigned fresh = 0;
  for (int g = 0; g < GROUP_COUNT; g++)
    if (guest->at_ns[g] && guest->at_ns[g] != past->at_ns[g])
      fresh |= 1u << g;
  memcpy(past->at_ns, guest->at_ns, sizeof past->at_ns);
  return fresh;
}

static void add_parts(struct strips *strips, const struct guest *guest, unsigned fresh, int slots)
{
  int count;
  const struct guest_part *parts = guest_parts(guest, strips->scope, &count);
  strips_resize(strips, count);
  for (int i = 0; i < count; i++)
    strip_add(strip_of(strips, i, parts[i].target), strips->scope, &parts[i].r, fresh, slots);
}

static void add_guest(struct history *history, const struct guest *guest)
{
  struct past *past = past_of(history, guest->info->uuid);
  int slots = history->slots;
  if (past->seen == history->adds)
    return;
  past->seen = history->adds;
  unsigned fresh = fresh_groups(past, guest);
  if (!fresh)
    return;
  strips_resize(&past->vcpus, guest->vcpu_count);
  strip_add(&past->own.strip[0], SCOPE_GUEST, &guest->r, fresh, slots);
  for (int i = 0; i < guest->vcpu_count; i++)
    strip_add(&past->vcpus.strip[i], SCOPE_VCPU, &guest->vcpus[i], fresh, slots);
  for (size_t i = 0; i < G_N_ELEMENTS(past->parts); i++)
    add_parts(&past->parts[i], guest, fresh, slots);
}

static void add_host(struct history *history, const struct host_scan *host)
{
  if (!host || host->mono_ns == history->host_at_ns)
    return;
  history->host_at_ns = host->mono_ns;
  strips_resize(&history->cores, host->core_count);
  strip_add(&history->host.strip[0], SCOPE_HOST, &host->r, 1u << GROUP_HOST, history->slots);
  for (int i = 0; i < host->core_count; i++)
    strip_add(&history->cores.strip[i], SCOPE_CORE, &host->cores[i], 1u << GROUP_HOST, history->slots);
}

static gboolean is_gone(gpointer uuid, gpointer data, gpointer user)
{
  (void)uuid;
  const struct past *past = data;
  const struct history *history = user;
  return past->seen != history->adds;
}

struct history *history_new(int slots)
{
  struct history *history = g_new0(struct history, 1);
  history->slots = CLAMP(slots, 1, SLOTS_MAX);
  history->host.scope = SCOPE_HOST;
  history->cores.scope = SCOPE_CORE;
  strips_resize(&history->host, 1);
  history->guests = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, past_free);
  return history;
}

void history_free(struct history *history)
{
  if (!history)
    return;
  strips_clear(&history->host);
  strips_clear(&history->cores);
  g_hash_table_unref(history->guests);
  g_free(history);
}

void history_add(struct history *history, const struct scan *scan)
{
  history->adds++;
  add_host(history, scan->host);
  for (int c = 0; c < scan->conn_count; c++)
    for (int i = 0; scan->conns[c] && i < scan->conns[c]->guest_count; i++)
      add_guest(history, scan->conns[c]->guests[i]);
  g_hash_table_foreach_remove(history->guests, is_gone, history);
}

static const struct strips *find_strips(const struct history *history, enum metric_scope scope,
                                        const char *uuid)
{
  if (scope == SCOPE_HOST)
    return &history->host;
  if (scope == SCOPE_CORE)
    return &history->cores;
  const struct past *past = uuid ? g_hash_table_lookup(history->guests, uuid) : NULL;
  if (!past)
    return NULL;
  return scope == SCOPE_GUEST  ? &past->own
         : scope == SCOPE_VCPU ? &past->vcpus
                               : &past->parts[scope - SCOPE_DISK];
}

int history_get(const struct history *history, enum metric_scope scope, const char *uuid, int index,
                int metric, double *ret, int n)
{
  static const struct series none = {0};
  const struct strips *strips = find_strips(history, scope, uuid);
  bool there = strips && index >= 0 && index < strips->count && strips->strip[index].series;
  const struct series *s = there ? &strips->strip[index].series[metric] : &none;
  int known = 0;
  for (int i = 0; i < n; i++) {
    ret[i] = unpack(series_value(s, n - 1 - i));
    known += !isnan(ret[i]);
  }
  return known;
}

static int by_size(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

double history_percentile(const double *values, int n, double percent)
{
  g_autofree double *known = g_new(double, (gsize)n + 1);
  int count = 0;
  for (int i = 0; i < n; i++)
    if (!isnan(values[i]))
      known[count++] = values[i];
  if (count == 0)
    return (double)NAN;
  qsort(known, (size_t)count, sizeof *known, by_size);
  return known[CLAMP((int)ceil(percent / 100 * count) - 1, 0, count - 1)];
}
