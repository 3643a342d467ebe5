/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/engine/report.h"

#include <errno.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/text.h"
#include "core/bench/chart.h"
#include "core/bench/report.h"
#include "core/bench/store.h"
#include "core/bench/versus.h"

#define CHART_NAME "virtualization_comparison"

static const char *const formats[] = {"files", "text", "csv", "markdown"};
G_STATIC_ASSERT(G_N_ELEMENTS(formats) == REPORT_FORMATS);

int report_format_find(const char *name)
{
  for (int i = REPORT_TEXT; i < REPORT_FORMATS; i++)
    if (strcmp(formats[i], name) == 0)
      return i;
  return -1;
}

static bool write_text(const char *file, const char *text, GError **err)
{
  struct path_out *out = path_begin(file, err);
  if (!out)
    return false;
  if (fputs(text, out->file) >= 0)
    return path_commit(out, err);
  const int why = errno;
  path_abandon(out);
  return error_set_errno(err, ERROR_RESOURCES, why, "free space, or name another folder", "cannot write %s",
                         file);
}

static void tell_file(GString *out, const char *file)
{
  g_autofree char *safe = text_safe(file);
  g_string_append_printf(out, "%s\n", safe);
}

static bool write_named(const char *folder, const char *name, const char *text, GString *out, GError **err)
{
  g_autofree char *file = g_build_filename(folder, name, NULL);
  if (!write_text(file, text, err))
    return false;
  tell_file(out, file);
  return true;
}

/* The picture twice; *RET_SVG is kept for the page.  A build without charts leaves them out. */
static bool write_charts(const struct bench_analysis *analysis, const char *folder, GString *out,
                         char **ret_svg, GError **err)
{
  g_autofree char *png = g_build_filename(folder, CHART_NAME ".png", NULL);
  g_autoptr(GError) why = NULL;
  *ret_svg = bench_chart_svg(analysis, &why);
  if (!*ret_svg && g_error_matches(why, ERROR_DOMAIN, ERROR_UNSUPPORTED))
    return true;
  if (!*ret_svg) {
    g_propagate_error(err, g_steal_pointer(&why));
    return false;
  }
  if (!bench_chart_png(analysis, png, err))
    return false;
  tell_file(out, png);
  return write_named(folder, CHART_NAME ".svg", *ret_svg, out, err);
}

/* The names of the files written are appended to OUT. */
static bool write_files(const struct bench_analysis *analysis, const char *folder, GString *out, GError **err)
{
  g_autofree char *text = bench_report_text(analysis), *svg = NULL;
  if (!write_charts(analysis, folder, out, &svg, err))
    return false;
  g_autofree char *page = bench_report_html(analysis, svg);
  return write_named(folder, "report.html", page, out, err) &&
         write_named(folder, "detailed_analysis.txt", text, out, err);
}

static bool write_beside(const struct bench_analysis *analysis, const char *file, const char *output,
                         GString *out, GError **err)
{
  g_autofree char *beside = g_path_get_dirname(file);
  return (!output || path_make(output, err)) && write_files(analysis, output ? output : beside, out, err);
}

static bool append_report(const struct bench_analysis *analysis, const struct report_wish *wish,
                          const char *file, GString *out, GError **err)
{
  char *(*const makers[])(const struct bench_analysis *) = {NULL, bench_report_text, bench_report_csv,
                                                            bench_report_markdown};
  if (wish->format == REPORT_FILES)
    return write_beside(analysis, file, wish->output, out, err);
  g_autofree char *text = makers[wish->format](analysis);
  g_string_append(out, text);
  return true;
}

char *report_make(const struct report_wish *wish, GError **err)
{
  GString *out = g_string_new(NULL);
  bool ok = true;
  for (const char *const *file = wish->files; ok && *file; file++) {
    struct bench_results *results = bench_results_read(*file, err);
    struct bench_analysis *analysis = results ? bench_analyse(results, NULL) : NULL;
    ok = analysis && append_report(analysis, wish, *file, out, err);
    bench_analysis_free(analysis);
    bench_results_free(results);
  }
  return g_string_free(out, !ok);
}

/* What breaks LIMIT, appended to OUT; whether anything does. */
static bool tell_broken(const struct bench_versus *versus, const struct bench_limit *limit, const char *text,
                        GString *out)
{
  g_autofree char *safe = text_safe(text);
  bool broken = false;
  for (guint i = 0; i < versus->changes->len; i++) {
    const struct bench_change *change = g_ptr_array_index(versus->changes, i);
    const struct bench_cell *cell = bench_plan_cell(versus->first->plan, change->first);
    g_autofree char *work = bench_cell_work(cell), *device = bench_cell_device(cell);
    if (!bench_limit_broken(limit, change))
      continue;
    g_string_append_printf(out, "FAILED: %s on %s, %s\n", safe, work, device);
    broken = true;
  }
  return broken;
}

char *report_compare(const char *first, const char *second, const char *fail_if, bool *ret_broken,
                     GError **err)
{
  struct bench_limit limit;
  GString *out = g_string_new(NULL);
  struct bench_results *a = NULL, *b = NULL;
  *ret_broken = false;
  const bool ok = (!fail_if || bench_limit_parse(fail_if, &limit, err)) &&
                  (a = bench_results_read(first, err)) && (b = bench_results_read(second, err));
  if (ok) {
    struct bench_versus *versus = bench_versus_new(a, b);
    g_autofree char *text = bench_versus_text(versus);
    g_string_append(out, text);
    *ret_broken = fail_if && tell_broken(versus, &limit, fail_if, out);
    bench_versus_free(versus);
  }
  bench_results_free(a);
  bench_results_free(b);
  return g_string_free(out, !ok);
}
