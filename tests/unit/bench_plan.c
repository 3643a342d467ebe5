/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plans of benchmarks: read, expanded, refused with their place. */
#include "core/bench/plan.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "tests/unit/test.h"

static struct bench_plan *parse(const char *text, GError **err)
{
  return bench_plan_parse("my.plan", text, strlen(text), err);
}

static struct bench_plan *good(const char *text)
{
  g_autoptr(GError) err = NULL;
  struct bench_plan *plan = parse(text, &err);
  cr_assert_not_null(plan, "%s", err ? err->message : "");
  return plan;
}

Test(bench_plan, the_matrix_is_every_combination_once)
{
  struct bench_plan *plan = good("[plan]\nbackends = virtio-blk, ide\nworkloads = randread, write\n"
                                 "block-sizes = 4K, 64K\ndepths = 1,16\n");
  cr_assert_eq(plan->cells->len, 16);
  const struct bench_cell *first = bench_plan_cell(plan, 0), *second = bench_plan_cell(plan, 1);
  cr_assert_str_eq(first->backend->name, "virtio-blk");
  cr_assert_str_eq(second->backend->name, "ide");
  cr_assert(bench_cell_same_work(first, second), "the devices of a work stand together");
  cr_assert_eq(plan->left_out, 0);
  bench_plan_free(plan);
}

Test(bench_plan, what_does_not_go_together_is_left_out_and_counted)
{
  struct bench_plan *plan = good("[plan]\nbackends = virtio-blk, ide\niothreads = no, yes\n"
                                 "caches = none, writeback\naios = native, threads\n");
  for (guint i = 0; i < plan->cells->len; i++) {
    const struct bench_cell *cell = bench_plan_cell(plan, (int)i);
    cr_assert(!cell->iothread || strcmp(cell->backend->name, "virtio-blk") == 0);
    cr_assert(strcmp(cell->aio, "native") != 0 || strcmp(cell->cache, "none") == 0);
  }
  cr_assert_eq(plan->cells->len, 9);
  cr_assert_eq(plan->left_out, 7);
  bench_plan_free(plan);
}

Test(bench_plan, what_comes_to_the_same_is_one_cell)
{
  struct bench_plan *plan = good("[plan]\nworkloads = boot, cpu, read\ndepths = 1, 2\nfsyncs = 0, 1\n");
  int boots = 0, cpus = 0, reads = 0;
  for (guint i = 0; i < plan->cells->len; i++) {
    const struct bench_cell *cell = bench_plan_cell(plan, (int)i);
    boots += cell->workload == BENCH_BOOT;
    cpus += cell->workload == BENCH_CPU;
    reads += cell->workload == BENCH_READ;
  }
  cr_assert_eq(boots, 2, "each backend boots");
  cr_assert_eq(cpus, 1, "the CPU does not know of a backend");
  cr_assert_eq(reads, 4, "reads know of no flush");
  bench_plan_free(plan);
}

Test(bench_plan, works_and_devices_have_names)
{
  struct bench_plan *plan =
      good("[plan]\nbackends = virtio-blk\nworkloads = randwrite\ndepths = 16\nfsyncs = 8\naccels = kvm\n"
           "aios = native\niothreads = yes\n");
  g_autofree char *work = bench_cell_work(bench_plan_cell(plan, 0));
  g_autofree char *device = bench_cell_device(bench_plan_cell(plan, 0));
  cr_assert_str_eq(work, "randwrite 4 KiB qd16 fsync=8");
  cr_assert_str_eq(device, "virtio-blk kvm qcow2 cache=none aio=native iothread");
  bench_plan_free(plan);
}

