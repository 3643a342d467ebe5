/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/bench/analysis.h"

#include <math.h>
#include <string.h>

#include "core/bench/sample.h"

static const struct {
  const char *name, *text;
} verdicts[] = {
    [BENCH_NO_FIGURES] = {"unknown", "no figures"},
    [BENCH_IS_BASELINE] = {"baseline", "baseline"},
    [BENCH_TOO_FEW] = {"too-few", "too few runs to show any difference"},
    [BENCH_NO_DIFFERENCE] = {"no-difference", "no difference that can be shown"},
    [BENCH_BETTER] = {"better", "better"},
    [BENCH_WORSE] = {"worse", "worse"},
    [BENCH_DIFFERENT] = {"different", "different"},
};
G_STATIC_ASSERT(G_N_ELEMENTS(verdicts) == BENCH_VERDICTS);

const char *bench_verdict_name(enum bench_verdict verdict)
{
  return verdicts[verdict].name;
}

const char *bench_verdict_text(enum bench_verdict verdict)
{
  return verdicts[verdict].text;
}

const struct bench_comparison *bench_comparison_at(const struct bench_analysis *analysis, guint i)
{
  return g_ptr_array_index(analysis->comparisons, i);
}

const struct bench_entry *bench_entry_at(const struct bench_comparison *comparison, guint i)
{
  return g_ptr_array_index(comparison->entries, i);
}

enum bench_figure bench_main_figure(enum bench_workload workload)
{
  return workload == BENCH_BOOT ? BENCH_F_BOOT : workload == BENCH_CPU ? BENCH_F_INTEGER : BENCH_F_IOPS;
}

bool bench_comparison_has(const struct bench_comparison *comparison, enum bench_figure figure)
{
  for (guint i = 0; i < comparison->entries->len; i++)
    if (isfinite(bench_entry_at(comparison, i)->figure[figure].value))
      return true;
  return false;
}

/* ---- one figure ---- */

static void summarise(const struct bench_sample *sample, uint32_t seed, struct bench_compared *ret)
{
  double resamples[STATS_RESAMPLES];
  *ret = (struct bench_compared){.runs = sample->n,
                                 .value = sample->value,
                                 .mean = stats_mean(sample->values, sample->n),
                                 .deviation = stats_deviation(sample->values, sample->n),
                                 .least = NAN,
                                 .most = NAN,
                                 .ratio = NAN,
                                 .ratio_interval = {NAN, NAN},
                                 .p = NAN};
  for (int i = 0; i < sample->n; i++) {
    ret->least = fmin(ret->least, sample->values[i]);
    ret->most = fmax(ret->most, sample->values[i]);
  }
  bench_sample_resample(sample, seed, resamples);
  ret->interval = stats_interval_of(resamples, sample->n);
  stats_resample_mean(sample->values, sample->n, seed, resamples);
  ret->mean_interval = stats_interval_of(resamples, sample->n);
}

static void hold_against(const struct bench_sample *a, const struct bench_sample *b, uint32_t seed,
                         struct bench_compared *ret)
{
  double of_a[STATS_RESAMPLES], of_b[STATS_RESAMPLES];
  if (!a->n || !b->n)
    return;
  ret->p = stats_rank_test(a->values, a->n, b->values, b->n);
  if (b->value <= 0)
    return;
  ret->ratio = a->value / b->value;
  bench_sample_resample(a, seed, of_a);
  bench_sample_resample(b, ~seed, of_b); /* drawn independently */
  for (int i = 0; i < STATS_RESAMPLES; i++)
    of_a[i] /= of_b[i];
  ret->ratio_interval = stats_interval_of(of_a, MIN(a->n, b->n));
}

void bench_compare(const struct bench_run *const *a, int na, const struct bench_run *const *b, int nb,
                   enum bench_figure figure, uint32_t seed, struct bench_compared *ret)
{
  struct bench_sample *first = bench_sample_new(a, na, figure), *second = bench_sample_new(b, nb, figure);
  summarise(first, seed, ret);
  hold_against(first, second, seed, ret);
  bench_sample_free(first);
  bench_sample_free(second);
}

enum bench_verdict bench_judge(const struct bench_compared *compared, int nb, int comparisons,
                               enum bench_figure figure)
{
  const int better = bench_figure_row(figure)->better;
  if (!compared->runs || !nb || isnan(compared->p))
    return BENCH_NO_FIGURES;
  if (stats_rank_test_least(compared->runs, nb) * comparisons > STATS_LEVEL)
    return BENCH_TOO_FEW;
  if (compared->p > STATS_LEVEL)
    return BENCH_NO_DIFFERENCE;
  if (!better || isnan(compared->ratio))
    return BENCH_DIFFERENT;
  return (compared->ratio > 1) == (better > 0) ? BENCH_BETTER : BENCH_WORSE;
}

/* ---- cells that did the same work ---- */

static void free_entry(gpointer pointer)
{
  struct bench_entry *entry = pointer;
  bench_histogram_free(entry->latency);
  g_free(entry);
}

static void free_comparison(gpointer pointer)
{
  struct bench_comparison *comparison = pointer;
  g_ptr_array_unref(comparison->entries);
  g_free(comparison->work);
  g_free(comparison);
}

