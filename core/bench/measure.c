/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/bench/measure.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/bench/measure_private.h"

/* Seconds that things may take under emulation on a loaded machine, before something is wrong. */
#define BOOT_SECONDS 180
#define ANSWER_SECONDS 60
#define FILL_BYTES_PER_SECOND (1 << 20)
#define PULSE_BLOCK_MAX (127 * 512)
#define COUNTERS_PERCENT 5 /* that fio and QEMU's counters may differ by */

/* ---- the guest ---- */

static bool set_size(struct spec *spec, enum spec_id id, uint64_t bytes, GError **err)
{
  g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT, bytes);
  return spec_set(spec, id, text, err);
}

static bool set_common(struct spec *spec, const struct measuring *measuring, const struct bench_cell *cell,
                       GError **err)
{
  const struct bench_plan *plan = measuring->plan;
  g_autofree char *vcpus = g_strdup_printf("%d", plan->vcpus);
  return spec_set(spec, SPEC_BACKEND, cell->backend->name, err) &&
         spec_set(spec, SPEC_ACCEL, bench_accel_name(cell->accel), err) &&
         spec_set(spec, SPEC_CACHE, cell->cache, err) && spec_set(spec, SPEC_AIO, cell->aio, err) &&
         spec_set(spec, SPEC_FORMAT, cell->format, err) &&
         spec_set(spec, SPEC_IOTHREAD, cell->iothread ? "yes" : "no", err) &&
         spec_set(spec, SPEC_NIC, "none", err) && spec_set(spec, SPEC_SSH, "no", err) &&
         spec_set(spec, SPEC_VCPUS, vcpus, err) && set_size(spec, SPEC_DISK, plan->disk_size, err);
}

static bool set_pulse(struct spec *spec, const struct bench_cell *cell, GError **err)
{
  const struct bench_workload_row *work = bench_workload_row(cell->workload);
  g_autofree char *mix = g_strdup_printf("%d", work->reads);
  return spec_set(spec, SPEC_TEMPLATE, "pulse", err) && spec_set(spec, SPEC_MIX, mix, err) &&
         spec_set(spec, SPEC_ORDER, work->random ? "random" : "sequential", err) &&
         set_size(spec, SPEC_BLOCK_SIZE, cell->block_size, err);
}

static bool is_pulse(const struct measuring *measuring)
{
  return g_str_equal(measuring->kind, "pulse");
}

/* What is launched for the cell; a process has one run at a time, so that its own number makes the name. */
static struct spec *make_spec(const struct measuring *measuring, GError **err)
{
  const struct bench_cell *cell = bench_plan_cell(measuring->plan, measuring->cell);
  struct spec *spec = spec_new();
  g_autofree char *name = g_strdup_printf(BENCH_GUEST_PREFIX "%d", (int)getpid());
  if (spec_set(spec, SPEC_NAME, name, err) && set_common(spec, measuring, cell, err) &&
      (is_pulse(measuring) ? set_pulse(spec, cell, err)
                           : spec_set(spec, SPEC_TEMPLATE, TEMPLATE_BENCH_NAME, err) &&
                                 set_size(spec, SPEC_MEMORY, measuring->plan->memory, err)))
    return spec;
  spec_free(spec);
  return NULL;
}

static bool pulse_can(const struct bench_cell *cell, GError **err)
{
  const struct bench_workload_row *work = bench_workload_row(cell->workload);
  const char *why = !work->disk                          ? "it does nothing but drive its disk"
                    : cell->depth != 1                   ? "it has one request at a time (depth 1)"
                    : cell->fsync                        ? "it does not flush (fsync 0)"
                    : cell->block_size > PULSE_BLOCK_MAX ? "its requests are of 63.5 KiB at most"
                                                         : NULL;
  return !why || error_set(err, ERROR_UNSUPPORTED, NULL, "the guest pulse cannot do this: %s", why);
}

bool measure_check(const struct measuring *measuring, GError **err)
{
  const struct bench_cell *cell = bench_plan_cell(measuring->plan, measuring->cell);
  if (is_pulse(measuring) && !pulse_can(cell, err))
    return false;
  struct spec *spec = make_spec(measuring, err);
  const bool ok = spec && virt_launch_check(measuring->virt, spec, err);
  spec_free(spec);
  return ok;
}

static bool act(const struct measurement *m, enum action_id action, const struct spec *spec,
                const char *const *words, char ret_uuid[37], GError **err)
{
  struct act act = {.action = action, .spec = spec, .flags = words};
  if (!spec)
    g_strlcpy(act.uuid, m->uuid, sizeof act.uuid);
  const bool done = virt_act(m->of->virt, &act, err);
  if (ret_uuid)
    g_strlcpy(ret_uuid, act.result_uuid, 37);
  g_free(act.result);
  return done;
}

