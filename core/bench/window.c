/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/bench/window.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"

/* From which on a run counts as disturbed. */
#define HOST_STEAL_PERCENT 2.0
#define GUEST_STEAL_PERCENT 5.0
#define CLOCK_STEP_SECONDS 0.2
#define HALVES_RATIO 1.5 /* of the work of the two halves of a window */

/* ---- looking ---- */

/* The guest's figures, with its sums and its rates since BEFORE (NULL: none). */
static bool look(struct probe *probe, const struct guest *before, struct guest **ret, GError **err)
{
  *ret = virt_probe_look(probe, err);
  if (*ret)
    guest_derive(*ret, before);
  return *ret != NULL;
}

bool window_before(struct window *window, struct probe *probe, GError **err)
{
  return look(probe, NULL, &window->before, err);
}

bool window_begin(struct window *window, struct probe *probe, GError **err)
{
  window->host_begin = host_moment_new();
  window->begun_ns = clock_mono_ns();
  return look(probe, NULL, &window->begin, err);
}

bool window_look(struct window *window, struct probe *probe, GError **err)
{
  return look(probe, window->begin, &window->middle, err);
}

bool window_end(struct window *window, struct probe *probe, GError **err)
{
  window->ended_ns = clock_mono_ns();
  const bool ok = look(probe, window->begin, &window->end, err);
  window->host_end = host_moment_new();
  return ok;
}

void window_clear(struct window *window)
{
  host_moment_free(window->host_begin);
  host_moment_free(window->host_end);
  struct guest *guests[] = {window->before, window->begin, window->middle, window->end};
  for (size_t i = 0; i < G_N_ELEMENTS(guests); i++)
    if (guests[i])
      guest_free(guests[i]);
  *window = (struct window){0};
}

/* ---- what came of it ---- */

static double value(const struct readings *r, int metric)
{
  double found;
  return readings_get(r, metric, &found) ? found : (double)NAN;
}

/* NaN: one of them is not known, or it fell. */
static double risen(const struct readings *before, const struct readings *now, int metric)
{
  const double rise = value(now, metric) - value(before, metric);
  return rise >= 0 ? rise : (double)NAN;
}

static struct window_work work_between(const struct guest *before, const struct guest *now)
{
  return (struct window_work){
      .requests = risen(&before->r, &now->r, GUEST_IO_REQS),
      .bytes = risen(&before->r, &now->r, GUEST_RD_BYTES) + risen(&before->r, &now->r, GUEST_WR_BYTES),
      .request_seconds = risen(&before->r, &now->r, GUEST_IO_TIME),
  };
}

bool window_work(const struct window *window, struct window_work *ret)
{
  *ret = work_between(window->before ? window->before : window->begin, window->end);
  return isfinite(ret->bytes) && isfinite(ret->requests);
}

double window_seconds(const struct window *window)
{
  const struct guest *before = window->before ? window->before : window->begin;
  return (double)(window->end->at_ns[GROUP_BLOCK] - before->at_ns[GROUP_BLOCK]) / (double)NS_PER_S;
}

/* CPU time of the threads whose role begins with PREFIX, percent of one CPU; NaN: no thread's is known. */
static double role_percent(const struct window *window, const char *prefix)
{
  const struct guest *before = window->begin, *now = window->end;
  const double seconds = (double)(now->at_ns[GROUP_THREAD] - before->at_ns[GROUP_THREAD]) / (double)NS_PER_S;
  double sum = 0;
  if (now->thread_count == 0 || seconds <= 0)
    return (double)NAN;
  for (int i = 0; i < now->thread_count; i++) {
    const struct guest_part *part = &now->threads[i];
    if (!g_str_has_prefix(part->target, prefix))
      continue;
    const double now_s = value(&part->r, THREAD_CPU_TIME);
    /* A role that is new since then began at nothing; roles keep their places. */
    sum += i < before->thread_count ? now_s - value(&before->threads[i].r, THREAD_CPU_TIME) : now_s;
  }
  return 100 * sum / seconds;
}