static struct bench_entry *entry_new(const struct bench_results *results, int cell)
{
  struct bench_entry *entry = g_new0(struct bench_entry, 1);
  entry->cell = cell;
  entry->latency = bench_histogram_new();
  for (guint i = 0; i < results->runs->len; i++) {
    const struct bench_run *run = g_ptr_array_index(results->runs, i);
    if (run->cell != cell)
      continue;
    entry->failed += run->failure != NULL;
    entry->repeated += !run->failure && run->repeated;
    if (!bench_run_counts(run))
      continue;
    entry->runs++;
    entry->disturbed += run->disturbances != 0;
    bench_histogram_merge(entry->latency, run->latency);
  }
  return entry;
}

static struct bench_comparison *comparison_of(struct bench_analysis *analysis, int cell)
{
  const struct bench_results *results = analysis->results;
  const struct bench_cell *wanted = bench_plan_cell(results->plan, cell);
  const char *guest = bench_results_made(results, cell)->guest;
  for (guint i = 0; i < analysis->comparisons->len; i++) {
    struct bench_comparison *known = g_ptr_array_index(analysis->comparisons, i);
    const struct bench_cell *other = bench_plan_cell(results->plan, bench_entry_at(known, 0)->cell);
    if (bench_cell_same_work(wanted, other) && g_strcmp0(guest, known->guest) == 0)
      return known;
  }
  struct bench_comparison *comparison = g_new0(struct bench_comparison, 1);
  comparison->work = bench_cell_work(wanted);
  comparison->workload = wanted->workload;
  comparison->guest = guest;
  comparison->entries = g_ptr_array_new_with_free_func(free_entry);
  g_ptr_array_add(analysis->comparisons, comparison);
  return comparison;
}

static int baseline_of(const struct bench_plan *plan, const struct bench_comparison *comparison,
                       const struct backend *backend)
{
  for (guint i = 0; i < comparison->entries->len; i++)
    if (bench_plan_cell(plan, bench_entry_at(comparison, i)->cell)->backend == backend)
      return (int)i;
  return 0;
}

/* Everywhere the same seed, but another for each figure and cell. */
static uint32_t seed_of(const struct bench_plan *plan, int cell, int figure)
{
  return plan->seed + (uint32_t)cell * 1009 + (uint32_t)figure * 9176;
}

static void compare_figure(const struct bench_results *results, struct bench_comparison *comparison,
                           GPtrArray *const *runs, enum bench_figure figure)
{
  const GPtrArray *base = runs[comparison->baseline];
  const int n = (int)comparison->entries->len;
  g_autofree double *p = g_new(double, n);
  int comparisons = 0;
  for (int i = 0; i < n; i++) {
    struct bench_entry *entry = g_ptr_array_index(comparison->entries, i);
    bench_compare((const struct bench_run *const *)runs[i]->pdata, (int)runs[i]->len,
                  (const struct bench_run *const *)base->pdata, (int)base->len, figure,
                  seed_of(results->plan, entry->cell, figure), &entry->figure[figure]);
    p[i] = i == comparison->baseline ? (double)NAN : entry->figure[figure].p;
    comparisons += !isnan(p[i]);
  }
  stats_holm(p, n);
  const int nb = bench_entry_at(comparison, (guint)comparison->baseline)->figure[figure].runs;
  for (int i = 0; i < n; i++) {
    struct bench_entry *entry = g_ptr_array_index(comparison->entries, i);
    entry->figure[figure].p = p[i];
    entry->figure[figure].verdict = i == comparison->baseline
                                        ? BENCH_IS_BASELINE
                                        : bench_judge(&entry->figure[figure], nb, comparisons, figure);
  }
}

static void compare_all(const struct bench_results *results, struct bench_comparison *comparison)
{
  const guint n = comparison->entries->len;
  g_autofree GPtrArray **runs = g_new(GPtrArray *, n);
  for (guint i = 0; i < n; i++)
    runs[i] = bench_results_runs_of(results, bench_entry_at(comparison, i)->cell);
  for (int figure = 0; figure < BENCH_FIGURE_COUNT; figure++)
    compare_figure(results, comparison, runs, (enum bench_figure)figure);
  for (guint i = 0; i < n; i++)
    g_ptr_array_unref(runs[i]);
}

struct bench_analysis *bench_analyse(const struct bench_results *results, const struct backend *baseline)
{
  struct bench_analysis *analysis = g_new0(struct bench_analysis, 1);
  analysis->results = results;
  analysis->comparisons = g_ptr_array_new_with_free_func(free_comparison);
  for (int cell = 0; cell < (int)results->plan->cells->len; cell++) {
    struct bench_entry *entry = entry_new(results, cell);
    if (entry->runs)
      g_ptr_array_add(comparison_of(analysis, cell)->entries, entry);
    else
      free_entry(entry);
  }
  for (guint i = 0; i < analysis->comparisons->len; i++) {
    struct bench_comparison *comparison = g_ptr_array_index(analysis->comparisons, i);
    comparison->baseline =
        baseline_of(results->plan, comparison, baseline ? baseline : results->plan->baseline);
    compare_all(results, comparison);
  }
  return analysis;
}

void bench_analysis_free(struct bench_analysis *analysis)
{
  if (!analysis)
    return;
  g_ptr_array_unref(analysis->comparisons);
  g_free(analysis);
}
