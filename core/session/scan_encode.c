/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>

#include "core/session/scan_blob.h"
#include "core/session/scan_parts.h"

struct encoder {
  GByteArray *out;
  const struct scan_layout *layout;
  scan_info_id *info_id;
  void *context;
};

void scan_layout_now(struct scan_layout *ret)
{
  for (int scope = 0; scope < SCOPE_COUNT; scope++) {
    const struct metric *row = metric_table((enum metric_scope)scope, &ret->count[scope]);
    for (int i = 0; i < ret->count[scope]; i++) {
      bool read = row[i].kind == METRIC_COUNTER || row[i].kind == METRIC_GAUGE;
      enum blob_form form = FORM_DECIMAL;
      if (read && (row[i].unit == UNIT_BYTES || row[i].unit == UNIT_COUNT))
        form = FORM_INTEGER;
      else if (row[i].kind == METRIC_COUNTER && row[i].unit == UNIT_SECONDS)
        form = FORM_NANO;
      ret->metric[scope][i].id = i;
      ret->metric[scope][i].form = form;
    }
  }
}

/* Bits of the metrics of R that have a finite value. */
static uint64_t known(const struct readings *r, int count)
{
  uint64_t bits = 0;
  for (int i = 0; i < count; i++)
    if (readings_has(r, i) && isfinite(r->value[i]))
      bits |= UINT64_C(1) << i;
  return bits;
}

static uint64_t changed_bits(const struct readings *now, const struct readings *before, uint64_t has,
                             uint64_t had, int count)
{
  uint64_t changed = has & ~had;
  for (int i = 0; i < count; i++)
    if (((has & had) >> i & 1) && now->value[i] != before->value[i])
      changed |= UINT64_C(1) << i;
  return changed;
}

static bool readings_differ(const struct encoder *e, enum metric_scope scope, const struct readings *now,
                            const struct readings *before)
{
  int count = e->layout->count[scope];
  uint64_t has = known(now, count), had = before ? known(before, count) : 0;
  return has != had || (before && changed_bits(now, before, has, had, count) != 0);
}

static void put_readings(struct encoder *e, enum metric_scope scope, const struct readings *now,
                         const struct readings *before)
{
  static const struct readings none;
  int count = e->layout->count[scope];
  if (!before)
    before = &none;
  uint64_t has = known(now, count), had = known(before, count);
  uint64_t changed = changed_bits(now, before, has, had, count), vanished = had & ~has;
  blob_put_uint(e->out, changed << 1 | (vanished != 0));
  if (vanished)
    blob_put_uint(e->out, vanished);
  for (int i = 0; i < count; i++)
    if (changed >> i & 1)
      blob_put_number(e->out, e->layout->metric[scope][i].form, now->value[i],
                      (had >> i & 1) ? before->value[i] : 0);
}

static void put_list(struct encoder *e, enum metric_scope scope, const struct readings *now, int count,
                     const struct readings *before, int before_count)
{
  blob_put_uint(e->out, (uint64_t)count);
  for (int i = 0; i < count; i++)
    put_readings(e, scope, &now[i], i < before_count ? &before[i] : NULL);
}

static bool list_differs(const struct encoder *e, enum metric_scope scope, const struct readings *now,
                         int count, const struct readings *before, int before_count)
{
  bool differs = count != before_count;
  for (int i = 0; i < count && !differs; i++)
    differs = readings_differ(e, scope, &now[i], &before[i]);
  return differs;
}

static bool names_differ(const struct guest_part *now, int count, const struct guest_part *before,
                         int before_count)
{
  bool differ = count != before_count;
  for (int i = 0; i < count && !differ; i++)
    differ = g_strcmp0(now[i].target, before[i].target) != 0;
  return differ;
}

/* The parts of NOW if they differ from BEFORE's; false when not. */
static bool put_parts(struct encoder *e, enum metric_scope scope, const struct guest *now,
                      const struct guest *before)
{
  int count, before_count;
  const struct guest_part *parts = guest_parts(now, scope, &count);
  const struct guest_part *old = guest_parts(before, scope, &before_count);
  bool named = names_differ(parts, count, old, before_count), differ = named;
  for (int i = 0; i < count && !differ; i++)
    differ = readings_differ(e, scope, &parts[i].r, &old[i].r);
  if (!differ)
    return false;
  blob_put_uint(e->out, (uint64_t)count << 1 | named);
  for (int i = 0; named && i < count; i++)
    blob_put_text(e->out, parts[i].target);
  for (int i = 0; i < count; i++)
    put_readings(e, scope, &parts[i].r, i < before_count ? &old[i].r : NULL);
  return true;
}

