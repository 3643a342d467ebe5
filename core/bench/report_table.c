/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports for other programs: CSV for spreadsheets and statistics, markdown for pages. */
#include <math.h>
#include <string.h>

#include "core/base/text.h"
#include "core/bench/report.h"
#include "core/bench/words.h"

/* ---- CSV ---- */

static void number(GString *out, double value)
{
  char buf[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append_c(out, ',');
  if (isfinite(value))
    g_string_append(out, g_ascii_formatd(buf, sizeof buf, "%.9g", value));
}

static void word(GString *out, const char *text)
{
  g_string_append_c(out, ',');
  text_append_csv(out, text ? text : "");
}

static void csv_row(GString *out, const struct bench_results *results,
                    const struct bench_comparison *comparison, const struct bench_entry *entry,
                    enum bench_figure figure)
{
  const struct bench_cell *cell = bench_plan_cell(results->plan, entry->cell);
  const struct bench_compared *compared = &entry->figure[figure];
  text_append_csv(out, comparison->work);
  word(out, comparison->guest);
  word(out, cell->backend->name);
  word(out, backend_path_name(cell->backend->path));
  word(out, bench_results_made(results, entry->cell)->accel);
  word(out, cell->format);
  word(out, cell->cache);
  word(out, cell->aio);
  word(out, cell->iothread ? "yes" : "no");
  word(out, bench_figure_row(figure)->name);
  g_string_append_printf(out, ",%d", compared->runs);
  number(out, compared->value);
  number(out, compared->interval.low);
  number(out, compared->interval.high);
  number(out, compared->mean);
  number(out, compared->deviation);
  number(out, compared->ratio);
  number(out, compared->ratio_interval.low);
  number(out, compared->ratio_interval.high);
  number(out, compared->p);
  word(out, bench_verdict_name(compared->verdict));
  g_string_append_printf(out, ",%s\n", results->simulated ? "yes" : "no");
}

static void csv_entry(GString *out, const struct bench_results *results,
                      const struct bench_comparison *comparison, const struct bench_entry *entry)
{
  for (int figure = 0; figure < BENCH_FIGURE_COUNT; figure++)
    if (entry->figure[figure].runs)
      csv_row(out, results, comparison, entry, (enum bench_figure)figure);
}

char *bench_report_csv(const struct bench_analysis *analysis)
{
  GString *out =
      g_string_new("work,guest,backend,path,accel,format,cache,aio,iothread,figure,runs,value,low_95,high_95,"
                   "mean,standard_deviation,ratio,ratio_low_95,ratio_high_95,p_adjusted,verdict,simulated\n");
  for (guint i = 0; i < analysis->comparisons->len; i++) {
    const struct bench_comparison *comparison = bench_comparison_at(analysis, i);
    for (guint k = 0; k < comparison->entries->len; k++)
      csv_entry(out, analysis->results, comparison, bench_entry_at(comparison, k));
  }
  return g_string_free(out, FALSE);
}

/* ---- markdown ---- */

static const enum bench_figure columns[] = {
    BENCH_F_IOPS,     BENCH_F_THROUGHPUT, BENCH_F_LAT_MEAN, BENCH_F_LAT_P50, BENCH_F_LAT_P99,
    BENCH_F_LAT_P999, BENCH_F_LAT_MAX,    BENCH_F_BOOT,     BENCH_F_INTEGER, BENCH_F_FLOAT,
    BENCH_F_WALK,     BENCH_F_HOST_CPU,   BENCH_F_PER_CPU,  BENCH_F_EXITS,   BENCH_F_PROXY_CPU,
    BENCH_F_STEAL,    BENCH_F_MEMORY};

/* TEXT, raw, in a cell of a table. */
static void cell(GString *out, const char *text)
{
  g_autofree char *safe = text_line(text);
  g_string_append(out, " ");
  for (const char *at = safe; *at; at++)
    g_string_append_printf(out, "%s%c", strchr("|\\`*_<>[]#", *at) ? "\\" : "", *at);
  g_string_append(out, " |");
}

static void markdown_row(GString *out, const struct bench_analysis *analysis,
                         const struct bench_comparison *comparison, guint i)
{
  const struct bench_entry *entry = bench_entry_at(comparison, i);
  const enum bench_figure first = bench_main_figure(comparison->workload);
  g_autofree char *label = bench_entry_label(analysis, comparison, i);
  g_autofree char *ratio = bench_ratio_text(entry->figure[first].ratio);
  g_autofree char *interval = bench_ratio_interval_text(entry->figure[first].ratio_interval);
  g_autofree char *both = g_strdup_printf("%s (%s)", ratio, interval);
  g_string_append_c(out, '|');
  cell(out, label);
  for (size_t k = 0; k < G_N_ELEMENTS(columns); k++) {
    units_buf buf;
    if (bench_comparison_has(comparison, columns[k]))
      cell(out, bench_value_text(buf, columns[k], entry->figure[columns[k]].value));
  }
  cell(out, (int)i == comparison->baseline ? "baseline" : both);
  cell(out, bench_verdict_text(entry->figure[first].verdict));
  g_string_append_c(out, '\n');
}

static void markdown_head(GString *out, const struct bench_comparison *comparison)
{
  int count = 3;
  g_string_append(out, "| cell |");
  for (size_t k = 0; k < G_N_ELEMENTS(columns); k++)
    if (bench_comparison_has(comparison, columns[k])) {
      cell(out, bench_figure_row(columns[k])->title);
      count++;
    }
  g_string_append_printf(out, " %s, ratio (95 %%) | verdict |\n|",
                         bench_figure_row(bench_main_figure(comparison->workload))->title);
  for (int i = 0; i < count; i++)
    g_string_append(out, i ? " ---: |" : " --- |");
  g_string_append_c(out, '\n');
}

char *bench_report_markdown(const struct bench_analysis *analysis)
{
  GString *out = g_string_new(NULL);
  if (analysis->results->simulated)
    g_string_append_printf(out, "**%s**\n\n", bench_simulated_text(analysis->results));
  for (guint i = 0; i < analysis->comparisons->len; i++) {
    const struct bench_comparison *comparison = bench_comparison_at(analysis, i);
    g_autofree char *title = bench_comparison_title(comparison);
    g_string_append_printf(out, "%s### %s\n\n", i ? "\n" : "", title);
    markdown_head(out, comparison);
    for (guint k = 0; k < comparison->entries->len; k++)
      markdown_row(out, analysis, comparison, k);
  }
  return g_string_free(out, FALSE);
}
