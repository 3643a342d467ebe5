/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A run with the guest linux, which boots, drives its scratch disk by fio, and tells what came of it. */
#include <math.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/bench/measure_private.h"

#define ANSWER_SECONDS 60               /* that it may take to answer, under emulation on a loaded machine */
#define FILL_BYTES_PER_SECOND (1 << 20) /* the least */
#define COUNTERS_PERCENT 5              /* that fio and QEMU's counters may differ by */

static double seconds_between(int64_t from_ns, int64_t to_ns)
{
  return (double)(to_ns - from_ns) / (double)NS_PER_S;
}

static char *wait_for(struct measurement *m, enum talk_port port, const char *text, double seconds,
                      int64_t *ret_ns, GError **err)
{
  return talk_wait(m->talk, &(struct talk_wish){port, text, seconds, NULL}, ret_ns, err);
}

/* Let it boot, and put how long that took into RUN. */
static bool boot(struct measurement *m, struct bench_run *run, GError **err)
{
  int64_t kernel_ns, user_ns, ready_ns;
  m->of->step(m->of->context, "booting");
  if (m->at_boot && !window_begin(&m->window, m->probe, err))
    return false;
  const int64_t start_ns = clock_mono_ns();
  if (!measurement_resume(m, err))
    return false;
  g_autofree char *kernel = wait_for(m, TALK_BOOT, "Linux version ", BOOT_SECONDS, &kernel_ns, err);
  g_autofree char *user =
      kernel ? wait_for(m, TALK_BOOT, "virtlens: userspace", BOOT_SECONDS, &user_ns, err) : NULL;
  g_autofree char *ready =
      user ? wait_for(m, TALK_ORDERS, "virtlens bench: ", BOOT_SECONDS, &ready_ns, err) : NULL;
  if (!ready)
    return false;
  if (m->at_boot && !window_end(&m->window, m->probe, err))
    return false;
  if (!g_str_has_prefix(ready, "ready "))
    return error_set(err, ERROR_GENERAL, NULL, "the guest cannot work: %s", ready);
  run->value[BENCH_F_FIRMWARE] = seconds_between(start_ns, kernel_ns);
  run->value[BENCH_F_KERNEL] = seconds_between(kernel_ns, user_ns);
  run->value[BENCH_F_USERSPACE] = seconds_between(user_ns, ready_ns);
  run->value[BENCH_F_BOOT] = seconds_between(start_ns, ready_ns);
  if (!m->of->kernel)
    m->of->kernel = g_strndup(kernel, strcspn(kernel, " "));
  return true;
}

/* Wait for the mark WORD of the order that was given last; gives what follows it.  BEFORE as in talk_wish. */
static char *wait_for_mark(struct measurement *m, const char *word, double seconds, GString *before,
                           GError **err)
{
  g_autofree char *text = g_strdup_printf("virtlens bench: %s %d", word, m->orders);
  char *rest = talk_wait(m->talk, &(struct talk_wish){TALK_ORDERS, text, seconds, before}, NULL, err);
  return rest ? g_strstrip(rest) : NULL;
}

static void order_fio(struct measurement *m, const char *words)
{
  g_autofree char *line = g_strdup_printf("%d fio %s", ++m->orders, words);
  talk_send(m->talk, line);
}

/* Its end, and in OUT what it printed. */
static bool take_answer(struct measurement *m, double seconds, GString *out, GError **err)
{
  g_autoptr(GString) complaint = g_string_new(NULL);
  g_autofree char *json = wait_for_mark(m, "json", seconds + ANSWER_SECONDS, NULL, err);
  g_autofree char *end = json ? wait_for_mark(m, "complaint", ANSWER_SECONDS, out, err) : NULL;
  g_autofree char *status = end ? wait_for_mark(m, "done", ANSWER_SECONDS, complaint, err) : NULL;
  if (!status)
    return false;
  return g_str_equal(status, "0") || error_set(err, ERROR_GENERAL, NULL, "fio ended with status %s: %s",
                                               status, g_strstrip(complaint->str));
}

/* What is not measured: nobody wants its figures. */
static bool do_fio(struct measurement *m, const char *words, double seconds, GError **err)
{
  g_autoptr(GString) out = g_string_new(NULL);
  order_fio(m, words);
  return take_answer(m, seconds, out, err);
}

