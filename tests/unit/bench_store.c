/* SPDX-License-Identifier: GPL-2.0-or-later */
/* results.json: what goes in comes out, and whatever else a file holds is told with its place. */
#include "core/bench/store.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "core/base/error.h"
#include "core/bench/analysis.h"
#include "tests/unit/bench_sample.h"
#include "tests/unit/test.h"

static char *folder(void)
{
  char *dir = g_dir_make_tmp("virtlens-XXXXXX", NULL);
  cr_assert_not_null(dir);
  return dir;
}

static void remove_folder(const char *dir, const char *file)
{
  g_unlink(file);
  cr_assert_eq(g_rmdir(dir), 0);
}

static void same_run(const struct bench_run *a, const struct bench_run *b)
{
  cr_assert_eq(a->cell, b->cell);
  cr_assert_eq(a->round, b->round);
  cr_assert_eq(a->begun_wall_ns, b->begun_wall_ns);
  cr_assert_eq(a->disturbances, b->disturbances);
  cr_assert_eq(a->repeated, b->repeated);
  cr_assert_eq(g_strcmp0(a->failure, b->failure), 0);
  for (int i = 0; i < BENCH_FIGURE_COUNT; i++)
    cr_assert(a->value[i] == b->value[i] || (isnan(a->value[i]) && isnan(b->value[i])), "%s",
              bench_figure_row((enum bench_figure)i)->name);
  cr_assert_eq(a->latency->bins->len, b->latency->bins->len);
  cr_assert_eq(memcmp(a->latency->bins->data, b->latency->bins->data,
                      a->latency->bins->len * sizeof(struct bench_bin)),
               0);
}

Test(bench_store, what_goes_in_comes_out)
{
  g_autofree char *dir = folder(), *file = g_build_filename(dir, "results.json", NULL);
  g_autoptr(GError) err = NULL;
  struct bench_results *results = bench_made_up("backends = virtio-blk, ide\ndepths = 1, 4\n", 5);
  struct bench_run *odd = g_ptr_array_index(results->runs, 3);
  odd->disturbances = 1u << BENCH_HOST_BUSY | 1u << BENCH_UNSTEADY;
  odd->repeated = true;
  odd->failure = g_strdup("QEMU was killed");
  bench_results_made(results, 1)->xml = g_strdup("<domain/>");
  bench_results_made(results, 2)->refused = g_strdup("no IOMMU");
  cr_assert(bench_results_write(results, file, &err), "%s", err ? err->message : "");
  struct bench_results *again = bench_results_read(file, &err);
  cr_assert_not_null(again, "%s", err ? err->message : "");
  cr_assert_eq(again->runs->len, results->runs->len);
  for (guint i = 0; i < results->runs->len; i++)
    same_run(g_ptr_array_index(results->runs, i), g_ptr_array_index(again->runs, i));
  cr_assert_str_eq(again->fact[BENCH_FACT_CPU], results->fact[BENCH_FACT_CPU]);
  cr_assert_str_eq(bench_results_made(again, 1)->xml, "<domain/>");
  cr_assert_str_eq(bench_results_made(again, 2)->refused, "no IOMMU");
  cr_assert_eq(again->plan->seed, 7);
  cr_assert(again->complete && !again->simulated);
  cr_assert_eq(again->begun_wall_ns, results->begun_wall_ns);
  bench_results_free(results);
  bench_results_free(again);
  remove_folder(dir, file);
}

/* TEXT as a file: what is complained of; "" when it is taken.  Caller frees. */
static char *complaint(const char *text)
{
  g_autofree char *dir = folder(), *file = g_build_filename(dir, "r.json", NULL);
  g_autoptr(GError) err = NULL;
  cr_assert(g_file_set_contents(file, text, -1, NULL));
  struct bench_results *results = bench_results_read(file, &err);
  char *said = results ? g_strdup("") : g_strdup(err->message + strlen(file));
  cr_assert(results || g_str_has_prefix(err->message, file), "%s", results ? "" : err->message);
  cr_assert(results || error_exit_status(err) == 2);
  bench_results_free(results);
  remove_folder(dir, file);
  return said;
}

/* A good file with WHAT put in place of the first KEY. */
static char *changed(const char *key, const char *what)
{
  struct bench_results *results = bench_made_up("backends = virtio-blk, ide\n", 2);
  json_t *object = bench_results_json(results);
  char *text = json_dumps(object, JSON_COMPACT), *at = strstr(text, key);
  cr_assert_not_null(at, "%s", key);
  char *whole = g_strdup_printf("%.*s%s%s", (int)(at - text), text, what, at + strlen(key));
  json_decref(object);
  bench_results_free(results);
  free(text);
  return whole;
}

