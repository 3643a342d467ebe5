/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A run with the guest pulse, where Linux cannot run: it tells nothing, QEMU's counters of its disk do. */
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/bench/measure_private.h"

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
  return error_set(err, ERROR_GENERAL, NULL, "the guest pulse did not begin to work within %d s",
                   BOOT_SECONDS);
}

/* The guest tells nothing itself: QEMU's counters do.  They count what reaches QEMU, and by IDE a BIOS hands
 * on each sector by itself: a request of the guest is what its block size is. */
static bool take_counters(struct measurement *m, struct bench_run *run, GError **err)
{
  struct window_work work;
  if (!window_work(&m->window, &work) || work.requests <= 0)
    return error_set(err, ERROR_GENERAL, NULL, "the guest pulse did no request in its time");
  const double seconds = window_seconds(&m->window),
               requests = work.bytes / (double)bench_plan_cell(m->of->plan, run->cell)->block_size;
  run->value[BENCH_F_THROUGHPUT] = run->value[BENCH_F_COUNTED] = work.bytes / seconds;
  run->value[BENCH_F_IOPS] = requests / seconds;
  window_cost(&m->window, run);
  run->value[BENCH_F_LAT_MEAN] = work.request_seconds / requests;
  return true;
}

bool measure_pulse(struct measurement *m, struct bench_run *run, GError **err)
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