static void put_at(struct encoder *e, const struct guest *now, const struct guest *before,
                   int64_t last[GROUP_COUNT])
{
  uint64_t groups = 0;
  for (int g = 0; g < GROUP_COUNT; g++)
    if (now->at_ns[g] != before->at_ns[g])
      groups |= UINT64_C(1) << g;
  blob_put_uint(e->out, groups);
  for (int g = 0; g < GROUP_COUNT; g++)
    if (groups >> g & 1) {
      blob_put_int(e->out, blob_diff(now->at_ns[g], last[g]));
      last[g] = now->at_ns[g];
    }
}

static unsigned differing_parts(const struct encoder *e, const struct guest *now, const struct guest *before)
{
  unsigned parts = 0;
  if (now->info != before->info)
    parts |= PART_INFO;
  if (now->state != before->state || now->id != before->id || now->run != before->run)
    parts |= PART_STATE;
  if (memcmp(now->at_ns, before->at_ns, sizeof now->at_ns) != 0)
    parts |= PART_AT;
  if (now->stuck_since_ns != before->stuck_since_ns)
    parts |= PART_STUCK;
  if (readings_differ(e, SCOPE_GUEST, &now->r, &before->r))
    parts |= PART_READINGS;
  if (list_differs(e, SCOPE_VCPU, now->vcpus, now->vcpu_count, before->vcpus, before->vcpu_count))
    parts |= PART_VCPUS;
  return parts;
}

static void put_guest(struct encoder *e, const struct guest *now, const struct guest *before, int64_t mono,
                      int64_t last[GROUP_COUNT])
{
  static const struct guest blank = {.id = -1};
  if (!before)
    before = &blank;
  unsigned parts = differing_parts(e, now, before);
  /* Parts are written aside first, to learn whether they differ at all. */
  struct encoder aside = *e;
  aside.out = g_byte_array_new();
  for (int scope = SCOPE_DISK; scope < SCOPE_COUNT; scope++)
    parts |= put_parts(&aside, (enum metric_scope)scope, now, before) ? part_bit(scope) : 0;
  blob_put_uint(e->out, parts);
  if (parts & PART_INFO)
    blob_put_uint(e->out, e->info_id(e->context, now->info));
  if (parts & PART_STATE) {
    blob_put_uint(e->out, (uint64_t)now->state);
    blob_put_int(e->out, now->id);
    blob_put_int(e->out, now->run);
  }
  if (parts & PART_AT)
    put_at(e, now, before, last);
  if (parts & PART_STUCK) {
    blob_put_uint(e->out, now->stuck_since_ns != 0);
    if (now->stuck_since_ns != 0)
      blob_put_int(e->out, blob_diff(now->stuck_since_ns, mono));
  }
  if (parts & PART_READINGS)
    put_readings(e, SCOPE_GUEST, &now->r, &before->r);
  if (parts & PART_VCPUS)
    put_list(e, SCOPE_VCPU, now->vcpus, now->vcpu_count, before->vcpus, before->vcpu_count);
  g_byte_array_append(e->out, aside.out->data, aside.out->len);
  g_byte_array_unref(aside.out);
}

/* The index in BEFORE of the guest with the UUID of GUEST, looked for at NEXT first; -1: none. */
static int find_before(const struct conn_scan *before, const struct guest *guest, int next)
{
  int count = before ? before->guest_count : 0;
  for (int i = 0; i < count; i++) {
    int at = (next + i) % count;
    if (g_strcmp0(before->guests[at]->info->uuid, guest->info->uuid) == 0)
      return at;
  }
  return -1;
}