/* fio marks the begin and the end of its work itself: the window is between them. */
static bool measure_fio(struct measurement *m, const char *words, GString *out, GError **err)
{
  const double seconds = m->of->plan->duration;
  if (!window_before(&m->window, m->probe, err))
    return false;
  order_fio(m, words);
  g_autofree char *begin = wait_for_mark(m, "begin", ANSWER_SECONDS, NULL, err);
  if (!begin || !measurement_begin(m, err))
    return false;
  g_autofree char *end = wait_for_mark(m, "end", seconds + ANSWER_SECONDS, NULL, err);
  return end && measurement_end(m, err) && take_answer(m, seconds, out, err);
}

/* What goes through the disk twice over, told by two that know nothing of one another. */
static bool counters_agree(const struct window *window, const struct fio_result *fio, struct bench_run *run,
                           GError **err)
{
  struct window_work work;
  if (!window_work(window, &work))
    return true;
  run->value[BENCH_F_COUNTED] = work.bytes / fio->seconds;
  const double off = 100 * fabs(work.bytes - (double)fio->bytes) / (double)fio->bytes;
  return off <= COUNTERS_PERCENT ||
         error_set(err, ERROR_GENERAL, NULL,
                   "fio says that it moved %" G_GUINT64_FORMAT " bytes, QEMU counted %.0f on the same disk",
                   fio->bytes, work.bytes);
}

static void put_fio(const struct fio_result *fio, struct bench_run *run)
{
  run->value[BENCH_F_THROUGHPUT] = (double)fio->bytes / fio->seconds;
  run->value[BENCH_F_IOPS] = (double)fio->requests / fio->seconds;
  run->value[BENCH_F_LAT_MEAN] = fio->mean_s;
  run->value[BENCH_F_LAT_P50] = bench_histogram_percentile(fio->latency, 50);
  run->value[BENCH_F_LAT_P99] = bench_histogram_percentile(fio->latency, 99);
  run->value[BENCH_F_LAT_P999] = bench_histogram_percentile(fio->latency, 99.9);
  run->value[BENCH_F_LAT_MAX] = fio->max_s;
}

static bool take_fio(struct measurement *m, const GString *out, struct bench_run *run, GError **err)
{
  struct fio_result fio;
  if (!fio_parse(out->str, out->len, &fio, err))
    return false;
  put_fio(&fio, run);
  window_cost(&m->window, run);
  const bool ok = counters_agree(&m->window, &fio, run, err);
  run->latency = g_steal_pointer(&fio.latency);
  if (!m->of->fio)
    m->of->fio = g_steal_pointer(&fio.version);
  fio_result_clear(&fio);
  return ok;
}

static bool drive_disk(struct measurement *m, const struct bench_cell *cell, struct bench_run *run,
                       GError **err)
{
  const struct bench_plan *plan = m->of->plan;
  g_autofree char *fill = fio_fill(), *warm = fio_work(cell, plan->warmup, m->of->seed),
                  *work = fio_work(cell, plan->duration, m->of->seed + 1);
  g_autoptr(GString) out = g_string_new(NULL);
  m->of->step(m->of->context, "filling the scratch disk");
  if (!do_fio(m, fill, (double)(plan->disk_size / FILL_BYTES_PER_SECOND), err))
    return false;
  m->of->step(m->of->context, "warming up");
  if (plan->warmup > 0 && !do_fio(m, warm, plan->warmup, err))
    return false;
  m->of->step(m->of->context, "measuring");
  return measure_fio(m, work, out, err) && take_fio(m, out, run, err);
}

bool measure_linux(struct measurement *m, struct bench_run *run, GError **err)
{
  const struct bench_cell *cell = bench_plan_cell(m->of->plan, m->of->cell);
  m->at_boot = cell->workload == BENCH_BOOT;
  m->talk = talk_new(m->of->virt, m->uuid, measurement_goes_on, m, err);
  if (!m->talk || !boot(m, run, err))
    return false;
  if (cell->workload == BENCH_CPU)
    return measure_loops(m, run, err);
  if (bench_workload_row(cell->workload)->disk)
    return drive_disk(m, cell, run, err);
  window_cost(&m->window, run);
  return true;
}
