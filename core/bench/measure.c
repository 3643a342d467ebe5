/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/bench/measure.h"

#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/bench/measure_private.h"

#define PULSE_BLOCK_MAX (127 * 512)

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

bool measurement_resume(struct measurement *m, GError **err)
{
  return act(m, ACTION_RESUME, NULL, NULL, NULL, err);
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
bool measurement_goes_on(void *context, GError **err)
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
    if (!measurement_goes_on(m, err))
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

/* ---- a run ---- */

bool measure_run(struct measuring *measuring, struct bench_run *run, struct bench_made *made, GError **err)
{
  struct measurement m = {.of = measuring};
  run->begun_wall_ns = clock_wall_ns();
  bool ok = launch(&m, err);
  if (ok) {
    describe(&m, made);
    ok = is_pulse(measuring) ? measure_pulse(&m, run, err) : measure_linux(&m, run, err);
  }
  if (ok)
    window_judge(&m.window, measuring->plan, run);
  talk_free(m.talk);
  virt_probe_free(m.probe);
  window_clear(&m.window);
  return delete_guest(&m, err) && ok;
}