static const struct {
  const char *key, *what, *complaint;
} bad[] = {
    {"\"version\":1", "\"version\":2", ": it comes from a later program (version 2, known is 1)"},
    {"\"version\":1", "\"version\":0", ": \"version\" is not a version"},
    {"virtlens-benchmark", "virtlens-export", ": this is no result of a benchmark"},
    {"\"simulated\":false", "\"simulated\":NaN", ":1:"},
    {"\"simulated\":false", "\"simulated\":1", ": \"simulated\" is neither true nor false"},
    {"\"cell\":0", "\"cell\":9", ": run 0: \"cell\" is out of range"},
    {"\"cell\":1", "\"cell\":-1", ": run 1: \"cell\" is out of range"},
    {"\"iops_per_s\":1000", "\"iops_per_s\":\"fast\"", ": run 0: \"iops_per_s\" is not a number"},
    {"\"latency_bins\":[[", "\"latency_bins\":[[-", ": run 0: \"latency_bins\" is not a list of"},
    {"\"backend\":\"virtio-blk\"", "\"backend\":\"ide\"", ": plan: cell 0: it is not the cell that"},
    {"\"backends\":\"virtio-blk, ide\"", "\"backends\":\"/dev/sda\"", ": plan: backends: there is no"},
    {"\"host\":{", "\"hast\":{", ": an object is expected"},
    {"\"runs\":[{", "\"rums\":[{", ": \"runs\" is not a list"},
};

Test(bench_store, bad_files_are_told_with_their_place)
{
  g_autofree char *good = changed("\"version\":1", "\"version\":1"), *nothing = complaint(good);
  cr_assert_str_eq(nothing, "", "the file itself is good");
  for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autofree char *text = changed(bad[i].key, bad[i].what), *said = complaint(text);
    cr_assert(g_str_has_prefix(said, bad[i].complaint), "%s gave %s", bad[i].complaint, said);
  }
}

Test(bench_store, no_truncated_file_is_taken)
{
  g_autofree char *good = changed("\"version\":1", "\"version\":1");
  for (size_t length = 0; length < strlen(good); length += 97) {
    g_autofree char *cut = g_strndup(good, length), *said = complaint(cut);
    cr_assert_str_neq(said, "", "%zu bytes", length);
  }
}

Test(bench_store, flat_results_of_other_programs_are_read)
{
  g_autofree char *dir = folder(), *file = g_build_filename(dir, "flat.json", NULL);
  g_autoptr(GError) err = NULL;
  cr_assert(
      g_file_set_contents(file,
                          "{\"virtio\": {\"boot_time\": 3.5, \"io\": {\"iops\": 9000}, \"note\": \"x\"},"
                          " \"ide\": {\"boot_time\": 5, \"cpu_usage\": 80}, \"host\": \"box\"}",
                          -1, NULL));
  struct bench_results *results = bench_results_read(file, &err);
  cr_assert_not_null(results, "%s", err ? err->message : "");
  cr_assert_eq(results->version, 0);
  cr_assert_eq(results->runs->len, 2);
  const struct bench_run *first = g_ptr_array_index(results->runs, 0);
  cr_assert_float_eq(first->value[BENCH_F_BOOT], 3.5, 1e-12);
  cr_assert_float_eq(first->value[BENCH_F_IOPS], 9000, 1e-12);
  struct bench_analysis *analysis = bench_analyse(results, NULL);
  cr_assert_eq(analysis->comparisons->len, 1);
  cr_assert_eq(bench_entry_at(bench_comparison_at(analysis, 0), 1)->figure[BENCH_F_BOOT].verdict,
               BENCH_TOO_FEW, "one run each shows nothing");
  bench_analysis_free(analysis);
  bench_results_free(results);
  remove_folder(dir, file);
}

/* ---- what the runs come to ---- */

static const struct bench_compared *figure_of(const struct bench_analysis *analysis, guint entry,
                                              enum bench_figure figure)
{
  return &bench_entry_at(bench_comparison_at(analysis, 0), entry)->figure[figure];
}

