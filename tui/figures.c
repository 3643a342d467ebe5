/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/figures.h"

#include <math.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/units.h"

static bool is_derived(const struct metric *metric)
{
  return metric->kind != METRIC_GAUGE && metric->kind != METRIC_COUNTER;
}

static bool is_here(const struct scan *scan, const struct guest *guest)
{
  int conn;
  return scan_find_uuid(scan, -1, guest->info->uuid, &conn) == guest && scan->conns[conn]->local;
}

/* Why a figure of a running guest cannot be had at all; NULL: no such reason is known. */
static const char *lasting_reason(const struct scan *scan, const struct guest *guest, enum metric_scope scope,
                                  const struct metric *metric)
{
  const struct guest_info *info = guest->info;
  if (metric->group == GROUP_THREAD && !is_here(scan, guest))
    return "only the machine that its QEMU runs on knows its threads";
  if (strstr(metric->name, "exits") && info->accel != ACCEL_KVM && info->accel != ACCEL_UNKNOWN)
    return "only KVM counts VM exits";
  if (scope != SCOPE_GUEST)
    return NULL;
  if (metric->group == GROUP_BLOCK && info->disk_count == 0)
    return "it has no disk";
  if (metric->group == GROUP_INTERFACE && info->nic_count == 0)
    return "it has no NIC";
  if (metric->group == GROUP_INTERFACE && guest->nic_count == 0 && guest->at_ns[GROUP_INTERFACE] > 0)
    return "its NICs have no host side that could be counted (user-mode network)";
  return NULL;
}

static bool all_nics_direct(const struct guest_info *info)
{
  for (int i = 0; i < info->nic_count; i++)
    if (!info->nics[i].backend || info->nics[i].backend->path != PATH_DIRECT)
      return false;
  return true;
}

/* Passed through: its I/O never passes QEMU, whose counters would show an idle guest. */
static bool is_direct(const struct guest *guest, const struct metric *metric)
{
  const struct guest_info *info = guest->info;
  if (info->hostdev_count == 0)
    return false;
  return (metric->group == GROUP_BLOCK && info->disk_count == 0) ||
         (metric->group == GROUP_INTERFACE && guest->nic_count == 0 && all_nics_direct(info));
}

static void explain(struct figure *f, const struct scan *scan, const struct guest *guest,
                    const struct readings *r, enum metric_scope scope, int id)
{
  const struct metric *metric = &metric_table(scope, NULL)[id];
  f->kind = FIGURE_NOT_YET;
  if (!guest_state_active(guest->state)) {
    f->reason = "it is not running";
    return;
  }
  if (is_direct(guest, metric)) {
    f->kind = FIGURE_DIRECT;
    f->reason = "passed through: the I/O does not go through the hypervisor, which therefore counts none";
    return;
  }
  f->reason = lasting_reason(scan, guest, scope, metric);
  if (f->reason) {
    f->kind = FIGURE_NA;
  } else if (guest->at_ns[metric->group] == 0) {
    f->reason = "not read yet";
  } else if (!readings_has(r, is_derived(metric) ? metric->a
                                                 : id)) { /* its source was read, and was not there */
    f->kind = FIGURE_NA;
    f->reason = "this hypervisor does not tell";
  } else {
    f->reason = metric->kind == METRIC_RATIO ? "no request since the last reading"
                                             : "needs two readings of the same run";
  }
}

struct figure figure_part(const struct scan *scan, const struct guest *guest, const struct readings *r,
                          enum metric_scope scope, int metric)
{
  const struct metric *row = &metric_table(scope, NULL)[metric];
  struct figure f = {.kind = FIGURE_VALUE, .unit = row->unit};
  f.age = figure_age(guest, row->group, scan->mono_ns);
  f.old = f.age > 2 * scan->interval_seconds + 0.5 || figure_stuck(guest, scan->mono_ns) > 0;
  if (!readings_get(r, metric, &f.value))
    explain(&f, scan, guest, r, scope, metric);
  return f;
}

struct figure figure_guest(const struct scan *scan, const struct guest *guest, int metric)
{
  return figure_part(scan, guest, &guest->r, SCOPE_GUEST, metric);
}

const char *figure_value(char buf[24], enum metric_unit unit, double value)
{
  switch (unit) {
  case UNIT_PERCENT:
    return units_percent(buf, value);
  case UNIT_BYTES:
  case UNIT_BYTES_PER_S:
    return units_bytes(buf, value);
  case UNIT_SECONDS:
    return units_seconds(buf, value, false);
  case UNIT_COUNT:
  case UNIT_PER_S:
    return units_count(buf, value);
  case UNIT_NONE:
    break;
  }
  g_snprintf(buf, 24, value < 99.995 ? "%.2f" : "%.0f", value);
  return buf;
}

const char *figure_text(char buf[24], const struct figure *figure)
{
  static const char *const words[] = {
      [FIGURE_NOT_YET] = "-", [FIGURE_NA] = "n/a", [FIGURE_DIRECT] = "direct"};
  return figure->kind == FIGURE_VALUE ? figure_value(buf, figure->unit, figure->value) : words[figure->kind];
}

char *figure_with_unit(const struct figure *figure)
{
  static const char *const suffixes[] = {
      [UNIT_NONE] = "",          [UNIT_COUNT] = "",   [UNIT_PERCENT] = "%", [UNIT_BYTES] = "",
      [UNIT_BYTES_PER_S] = "/s", [UNIT_PER_S] = "/s", [UNIT_SECONDS] = "s"};
  char buf[24];
  return g_strconcat(figure_text(buf, figure), figure->kind == FIGURE_VALUE ? suffixes[figure->unit] : "",
                     NULL);
}

enum role figure_role(const struct figure *figure)
{
  return figure->kind == FIGURE_DIRECT                 ? ROLE_DIRECT
         : figure->kind != FIGURE_VALUE || figure->old ? ROLE_DIM
                                                       : ROLE_TEXT;
}

int figure_width(enum metric_unit unit)
{
  return unit == UNIT_PERCENT || unit == UNIT_NONE ? 5 : UNITS_WIDTH;
}

/* A costly group may be read after the light call that dates the scan: not older than nothing. */
double figure_age(const struct guest *guest, enum metric_group group, int64_t now_ns)
{
  return guest->at_ns[group] == 0 ? -1 : MAX(guest_age(guest, group, now_ns), 0);
}

const char *figure_age_text(char buf[24], double seconds)
{
  if (seconds < 0)
    g_strlcpy(buf, "-", 24);
  else if (seconds < 9.95)
    g_snprintf(buf, 24, "%.1fs", seconds);
  else if (seconds < 99.5)
    g_snprintf(buf, 24, "%.0fs", seconds);
  else if (seconds < 5970)
    g_snprintf(buf, 24, "%.0fmin", floor(seconds / 60));
  else
    g_snprintf(buf, 24, "%.0fh", floor(seconds / 3600));
  return buf;
}

double figure_stuck(const struct guest *guest, int64_t now_ns)
{
  if (guest->stuck_since_ns == 0 || now_ns <= guest->stuck_since_ns)
    return 0;
  return (double)(now_ns - guest->stuck_since_ns) / (double)NS_PER_S;
}

enum role figure_path_role(enum backend_path path)
{
  static const enum role roles[] = {
      [PATH_EMULATED] = ROLE_EMULATED, [PATH_PARAVIRTUAL] = ROLE_PARAVIRTUAL, [PATH_DIRECT] = ROLE_DIRECT};
  return roles[path];
}