static bool launch(struct measurement *m, GError **err)
{
  struct spec *spec = make_spec(m->of, err);
  m->of->step(m->of->context, "making the guest");
  const bool ok = spec && act(m, ACTION_LAUNCH, spec, NULL, m->uuid, err) &&
                  (m->probe = virt_probe_new(m->of->virt, m->uuid, err));
  spec_free(spec);
  return ok;
}

/* A run that was told to end still cleans up. */
static bool delete_guest(struct measurement *m, GError **err)
{
  static const char *const words[] = {"force-off", NULL};
  GError *fault = NULL;
  if (!m->uuid[0] || act(m, ACTION_DELETE, NULL, words, NULL, &fault))
    return true;
  g_prefix_error(&fault, "the benchmark's guest cannot be deleted: ");
  if (err && !*err)
    g_propagate_error(err, fault);
  else
    g_error_free(fault);
  return false;
}

static void describe(const struct measurement *m, struct bench_made *made)
{
  if (!made->guest)
    made->guest = g_strdup(m->of->kind);
  if (!made->xml)
    made->xml = virt_probe_xml(m->probe);
  if (!made->command)
    made->command = virt_probe_command(m->probe);
}

/* ---- waiting ---- */

/* The middle of the window is looked at while its end is waited for. */
static bool goes_on(void *context, GError **err)
{
  struct measurement *m = context;
  if (!m->of->goes_on(m->of->context, err))
    return false;
  if (!m->middle_ns || m->window.middle || clock_mono_ns() < m->middle_ns)
    return true;
  return window_look(&m->window, m->probe, err);
}

bool measurement_sleep(struct measurement *m, double seconds, GError **err)
{
  const int64_t end = clock_mono_ns() + (int64_t)(seconds * (double)NS_PER_S);
  while (clock_mono_ns() < end) {
    if (!goes_on(m, err))
      return false;
    g_usleep((gulong)MAX(1, MIN(G_USEC_PER_SEC / 10, (end - clock_mono_ns()) / 1000)));
  }
  return true;
}

bool measurement_begin(struct measurement *m, GError **err)
{
  if (!window_begin(&m->window, m->probe, err))
    return false;
  m->middle_ns = m->window.begun_ns + (int64_t)(m->of->plan->duration / 2 * (double)NS_PER_S);
  return true;
}

bool measurement_end(struct measurement *m, GError **err)
{
  m->middle_ns = 0;
  return window_end(&m->window, m->probe, err);
}

/* ---- linux ---- */

static double seconds_between(int64_t from_ns, int64_t to_ns)
{
  return (double)(to_ns - from_ns) / (double)NS_PER_S;
}

static char *wait_for(struct measurement *m, enum talk_port port, const char *text, double seconds, int64_t *ret_ns,
                      GError **err)
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
  if (!act(m, ACTION_RESUME, NULL, NULL, NULL, err))
    return false;
  g_autofree char *kernel = wait_for(m, TALK_BOOT, "Linux version ", BOOT_SECONDS, &kernel_ns, err);
  g_autofree char *user = kernel ? wait_for(m, TALK_BOOT, "virtlens: userspace", BOOT_SECONDS, &user_ns, err) : NULL;
  g_autofree char *ready = user ? wait_for(m, TALK_ORDERS, "virtlens bench: ", BOOT_SECONDS, &ready_ns, err) : NULL;
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

/* Give the order, which is fio's with WORDS, and wait for its end; OUT (NULL: not wanted) gets what it printed.
 * MEASURED: its window is the run's. */
static bool order_fio(struct measurement *m, const char *words, double seconds, bool measured, GString *out,
                      GError **err)
{
  const int number = ++m->orders;
  const double patience = seconds + ANSWER_SECONDS;
  g_autofree char *line = g_strdup_printf("%d fio %s", number, words),
                  *begin = g_strdup_printf("virtlens bench: begin %d", number),
                  *end = g_strdup_printf("virtlens bench: end %d", number),
                  *json = g_strdup_printf("virtlens bench: json %d", number),
                  *complaint = g_strdup_printf("virtlens bench: complaint %d", number),
                  *done = g_strdup_printf("virtlens bench: done %d ", number);
  g_autoptr(GString) said = g_string_new(NULL);
  talk_send(m->talk, line);
  if (measured) {
    g_autofree char *begun = wait_for(m, TALK_ORDERS, begin, patience, NULL, err);
    if (!begun || !measurement_begin(m, err))
      return false;
    g_autofree char *ended = wait_for(m, TALK_ORDERS, end, patience, NULL, err);
    if (!ended || !measurement_end(m, err))
      return false;
  }
  g_autofree char *printed = wait_for(m, TALK_ORDERS, json, patience, NULL, err);
  g_autofree char *complained =
      printed ? talk_wait(m->talk, &(struct talk_wish){TALK_ORDERS, complaint, ANSWER_SECONDS, out}, NULL, err)
              : NULL;
  g_autofree char *status =
      complained ? talk_wait(m->talk, &(struct talk_wish){TALK_ORDERS, done, ANSWER_SECONDS, said}, NULL, err)
                 : NULL;
  if (!status)
    return false;
  return g_str_equal(status, "0") ||
         error_set(err, ERROR_GENERAL, NULL, "fio ended with status %s: %s", status, g_strstrip(said->str));
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
  window_cost(&m->window, (double)fio.requests, run);
  const bool ok = counters_agree(&m->window, &fio, run, err);
  run->latency = g_steal_pointer(&fio.latency);
  if (!m->of->fio)
    m->of->fio = g_steal_pointer(&fio.version);
  fio_result_clear(&fio);
  return ok;
}

