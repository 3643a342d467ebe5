/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/bench/run.h"

#include <math.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/bench/host_facts.h"
#include "core/bench/lone.h"
#include "core/bench/measure.h"
#include "core/bench/stats.h"
#include "core/bench/store.h"

#define PAUSE_US 100000
#define INTERVAL_RUNS 3       /* fewer have no spread that means anything */
#define FREQUENCY_PERCENT 10  /* that the CPUs' clock may be off from that of the other runs */
#define SEED_STEP 2654435761u /* of golden ratio: seeds of neighbouring runs have nothing in common */

struct doing {
  struct bench_job *job;
  struct bench_results *results;
  const struct bench_plan *plan;
  bool *skipped;      /* by cell */
  const char **kinds; /* of guest, by cell; NULL: refused */
  struct measuring measuring;
  int64_t begun_ns;
  int done; /* runs since then */
  int cell, round;
};

/* ---- how it is to go on ---- */

static enum bench_pace pace_of(const struct bench_job *job)
{
  return job->cancel && atomic_load(job->cancel) ? BENCH_STOP : (enum bench_pace)atomic_load(job->pace);
}

static bool goes_on(void *context, GError **err)
{
  const struct doing *doing = context;
  const enum bench_pace pace = pace_of(doing->job);
  return pace < BENCH_SKIP ||
         error_set(err, ERROR_CANCELLED, NULL, pace == BENCH_SKIP ? "skipped" : "stopped");
}

/* Between two runs; false: it is to stop. */
static bool may_go_on(const struct doing *doing)
{
  enum bench_pace pace;
  while ((pace = pace_of(doing->job)) == BENCH_PAUSE)
    g_usleep(PAUSE_US);
  return pace != BENCH_STOP;
}

/* ---- how far it is ---- */

static const struct bench_run *run_at(const struct bench_results *results, guint i)
{
  return g_ptr_array_index(results->runs, i);
}

static int count_runs(const struct doing *doing, int cell)
{
  int n = 0;
  for (guint i = 0; i < doing->results->runs->len; i++)
    n += run_at(doing->results, i)->cell == cell && bench_run_counts(run_at(doing->results, i));
  return n;
}

/* Runs that are still to be done, those for precision left out, which nobody can foresee. */
static int runs_left(const struct doing *doing)
{
  int left = 0;
  for (guint cell = 0; cell < doing->plan->cells->len; cell++)
    if (doing->kinds[cell] && !doing->skipped[cell])
      left += MAX(0, doing->plan->runs - count_runs(doing, (int)cell));
  return left;
}

static void tell(void *context, const char *step)
{
  const struct doing *doing = context;
  const int left = runs_left(doing), so_far = (int)doing->results->runs->len;
  const double each = (double)(clock_mono_ns() - doing->begun_ns) / (double)NS_PER_S / MAX(1, doing->done);
  const struct bench_progress progress = {.results = doing->results,
                                          .run = so_far + 1,
                                          .runs = so_far + MAX(1, left),
                                          .cell = doing->cell,
                                          .round = doing->round,
                                          .step = step,
                                          .seconds_left = doing->done ? each * left : (double)NAN};
  if (doing->job->tell)
    doing->job->tell(doing->job->context, &progress);
}

/* ---- what can be run ---- */

/* The kind of guest that does the work of a cell, NULL: none can, and RET_WHY says so. */
static const char *kind_for(struct doing *doing, int cell, GError **ret_why)
{
  static const char *const kinds[] = {"linux", "pulse"};
  const char *wanted = doing->plan->guest;
  doing->measuring.cell = cell;
  for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
    if (!g_str_equal(wanted, "auto") && !g_str_equal(wanted, kinds[i]))
      continue;
    GError *fault = NULL;
    doing->measuring.kind = kinds[i];
    if (measure_check(&doing->measuring, &fault)) {
      g_clear_error(ret_why);
      return kinds[i];
    }
    /* Only what linux cannot do here is left to pulse; what is missing for it is said instead. */
    const bool next = fault->code == ERROR_UNSUPPORTED;
    if (*ret_why)
      g_error_free(fault);
    else
      *ret_why = fault;
    if (!next)
      return NULL;
  }
  return NULL;
}

/* Find out for each cell; false: there is none that can be run. */
static bool find_kinds(struct doing *doing, GError **err)
{
  g_autoptr(GError) first = NULL;
  bool any = false;
  for (guint cell = 0; cell < doing->plan->cells->len; cell++) {
    GError *why = NULL;
    struct bench_made *made = bench_results_made(doing->results, (int)cell);
    doing->kinds[cell] = kind_for(doing, (int)cell, &why);
    any |= doing->kinds[cell] != NULL;
    g_clear_pointer(&made->refused, g_free);
    if (!why)
      continue;
    made->refused = error_what(why);
    if (first)
      g_error_free(why);
    else
      first = why;
  }
  if (!any)
    g_propagate_prefixed_error(err, g_steal_pointer(&first), "no cell of the plan can be run: ");
  return any;
}