static void put_guest(const struct window *window, struct bench_run *run)
{
  const struct readings *r = &window->end->r;
  run->value[BENCH_F_QEMU_CPU] = value(r, GUEST_CPU);
  run->value[BENCH_F_VCPU_CPU] = value(r, GUEST_VCPU);
  run->value[BENCH_F_PROXY_CPU] = value(r, GUEST_PROXY);
  run->value[BENCH_F_STEAL] = value(r, GUEST_STEAL);
  run->value[BENCH_F_MEMORY] = value(r, GUEST_RSS);
  run->value[BENCH_F_MAIN_CPU] = role_percent(window, "main loop");
  run->value[BENCH_F_IOTHREAD_CPU] = role_percent(window, "iothread");
  run->value[BENCH_F_WORKER_CPU] = role_percent(window, "worker");
  /* Of rates: the guest's own window and that of the counters differ by the moment that a look takes. */
  const double iops = run->value[BENCH_F_IOPS], cpus = run->value[BENCH_F_QEMU_CPU] / 100;
  run->value[BENCH_F_PER_CPU] = cpus > 0 ? iops / cpus : (double)NAN;
  run->value[BENCH_F_EXITS] = iops > 0 ? value(r, GUEST_EXITS) / iops : (double)NAN;
}

static void put_host(const struct window *window, struct bench_run *run)
{
  const double cpus = (double)sysconf(_SC_NPROCESSORS_ONLN);
  struct host_span span;
  host_span_between(window->host_begin, window->host_end, &span);
  const double busy = value(&span.r, HOST_CPU);
  run->value[BENCH_F_HOST_CPU] = busy * cpus;
  run->value[BENCH_F_HOST_READ] = value(&span.r, HOST_DISK_RD);
  run->value[BENCH_F_HOST_WRITE] = value(&span.r, HOST_DISK_WR);
  run->value[BENCH_F_OTHERS_CPU] = fmax(0, busy - run->value[BENCH_F_QEMU_CPU] / cpus);
  run->value[BENCH_F_LOAD] = value(&span.r, HOST_LOAD1);
  run->value[BENCH_F_HOST_STEAL] = value(&span.r, HOST_STEAL);
  run->value[BENCH_F_PSI_CPU] = value(&span.r, HOST_PSI_CPU);
  run->value[BENCH_F_PSI_IO] = value(&span.r, HOST_PSI_IO);
  run->value[BENCH_F_PSI_MEMORY] = value(&span.r, HOST_PSI_MEM);
  run->value[BENCH_F_FREQUENCY] = span.hertz;
  if (fabs(span.wall_seconds - span.seconds) > CLOCK_STEP_SECONDS)
    run->disturbances |= 1u << BENCH_CLOCK_STEPPED;
}

void window_cost(const struct window *window, struct bench_run *run)
{
  run->seconds = (double)(window->ended_ns - window->begun_ns) / (double)NS_PER_S;
  put_guest(window, run);
  put_host(window, run);
}

/* The work of its first half and of its second are far apart. */
static bool is_unsteady(const struct window *window)
{
  if (!window->middle)
    return false;
  const struct window_work first = work_between(window->begin, window->middle),
                           second = work_between(window->middle, window->end);
  const int64_t *begin = window->begin->at_ns, *middle = window->middle->at_ns, *end = window->end->at_ns;
  const double before = (double)(middle[GROUP_BLOCK] - begin[GROUP_BLOCK]),
               after = (double)(end[GROUP_BLOCK] - middle[GROUP_BLOCK]);
  if (before <= 0 || after <= 0 || !isfinite(first.bytes) || !isfinite(second.bytes))
    return false;
  const double a = first.bytes / before, b = second.bytes / after;
  return fmax(a, b) > HALVES_RATIO * fmin(a, b);
}

void window_judge(const struct window *window, const struct bench_plan *plan, struct bench_run *run)
{
  if (run->value[BENCH_F_OTHERS_CPU] > plan->disturbance)
    run->disturbances |= 1u << BENCH_HOST_BUSY;
  if (run->value[BENCH_F_HOST_STEAL] > HOST_STEAL_PERCENT)
    run->disturbances |= 1u << BENCH_HOST_STOLEN;
  if (run->value[BENCH_F_STEAL] > GUEST_STEAL_PERCENT)
    run->disturbances |= 1u << BENCH_GUEST_STOLEN;
  if (is_unsteady(window))
    run->disturbances |= 1u << BENCH_UNSTEADY;
}
