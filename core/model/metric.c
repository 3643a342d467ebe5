/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/metric.h"

#include <assert.h>
#include <glib.h>
#include <string.h>

static_assert(HOST_METRICS <= METRICS_MAX && CORE_METRICS <= METRICS_MAX && GUEST_METRICS <= METRICS_MAX &&
                  VCPU_METRICS <= METRICS_MAX && DISK_METRICS <= METRICS_MAX && NIC_METRICS <= METRICS_MAX &&
                  THREAD_METRICS <= METRICS_MAX,
              "METRICS_MAX is too small");
static_assert(METRICS_MAX <= 64, "readings have 64 presence bits");

#define ROW(id, kind, unit, group, a, b, scale, name, title, text)                                           \
  [id] = {METRIC_##kind, UNIT_##unit, GROUP_##group, a, b, scale, name, title, text},

static const struct metric host_rows[] = {METRICS_HOST(ROW)};
static const struct metric core_rows[] = {METRICS_CORE(ROW)};
static const struct metric guest_rows[] = {METRICS_GUEST(ROW)};
static const struct metric vcpu_rows[] = {METRICS_VCPU(ROW)};
static const struct metric disk_rows[] = {METRICS_DISK(ROW)};
static const struct metric nic_rows[] = {METRICS_NIC(ROW)};
static const struct metric thread_rows[] = {METRICS_THREAD(ROW)};

static const struct {
  const char *name;
  const struct metric *rows;
  int count;
} scopes[] = {
    [SCOPE_HOST] = {"host", host_rows, HOST_METRICS},
    [SCOPE_CORE] = {"cores", core_rows, CORE_METRICS},
    [SCOPE_GUEST] = {"guests", guest_rows, GUEST_METRICS},
    [SCOPE_VCPU] = {"vcpus", vcpu_rows, VCPU_METRICS},
    [SCOPE_DISK] = {"disks", disk_rows, DISK_METRICS},
    [SCOPE_NIC] = {"nics", nic_rows, NIC_METRICS},
    [SCOPE_THREAD] = {"threads", thread_rows, THREAD_METRICS},
};
static_assert(G_N_ELEMENTS(scopes) == SCOPE_COUNT, "a scope has no row");

const struct metric *metric_table(enum metric_scope scope, int *ret_count)
{
  if (ret_count)
    *ret_count = scopes[scope].count;
  return scopes[scope].rows;
}

int metric_find(enum metric_scope scope, const char *name)
{
  for (int i = 0; i < scopes[scope].count; i++)
    if (!strcmp(scopes[scope].rows[i].name, name))
      return i;
  return -1;
}

const char *metric_scope_name(enum metric_scope scope)
{
  return scopes[scope].name;
}

const char *metric_unit_text(enum metric_unit unit)
{
  static const char *const texts[] = {
      [UNIT_NONE] = "",       [UNIT_COUNT] = "",    [UNIT_PERCENT] = "%",
      [UNIT_BYTES] = "bytes", [UNIT_PER_S] = "1/s", [UNIT_BYTES_PER_S] = "bytes/s",
      [UNIT_SECONDS] = "s",
  };
  return texts[unit];
}

const char *metric_group_name(enum metric_group group)
{
  static const char *const names[GROUP_COUNT] = {
      [GROUP_STATE] = "state",     [GROUP_CPU] = "cpu",     [GROUP_VCPU] = "vcpu",
      [GROUP_BALLOON] = "balloon", [GROUP_BLOCK] = "block", [GROUP_INTERFACE] = "interface",
      [GROUP_VM] = "vm",           [GROUP_HOST] = "host",   [GROUP_THREAD] = "thread",
  };
  return names[group];
}