/* ---- one run ---- */

static double median_frequency(const struct doing *doing)
{
  g_autofree double *values = g_new(double, doing->results->runs->len + 1);
  int n = 0;
  for (guint i = 0; i < doing->results->runs->len; i++) {
    const double hertz = run_at(doing->results, i)->value[BENCH_F_FREQUENCY];
    if (isfinite(hertz))
      values[n++] = hertz;
  }
  return n >= INTERVAL_RUNS ? stats_median(values, n) : (double)NAN;
}

static void judge_frequency(const struct doing *doing, struct bench_run *run)
{
  const double usual = median_frequency(doing);
  if (fabs(run->value[BENCH_F_FREQUENCY] - usual) > usual * FREQUENCY_PERCENT / 100)
    run->disturbances |= 1u << BENCH_FREQUENCY;
}

static bool keep(struct doing *doing, GError **err)
{
  doing->results->ended_wall_ns = clock_wall_ns();
  return !doing->job->file || bench_results_write(doing->results, doing->job->file, err);
}

/* Has the cell failed as often as it may, so that it is left out? */
static bool fails_always(const struct doing *doing, int cell)
{
  int failed = 0;
  for (guint i = 0; i < doing->results->runs->len; i++)
    failed += run_at(doing->results, i)->cell == cell && run_at(doing->results, i)->failure;
  return failed >= 2 && count_runs(doing, cell) == 0;
}

/* What ended a run without figures.  False: all is to end. */
static bool take_failure(struct doing *doing, struct bench_run *run, GError *fault, GError **err)
{
  if (fault->code == ERROR_CANCELLED) {
    bench_run_free(run);
    if (pace_of(doing->job) == BENCH_SKIP) {
      doing->skipped[doing->cell] = true;
      atomic_store(doing->job->pace, BENCH_GO);
    }
    g_error_free(fault);
    return true;
  }
  run->failure = error_what(fault);
  bench_results_add(doing->results, run);
  if (fault->code == ERROR_LOST) {
    g_propagate_error(err, fault);
    return false;
  }
  g_error_free(fault);
  doing->skipped[doing->cell] |= fails_always(doing, doing->cell);
  return keep(doing, err);
}

/* The next run of the cell.  *RET_DISTURBED: it was measured, and cannot be relied on. */
static bool do_run(struct doing *doing, bool *ret_disturbed, GError **err)
{
  struct bench_run *run = bench_run_new(doing->cell, doing->round);
  GError *fault = NULL;
  *ret_disturbed = false;
  doing->measuring.cell = doing->cell;
  doing->measuring.kind = doing->kinds[doing->cell];
  doing->measuring.seed = doing->plan->seed + SEED_STEP * (uint32_t)(doing->results->runs->len + 1);
  if (!measure_run(&doing->measuring, run, bench_results_made(doing->results, doing->cell), &fault))
    return take_failure(doing, run, fault, err);
  judge_frequency(doing, run);
  doing->done++;
  *ret_disturbed = run->disturbances != 0;
  bench_results_add(doing->results, run);
  host_facts_of_guest(doing->results, doing->measuring.fio, doing->measuring.kernel);
  return keep(doing, err);
}

/* A disturbed run stands, unless it could be repeated: a machine that is never quiet is measured all the
 * same. */
static bool do_run_again(struct doing *doing, GError **err)
{
  const guint index = doing->results->runs->len - 1;
  bool disturbed;
  tell(doing, "disturbed: once more");
  if (!do_run(doing, &disturbed, err))
    return false;
  if (doing->results->runs->len > index + 1 && bench_run_counts(run_at(doing->results, index + 1)))
    ((struct bench_run *)g_ptr_array_index(doing->results->runs, index))->repeated = true;
  return keep(doing, err);
}

/* ---- rounds ---- */

/* Half the width of the median's 95 % interval, percent of it; NaN: it is not known.  The first figure that
 * the runs of the cell have is judged. */
