/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/bench/report.h"

#include <math.h>
#include <string.h>

#include "core/base/text.h"
#include "core/base/units.h"
#include "core/bench/words.h"

#define WIDTH 80
#define LABEL 24 /* columns of a cell's label */

/* TEXT, raw, in lines that begin with two blanks; the first with LEAD in their place. */
static void paragraph(GString *out, const char *lead, const char *text)
{
  g_autofree char *line = text_line(text);
  const char *rest = line;
  g_string_append(out, lead);
  for (;;) {
    const size_t n = text_break(rest, WIDTH - (int)strlen(lead));
    g_string_append_len(out, rest, (gssize)n);
    rest += n;
    rest += strspn(rest, " ");
    g_string_append_c(out, '\n');
    if (!*rest)
      return;
    g_string_append_printf(out, "%*s", (int)strlen(lead), "");
  }
}

static void item(GString *out, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void item(GString *out, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  paragraph(out, "  - ", text);
}

static void heading(GString *out, const char *title)
{
  g_string_append_printf(out, "\n%s\n", title);
  for (size_t i = 0; i < strlen(title); i++)
    g_string_append_c(out, '-');
  g_string_append_c(out, '\n');
}

/* ---- what was done ---- */

static void count_runs(const struct bench_results *results, int *ret_good, int *ret_repeated, int *ret_failed)
{
  *ret_good = *ret_repeated = *ret_failed = 0;
  for (guint i = 0; i < results->runs->len; i++) {
    const struct bench_run *run = g_ptr_array_index(results->runs, i);
    *(run->failure ? ret_failed : run->repeated ? ret_repeated : ret_good) += 1;
  }
}

static void tell_time(GString *out, const struct bench_results *results)
{
  if (!results->begun_wall_ns || !results->ended_wall_ns)
    return;
  g_autofree char *begun = units_time_utc(results->begun_wall_ns);
  g_autofree char *span = units_span((double)(results->ended_wall_ns - results->begun_wall_ns) / 1e9);
  item(out, "Begun %s; it took %s.", begun, span);
}

static void tell_setting(GString *out, const struct bench_plan *plan)
{
  g_autofree char *memory = units_size_text(plan->memory), *disk = units_size_text(plan->disk_size);
  item(out,
       "Each run: a guest of its own with %d vCPU and %s, on a new scratch disk of %s with direct I/O; %g s "
       "measured "
       "after %g s of warm-up that are discarded.",
       plan->vcpus, memory, disk, plan->duration, plan->warmup);
}

static void tell_facts(GString *out, const struct bench_results *results)
{
  for (int i = 0; i < BENCH_FACTS; i++)
    if (results->fact[i])
      item(out, "%s: %s", bench_fact_title((enum bench_fact)i), results->fact[i]);
}

static void tell_method(GString *out)
{
  item(out,
       "Values are medians of runs; percentiles of latency are those of the requests of all runs together.");
  item(out,
       "Intervals are of 95 %%, by the bootstrap: %d resamples of whole runs, percentiles expanded for few "
       "runs "
       "(Hesterberg 2015).",
       STATS_RESAMPLES);
  item(out, "A difference is claimed where the rank test (Wilcoxon; Mann and Whitney 1947; two-sided, exact "
            "for few runs) "
            "gives less than 5 %%, after adjusting for the number of comparisons (Holm 1979).");
}

static void what_was_done(GString *out, const struct bench_results *results)
{
  int good, repeated, failed;
  count_runs(results, &good, &repeated, &failed);
  heading(out, "What was done");
  if (results->version == 0) {
    item(
        out,
        "%d figures were read from the results of another program, which say nothing of how they came about.",
        good);
    return;
  }
  item(out,
       "Plan %s: %u cells, %d runs that count, %d repeated, %d failed; in an order drawn anew in each round "
       "(seed "
       "%u).",
       results->plan->name, results->plan->cells->len, good, repeated, failed, results->plan->seed);
  tell_time(out, results);
  if (!results->simulated)
    tell_setting(out, results->plan);
  tell_facts(out, results);
  tell_method(out);
}

/* ---- what it shows ---- */

/* A row of cells, each RIGHT columns wide after the label. */
static void cell_text(GString *out, const char *text, int width)
{
  g_string_append_printf(out, " %*s%s", MAX(width - text_width(text), 0), "", text);
}

static void label_text(GString *out, const char *label)
{
  g_autofree char *fitted = text_fit(label, LABEL, true);
  g_string_append_printf(out, "  %s%*s", fitted, LABEL - text_width(fitted), "");
}

static void main_row(GString *out, const struct bench_analysis *analysis,
                     const struct bench_comparison *comparison, guint i, enum bench_figure figure)
{
  const struct bench_compared *compared = &bench_entry_at(comparison, i)->figure[figure];
  g_autofree char *label = bench_entry_label(analysis, comparison, i);
  g_autofree char *interval = bench_interval_text(figure, compared->interval);
  g_autofree char *ratio = bench_ratio_text(compared->ratio);
  g_autofree char *ratios = bench_ratio_interval_text(compared->ratio_interval);
  const bool base = compared->verdict == BENCH_IS_BASELINE;
  units_buf buf;
  label_text(out, label);
  cell_text(out, bench_value_text(buf, figure, compared->value), 7);
  cell_text(out, interval, 16);
  cell_text(out, base ? "1" : ratio, 7);
  cell_text(out, base ? "baseline" : ratios, 14);
  g_string_append_c(out, '\n');
}

static const enum bench_figure cost_figures[] = {BENCH_F_LAT_P50, BENCH_F_LAT_P99,  BENCH_F_LAT_P999,
                                                 BENCH_F_LAT_MAX, BENCH_F_HOST_CPU, BENCH_F_PER_CPU,
                                                 BENCH_F_EXITS};
static const enum bench_figure boot_figures[] = {BENCH_F_FIRMWARE, BENCH_F_KERNEL, BENCH_F_USERSPACE,
                                                 BENCH_F_HOST_CPU, BENCH_F_MEMORY};
static const enum bench_figure cpu_figures[] = {BENCH_F_FLOAT,      BENCH_F_WALK,      BENCH_F_HOST_INTEGER,
                                                BENCH_F_HOST_FLOAT, BENCH_F_HOST_WALK, BENCH_F_STEAL};

/* The other figures of a work that belong side by side. */
static const enum bench_figure *figures_of(enum bench_workload workload, size_t *ret_count)
{
  if (workload == BENCH_BOOT) {
    *ret_count = G_N_ELEMENTS(boot_figures);
    return boot_figures;
  }
  if (workload == BENCH_CPU) {
    *ret_count = G_N_ELEMENTS(cpu_figures);
    return cpu_figures;
  }
  *ret_count = G_N_ELEMENTS(cost_figures);
  return cost_figures;
}

static void cost_table(GString *out, const struct bench_analysis *analysis,
                       const struct bench_comparison *comparison)
{
  size_t count;
  const enum bench_figure *figures = figures_of(comparison->workload, &count);
  g_string_append_c(out, '\n');
  label_text(out, "");
  for (size_t k = 0; k < count; k++)
    cell_text(out, bench_figure_row(figures[k])->title, 6);
  g_string_append_c(out, '\n');
  for (guint i = 0; i < comparison->entries->len; i++) {
    g_autofree char *label = bench_entry_label(analysis, comparison, i);
    label_text(out, label);
    for (size_t k = 0; k < count; k++) {
      units_buf buf;
      const int width = MAX(6, (int)strlen(bench_figure_row(figures[k])->title));
      cell_text(out,
                bench_value_text(buf, figures[k], bench_entry_at(comparison, i)->figure[figures[k]].value),
                width);
    }
    g_string_append_c(out, '\n');
  }
}

static void show_comparison(GString *out, const struct bench_analysis *analysis,
                            const struct bench_comparison *comparison)
{
  const enum bench_figure figure = bench_main_figure(comparison->workload);
  g_autofree char *title = bench_comparison_title(comparison);
  g_string_append_printf(out, "\n  %s\n", title);
  label_text(out, "");
  cell_text(out, bench_figure_row(figure)->title, 7);
  cell_text(out, "95 %", 16);
  cell_text(out, "ratio", 7);
  cell_text(out, "95 %", 14);
  g_string_append_c(out, '\n');
  for (guint i = 0; i < comparison->entries->len; i++)
    main_row(out, analysis, comparison, i, figure);
  cost_table(out, analysis, comparison);
  if (comparison->entries->len > 1)
    g_string_append_c(out, '\n');
  for (guint i = 0; i < comparison->entries->len; i++) {
    g_autofree char *sentence = bench_entry_sentence(analysis, comparison, i, figure);
    if ((int)i != comparison->baseline)
      item(out, "%s", sentence);
  }
}

static void what_it_shows(GString *out, const struct bench_analysis *analysis)
{
  heading(out, "What it shows");
  for (guint i = 0; i < analysis->comparisons->len; i++)
    show_comparison(out, analysis, bench_comparison_at(analysis, i));
  if (!analysis->comparisons->len)
    item(out, "Nothing: no cell has a run that counts.");
}

/* ---- what it does not show ---- */

static int count_verdicts(const struct bench_analysis *analysis, enum bench_verdict verdict)
{
  int count = 0;
  for (guint i = 0; i < analysis->comparisons->len; i++) {
    const struct bench_comparison *comparison = bench_comparison_at(analysis, i);
    for (guint k = 0; k < comparison->entries->len; k++)
      count +=
          bench_entry_at(comparison, k)->figure[bench_main_figure(comparison->workload)].verdict == verdict;
  }
  return count;
}

static bool anywhere(const struct bench_analysis *analysis, enum bench_figure figure)
{
  for (guint i = 0; i < analysis->comparisons->len; i++)
    if (bench_comparison_has(bench_comparison_at(analysis, i), figure))
      return true;
  return false;
}

static void tell_absent(GString *out, const struct bench_analysis *analysis)
{
  GString *names = g_string_new(NULL);
  for (int i = 0; i < BENCH_FIGURE_COUNT; i++)
    if (!anywhere(analysis, (enum bench_figure)i))
      g_string_append_printf(names, "%s%s", names->len ? ", " : "",
                             bench_figure_row((enum bench_figure)i)->title);
  if (names->len)
    item(out, "No run has a figure of: %s.", names->str);
  g_string_free(names, TRUE);
}

static void tell_refused(GString *out, const struct bench_results *results)
{
  for (int i = 0; i < (int)results->plan->cells->len; i++) {
    const char *why = bench_results_made(results, i)->refused;
    g_autofree char *work = bench_cell_work(bench_plan_cell(results->plan, i));
    g_autofree char *device = bench_cell_device(bench_plan_cell(results->plan, i));
    if (why)
      item(out, "%s on %s could not be run here: %s", work, device, why);
  }
}

static void what_it_does_not(GString *out, const struct bench_analysis *analysis)
{
  const int same = count_verdicts(analysis, BENCH_NO_DIFFERENCE),
            few = count_verdicts(analysis, BENCH_TOO_FEW);
  heading(out, "What it does not show");
  if (analysis->results->simulated)
    item(out, "How any machine behaves: these are figures of a model.");
  if (same)
    item(out,
         "Comparisons above that end with no difference that can be shown: %d. That is not proof of "
         "equality: a "
         "difference smaller than the intervals may be there.",
         same);
  if (few)
    item(out, "Comparisons above with too few runs to show any difference, however large: %d.", few);
  tell_refused(out, analysis->results);
  tell_absent(out, analysis);
  item(out, "Other hosts, disks, kernels and versions, guests that do several things at once, and more than "
            "one guest at a "
            "time: none of them was tried.");
}

/* ---- anomalies ---- */

static void tell_runs(GString *out, const struct bench_results *results, int *count)
{
  for (guint i = 0; i < results->runs->len; i++) {
    const struct bench_run *run = g_ptr_array_index(results->runs, i);
    g_autofree char *work = bench_cell_work(bench_plan_cell(results->plan, run->cell));
    g_autofree char *device = bench_cell_device(bench_plan_cell(results->plan, run->cell));
    if (run->failure)
      item(out, "Run %u (%s, %s) failed: %s", i + 1, work, device, run->failure);
    for (int k = 0; k < BENCH_DISTURBANCES; k++)
      if (run->disturbances >> k & 1)
        item(out, "Run %u (%s, %s) was disturbed%s: %s", i + 1, work, device,
             run->repeated ? " and repeated" : ", and counts all the same",
             bench_disturbance_text((enum bench_disturbance)k));
    *count += run->failure || run->disturbances;
  }
}

#define WIDE 0.2       /* a deviation that is so much of the mean makes a figure doubtful */
#define TAIL_LEAST 1e4 /* below, fewer than ten requests stand behind p99.9 */

static void tell_entry(GString *out, const struct bench_analysis *analysis,
                       const struct bench_comparison *comparison, guint i, int *count)
{
  const struct bench_entry *entry = bench_entry_at(comparison, i);
  const enum bench_figure figure = bench_main_figure(comparison->workload);
  const struct bench_compared *compared = &entry->figure[figure];
  const double requests = (double)bench_histogram_count(entry->latency);
  g_autofree char *label = bench_entry_label(analysis, comparison, i);
  if (compared->deviation > WIDE * compared->mean) {
    item(out, "%s, %s: %s varies by %.0f %% from run to run.", comparison->work, label,
         bench_figure_row(figure)->title, 100 * compared->deviation / compared->mean);
    ++*count;
  }
  if (requests > 0 && requests < TAIL_LEAST) {
    item(out, "%s, %s: %.0f requests in all are too few for p99.9: fewer than ten of them took longer.",
         comparison->work, label, requests);
    ++*count;
  }
}

static int anomalies(GString *out, const struct bench_analysis *analysis)
{
  const struct bench_results *results = analysis->results;
  int count = 0;
  heading(out, "Anomalies");
  if (!results->complete) {
    item(out, "The plan was not carried out to its end%s%s.", results->end ? ": " : "",
         results->end ? results->end : "");
    count++;
  }
  tell_runs(out, results, &count);
  for (guint i = 0; i < analysis->comparisons->len; i++)
    for (guint k = 0; k < bench_comparison_at(analysis, i)->entries->len; k++)
      tell_entry(out, analysis, bench_comparison_at(analysis, i), k, &count);
  if (!count)
    item(out, "None was seen.");
  return count;
}

/* ---- advice ---- */

/* The entry of COMPARISON that is shown to be the best of all in FIGURE; -1: none is. */
static int best_of(const struct bench_comparison *comparison, enum bench_figure figure)
{
  const int better = bench_figure_row(figure)->better;
  int best = comparison->baseline;
  for (guint i = 0; i < comparison->entries->len; i++) {
    const struct bench_compared *compared = &bench_entry_at(comparison, i)->figure[figure];
    const double lead = compared->value - bench_entry_at(comparison, (guint)best)->figure[figure].value;
    if (compared->verdict == BENCH_BETTER && better * lead > 0)
      best = (int)i;
  }
  return best == comparison->baseline ? -1 : best;
}

/* Those that cannot be told from the entry BEST, as " (or A, B: ...)"; "" where it is alone.  Caller frees.
 */
static char *as_good_as(const struct bench_analysis *analysis, const struct bench_comparison *comparison,
                        int best, enum bench_figure figure)
{
  g_autoptr(GPtrArray) runs =
      bench_results_runs_of(analysis->results, bench_entry_at(comparison, (guint)best)->cell);
  GString *names = g_string_new(NULL);
  for (guint i = 0; i < comparison->entries->len; i++) {
    g_autoptr(GPtrArray) others =
        bench_results_runs_of(analysis->results, bench_entry_at(comparison, i)->cell);
    g_autofree char *label = bench_entry_label(analysis, comparison, i);
    struct bench_compared compared;
    bench_compare((const struct bench_run *const *)runs->pdata, (int)runs->len,
                  (const struct bench_run *const *)others->pdata, (int)others->len, figure, 1, &compared);
    if ((int)i != best && (int)i != comparison->baseline && compared.p > STATS_LEVEL)
      g_string_append_printf(names, "%s%s", names->len ? ", " : " (or ", label);
  }
  if (names->len)
    g_string_append(names, ": no difference to it can be shown)");
  return g_string_free(names, FALSE);
}

static void advise(GString *out, const struct bench_analysis *analysis,
                   const struct bench_comparison *comparison)
{
  const enum bench_figure figure = bench_main_figure(comparison->workload);
  const int best = best_of(comparison, figure);
  if (best < 0)
    return;
  const struct bench_entry *entry = bench_entry_at(comparison, (guint)best);
  const struct bench_compared *cpu = &entry->figure[BENCH_F_PER_CPU];
  g_autofree char *label = bench_entry_label(analysis, comparison, (guint)best);
  g_autofree char *others = as_good_as(analysis, comparison, best, figure);
  g_autofree char *ratio = bench_ratio_text(entry->figure[figure].ratio);
  g_autofree char *per_cpu = bench_ratio_text(cpu->ratio);
  const bool tells_cost = cpu->verdict == BENCH_BETTER || cpu->verdict == BENCH_WORSE;
  item(out, "%s: take %s%s: %s the %s of the baseline%s%s%s.", comparison->work, label, others, ratio,
       bench_figure_row(figure)->title, tells_cost ? ", at " : "", tells_cost ? per_cpu : "",
       tells_cost ? " the requests per CPU second" : "");
}

static void advice(GString *out, const struct bench_analysis *analysis, int anomalous)
{
  heading(out, "Advice");
  for (guint i = 0; i < analysis->comparisons->len; i++)
    advise(out, analysis, bench_comparison_at(analysis, i));
  if (count_verdicts(analysis, BENCH_TOO_FEW))
    item(out, "Ask for more runs of each cell: with one comparison 4 of each can show a difference, with "
              "more it takes "
              "more (runs=7).");
  if (count_verdicts(analysis, BENCH_NO_DIFFERENCE))
    item(out, "Where no difference can be shown, choose by what it costs or how it is handled; or ask again "
              "with longer "
              "and more runs (duration=, runs=), if a small difference matters.");
  if (anomalous)
    item(out, "Look at the anomalies before these figures are used; on a quieter host there may be none.");
  if (analysis->results->simulated)
    item(out, "Measure: virtlens bench without --simulate.");
  else
    item(out, "Repeat it on the machine it is meant for: virtlens report compare tells whether two results "
              "differ.");
}

char *bench_report_text(const struct bench_analysis *analysis)
{
  const struct bench_results *results = analysis->results;
  g_autofree char *by = text_line(results->made_by ? results->made_by : "virtlens");
  GString *out = g_string_new(NULL);
  g_string_append_printf(out, "Analysis of a benchmark (%s)\n", by);
  if (results->simulated)
    g_string_append_printf(out, "%s\n", bench_simulated_text(results));
  what_was_done(out, results);
  what_it_shows(out, analysis);
  what_it_does_not(out, analysis);
  const int anomalous = anomalies(out, analysis);
  advice(out, analysis, anomalous);
  return g_string_free(out, FALSE);
}
