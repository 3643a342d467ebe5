/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/host/span.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/host/host_proc.h"
#include "core/host/look.h"

#define HZ_PER_MHZ 1e6
#define US_PER_S 1e6

static const struct {
  const char *file;
  int metric;
} pressures[PRESSURES] = {
    [PRESSURE_CPU] = {"/proc/pressure/cpu", HOST_PSI_CPU},
    [PRESSURE_IO] = {"/proc/pressure/io", HOST_PSI_IO},
    [PRESSURE_MEMORY] = {"/proc/pressure/memory", HOST_PSI_MEM},
};

struct host_moment {
  int64_t mono_ns, wall_ns;
  bool has_stat;
  struct proc_stat stat;
  double waited_us[PRESSURES]; /* NaN: not told */
  double load;                 /* NaN: not told */
  struct host_look *look;
};

bool pressure_waited_parse(const char *text, double *ret_us)
{
  const char *some = strstr(text, "some "), *total = some ? strstr(some, "total=") : NULL;
  if (!total || memchr(some, '\n', (size_t)(total - some)))
    return false;
  char *end = NULL;
  const guint64 us = g_ascii_strtoull(total + strlen("total="), &end, 10);
  if (end == total + strlen("total="))
    return false;
  *ret_us = (double)us;
  return true;
}

static double waited(const char *file)
{
  g_autofree char *text = NULL;
  double us;
  return g_file_get_contents(file, &text, NULL, NULL) && pressure_waited_parse(text, &us) ? us : (double)NAN;
}

static double load_now(void)
{
  double load;
  return getloadavg(&load, 1) == 1 ? load : (double)NAN;
}

struct host_moment *host_moment_new(void)
{
  struct host_moment *moment = g_new0(struct host_moment, 1);
  g_autofree char *text = NULL;
  moment->look = host_look_at("", NULL, NULL, 0);
  for (int i = 0; i < PRESSURES; i++)
    moment->waited_us[i] = waited(pressures[i].file);
  moment->load = load_now();
  moment->has_stat =
      g_file_get_contents("/proc/stat", &text, NULL, NULL) && proc_stat_parse(text, &moment->stat);
  moment->mono_ns = clock_mono_ns();
  moment->wall_ns = clock_wall_ns();
  return moment;
}

void host_moment_free(struct host_moment *moment)
{
  if (!moment)
    return;
  proc_stat_clear(&moment->stat);
  host_look_unref(moment->look);
  g_free(moment);
}

/* ---- between two ---- */

static double mean_mhz(const struct host_look *look)
{
  double sum = 0;
  int known = 0;
  for (guint i = 0; i < look->mhz->len; i++) {
    const double mhz = g_array_index(look->mhz, double, i);
    sum += mhz > 0 ? mhz : 0;
    known += mhz > 0;
  }
  return known ? sum / known : (double)NAN;
}

/* By name: a disk that is not there both times, or whose counters fell, does not count. */
static void add_disks(const struct host_moment *before, const struct host_moment *now, double seconds,
                      struct readings *r)
{
  for (guint i = 0; i < now->look->disks->len; i++) {
    const struct host_disk *disk = &g_array_index(now->look->disks, struct host_disk, i);
    for (guint j = 0; j < before->look->disks->len; j++) {
      const struct host_disk *was = &g_array_index(before->look->disks, struct host_disk, j);
      if (strcmp(was->name, disk->name) != 0 || disk->read_bytes < was->read_bytes ||
          disk->written_bytes < was->written_bytes)
        continue;
      readings_add(r, HOST_DISK_RD, (double)(disk->read_bytes - was->read_bytes) / seconds);
      readings_add(r, HOST_DISK_WR, (double)(disk->written_bytes - was->written_bytes) / seconds);
    }
  }
}

void host_span_between(const struct host_moment *before, const struct host_moment *now, struct host_span *ret)
{
  const double seconds = (double)(now->mono_ns - before->mono_ns) / (double)NS_PER_S;
  *ret = (struct host_span){
      .seconds = seconds,
      .wall_seconds = (double)(now->wall_ns - before->wall_ns) / (double)NS_PER_S,
      .hertz = HZ_PER_MHZ * (mean_mhz(before->look) + mean_mhz(now->look)) / 2,
  };
  readings_set(&ret->r, HOST_LOAD1, now->load);
  if (seconds <= 0)
    return;
  if (before->has_stat && now->has_stat)
    proc_stat_shares(SCOPE_HOST, &now->stat.all, &before->stat.all, &ret->r);
  for (int i = 0; i < PRESSURES; i++)
    readings_set(&ret->r, pressures[i].metric,
                 100 * (now->waited_us[i] - before->waited_us[i]) / US_PER_S / seconds);
  add_disks(before, now, seconds, &ret->r);
}
