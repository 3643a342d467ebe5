/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/bench/sheets.h"

#include "core/bench/analysis.h"
#include "core/bench/store.h"
#include "core/bench/words.h"

/* What may stand in a column, after the figure that the work is judged by; the noise of the host stands with
 * its runs. */
static const enum bench_figure order[] = {
    BENCH_F_IOPS,      BENCH_F_BOOT,    BENCH_F_INTEGER,  BENCH_F_LAT_P50,  BENCH_F_LAT_P99,
    BENCH_F_HOST_CPU,  BENCH_F_PER_CPU, BENCH_F_EXITS,    BENCH_F_STEAL,    BENCH_F_PROXY_CPU,
    BENCH_F_LAT_P999,  BENCH_F_LAT_MAX, BENCH_F_LAT_MEAN, BENCH_F_FIRMWARE, BENCH_F_KERNEL,
    BENCH_F_USERSPACE, BENCH_F_FLOAT,   BENCH_F_WALK,     BENCH_F_QEMU_CPU, BENCH_F_MEMORY,
    BENCH_F_THROUGHPUT};

/* The figures of COMPARISON that are columns. */
static GArray *figures_of(const struct bench_comparison *comparison)
{
  const enum bench_figure first = bench_main_figure(comparison->workload);
  GArray *figures = g_array_new(FALSE, FALSE, sizeof(enum bench_figure));
  g_array_append_val(figures, first);
  for (size_t i = 0; i < G_N_ELEMENTS(order); i++)
    if (order[i] != first && bench_comparison_has(comparison, order[i]))
      g_array_append_val(figures, order[i]);
  return figures;
}

static enum bench_figure figure_at(const GArray *figures, guint i)
{
  return g_array_index(figures, enum bench_figure, i);
}

static GArray *columns_of(const GArray *figures)
{
  GArray *columns = g_array_new(FALSE, FALSE, sizeof(struct sheet_column));
  for (guint i = 0; i < figures->len; i++) {
    const struct bench_figure_row *row = bench_figure_row(figure_at(figures, i));
    const struct sheet_column column = {row->title, row->text, row->unit};
    g_array_append_val(columns, column);
  }
  return columns;
}

/* What is to be known of RUN; NULL: nothing.  Caller frees. */
static char *note_of(const struct bench_run *run)
{
  GString *note = g_string_new(run->failure);
  for (int i = 0; i < BENCH_DISTURBANCES; i++)
    if (run->disturbances >> i & 1)
      g_string_append_printf(note, "%s%s", note->len ? "; " : "",
                             bench_disturbance_text((enum bench_disturbance)i));
  if (run->repeated)
    g_string_append(note, "; repeated, does not count");
  return g_string_free(note, note->len == 0);
}

static void add_runs(const struct bench_results *results, const struct sheet *sheet, struct sheet_row *row,
                     int cell, const GArray *figures)
{
  for (guint i = 0; i < results->runs->len; i++) {
    const struct bench_run *from = g_ptr_array_index(results->runs, i);
    if (from->cell != cell)
      continue;
    g_autofree char *note = note_of(from);
    struct sheet_run *run = sheet_add_run(sheet, row, note);
    for (guint k = 0; k < figures->len; k++)
      run->value[k] = from->value[figure_at(figures, k)];
  }
}

static void add_row(const struct bench_analysis *analysis, const struct bench_comparison *comparison, guint i,
                    struct sheet *sheet, const GArray *figures)
{
  const struct bench_entry *entry = bench_entry_at(comparison, i);
  const struct bench_cell *cell = bench_plan_cell(analysis->results->plan, entry->cell);
  g_autofree char *label = bench_entry_label(analysis, comparison, i);
  g_autofree char *sentence = bench_entry_sentence(analysis, comparison, i, figure_at(figures, 0));
  struct sheet_row *row = sheet_add_row(sheet, label, sentence);
  row->path = cell->backend->path;
  row->backend = cell->backend->name;
  row->ratio_low = entry->figure[figure_at(figures, 0)].ratio_interval.low;
  row->ratio_high = entry->figure[figure_at(figures, 0)].ratio_interval.high;
  for (guint k = 0; k < figures->len; k++) {
    const struct bench_compared *compared = &entry->figure[figure_at(figures, k)];
    row->value[k] = compared->value;
    row->low[k] = compared->interval.low;
    row->high[k] = compared->interval.high;
    row->ratio[k] = compared->ratio;
  }
  add_runs(analysis->results, sheet, row, entry->cell, figures);
}

static void add_sheet(struct sheet_book *book, const struct bench_analysis *analysis,
                      const struct bench_comparison *comparison)
{
  g_autoptr(GArray) figures = figures_of(comparison);
  g_autofree char *title = bench_comparison_title(comparison);
  struct sheet *sheet = sheet_add(book, title, columns_of(figures));
  sheet->baseline = comparison->baseline;
  for (guint i = 0; i < comparison->entries->len; i++)
    add_row(analysis, comparison, i, sheet, figures);
}

struct sheet_book *bench_sheets_read(const char *file, const char *baseline, GError **err)
{
  struct bench_results *results = bench_results_read(file, err);
  if (!results)
    return NULL;
  struct bench_analysis *analysis =
      bench_analyse(results, baseline ? backend_find(BACKEND_DISK, baseline) : NULL);
  struct sheet_book *book = sheet_book_new(file, bench_simulated_text(results));
  for (guint i = 0; i < analysis->comparisons->len; i++)
    add_sheet(book, analysis, bench_comparison_at(analysis, i));
  bench_analysis_free(analysis);
  bench_results_free(results);
  return book;
}
