/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/bench/versus.h"

#include <math.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/bench/words.h"

/* ---- limits ---- */

static bool limit_fault(const char *text, const char *why, GError **err)
{
  g_autofree char *safe = text_safe(text);
  return error_set(err, ERROR_USAGE,
                   "a limit reads FIGURE < -10% or FIGURE > 10%; virtlens(1) lists the figures", "\"%s\": %s",
                   safe, why);
}

bool bench_limit_parse(const char *text, struct bench_limit *ret, GError **err)
{
  const char *sign = strpbrk(text, "<>");
  g_autofree char *name = g_strndup(text, sign ? (gsize)(sign - text) : strlen(text));
  const int figure = bench_figure_find(g_strstrip(name));
  char *end = NULL;
  if (!sign)
    return limit_fault(text, "there is neither < nor >", err);
  if (figure < 0)
    return limit_fault(text, "there is no such figure", err);
  const double percent = g_ascii_strtod(sign + 1, &end);
  if (end == sign + 1 || !isfinite(percent) || fabs(percent) > 1e6)
    return limit_fault(text, "there is no number", err);
  end += strspn(end, " ");
  if (*end != '%' || end[1 + strspn(end + 1, " ")] != '\0')
    return limit_fault(text, "the number must end with %, and nothing follow it", err);
  *ret = (struct bench_limit){(enum bench_figure)figure, *sign == '<', percent};
  return true;
}

static bool has_changed(enum bench_verdict verdict)
{
  return verdict == BENCH_BETTER || verdict == BENCH_WORSE || verdict == BENCH_DIFFERENT;
}

bool bench_limit_broken(const struct bench_limit *limit, const struct bench_change *change)
{
  const struct bench_compared *compared = &change->figure[limit->figure];
  const double percent = 100 * (compared->ratio - 1);
  if (!has_changed(compared->verdict) || !isfinite(percent))
    return false;
  return limit->below ? percent < limit->percent : percent > limit->percent;
}

/* ---- cells of both ---- */

static bool has_runs(const struct bench_results *results, int cell)
{
  g_autoptr(GPtrArray) runs = bench_results_runs_of(results, cell);
  return runs->len > 0;
}

/* The cell of OTHER that is the cell NUMBER of RESULTS; -1: there is none. */
static int find_cell(const struct bench_results *results, int number, const struct bench_results *other)
{
  const struct bench_cell *cell = bench_plan_cell(results->plan, number);
  for (int i = 0; i < (int)other->plan->cells->len; i++) {
    const struct bench_cell *candidate = bench_plan_cell(other->plan, i);
    if (bench_cell_same_work(cell, candidate) && bench_cell_same_device(cell, candidate) &&
        g_strcmp0(bench_results_made(results, number)->guest, bench_results_made(other, i)->guest) == 0 &&
        has_runs(other, i))
      return i;
  }
  return -1;
}

static struct bench_change *change_new(const struct bench_versus *versus, int first, int second)
{
  struct bench_change *change = g_new0(struct bench_change, 1);
  g_autoptr(GPtrArray) before = bench_results_runs_of(versus->first, first),
                       after = bench_results_runs_of(versus->second, second);
  change->first = first;
  change->second = second;
  for (int figure = 0; figure < BENCH_FIGURE_COUNT; figure++)
    bench_compare((const struct bench_run *const *)after->pdata, (int)after->len,
                  (const struct bench_run *const *)before->pdata, (int)before->len, (enum bench_figure)figure,
                  versus->first->plan->seed + (uint32_t)first * 1009 + (uint32_t)figure,
                  &change->figure[figure]);
  return change;
}

static void judge(const struct bench_versus *versus, enum bench_figure figure)
{
  const int n = (int)versus->changes->len;
  g_autofree double *p = g_new(double, MAX(n, 1));
  int comparisons = 0;
  for (int i = 0; i < n; i++) {
    const struct bench_change *change = g_ptr_array_index(versus->changes, i);
    p[i] = change->figure[figure].p;
    comparisons += !isnan(p[i]);
  }
  stats_holm(p, n);
  for (int i = 0; i < n; i++) {
    struct bench_change *change = g_ptr_array_index(versus->changes, i);
    g_autoptr(GPtrArray) before = bench_results_runs_of(versus->first, change->first);
    change->figure[figure].p = p[i];
    change->figure[figure].verdict =
        bench_judge(&change->figure[figure], (int)before->len, comparisons, figure);
  }
}

