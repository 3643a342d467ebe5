/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The model in place of guests: it keeps the laws of queues, and the order and distances it promises. */
#include "core/bench/simulate.h"

#include <math.h>
#include <string.h>

#include "core/bench/analysis.h"
#include "tests/unit/test.h"

static struct bench_results *simulate(const char *options)
{
  g_autofree char *text = g_strconcat("[plan]\nseed = 11\nruns = 4\n", options, NULL);
  g_autoptr(GError) err = NULL;
  struct bench_plan *plan = bench_plan_parse("p", text, strlen(text), &err);
  cr_assert_not_null(plan, "%s", err ? err->message : "");
  return bench_simulate(plan, 1);
}

/* The value of FIGURE of the only cell of BACKEND that OPTIONS give. */
static double value_of(const char *backend, const char *options, enum bench_figure figure)
{
  g_autofree char *text = g_strdup_printf("backends = %s\n%s", backend, options);
  struct bench_results *results = simulate(text);
  struct bench_analysis *analysis = bench_analyse(results, NULL);
  const double value = bench_entry_at(bench_comparison_at(analysis, 0), 0)->figure[figure].value;
  bench_analysis_free(analysis);
  bench_results_free(results);
  return value;
}

Test(bench_simulate, paths_are_as_far_apart_as_the_literature_has_them)
{
  const double bare = bench_simulate_bare(4096, 1);
  int count;
  const struct backend *rows = backend_table(&count);
  for (int i = 0; i < count; i++) {
    static const double least[] = {2, 1.1, 1.001}, most[] = {10, 1.5, 1.015};
    if (rows[i].class != BACKEND_DISK)
      continue;
    const double slower = bare / value_of(rows[i].name, "", BENCH_F_IOPS);
    /* 5 % is what the drawn service times and the noise of 4 runs may add. */
    cr_assert(slower > least[rows[i].path] * 0.95 && slower < most[rows[i].path] * 1.05,
              "%s is %.3f times slower", rows[i].name, slower);
  }
}

Test(bench_simulate, little_s_law_holds)
{
  static const int depths[] = {1, 4, 16, 64};
  for (size_t i = 0; i < G_N_ELEMENTS(depths); i++) {
    g_autofree char *options = g_strdup_printf("depths = %d\n", depths[i]);
    const double inside =
        value_of("virtio-blk", options, BENCH_F_IOPS) * value_of("virtio-blk", options, BENCH_F_LAT_MEAN);
    cr_assert_float_eq(inside / depths[i], 1, 0.02, "depth %d: %g", depths[i], inside);
  }
}

Test(bench_simulate, depth_helps_what_has_a_queue_alone)
{
  const double ide = value_of("ide", "depths = 16\n", BENCH_F_IOPS) / value_of("ide", "", BENCH_F_IOPS);
  const double virtio =
      value_of("virtio-blk", "depths = 16\n", BENCH_F_IOPS) / value_of("virtio-blk", "", BENCH_F_IOPS);
  cr_assert_float_eq(ide, 1, 0.05);
  cr_assert_gt(virtio, 3);
  cr_assert_leq(value_of("sr-iov-nvme", "depths = 16\n", BENCH_F_IOPS), 1.05 * bench_simulate_bare(4096, 16));
}

Test(bench_simulate, emulation_of_the_cpu_costs)
{
  cr_assert_gt(value_of("virtio-blk", "workloads = boot\naccels = tcg\n", BENCH_F_BOOT),
               2 * value_of("virtio-blk", "workloads = boot\naccels = kvm\n", BENCH_F_BOOT));
  cr_assert_gt(value_of("virtio-blk", "workloads = cpu\naccels = kvm\n", BENCH_F_INTEGER),
               5 * value_of("virtio-blk", "workloads = cpu\naccels = tcg\n", BENCH_F_INTEGER));
  cr_assert_lt(value_of("virtio-blk", "workloads = write\nfsyncs = 1\n", BENCH_F_IOPS),
               0.5 * value_of("virtio-blk", "workloads = write\n", BENCH_F_IOPS));
}

Test(bench_simulate, the_seed_decides_everything_and_the_order_is_the_plan_s)
{
  struct bench_results *a = simulate("backends = virtio-blk, ide, sata\n");
  struct bench_results *b = simulate("backends = virtio-blk, ide, sata\n");
  cr_assert(a->simulated && a->complete);
  cr_assert_eq(a->runs->len, 12);
  for (guint i = 0; i < a->runs->len; i++) {
    const struct bench_run *x = g_ptr_array_index(a->runs, i), *y = g_ptr_array_index(b->runs, i);
    cr_assert_eq(x->cell, y->cell);
    cr_assert_float_eq(x->value[BENCH_F_IOPS], y->value[BENCH_F_IOPS], 0);
  }
  for (int i = 0; i < 3; i++)
    cr_assert_str_eq(bench_results_made(a, i)->guest, "simulated");
  bench_results_free(a);
  bench_results_free(b);
}