Test(bench_store, cells_are_held_against_the_baseline)
{
  struct bench_results *results = bench_made_up("backends = virtio-blk, ide, sata\nbaseline = ide\n", 6);
  struct bench_analysis *analysis = bench_analyse(results, NULL);
  cr_assert_eq(analysis->comparisons->len, 1);
  cr_assert_float_eq(figure_of(analysis, 0, BENCH_F_IOPS)->ratio, 0.5, 1e-9);
  cr_assert_eq(figure_of(analysis, 0, BENCH_F_IOPS)->verdict, BENCH_WORSE);
  cr_assert_eq(figure_of(analysis, 0, BENCH_F_LAT_P50)->verdict, BENCH_WORSE);
  cr_assert_eq(figure_of(analysis, 1, BENCH_F_IOPS)->verdict, BENCH_IS_BASELINE);
  cr_assert_eq(figure_of(analysis, 2, BENCH_F_IOPS)->verdict, BENCH_BETTER);
  cr_assert_eq(figure_of(analysis, 2, BENCH_F_HOST_CPU)->verdict, BENCH_NO_DIFFERENCE);
  cr_assert_eq(figure_of(analysis, 2, BENCH_F_EXITS)->verdict, BENCH_NO_FIGURES);
  cr_assert(figure_of(analysis, 0, BENCH_F_IOPS)->ratio_interval.low <= 0.5 &&
            figure_of(analysis, 0, BENCH_F_IOPS)->ratio_interval.high >= 0.5);
  bench_analysis_free(analysis);
  analysis = bench_analyse(results, backend_find(BACKEND_DISK, "sata"));
  cr_assert_float_eq(figure_of(analysis, 0, BENCH_F_IOPS)->ratio, 1 / 3.0, 1e-9);
  bench_analysis_free(analysis);
  bench_results_free(results);
}

Test(bench_store, runs_that_failed_or_were_repeated_do_not_count)
{
  struct bench_results *results = bench_made_up("backends = virtio-blk, ide\n", 6);
  struct bench_run *failed = g_ptr_array_index(results->runs, 0);
  struct bench_run *repeated = g_ptr_array_index(results->runs, 2);
  failed->failure = g_strdup("it hung");
  repeated->repeated = true;
  repeated->value[BENCH_F_IOPS] = 1e9;
  struct bench_analysis *analysis = bench_analyse(results, NULL);
  const struct bench_entry *entry = bench_entry_at(bench_comparison_at(analysis, 0), 0);
  cr_assert_eq(entry->runs, 4);
  cr_assert_eq(entry->failed, 1);
  cr_assert_eq(entry->repeated, 1);
  cr_assert_lt(entry->figure[BENCH_F_IOPS].most, 2000);
  bench_analysis_free(analysis);
  bench_results_free(results);
}

/* The linux guest's figures are never held against those of the pulse guest. */
Test(bench_store, different_guests_are_not_compared)
{
  struct bench_results *results = bench_made_up("backends = virtio-blk, ide\n", 5);
  struct bench_made *made = bench_results_made(results, 1);
  g_free(made->guest);
  made->guest = g_strdup("pulse");
  struct bench_analysis *analysis = bench_analyse(results, NULL);
  cr_assert_eq(analysis->comparisons->len, 2);
  bench_analysis_free(analysis);
  bench_results_free(results);
}

/* One of 5 runs is slow: p99 of all requests together is not the mean of the five p99, and its interval holds
 * it. */
Test(bench_store, percentiles_come_from_the_requests_of_all_runs)
{
  struct bench_results *results = bench_made_up("backends = virtio-blk\n", 5);
  struct bench_run *slow = g_ptr_array_index(results->runs, 4);
  bench_histogram_add(slow->latency, 1, 1000);
  slow->value[BENCH_F_LAT_P99] = 1;
  struct bench_analysis *analysis = bench_analyse(results, NULL);
  const struct bench_compared *p99 = figure_of(analysis, 0, BENCH_F_LAT_P99);
  const struct bench_compared *p50 = figure_of(analysis, 0, BENCH_F_LAT_P50);
  cr_assert_float_eq(p99->value, 1, 1e-12);
  cr_assert_lt(p50->value, 0.0011);
  cr_assert(p99->interval.low <= 1 && p99->interval.high >= 1, "%g %g", p99->interval.low,
            p99->interval.high);
  cr_assert_lt(p99->interval.low, 0.01, "without that run it would be small");
  bench_analysis_free(analysis);
  bench_results_free(results);
}

Test(bench_store, figures_are_found_by_name_stem_and_title)
{
  cr_assert_eq(bench_figure_find("iops_per_s"), BENCH_F_IOPS);
  cr_assert_eq(bench_figure_find("iops"), BENCH_F_IOPS);
  cr_assert_eq(bench_figure_find("latency_p99"), BENCH_F_LAT_P99);
  cr_assert_eq(bench_figure_find("p99"), BENCH_F_LAT_P99);
  cr_assert_eq(bench_figure_find("boot"), BENCH_F_BOOT);
  cr_assert_eq(bench_figure_find("nonsense"), -1);
}
