/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/host/host_proc.h"

#include <glib.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* More than any kernel is built for; a number above it is no core. */
#define CORES_MAX 8192

#define FIELDS 10 /* user nice system idle iowait irq softirq steal guest guest_nice */

static bool parse_times(const char *fields, struct cpu_times *ret)
{
  uint64_t v[FIELDS] = {0};
  int n = 0;

  for (char *end; n < FIELDS; n++, fields = end) {
    v[n] = g_ascii_strtoull(fields, &end, 10);
    if (end == fields)
      break;
  }
  if (n < 4)
    return false;
  *ret = (struct cpu_times){.online = true,
                            .user = v[0] + v[1],
                            .system = v[2] + v[5] + v[6],
                            .iowait = v[4],
                            .steal = v[7],
                            .idle = v[3],
                            .guest = v[8] + v[9],
                            .irq = v[5] + v[6]};
  return true;
}

static void add_core(struct proc_stat *stat, uint64_t number, const struct cpu_times *times)
{
  if (number >= CORES_MAX)
    return;
  if ((int)number >= stat->core_count) {
    int count = (int)number + 1;
    stat->cores = g_renew(struct cpu_times, stat->cores, count);
    memset(stat->cores + stat->core_count, 0, sizeof(*stat->cores) * (size_t)(count - stat->core_count));
    stat->core_count = count;
  }
  stat->cores[number] = *times;
}

bool proc_stat_parse(const char *text, struct proc_stat *ret)
{
  *ret = (struct proc_stat){0};
  for (const char *line = text; line && g_str_has_prefix(line, "cpu");) {
    const char *fields = line + 3;
    struct cpu_times times;
    char *end = NULL;
    uint64_t number = 0;
    bool total = *fields == ' ';

    if (!total) {
      number = g_ascii_strtoull(fields, &end, 10);
      fields = end;
    }
    if (parse_times(fields, &times)) {
      if (total)
        ret->all = times;
      else
        add_core(ret, number, &times);
    }
    line = strchr(line, '\n');
    line = line ? line + 1 : NULL;
  }
  if (ret->all.online)
    return true;
  proc_stat_clear(ret);
  return false;
}

void proc_stat_clear(struct proc_stat *stat)
{
  g_free(stat->cores);
  *stat = (struct proc_stat){0};
}

static double risen(uint64_t now, uint64_t before)
{
  return now > before ? (double)(now - before) : 0;
}

void proc_stat_shares(enum metric_scope scope, const struct cpu_times *now, const struct cpu_times *before,
                      struct readings *r)
{
  if (!now->online || !before->online)
    return;

  double user = risen(now->user, before->user), system = risen(now->system, before->system),
         iowait = risen(now->iowait, before->iowait), steal = risen(now->steal, before->steal),
         idle = risen(now->idle, before->idle);
  double all = user + system + iowait + steal + idle;
  bool host = scope == SCOPE_HOST;

  if (all <= 0)
    return;
  readings_set(r, host ? (int)HOST_CPU : (int)CORE_CPU, 100 * (all - idle - iowait) / all);
  readings_set(r, host ? (int)HOST_USER : (int)CORE_USER, 100 * user / all);
  readings_set(r, host ? (int)HOST_SYSTEM : (int)CORE_SYSTEM, 100 * system / all);
  readings_set(r, host ? (int)HOST_IOWAIT : (int)CORE_IOWAIT, 100 * iowait / all);
  readings_set(r, host ? (int)HOST_STEAL : (int)CORE_STEAL, 100 * steal / all);
  readings_set(r, host ? (int)HOST_IDLE : (int)CORE_IDLE, 100 * idle / all);
  readings_set(r, host ? (int)HOST_GUEST : (int)CORE_GUEST, 100 * risen(now->guest, before->guest) / all);
  readings_set(r, host ? (int)HOST_IRQ : (int)CORE_IRQ, 100 * risen(now->irq, before->irq) / all);
}

bool proc_pressure_parse(const char *text, double *ret_percent)
{
  const char *start = strstr(text, "some avg10=");

  if (!start)
    return false;
  start += strlen("some avg10=");
  char *end = NULL;
  double percent = g_ascii_strtod(start, &end);
  if (end == start || !(percent >= 0 && percent <= 100))
    return false;
  *ret_percent = percent;
  return true;
}

static bool meminfo_field(const char *text, const char *name, double *ret_bytes)
{
  const char *at = strstr(text, name);
  uint64_t kib;

  if (!at || (at != text && at[-1] != '\n') || sscanf(at + strlen(name), ": %" SCNu64 " kB", &kib) != 1)
    return false;
  *ret_bytes = (double)kib * 1024;
  return true;
}

bool proc_meminfo_parse(const char *text, double *ret_total, double *ret_used)
{
  double total, available;

  if (!meminfo_field(text, "MemTotal", &total) || !meminfo_field(text, "MemAvailable", &available) ||
      available > total)
    return false;
  *ret_total = total;
  *ret_used = total - available;
  return true;
}