static double half_width(const struct doing *doing, int cell)
{
  static const enum bench_figure figures[] = {BENCH_F_THROUGHPUT, BENCH_F_INTEGER, BENCH_F_BOOT};
  g_autofree double *values = g_new(double, doing->results->runs->len + 1),
                    *resamples = g_new(double, STATS_RESAMPLES);
  for (size_t f = 0; f < G_N_ELEMENTS(figures); f++) {
    int n = 0;
    for (guint i = 0; i < doing->results->runs->len; i++) {
      const struct bench_run *run = run_at(doing->results, i);
      if (run->cell == cell && bench_run_counts(run) && isfinite(run->value[figures[f]]))
        values[n++] = run->value[figures[f]];
    }
    if (n < INTERVAL_RUNS)
      continue;
    stats_resample_median(values, n, doing->plan->seed, resamples);
    const struct stats_interval interval = stats_interval_of(resamples, n);
    return 100 * (interval.high - interval.low) / 2 / stats_median(values, n);
  }
  return (double)NAN;
}

static bool needs_run(const struct doing *doing, int cell, int round)
{
  if (!doing->kinds[cell] || doing->skipped[cell] || count_runs(doing, cell) > round)
    return false;
  return round < doing->plan->runs || !(half_width(doing, cell) <= doing->plan->precision);
}

/* All of the host's CPU may go to others: then nothing is repeated. */
static bool is_particular(const struct bench_plan *plan)
{
  return plan->disturbance < 100;
}

/* One round: each cell that needs it once, in an order of its own.  False: all is to end; ERR: for a fault.
 */
static bool do_round(struct doing *doing, int round, GError **err)
{
  g_autoptr(GArray) order = bench_plan_order(doing->plan, round);
  for (guint i = 0; i < order->len; i++) {
    bool disturbed = false;
    doing->cell = g_array_index(order, int, i);
    doing->round = round;
    if (!needs_run(doing, doing->cell, round))
      continue;
    if (!may_go_on(doing))
      return false;
    tell(doing, "beginning");
    if (!do_run(doing, &disturbed, err) ||
        (disturbed && is_particular(doing->plan) && may_go_on(doing) && !do_run_again(doing, err)))
      return false;
  }
  return true;
}

static bool do_rounds(struct doing *doing, GError **err)
{
  for (int round = 0; round < MAX(doing->plan->runs, doing->plan->runs_max); round++) {
    GError *fault = NULL;
    if (do_round(doing, round, &fault))
      continue;
    if (!fault)
      return true;
    g_propagate_error(err, fault);
    return false;
  }
  return true;
}

static void conclude(struct doing *doing)
{
  struct bench_results *results = doing->results;
  bool skipped = false;
  for (guint cell = 0; cell < doing->plan->cells->len; cell++)
    skipped |= doing->skipped[cell];
  const char *end = pace_of(doing->job) == BENCH_STOP ? "stopped" : skipped ? "skipped" : NULL;
  results->complete = !end && runs_left(doing) == 0;
  g_free(results->end);
  results->end = g_strdup(results->complete ? NULL : end ? end : "failed");
}

/* Another machine may have a benchmark of its own on a hypervisor that is not here. */
static bool sweep(const struct bench_job *job, GError **err)
{
  int swept;
  if (!virt_is_lab(job->virt) && (job->together || !virt_is_local(job->virt)))
    return true;
  return virt_sweep(job->virt, BENCH_GUEST_PREFIX, &swept, err);
}

static bool do_plan(struct doing *doing, GError **err)
{
  GError *fault = NULL;
  if (!sweep(doing->job, err))
    return false;
  host_facts_read(doing->results, doing->job->virt);
  if (!find_kinds(doing, err))
    return false;
  const bool ok = do_rounds(doing, &fault);
  conclude(doing);
  if (!ok) {
    keep(doing, NULL);
    g_propagate_error(err, fault);
    return false;
  }
  return keep(doing, err);
}

bool bench_do(struct bench_job *job, GError **err)
{
  const guint cells = job->results->plan->cells->len;
  const int alone = job->together ? -1 : lone_begin(err);
  if (alone < 0 && !job->together)
    return false;
  struct doing doing = {.job = job,
                        .results = job->results,
                        .plan = job->results->plan,
                        .skipped = g_new0(bool, cells),
                        .kinds = g_new0(const char *, cells),
                        .begun_ns = clock_mono_ns()};
  doing.measuring = (struct measuring){
      .virt = job->virt, .plan = doing.plan, .goes_on = goes_on, .step = tell, .context = &doing};
  if (!job->results->begun_wall_ns)
    job->results->begun_wall_ns = clock_wall_ns();
  const bool ok = do_plan(&doing, err);
  g_free(doing.measuring.fio);
  g_free(doing.measuring.kernel);
  g_free(doing.kinds);
  g_free(doing.skipped);
  lone_end(alone);
  return ok;
}
