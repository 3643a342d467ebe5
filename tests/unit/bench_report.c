/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is said of results: against a reviewed file, and whatever stands in them. */
#include "core/bench/report.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/bench/chart.h"
#include "core/bench/simulate.h"
#include "core/bench/versus.h"
#include "tests/unit/bench_sample.h"
#include "tests/unit/test.h"

#define PLAN "backends = virtio-blk, ide, sata\nbaseline = ide\ndepths = 1, 16\n"

/* TEXT is that of tests/data/bench/NAME; after a change that is meant: the file it names is the new one. */
static void is_golden(const char *name, const char *text)
{
  g_autofree char *file = g_build_filename(TEST_DATA, "bench", name, NULL), *golden = NULL;
  g_autofree char *seen = g_build_filename(g_get_tmp_dir(), name, NULL);
  const bool there = g_file_get_contents(file, &golden, NULL, NULL);
  if (!there || strcmp(golden, text) != 0)
    g_file_set_contents(seen, text, -1, NULL);
  cr_assert(there && strcmp(golden, text) == 0, "%s is not %s", seen, file);
}

static struct bench_results *with_faults(void)
{
  struct bench_results *results = bench_made_up(PLAN, 5);
  struct bench_run *failed = g_ptr_array_index(results->runs, 0);
  struct bench_run *disturbed = g_ptr_array_index(results->runs, 1);
  failed->failure = g_strdup("QEMU was killed");
  disturbed->disturbances = 1u << BENCH_HOST_BUSY;
  results->complete = false;
  results->end = g_strdup("stopped");
  results->made_by = g_strdup("virtlens");
  bench_results_made(results, 5)->refused = g_strdup("no such controller");
  return results;
}

Test(bench_report, the_analysis_reads_as_reviewed)
{
  struct bench_results *results = with_faults();
  struct bench_analysis *analysis = bench_analyse(results, NULL);
  g_autofree char *text = bench_report_text(analysis), *markdown = bench_report_markdown(analysis);
  is_golden("analysis.txt", text);
  is_golden("analysis.md", markdown);
  bench_analysis_free(analysis);
  bench_results_free(results);
}

/* Names, facts and failures as bad as can be. */
Test(bench_report, no_text_from_the_file_reaches_a_terminal_raw)
{
  static const char hostile[] = "\033[2J\xff\xe2\x80\xae"
                                "a|b\nc,=1+1 "
                                "far-too-long-to-stand-on-one-line-of-this-report-"
                                "far-too-long-to-stand-on-one-line-of-this-report";
  struct bench_results *results = with_faults();
  struct bench_run *failed = g_ptr_array_index(results->runs, 0);
  g_free(failed->failure);
  failed->failure = g_strdup(hostile);
  g_free(results->plan->name);
  results->plan->name = g_strdup(hostile);
  for (int i = 0; i < BENCH_FACTS; i++) {
    g_free(results->fact[i]);
    results->fact[i] = g_strdup(hostile);
  }
  for (int i = 0; i < 6; i++) {
    g_free(bench_results_made(results, i)->guest);
    bench_results_made(results, i)->guest = g_strdup(hostile);
  }
  struct bench_analysis *analysis = bench_analyse(results, NULL);
  g_autofree char *text = bench_report_text(analysis), *csv = bench_report_csv(analysis);
  g_autofree char *markdown = bench_report_markdown(analysis);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (int i = 0; lines[i]; i++) {
    cr_assert(text_is_safe(lines[i]), "%s", lines[i]);
    cr_assert(text_width(lines[i]) <= 80 || strstr(lines[i], "guest "), "%s", lines[i]);
  }
  cr_assert(!strchr(csv, '\033') && !strchr(markdown, '\033'));
  cr_assert(g_utf8_validate(csv, -1, NULL) && g_utf8_validate(markdown, -1, NULL));
  bench_analysis_free(analysis);
  bench_results_free(results);
}

Test(bench_report, every_output_of_a_simulation_says_so)
{
  struct bench_results *results = bench_simulate(bench_plan_read("quick", NULL), 1);
  struct bench_analysis *analysis = bench_analyse(results, NULL);
  struct bench_versus *versus = bench_versus_new(results, results);
  g_autofree char *text = bench_report_text(analysis), *csv = bench_report_csv(analysis);
  g_autofree char *markdown = bench_report_markdown(analysis), *compared = bench_versus_text(versus);
  g_auto(GStrv) rows = g_strsplit(g_strchomp(csv), "\n", -1);
  cr_assert(strstr(text, "SIMULATED") && strstr(markdown, "SIMULATED") && strstr(compared, "SIMULATED"));
  for (int i = 1; rows[i]; i++)
    cr_assert(g_str_has_suffix(rows[i], ",yes"), "%s", rows[i]);
  bench_versus_free(versus);
  bench_analysis_free(analysis);
  bench_results_free(results);
}

