/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a guest's counters to its rates. */
#include <glib.h>

#include "core/model/guest.h"

/* What of a guest has rows of its own, seen alike. */
struct rows {
  enum metric_scope scope;
  enum metric_group group;
};
static const struct rows parts[] = {{SCOPE_VCPU, GROUP_VCPU},
                                    {SCOPE_DISK, GROUP_BLOCK},
                                    {SCOPE_NIC, GROUP_INTERFACE},
                                    {SCOPE_THREAD, GROUP_THREAD}};

static int row_count(const struct guest *guest, enum metric_scope scope)
{
  int count = guest->vcpu_count;
  if (scope != SCOPE_VCPU)
    guest_parts(guest, scope, &count);
  return count;
}

static struct readings *row(const struct guest *guest, enum metric_scope scope, int i)
{
  int count;
  return scope == SCOPE_VCPU ? &guest->vcpus[i] : &guest_parts(guest, scope, &count)[i].r;
}

static const char *row_target(const struct guest *guest, enum metric_scope scope, int i)
{
  int count;
  return scope == SCOPE_VCPU ? NULL : guest_parts(guest, scope, &count)[i].target;
}

/* The row of BEFORE that is the same device as row I of NOW; NULL: none. */
static const struct readings *same_row(const struct guest *now, const struct guest *before,
                                       enum metric_scope scope, int i)
{
  int count = row_count(before, scope);
  const char *target = row_target(now, scope, i);
  if (!target)
    return i < count && !row_target(before, scope, i) ? row(before, scope, i) : NULL;
  for (int j = 0; j < count; j++)
    if (!g_strcmp0(row_target(before, scope, j), target))
      return row(before, scope, j);
  return NULL;
}

/* A guest's counter is the sum of counters A and B (-1: none) of its rows. */
static const struct sum {
  int id, a, b;
  enum metric_scope scope;
} sums[] = {
    {GUEST_VCPU_TIME, VCPU_TIME, -1, SCOPE_VCPU},
    {GUEST_VCPU_DELAY, VCPU_DELAY, -1, SCOPE_VCPU},
    {GUEST_EXITS_TOTAL, VCPU_EXITS_TOTAL, -1, SCOPE_VCPU},
    {GUEST_EXITS_IO_TOTAL, VCPU_IO_TOTAL, -1, SCOPE_VCPU},
    {GUEST_EXITS_MMIO_TOTAL, VCPU_MMIO_TOTAL, -1, SCOPE_VCPU},
    {GUEST_EXITS_HALT_TOTAL, VCPU_HALT_TOTAL, -1, SCOPE_VCPU},
    {GUEST_RD_BYTES, DISK_RD_BYTES, -1, SCOPE_DISK},
    {GUEST_WR_BYTES, DISK_WR_BYTES, -1, SCOPE_DISK},
    {GUEST_RD_REQS, DISK_RD_REQS, -1, SCOPE_DISK},
    {GUEST_WR_REQS, DISK_WR_REQS, -1, SCOPE_DISK},
    {GUEST_IO_REQS, DISK_RD_REQS, DISK_WR_REQS, SCOPE_DISK},
    {GUEST_IO_TIME, DISK_RD_TIME, DISK_WR_TIME, SCOPE_DISK},
    {GUEST_RX_BYTES, NIC_RX_BYTES, -1, SCOPE_NIC},
    {GUEST_TX_BYTES, NIC_TX_BYTES, -1, SCOPE_NIC},
};

static bool row_sum(const struct readings *r, const struct sum *sum, double *ret)
{
  double b = 0;
  if (!readings_get(r, sum->a, ret) || (sum->b >= 0 && !readings_get(r, sum->b, &b)))
    return false;
  *ret += b;
  return true;
}

static void add_up(struct guest *guest, const struct sum *sum)
{
  double total = 0, part;
  int n = 0;
  for (int i = 0; i < row_count(guest, sum->scope); i++) {
    if (row_sum(row(guest, sum->scope, i), sum, &part)) {
      total += part;
      n++;
    }
  }
  if (n)
    readings_set(&guest->r, sum->id, total);
}

/* Did the same rows make up SUM both times?  Else its growth would hold a whole device's past. */
static bool same_parts(const struct guest *now, const struct guest *before, const struct sum *sum)
{
  double unused;
  int matched = 0, had = 0;
  for (int i = 0; i < row_count(now, sum->scope); i++) {
    if (!row_sum(row(now, sum->scope, i), sum, &unused))
      continue;
    const struct readings *old = same_row(now, before, sum->scope, i);
    if (!old || !row_sum(old, sum, &unused))
      return false;
    matched++;
  }
  for (int i = 0; i < row_count(before, sum->scope); i++)
    had += row_sum(row(before, sum->scope, i), sum, &unused);
  return matched == had;
}

static bool is_fresh(const struct guest *now, const struct guest *before, enum metric_group group)
{
  return now->at_ns[group] && (!before || now->at_ns[group] != before->at_ns[group]);
}

static void keep_rows(struct guest *now, const struct guest *before, enum metric_scope scope)
{
  int count = row_count(before, scope);
  if (scope == SCOPE_VCPU)
    guest_resize_vcpus(now, count);
  else
    guest_resize_parts(now, scope, count);
  for (int i = 0; i < count; i++) {
    *row(now, scope, i) = *row(before, scope, i);
    if (scope != SCOPE_VCPU)
      guest_parts(now, scope, &count)[i].target = g_strdup(row_target(before, scope, i));
  }
}

/* Groups that were not read this time keep their time and rows. */
static void keep_old(struct guest *now, const struct guest *before)
{
  for (int g = 0; g < GROUP_COUNT; g++)
    if (!now->at_ns[g])
      now->at_ns[g] = before->at_ns[g];
  for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
    if (!is_fresh(now, before, parts[i].group) && !row_count(now, parts[i].scope))
      keep_rows(now, before, parts[i].scope);
}

static void sum_rows(struct guest *now, const struct guest *before, struct readings *old)
{
  for (size_t i = 0; i < G_N_ELEMENTS(sums); i++) {
    add_up(now, &sums[i]);
    if (before && !same_parts(now, before, &sums[i]))
      readings_clear(old, sums[i].id);
  }
  if (now->vcpu_count && !readings_has(&now->r, GUEST_VCPUS))
    readings_set(&now->r, GUEST_VCPUS, now->vcpu_count);
}

void guest_derive(struct guest *now, const struct guest *before)
{
  if (before && (before->run != now->run || before->id != now->id))
    before = NULL;
  if (before)
    keep_old(now, before);
  struct readings old = before ? before->r : (struct readings){0};
  const int64_t *old_at = before ? before->at_ns : now->at_ns;
  sum_rows(now, before, &old);
  for (size_t p = 0; p < G_N_ELEMENTS(parts); p++) {
    for (int i = 0; i < row_count(now, parts[p].scope); i++) {
      const struct readings *same = before ? same_row(now, before, parts[p].scope, i) : NULL;
      readings_derive(parts[p].scope, row(now, parts[p].scope, i), now->at_ns, same, old_at);
    }
  }
  readings_derive(SCOPE_GUEST, &now->r, now->at_ns, before ? &old : NULL, old_at);
}
