/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/bench/words.h"

#include <math.h>
#include <string.h>

#include "core/base/text.h"

const char *bench_value_text(units_buf buf, enum bench_figure figure, double value)
{
  switch (bench_figure_row(figure)->unit) {
  case UNIT_BYTES:
  case UNIT_BYTES_PER_S:
    return units_bytes(buf, value);
  case UNIT_SECONDS:
    return units_seconds(buf, value, true);
  case UNIT_PERCENT:
    return units_percent(buf, value);
  default:
    return units_count(buf, value);
  }
}

char *bench_interval_text(enum bench_figure figure, struct stats_interval interval)
{
  units_buf low, high;
  if (!isfinite(interval.low) || !isfinite(interval.high))
    return g_strdup("-");
  return g_strdup_printf("%s to %s", bench_value_text(low, figure, interval.low),
                         bench_value_text(high, figure, interval.high));
}

/* Three digits, as far as that goes without an exponent. */
static char *short_number(double value)
{
  char buf[G_ASCII_DTOSTR_BUF_SIZE];
  const char *format = value < 9.995 ? "%.2f" : value < 99.95 ? "%.1f" : "%.0f";
  return g_strdup(g_ascii_formatd(buf, sizeof buf, format, value));
}

char *bench_ratio_text(double ratio)
{
  g_autofree char *number = isfinite(ratio) ? short_number(ratio) : NULL;
  return number ? g_strdup_printf("%sx", number) : g_strdup("-");
}

char *bench_ratio_interval_text(struct stats_interval interval)
{
  if (!isfinite(interval.low) || !isfinite(interval.high))
    return g_strdup("-");
  g_autofree char *low = short_number(interval.low), *high = short_number(interval.high);
  return g_strdup_printf("%s to %s", low, high);
}

/* ---- labels ---- */

typedef const char *(*property)(const struct bench_cell *cell);

static const char *accel_of(const struct bench_cell *cell)
{
  return bench_accel_name(cell->accel);
}

static const char *format_of(const struct bench_cell *cell)
{
  return cell->format;
}

static const char *cache_of(const struct bench_cell *cell)
{
  return cell->cache;
}

static const char *aio_of(const struct bench_cell *cell)
{
  return cell->aio;
}

static const char *iothread_of(const struct bench_cell *cell)
{
  return cell->iothread ? "iothread" : "no iothread";
}

static bool differs(const struct bench_plan *plan, const struct bench_comparison *comparison, property of)
{
  const char *first = of(bench_plan_cell(plan, bench_entry_at(comparison, 0)->cell));
  for (guint i = 1; i < comparison->entries->len; i++)
    if (strcmp(first, of(bench_plan_cell(plan, bench_entry_at(comparison, i)->cell))) != 0)
      return true;
  return false;
}

char *bench_entry_label(const struct bench_analysis *analysis, const struct bench_comparison *comparison,
                        guint i)
{
  static const property properties[] = {accel_of, format_of, cache_of, aio_of, iothread_of};
  const struct bench_plan *plan = analysis->results->plan;
  const int number = bench_entry_at(comparison, i)->cell;
  const struct bench_cell *cell = bench_plan_cell(plan, number);
  const char *accel = bench_results_made(analysis->results, number)->accel;
  if (cell->workload == BENCH_CPU) /* no device has a part in it */
    return text_line(accel ? accel : accel_of(cell));
  GString *label = g_string_new(cell->backend->name);
  for (size_t k = 0; k < G_N_ELEMENTS(properties); k++)
    if (differs(plan, comparison, properties[k]))
      g_string_append_printf(label, " %s", properties[k](cell));
  return g_string_free(label, FALSE);
}

char *bench_comparison_title(const struct bench_comparison *comparison)
{
  g_autofree char *guest = text_line(comparison->guest ? comparison->guest : "unknown");
  return g_strdup_printf("%s, guest %s", comparison->work, guest);
}

const char *bench_simulated_text(const struct bench_results *results)
{
  return results->simulated ? "SIMULATED: a model's figures; nothing was measured" : "";
}

/* ---- sentences ---- */

static char *probability(double p)
{
  char buf[G_ASCII_DTOSTR_BUF_SIZE];
  return p < 0.001
             ? g_strdup("p < 0.001")
             : g_strdup_printf("p = %s", g_ascii_formatd(buf, sizeof buf, p < 0.1 ? "%.3f" : "%.2f", p));
}

/* What is told of a difference that can be shown. */
static char *difference(const struct bench_compared *compared, const char *label, const char *base,
                        const char *figure)
{
  g_autofree char *ratio = bench_ratio_text(compared->ratio), *p = probability(compared->p);
  g_autofree char *interval = bench_ratio_interval_text(compared->ratio_interval);
  return g_strdup_printf("%s: %s in %s than %s, %s its value (95 %% interval %s; %s).", label,
                         bench_verdict_text(compared->verdict), figure, base, ratio, interval, p);
}

char *bench_entry_sentence(const struct bench_analysis *analysis, const struct bench_comparison *comparison,
                           guint i, enum bench_figure figure)
{
  const struct bench_compared *compared = &bench_entry_at(comparison, i)->figure[figure];
  const char *title = bench_figure_row(figure)->title;
  g_autofree char *label = bench_entry_label(analysis, comparison, i);
  g_autofree char *base = bench_entry_label(analysis, comparison, (guint)comparison->baseline);
  g_autofree char *p = probability(compared->p);
  switch (compared->verdict) {
  case BENCH_NO_DIFFERENCE:
    return g_strdup_printf("%s: no difference in %s to %s that can be shown (%s).", label, title, base, p);
  case BENCH_TOO_FEW:
    return g_strdup_printf("%s: %d runs are too few to show any difference in %s to %s.", label,
                           compared->runs, title, base);
  case BENCH_NO_FIGURES:
    return g_strdup_printf("%s: there is no figure of %s to compare.", label, title);
  case BENCH_IS_BASELINE:
    return g_strdup_printf("%s: what the others are held against.", label);
  default:
    return difference(compared, label, base, title);
  }
}