/* ---- pictures and the page ---- */

struct outline {
  int paths, images;
};

static void count_element(G_GNUC_UNUSED GMarkupParseContext *context, const char *name,
                          G_GNUC_UNUSED const char **names, G_GNUC_UNUSED const char **values, gpointer data,
                          G_GNUC_UNUSED GError **err)
{
  struct outline *outline = data;
  outline->paths += strcmp(name, "path") == 0;
  outline->images += strcmp(name, "image") == 0;
}

/* TEXT is XML; what it is made of. */
static struct outline parse_svg(const char *text)
{
  static const GMarkupParser parser = {.start_element = count_element};
  struct outline outline = {0};
  g_autoptr(GError) err = NULL;
  GMarkupParseContext *context = g_markup_parse_context_new(&parser, 0, &outline, NULL);
  cr_assert(g_markup_parse_context_parse(context, text, -1, &err) &&
                g_markup_parse_context_end_parse(context, &err),
            "%s", err ? err->message : "");
  g_markup_parse_context_free(context);
  return outline;
}

Test(bench_report, the_picture_has_a_bar_for_each_cell)
{
  struct bench_results *few = bench_made_up("backends = ide\n", 5), *many = bench_made_up(PLAN, 5);
  struct bench_analysis *small = bench_analyse(few, NULL), *large = bench_analyse(many, NULL);
  g_autoptr(GError) err = NULL;
  g_autofree char *one = bench_chart_svg(small, &err), *six = bench_chart_svg(large, NULL);
  if (!one) {
    cr_assert(g_error_matches(err, ERROR_DOMAIN, ERROR_UNSUPPORTED), "%s", err->message);
  } else {
    const struct outline a = parse_svg(one), b = parse_svg(six);
    cr_assert(a.paths > 20 && b.paths > a.paths + 5 * 8, "%d %d", a.paths, b.paths);
    cr_assert_eq(a.images + b.images, 0, "nothing is a raster");
  }
  bench_analysis_free(small);
  bench_analysis_free(large);
  bench_results_free(few);
  bench_results_free(many);
}

/* Nothing known but that the runs took place: every panel does without. */
Test(bench_report, a_picture_of_nothing_is_drawn)
{
  struct bench_results *results = bench_made_up("backends = ide\nworkloads = read, boot, cpu\n", 1);
  for (guint i = 0; i < results->runs->len; i++) {
    struct bench_run *run = g_ptr_array_index(results->runs, i), *empty = bench_run_new(run->cell, 0);
    memcpy(run->value, empty->value, sizeof run->value);
    g_array_set_size(run->latency->bins, 0);
    bench_run_free(empty);
  }
  struct bench_analysis *analysis = bench_analyse(results, NULL);
  g_autofree char *svg = bench_chart_svg(analysis, NULL);
  if (svg)
    cr_assert_gt(parse_svg(svg).paths, 0);
  bench_analysis_free(analysis);
  bench_results_free(results);
}

Test(bench_report, the_page_asks_for_nothing)
{
  struct bench_results *results = with_faults();
  struct bench_run *failed = g_ptr_array_index(results->runs, 0);
  g_free(failed->failure);
  failed->failure = g_strdup("<script src=http://x/>&\"'");
  struct bench_analysis *analysis = bench_analyse(results, NULL);
  g_autofree char *svg = bench_chart_svg(analysis, NULL), *page = bench_report_html(analysis, svg);
  g_auto(GStrv) urls = g_strsplit(page, "http", -1);
  cr_assert(!strstr(page, "<script") && !strstr(page, "<img") && !strstr(page, "@import"));
  cr_assert(strstr(page, "&lt;script"), "what a file says is text");
  for (int i = 1; urls[i]; i++)
    cr_assert(g_str_has_prefix(urls[i], "://www.w3.org/") || g_str_has_prefix(urls[i], "-equiv") ||
                  g_str_has_prefix(urls[i], "://x/"),
              "%.40s", urls[i]);
  cr_assert_not(svg && !strstr(page, "<svg"));
  bench_analysis_free(analysis);
  bench_results_free(results);
}

/* ---- two results ---- */

