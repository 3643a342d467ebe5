/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/host/host.h"

#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/host/host_proc.h"
#include "core/host/host_statgrab.h"

#define INTERVAL_MIN 0.1

struct host {
  struct sink sink;
  char *hostname;
  GThread *thread;
  GMutex lock; /* guards what follows */
  GCond changed;
  double interval;
  bool stop;
};

/* What the sampling thread keeps from one sample to the next. */
struct sampler {
  struct statgrab *sg; /* NULL: libstatgrab did not start */
  struct proc_stat before;
};

static void sample_cpu(struct sampler *sampler, const char *text, struct host_scan **scan,
                       const char *hostname)
{
  struct proc_stat now = {0};

  if (!text || !proc_stat_parse(text, &now)) {
    *scan = host_scan_new(hostname, 0);
    return;
  }
  *scan = host_scan_new(hostname, now.core_count);
  proc_stat_shares(SCOPE_HOST, &now.all, &sampler->before.all, &(*scan)->r);
  for (int i = 0; i < now.core_count && i < sampler->before.core_count; i++)
    proc_stat_shares(SCOPE_CORE, &now.cores[i], &sampler->before.cores[i], &(*scan)->cores[i]);
  proc_stat_clear(&sampler->before);
  sampler->before = now;
}

static void sample_proc(struct readings *r)
{
  static const struct {
    const char *file;
    int metric;
  } pressures[] = {{"/proc/pressure/cpu", HOST_PSI_CPU},
                   {"/proc/pressure/io", HOST_PSI_IO},
                   {"/proc/pressure/memory", HOST_PSI_MEM}};
  g_autofree char *meminfo = NULL;
  double total, used;

  for (size_t i = 0; i < G_N_ELEMENTS(pressures); i++) {
    g_autofree char *text = NULL;
    double percent;
    if (g_file_get_contents(pressures[i].file, &text, NULL, NULL) && proc_pressure_parse(text, &percent))
      readings_set(r, pressures[i].metric, percent);
  }
  /* libstatgrab counts reclaimable kernel caches as used; MemAvailable does not. */
  if (g_file_get_contents("/proc/meminfo", &meminfo, NULL, NULL) &&
      proc_meminfo_parse(meminfo, &total, &used)) {
    readings_set(r, HOST_MEM_TOTAL, total);
    readings_set(r, HOST_MEM_USED, used);
  }
}

static struct host_scan *sample(struct sampler *sampler, const char *hostname)
{
  g_autofree char *stat = NULL;
  struct host_scan *scan;

  g_file_get_contents("/proc/stat", &stat, NULL, NULL);
  int64_t mono_ns = clock_mono_ns();
  sample_cpu(sampler, stat, &scan, hostname);
  if (sampler->sg)
    statgrab_sample(sampler->sg, mono_ns, &scan->r);
  sample_proc(&scan->r);
  scan->source = g_strdup(sampler->sg ? "libstatgrab and /proc" : "/proc");
  scan->mono_ns = mono_ns;
  scan->wall_ns = clock_wall_ns();
  return scan;
}

/* Wait for the tick after *TICK_US (monotonic, microseconds) and set it to when that was due, so
 * that a late wake-up does not move all later ticks; false when it is time to end. */
static bool wait_for_tick(struct host *host, int64_t *tick_us)
{
  int64_t due_us = 0, interval_us = 0;

  g_mutex_lock(&host->lock);
  while (!host->stop) {
    interval_us = (int64_t)(host->interval * 1e6);
    due_us = *tick_us + interval_us;
    if (!g_cond_wait_until(&host->changed, &host->lock, due_us))
      break;
  }
  bool go_on = !host->stop;
  g_mutex_unlock(&host->lock);
  *tick_us = MAX(due_us, g_get_monotonic_time() - interval_us);
  return go_on;
}

static gpointer run(gpointer data)
{
  struct host *host = data;
  struct sampler sampler = {.sg = statgrab_new()};
  int64_t tick_us = g_get_monotonic_time();

  do {
    host->sink.host(host->sink.context, sample(&sampler, host->hostname));
  } while (wait_for_tick(host, &tick_us));
  statgrab_free(sampler.sg);
  proc_stat_clear(&sampler.before);
  return NULL;
}

struct host *host_new(double interval_seconds, const struct sink *sink, GError **err)
{
  struct host *host = g_new0(struct host, 1);
  g_autoptr(GError) why = NULL;

  host->sink = *sink;
  host->interval = MAX(interval_seconds, INTERVAL_MIN);
  host->hostname = g_strdup(g_get_host_name());
  g_mutex_init(&host->lock);
  g_cond_init(&host->changed);
  host->thread = g_thread_try_new("host", run, host, &why);
  if (!host->thread) {
    error_set(err, ERROR_RESOURCES, NULL, "the host's figures cannot be read: %s", why->message);
    host_free(host);
    return NULL;
  }
  return host;
}

void host_set_interval(struct host *host, double seconds)
{
  g_mutex_lock(&host->lock);
  host->interval = MAX(seconds, INTERVAL_MIN);
  g_cond_signal(&host->changed);
  g_mutex_unlock(&host->lock);
}

void host_free(struct host *host)
{
  if (!host)
    return;
  if (host->thread) {
    g_mutex_lock(&host->lock);
    host->stop = true;
    g_cond_signal(&host->changed);
    g_mutex_unlock(&host->lock);
    g_thread_join(host->thread);
  }
  g_mutex_clear(&host->lock);
  g_cond_clear(&host->changed);
  g_free(host->hostname);
  g_free(host);
}