struct bench_versus *bench_versus_new(const struct bench_results *first, const struct bench_results *second)
{
  struct bench_versus *versus = g_new0(struct bench_versus, 1);
  versus->first = first;
  versus->second = second;
  versus->changes = g_ptr_array_new_with_free_func(g_free);
  for (int i = 0; i < (int)first->plan->cells->len; i++) {
    const int other = has_runs(first, i) ? find_cell(first, i, second) : -1;
    if (other >= 0)
      g_ptr_array_add(versus->changes, change_new(versus, i, other));
    else
      versus->only_first += has_runs(first, i);
  }
  for (int i = 0; i < (int)second->plan->cells->len; i++)
    versus->only_second += has_runs(second, i) && find_cell(second, i, first) < 0;
  for (int figure = 0; figure < BENCH_FIGURE_COUNT; figure++)
    judge(versus, (enum bench_figure)figure);
  return versus;
}

void bench_versus_free(struct bench_versus *versus)
{
  if (!versus)
    return;
  g_ptr_array_unref(versus->changes);
  g_free(versus);
}

/* ---- for reading ---- */

static void append_figure(GString *out, const struct bench_change *change, enum bench_figure figure)
{
  const struct bench_compared *compared = &change->figure[figure];
  g_autofree char *ratio = bench_ratio_text(compared->ratio);
  g_autofree char *interval = bench_ratio_interval_text(compared->ratio_interval);
  units_buf before, after;
  g_string_append_printf(out, "    %-9s %7s -> %-7s %7s  %-15s %s\n", bench_figure_row(figure)->title,
                         bench_value_text(before, figure, compared->value / compared->ratio),
                         bench_value_text(after, figure, compared->value), ratio, interval,
                         compared->verdict == BENCH_TOO_FEW ? "too few runs"
                                                            : bench_verdict_text(compared->verdict));
}

/* The figure that its work is judged by, and what else can be shown to have changed. */
static int append_change(GString *out, const struct bench_versus *versus, const struct bench_change *change)
{
  const struct bench_cell *cell = bench_plan_cell(versus->first->plan, change->first);
  const enum bench_figure first = bench_main_figure(cell->workload);
  g_autofree char *work = bench_cell_work(cell), *device = bench_cell_device(cell);
  int changed = 0;
  g_string_append_printf(out, "  %s, %s\n", work, device);
  for (int i = 0; i < BENCH_FIGURE_COUNT; i++) {
    const bool shown = has_changed(change->figure[i].verdict) &&
                       bench_figure_row((enum bench_figure)i)->group != BENCH_NOISE;
    if (shown || i == (int)first)
      append_figure(out, change, (enum bench_figure)i);
    changed += shown;
  }
  return changed;
}

static bool has_too_few(const struct bench_versus *versus, const struct bench_change *change)
{
  const struct bench_cell *cell = bench_plan_cell(versus->first->plan, change->first);
  return change->figure[bench_main_figure(cell->workload)].verdict == BENCH_TOO_FEW;
}

char *bench_versus_text(const struct bench_versus *versus)
{
  GString *out = g_string_new(NULL);
  int changed = 0, few = 0;
  if (versus->first->simulated || versus->second->simulated)
    g_string_append(out, "SIMULATED: at least one of the two are a model's figures\n");
  for (guint i = 0; i < versus->changes->len; i++) {
    const struct bench_change *change = g_ptr_array_index(versus->changes, i);
    changed += append_change(out, versus, change) > 0;
    few += has_too_few(versus, change);
  }
  if (versus->only_first || versus->only_second)
    g_string_append_printf(out,
                           "Not compared: %d cells that the first alone has, %d that the second alone has.\n",
                           versus->only_first, versus->only_second);
  if (few)
    g_string_append_printf(out, "Too few runs to show any difference, however large: %d cells.\n", few);
  if (!versus->changes->len)
    g_string_append(out, "No cell is in both.\n");
  else if (!changed)
    g_string_append_printf(out, "%u cells compared: no difference that can be shown.\n",
                           versus->changes->len);
  else
    g_string_append_printf(out, "%u cells compared, %d of them differ.\n", versus->changes->len, changed);
  return g_string_free(out, FALSE);
}
