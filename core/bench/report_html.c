/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report as one HTML page that needs nothing else: its picture stands in it, it has no script, and its
 * policy forbids browsers to ask for anything. */
#include <string.h>

#include "core/base/text.h"
#include "core/bench/report.h"
#include "core/bench/words.h"

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
    "'unsafe-inline'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<link rel=\"icon\" href=\"data:,\">\n"
    "<title>Benchmark</title>\n<style>\n"
    "body { font: 16px/1.45 sans-serif; color: #111; background: #fff; max-width: 1240px; margin: 1em auto; "
    "padding: 0 1em }\n"
    "table { border-collapse: collapse; margin: 0.5em 0 1.5em }\n"
    "th, td { padding: 0.2em 0.8em; text-align: right; border-bottom: 1px solid #ccc; white-space: nowrap }\n"
    "th:first-child, td:first-child { text-align: left }\n"
    "svg { max-width: 100%; height: auto }\n"
    "pre { font-size: 14px; overflow-x: auto }\n"
    ".simulated { color: #a20; font-weight: bold }\n"
    "@media print { pre { white-space: pre-wrap } }\n"
    "</style>\n</head>\n<body>\n";

static void element(GString *out, const char *tag, const char *text)
{
  g_autofree char *safe = text_line(text), *escaped = g_markup_escape_text(safe, -1);
  g_string_append_printf(out, "<%s>%s</%s>", tag, escaped, tag);
}

/* The columns of a comparison, beside its cell and verdict: what is judged first, and what it cost. */
static const enum bench_figure columns[] = {
    BENCH_F_IOPS,     BENCH_F_BOOT,    BENCH_F_INTEGER, BENCH_F_LAT_P50, BENCH_F_LAT_P99, BENCH_F_LAT_P999,
    BENCH_F_HOST_CPU, BENCH_F_PER_CPU, BENCH_F_EXITS,   BENCH_F_STEAL,   BENCH_F_MEMORY};

static void row(GString *out, const struct bench_analysis *analysis,
                const struct bench_comparison *comparison, guint i)
{
  const struct bench_entry *entry = bench_entry_at(comparison, i);
  const struct bench_compared *first = &entry->figure[bench_main_figure(comparison->workload)];
  g_autofree char *label = bench_entry_label(analysis, comparison, i);
  g_autofree char *ratio = bench_ratio_text(first->ratio),
                  *interval = bench_ratio_interval_text(first->ratio_interval);
  g_string_append(out, "<tr>");
  element(out, "td", label);
  for (size_t k = 0; k < G_N_ELEMENTS(columns); k++) {
    units_buf buf;
    if (bench_comparison_has(comparison, columns[k]))
      element(out, "td", bench_value_text(buf, columns[k], entry->figure[columns[k]].value));
  }
  element(out, "td", ratio);
  element(out, "td", interval);
  element(out, "td", bench_verdict_text(first->verdict));
  g_string_append(out, "</tr>\n");
}

static void table(GString *out, const struct bench_analysis *analysis,
                  const struct bench_comparison *comparison)
{
  g_autofree char *title = bench_comparison_title(comparison);
  element(out, "h2", title);
  g_string_append(out, "\n<table>\n<tr>");
  element(out, "th", "cell");
  for (size_t k = 0; k < G_N_ELEMENTS(columns); k++)
    if (bench_comparison_has(comparison, columns[k]))
      element(out, "th", bench_figure_row(columns[k])->title);
  element(out, "th", "ratio");
  element(out, "th", "95 %");
  element(out, "th", bench_figure_row(bench_main_figure(comparison->workload))->title);
  g_string_append(out, "</tr>\n");
  for (guint i = 0; i < comparison->entries->len; i++)
    row(out, analysis, comparison, i);
  g_string_append(out, "</table>\n");
}

char *bench_report_html(const struct bench_analysis *analysis, const char *svg)
{
  GString *out = g_string_new(head);
  g_autofree char *text = bench_report_text(analysis), *escaped = g_markup_escape_text(text, -1);
  const char *picture = svg ? strstr(svg, "<svg") : NULL; /* after what a file of its own begins with */
  element(out, "h1", "Disk backends of guests compared");
  if (analysis->results->simulated)
    g_string_append_printf(out, "\n<p class=\"simulated\">%s</p>\n", bench_simulated_text(analysis->results));
  if (picture)
    g_string_append_printf(out, "\n%s\n", picture);
  for (guint i = 0; i < analysis->comparisons->len; i++)
    table(out, analysis, bench_comparison_at(analysis, i));
  g_string_append_printf(out, "<h2>Analysis</h2>\n<pre>%s</pre>\n</body>\n</html>\n", escaped);
  return g_string_free(out, FALSE);
}