static bool drive_disk(struct measurement *m, const struct bench_cell *cell, struct bench_run *run, GError **err)
{
  const struct bench_plan *plan = m->of->plan;
  g_autofree char *fill = fio_fill(), *warm = fio_work(cell, plan->warmup, m->of->seed),
                  *work = fio_work(cell, plan->duration, m->of->seed + 1);
  g_autoptr(GString) out = g_string_new(NULL);
  m->of->step(m->of->context, "filling the scratch disk");
  if (!order_fio(m, fill, (double)(plan->disk_size / FILL_BYTES_PER_SECOND), false, NULL, err))
    return false;
  m->of->step(m->of->context, "warming up");
  if (plan->warmup > 0 && !order_fio(m, warm, plan->warmup, false, NULL, err))
    return false;
  m->of->step(m->of->context, "measuring");
  return order_fio(m, work, plan->duration, true, out, err) && take_fio(m, out, run, err);
}

static bool run_linux(struct measurement *m, struct bench_run *run, GError **err)
{
  const struct bench_cell *cell = bench_plan_cell(m->of->plan, m->of->cell);
  m->at_boot = cell->workload == BENCH_BOOT;
  m->talk = talk_new(m->of->virt, m->uuid, goes_on, m, err);
  if (!m->talk || !boot(m, run, err))
    return false;
  if (cell->workload == BENCH_CPU)
    return measure_loops(m, run, err);
  if (bench_workload_row(cell->workload)->disk)
    return drive_disk(m, cell, run, err);
  window_cost(&m->window, 0, run);
  return true;
}

/* ---- pulse ---- */

#define PULSE_BEGUN 32 /* requests: more than the BIOS and the boot sector need to begin */

static bool pulse_works(struct measurement *m, GError **err)
{
  const int64_t deadline = clock_mono_ns() + BOOT_SECONDS * NS_PER_S;
  while (clock_mono_ns() < deadline) {
    struct guest *guest = virt_probe_look(m->probe, err);
    double requests = 0;
    if (!guest)
      return false;
    guest_derive(guest, NULL);
    readings_get(&guest->r, GUEST_IO_REQS, &requests);
    guest_free(guest);
    if (requests > PULSE_BEGUN)
      return true;
    if (!measurement_sleep(m, 0.1, err))
      return false;
  }
  return error_set(err, ERROR_GENERAL, NULL, "the guest pulse did not begin to work within %d s", BOOT_SECONDS);
}

/* The guest tells nothing itself: QEMU's counters do. */
static bool take_counters(struct measurement *m, struct bench_run *run, GError **err)
{
  struct window_work work;
  if (!window_work(&m->window, &work) || work.requests <= 0)
    return error_set(err, ERROR_GENERAL, NULL, "the guest pulse did no request in its time");
  window_cost(&m->window, work.requests, run);
  run->value[BENCH_F_THROUGHPUT] = run->value[BENCH_F_COUNTED] = work.bytes / run->seconds;
  run->value[BENCH_F_IOPS] = work.requests / run->seconds;
  run->value[BENCH_F_LAT_MEAN] = work.request_seconds / work.requests;
  return true;
}

static bool run_pulse(struct measurement *m, struct bench_run *run, GError **err)
{
  m->of->step(m->of->context, "booting");
  if (!pulse_works(m, err))
    return false;
  m->of->step(m->of->context, "warming up");
  if (!measurement_sleep(m, m->of->plan->warmup, err))
    return false;
  m->of->step(m->of->context, "measuring");
  return measurement_begin(m, err) && measurement_sleep(m, m->of->plan->duration, err) &&
         measurement_end(m, err) && take_counters(m, run, err);
}

/* ---- a run ---- */

bool measure_run(struct measuring *measuring, struct bench_run *run, struct bench_made *made, GError **err)
{
  struct measurement m = {.of = measuring};
  run->begun_wall_ns = clock_wall_ns();
  bool ok = launch(&m, err);
  if (ok) {
    describe(&m, made);
    ok = is_pulse(measuring) ? run_pulse(&m, run, err) : run_linux(&m, run, err);
  }
  if (ok)
    window_judge(&m.window, measuring->plan, run);
  talk_free(m.talk);
  virt_probe_free(m.probe);
  window_clear(&m.window);
  return delete_guest(&m, err) && ok;
}
