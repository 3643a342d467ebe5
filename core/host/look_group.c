/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/host/look_group.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/host/group.h"

#define NO_LIMIT 4e18 /* version 1 says "no limit" by about the largest number of pages */

/* The files of a version: below sys/fs/cgroup, in the controller's folder and the process's group. */
static const struct {
  const char *controllers; /* as /proc/PID/cgroup names the line; "": version 2 */
  const char *folder;
} places[] = {{"", ""}, {"memory", "memory"}, {"cpu", "cpu"}, {"cpu,cpuacct", "cpu,cpuacct"}};

/* The file NAME of the group that the process is in, by any of the places; NULL: none.  Caller frees. */
static char *read_file(const char *root, const char *groups, const char *name)
{
  for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
    g_autofree char *group = group_of(groups, places[i].controllers);
    g_autofree char *path =
        group ? g_strdup_printf("%s/sys/fs/cgroup/%s%s/%s", root, places[i].folder, group, name) : NULL;
    char *text = NULL;
    if (path && g_file_get_contents(path, &text, NULL, NULL))
      return text;
  }
  return NULL;
}

/* "200000 100000" of version 2, or the two files of version 1: CPUs at most. */
static double cpu_limit(const char *root, const char *groups)
{
  g_autofree char *both = read_file(root, groups, "cpu.max"),
                  *quota_text = read_file(root, groups, "cpu.cfs_quota_us"),
                  *period_text = read_file(root, groups, "cpu.cfs_period_us");
  double quota = -1, period = 0;
  if (both)
    sscanf(both, "%lf %lf", &quota, &period);
  else if (quota_text && period_text) {
    quota = g_ascii_strtod(quota_text, NULL);
    period = g_ascii_strtod(period_text, NULL);
  }
  return quota > 0 && period > 0 ? quota / period : (double)INFINITY;
}

static double memory_limit(const char *root, const char *groups)
{
  g_autofree char *now = read_file(root, groups, "memory.max");
  g_autofree char *text = now ? g_steal_pointer(&now) : read_file(root, groups, "memory.limit_in_bytes");
  double bytes;
  return text && sscanf(text, "%lf", &bytes) == 1 && bytes < NO_LIMIT ? bytes : (double)INFINITY;
}

/* cpu.stat: version 2 counts microseconds, version 1 nanoseconds. */
static void take_throttling(struct host_limit *limit, const char *stat)
{
  const char *times = strstr(stat, "nr_throttled"), *us = strstr(stat, "throttled_usec"),
             *ns = strstr(stat, "throttled_time");
  if (times)
    sscanf(times, "nr_throttled %" SCNd64, &limit->throttled);
  if (us)
    limit->throttled_seconds = g_ascii_strtod(us + strlen("throttled_usec"), NULL) * 1e-6;
  else if (ns)
    limit->throttled_seconds = g_ascii_strtod(ns + strlen("throttled_time"), NULL) * 1e-9;
}

void look_group(struct host_look *look, const char *root, const struct host_process *process)
{
  g_autofree char *path = g_strdup_printf("%s/proc/%d/cgroup", root, (int)process->pid), *groups = NULL;
  g_autoptr(GError) why = NULL;
  struct host_limit limit = {.guest = g_strdup(process->guest),
                             .cpus = (double)INFINITY,
                             .memory_bytes = (double)INFINITY,
                             .throttled = -1};
  if (!g_file_get_contents(path, &groups, NULL, &why)) {
    limit.error = g_strdup(why->message);
    g_array_append_val(look->limits, limit);
    return;
  }
  g_autofree char *stat = read_file(root, groups, "cpu.stat");
  limit.cpus = cpu_limit(root, groups);
  limit.memory_bytes = memory_limit(root, groups);
  if (stat)
    take_throttling(&limit, stat);
  for (size_t i = G_N_ELEMENTS(places); i-- > 0 && !limit.group;)
    limit.group = group_of(groups, places[i].controllers);
  if (!limit.group)
    limit.error = g_strdup("it is in no cgroup");
  g_array_append_val(look->limits, limit);
}