static const struct {
  const char *text, *complaint;
} bad[] = {
    {"[plan]\nbackends = floppy\n", "my.plan:2:12: backends: there is no \"floppy\""},
    {"[plan]\nbackends = /dev/sda\n", "my.plan:2:12: backends: there is no \"/dev/sda\""},
    {"[plan]\nbackends = ide, , sata\n", "my.plan:2:12: backends: there is no \"\""},
    {"[plan]\nbackends =\n", "my.plan:2:11: backends: there is nothing"},
    {"[plan]\nbackend = ide\n", "my.plan:2:1: \"backend\" is no option of a plan"},
    {"[plan]\nbackends = ide, ide\n", "my.plan:2:12: backends: ide is given twice"},
    {"[plan]\nruns = 4\nruns = 5\n", "my.plan:3:1: this option is given twice"},
    {"[plan]\ndisk-size = 0\n", "my.plan:2:13: disk-size: 0 is not between 16 MiB and 64 TiB"},
    {"[plan]\ndisk-size = -1\n", "my.plan:2:13: disk-size:"},
    {"[plan]\nmemory = 1000000T\n", "my.plan:2:10: memory:"},
    {"[plan]\ndepths = 0\n", "my.plan:2:10: depths:"},
    {"[plan]\ndepths = 99999999999999999999\n", "my.plan:2:10: depths:"},
    {"[plan]\nduration = nan\n", "my.plan:2:12: duration:"},
    {"[plan]\nduration = 1e9\n", "my.plan:2:12: duration:"},
    {"[plan]\nblock-sizes = 1000\n", "my.plan:2:15: block-sizes: 1000 is no multiple of 512 bytes"},
    {"[plan]\nruns = 5\nruns-max = 4\n", "my.plan: runs-max: 4 is less than the 5 runs"},
    {"[plan]\nbaseline = sata\n", "my.plan: baseline: sata is not among the backends"},
    {"[plan]\nbackends = ide\niothreads = yes\n", "my.plan: no cell of the matrix makes sense"},
    {"[plan]\nbackends = \033[2Jide\n", "my.plan:2:12: backends: there is no \"\\x1b[2Jide\""},
    {"[other]\nbackends = ide\n", "my.plan:2:1: a plan has one section, [plan]"},
    {"backends = ide\n", "my.plan:1:1: a [section] must come first"},
    {"[plan]\nbackends ide\n", "my.plan:2:1: expected NAME = VALUE"},
    {"[plan]\nname = \xff\n", "my.plan:2:8: not valid UTF-8"},
};

Test(bench_plan, bad_plans_are_refused_with_their_place)
{
  for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autoptr(GError) err = NULL;
    struct bench_plan *plan = parse(bad[i].text, &err);
    cr_assert_null(plan, "%s", bad[i].text);
    cr_assert(err && g_str_has_prefix(err->message, bad[i].complaint), "%s gave %s", bad[i].complaint,
              err ? err->message : "nothing");
    cr_assert_eq(error_exit_status(err), 2);
    cr_assert(text_is_safe(err->message) || strchr(err->message, '\n'), "%s", err->message);
  }
}

/* Lists of numbers, as long as may be: each axis alone is within bounds, all together are not. */
Test(bench_plan, a_matrix_without_bounds_is_refused)
{
  GString *text = g_string_new("[plan]\nbackends = all\nworkloads = read, write\ndepths = 1");
  for (int i = 2; i <= 64; i++)
    g_string_append_printf(text, ",%d", i);
  g_string_append(text, "\nfsyncs = 0");
  for (int i = 1; i < 64; i++)
    g_string_append_printf(text, ",%d", i);
  g_autoptr(GError) err = NULL;
  g_string_append(text, "\n");
  cr_assert_null(parse(text->str, &err));
  cr_assert(strstr(err->message, "combinations"), "%s", err->message);
  g_string_free(text, TRUE);
}

Test(bench_plan, a_bad_value_changes_nothing)
{
  struct bench_plan *plan = good("[plan]\nruns = 6\n");
  g_autoptr(GError) err = NULL;
  cr_assert_not(bench_plan_set(plan, BENCH_RUNS, "many", &err));
  cr_assert(g_str_has_prefix(err->message, "runs: "), "%s", err->message);
  cr_assert_str_eq(plan->value[BENCH_RUNS], "6");
  cr_assert(bench_plan_set(plan, BENCH_RUNS, "7", NULL) && bench_plan_expand(plan, NULL));
  cr_assert_eq(plan->runs, 7);
  bench_plan_free(plan);
}