static void put_guests(struct encoder *e, const struct conn_scan *conn, const struct conn_scan *before)
{
  int64_t last[GROUP_COUNT];
  for (int g = 0; g < GROUP_COUNT; g++)
    last[g] = conn->mono_ns;
  int next = 0;
  blob_put_uint(e->out, (uint64_t)conn->guest_count);
  for (int i = 0; i < conn->guest_count; i++) {
    int at = find_before(before, conn->guests[i], next);
    blob_put_uint(e->out, at < 0 ? REF_NEW : at == next ? REF_NEXT : (uint64_t)at + REF_INDEX);
    put_guest(e, conn->guests[i], at < 0 ? NULL : before->guests[at], conn->mono_ns, last);
    next = at < 0 ? next : at + 1;
  }
}

static bool same_header(const struct conn_scan *a, const struct conn_scan *b)
{
  return g_strcmp0(a->uri, b->uri) == 0 && g_strcmp0(a->label, b->label) == 0 &&
         g_strcmp0(a->error, b->error) == 0 && g_strcmp0(a->progress, b->progress) == 0 &&
         a->state == b->state && a->readonly == b->readonly && a->local == b->local;
}

static void put_conn(struct encoder *e, const struct scan *scan, const struct conn_scan *conn,
                     const struct conn_scan *before)
{
  if (!conn || conn == before) {
    blob_put_uint(e->out, conn ? OBJECT_SAME : OBJECT_NONE);
    return;
  }
  bool header = !before || !same_header(conn, before);
  blob_put_uint(e->out, header ? OBJECT_WHOLE : OBJECT_FIGURES);
  if (header) {
    blob_put_text(e->out, conn->uri);
    blob_put_text(e->out, conn->label);
    blob_put_text(e->out, conn->error);
    blob_put_text(e->out, conn->progress);
    blob_put_uint(e->out, (uint64_t)conn->state);
    blob_put_uint(e->out, (uint64_t)conn->readonly << 1 | (uint64_t)conn->local);
  }
  blob_put_int(e->out, blob_diff((int64_t)conn->tick, before ? (int64_t)before->tick : 0));
  blob_put_int(e->out, blob_diff(conn->wall_ns, scan->wall_ns));
  blob_put_int(e->out, blob_diff(conn->mono_ns, scan->mono_ns));
  blob_put_decimal(e->out, isfinite(conn->cost_seconds) ? conn->cost_seconds : 0);
  put_guests(e, conn, before);
}

static void put_host(struct encoder *e, const struct scan *scan, const struct host_scan *host,
                     const struct host_scan *before)
{
  if (!host || host == before) {
    blob_put_uint(e->out, host ? OBJECT_SAME : OBJECT_NONE);
    return;
  }
  bool named = !before || g_strcmp0(host->hostname, before->hostname) != 0 ||
               g_strcmp0(host->source, before->source) != 0;
  blob_put_uint(e->out, named ? OBJECT_WHOLE : OBJECT_FIGURES);
  if (named) {
    blob_put_text(e->out, host->hostname);
    blob_put_text(e->out, host->source);
  }
  blob_put_int(e->out, blob_diff(host->wall_ns, scan->wall_ns));
  blob_put_int(e->out, blob_diff(host->mono_ns, scan->mono_ns));
  put_readings(e, SCOPE_HOST, &host->r, before ? &before->r : NULL);
  put_list(e, SCOPE_CORE, host->cores, host->core_count, before ? before->cores : NULL,
           before ? before->core_count : 0);
}

GByteArray *scan_blob_encode(const struct scan *scan, const struct scan *before,
                             const struct scan_layout *layout, scan_info_id *info_id, void *context)
{
  struct encoder e = {g_byte_array_new(), layout, info_id, context};
  blob_put_uint(e.out, SCAN_BLOB_FORMAT);
  blob_put_uint(e.out, before == NULL);
  blob_put_int(e.out, blob_diff((int64_t)scan->tick, before ? (int64_t)before->tick : 0));
  blob_put_int(e.out, blob_diff(scan->wall_ns, before ? before->wall_ns : 0));
  blob_put_int(e.out, blob_diff(scan->mono_ns, before ? before->mono_ns : 0));
  blob_put_decimal(e.out, isfinite(scan->interval_seconds) ? scan->interval_seconds : 0);
  put_host(&e, scan, scan->host, before ? before->host : NULL);
  blob_put_uint(e.out, (uint64_t)scan->conn_count);
  for (int i = 0; i < scan->conn_count; i++)
    put_conn(&e, scan, scan->conns[i], before && i < before->conn_count ? before->conns[i] : NULL);
  return e.out;
}