Test(bench_report, results_do_not_differ_from_themselves)
{
  struct bench_results *results = bench_made_up(PLAN, 6);
  struct bench_versus *versus = bench_versus_new(results, results);
  g_autofree char *text = bench_versus_text(versus);
  cr_assert_eq(versus->changes->len, 6);
  cr_assert(strstr(text, "6 cells compared: no difference that can be shown."), "%s", text);
  bench_versus_free(versus);
  bench_results_free(results);
}

static struct bench_results *simulated(uint32_t seed)
{
  g_autofree char *text = g_strdup_printf("[plan]\nbackends = virtio-blk, ide\nruns = 5\nseed = %u\n", seed);
  return bench_simulate(bench_plan_parse("p", text, strlen(text), NULL), 1);
}

/* The same plan twice, 40 times over: at 5 % some 2 pairs may differ in requests per second. */
Test(bench_report, the_same_plan_twice_seldom_differs)
{
  int differ = 0;
  for (uint32_t pair = 0; pair < 40; pair++) {
    struct bench_results *first = simulated(2 * pair + 1), *second = simulated(2 * pair + 2);
    struct bench_versus *versus = bench_versus_new(first, second);
    bool any = false;
    for (guint i = 0; i < versus->changes->len; i++) {
      const struct bench_change *change = g_ptr_array_index(versus->changes, i);
      any |= change->figure[BENCH_F_IOPS].verdict != BENCH_NO_DIFFERENCE;
    }
    differ += any;
    bench_versus_free(versus);
    bench_results_free(first);
    bench_results_free(second);
  }
  cr_assert_leq(differ, 4, "%d of 40", differ);
}

static void slow_down(struct bench_results *results, int cell, double factor)
{
  for (guint i = 0; i < results->runs->len; i++) {
    struct bench_run *run = g_ptr_array_index(results->runs, i);
    if (run->cell == cell)
      run->value[BENCH_F_IOPS] *= factor;
  }
}

Test(bench_report, a_limit_is_broken_by_what_can_be_shown_alone)
{
  struct bench_results *first = bench_made_up(PLAN, 6), *second = bench_made_up(PLAN, 6);
  struct bench_limit limit;
  slow_down(second, 0, 0.8);
  slow_down(second, 1, 0.99); /* less than the runs differ by themselves */
  struct bench_versus *versus = bench_versus_new(first, second);
  const struct bench_change *slower = g_ptr_array_index(versus->changes, 0);
  const struct bench_change *same = g_ptr_array_index(versus->changes, 1);
  cr_assert_eq(slower->figure[BENCH_F_IOPS].verdict, BENCH_WORSE);
  cr_assert_eq(same->figure[BENCH_F_IOPS].verdict, BENCH_NO_DIFFERENCE);
  cr_assert(bench_limit_parse("iops < -10%", &limit, NULL));
  cr_assert(bench_limit_broken(&limit, slower) && !bench_limit_broken(&limit, same));
  cr_assert(bench_limit_parse("iops < -30%", &limit, NULL));
  cr_assert_not(bench_limit_broken(&limit, slower));
  cr_assert(bench_limit_parse("iops < 0%", &limit, NULL));
  cr_assert_not(bench_limit_broken(&limit, same), "1 %% less is not shown");
  bench_versus_free(versus);
  bench_results_free(first);
  bench_results_free(second);
}

Test(bench_report, cells_that_one_alone_has_are_counted)
{
  struct bench_results *first = bench_made_up(PLAN, 4);
  struct bench_results *second = bench_made_up("backends = virtio-blk, usb\ndepths = 16\n", 4);
  struct bench_versus *versus = bench_versus_new(first, second);
  cr_assert_eq(versus->changes->len, 1);
  cr_assert_eq(versus->only_first, 5);
  cr_assert_eq(versus->only_second, 1);
  bench_versus_free(versus);
  bench_results_free(first);
  bench_results_free(second);
}

Test(bench_report, limits_are_parsed_or_refused)
{
  static const char *const bad[] = {"",          "iops",      "iops < ",     "speed < -10%", "iops < -10",
                                    "iops = 3%", "iops < x%", "iops < nan%", "iops < 5% or", "< 5%"};
  struct bench_limit limit;
  cr_assert(bench_limit_parse("latency_p99>20 %", &limit, NULL));
  cr_assert(limit.figure == BENCH_F_LAT_P99 && !limit.below && limit.percent > 19);
  for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autoptr(GError) err = NULL;
    cr_assert_not(bench_limit_parse(bad[i], &limit, &err), "%s", bad[i]);
    cr_assert_eq(error_exit_status(err), 2);
  }
}