Test(bench_plan, the_shipped_plans_can_be_carried_out)
{
  g_auto(GStrv) names = bench_plan_names();
  const char *const expected[] = {"quick", "standard", "thorough", "reference"};
  for (size_t i = 0; i < G_N_ELEMENTS(expected); i++)
    cr_assert(g_strv_contains((const char *const *)names, expected[i]), "%s", expected[i]);
  for (int i = 0; names[i]; i++) {
    g_autoptr(GError) err = NULL;
    struct bench_plan *plan = bench_plan_read(names[i], &err);
    cr_assert_not_null(plan, "%s", err ? err->message : "");
    bench_plan_free(plan);
  }
}

Test(bench_plan, quick_takes_less_than_two_minutes)
{
  struct bench_plan *plan = bench_plan_read("quick", NULL);
  struct bench_estimate estimate;
  bench_plan_estimate(plan, &estimate);
  cr_assert_lt(estimate.seconds_max, 120);
  cr_assert_geq(estimate.runs, 8);
  cr_assert_gt(estimate.disk, plan->disk_size);
  cr_assert_gt(estimate.memory, plan->memory);
  bench_plan_free(plan);
}

Test(bench_plan, a_plan_that_is_not_there_is_named_with_those_that_are)
{
  g_autoptr(GError) err = NULL;
  cr_assert_null(bench_plan_read("quikc", &err));
  cr_assert(strstr(err->message, "quikc") && strstr(error_advice(err), "standard"), "%s", err->message);
}

static bool same_order(const GArray *a, const GArray *b)
{
  return a->len == b->len && memcmp(a->data, b->data, a->len * sizeof(int)) == 0;
}

Test(bench_plan, the_order_is_random_but_recorded)
{
  struct bench_plan *plan = good("[plan]\nbackends = virtio-blk, ide, sata\ndepths = 1,2,4,8\nseed = 42\n");
  g_autoptr(GArray) first = bench_plan_order(plan, 0), again = bench_plan_order(plan, 0);
  g_autoptr(GArray) second = bench_plan_order(plan, 1);
  bool seen[12] = {false};
  cr_assert_eq(first->len, 12);
  cr_assert(same_order(first, again), "the same seed gives the same order");
  cr_assert_not(same_order(first, second), "each round has its own");
  for (guint i = 0; i < first->len; i++)
    seen[g_array_index(first, int, i)] = true;
  for (int i = 0; i < 12; i++)
    cr_assert(seen[i], "cell %d", i);
  bench_plan_free(plan);
}

/* Each cell comes first about as often as any other: nothing favours those that stand first in the plan. */
Test(bench_plan, the_order_favours_no_cell)
{
  struct bench_plan *plan = good("[plan]\nbackends = virtio-blk, ide, sata, virtio-scsi\nseed = 5\n");
  int first[4] = {0};
  for (int round = 0; round < 400; round++) {
    g_autoptr(GArray) order = bench_plan_order(plan, round);
    first[g_array_index(order, int, 0)]++;
  }
  for (int i = 0; i < 4; i++)
    cr_assert(first[i] > 70 && first[i] < 130, "cell %d: %d of 400", i, first[i]);
  bench_plan_free(plan);
}

Test(bench_plan, the_text_of_a_plan_fits_80_columns)
{
  struct bench_plan *plan = bench_plan_read("thorough", NULL);
  g_autofree char *text = bench_plan_text(plan);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (int i = 0; lines[i]; i++)
    cr_assert_leq(text_width(lines[i]), 80, "%s", lines[i]);
  cr_assert(strstr(text, "randwrite 64 KiB qd16"), "%s", text);
  cr_assert(strstr(text, "runs, about"), "%s", text);
  bench_plan_free(plan);
}
