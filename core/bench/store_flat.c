/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Results as simple scripts leave them: an object for each backend or kind of acceleration ({"virtio": {...},
 * "ide":
 * {...}} or {"kvm": {...}, "tcg": {...}}, at the top or in "results"), of numbers with telling names.  One
 * number each: one run, of which nothing more is known. */
#include <string.h>

#include "core/bench/store_parts.h"

/* What the objects are called there, and what that is here. */
static const struct {
  const char *word, *backend;
  enum bench_accel accel;
} words[] = {
    {"virtio", "virtio-blk", BENCH_AUTO},
    {"virtio-blk", "virtio-blk", BENCH_AUTO},
    {"virtio_blk", "virtio-blk", BENCH_AUTO},
    {"paravirtual", "virtio-blk", BENCH_AUTO},
    {"virtio-scsi", "virtio-scsi", BENCH_AUTO},
    {"scsi", "virtio-scsi", BENCH_AUTO},
    {"ide", "ide", BENCH_AUTO},
    {"emulated", "ide", BENCH_AUTO},
    {"sata", "sata", BENCH_AUTO},
    {"nvme", "nvme", BENCH_AUTO},
    {"kvm", "virtio-blk", BENCH_KVM},
    {"tcg", "virtio-blk", BENCH_TCG},
};

/* The names of numbers, each with what it takes to make it ours. */
static const struct {
  const char *name;
  enum bench_figure figure;
  double factor;
} numbers[] = {
    {"boot_time", BENCH_F_BOOT, 1},
    {"boot_time_s", BENCH_F_BOOT, 1},
    {"iops", BENCH_F_IOPS, 1},
    {"throughput_mb_s", BENCH_F_THROUGHPUT, 1e6},
    {"throughput_mbps", BENCH_F_THROUGHPUT, 1e6},
    {"io_throughput", BENCH_F_THROUGHPUT, 1e6},
    {"bandwidth_mb_s", BENCH_F_THROUGHPUT, 1e6},
    {"latency_ms", BENCH_F_LAT_MEAN, 1e-3},
    {"latency_us", BENCH_F_LAT_MEAN, 1e-6},
    {"cpu_usage", BENCH_F_HOST_CPU, 1},
    {"host_cpu", BENCH_F_HOST_CPU, 1},
    {"cpu_percent", BENCH_F_HOST_CPU, 1},
    {"memory_mb", BENCH_F_MEMORY, 1e6},
};

static int word_of(const char *name)
{
  for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
    if (g_ascii_strcasecmp(words[i].word, name) == 0)
      return (int)i;
  return -1;
}

/* The numbers of OBJECT, and of objects in it, that are known; how many. */
static int take_numbers(struct bench_run *run, const json_t *object)
{
  const char *name;
  json_t *value;
  int taken = 0;
  json_object_foreach((json_t *)(uintptr_t)object, name, value)
  {
    if (json_is_object(value))
      taken += take_numbers(run, value);
    for (size_t i = 0; json_is_number(value) && i < G_N_ELEMENTS(numbers); i++)
      if (g_ascii_strcasecmp(numbers[i].name, name) == 0) {
        run->value[numbers[i].figure] = json_number_value(value) * numbers[i].factor;
        taken++;
      }
  }
  return taken;
}

static void add_cell(struct bench_plan *plan, int word)
{
  const struct bench_cell cell = {.backend = backend_find(BACKEND_DISK, words[word].backend),
                                  .accel = words[word].accel,
                                  .cache = "default",
                                  .aio = "default",
                                  .format = "qcow2",
                                  .workload = BENCH_BOOT};
  g_array_append_val(plan->cells, cell);
}

/* The runs that OBJECT tells of, and their cells added to PLAN. */
static GPtrArray *take_runs(struct bench_plan *plan, const json_t *object)
{
  GPtrArray *runs = g_ptr_array_new();
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)(uintptr_t)object, name, value)
  {
    const int word = json_is_object(value) ? word_of(name) : -1;
    struct bench_run *run = bench_run_new((int)plan->cells->len, 0);
    if (word < 0 || !take_numbers(run, value)) {
      bench_run_free(run);
      continue;
    }
    add_cell(plan, word);
    g_ptr_array_add(runs, run);
  }
  return runs;
}

struct bench_results *store_flat(const json_t *root)
{
  const json_t *inner = json_object_get(root, "results");
  struct bench_plan *plan = bench_plan_parse("of another program", "", 0, NULL);
  g_array_set_size(plan->cells, 0);
  g_autoptr(GPtrArray) runs = take_runs(plan, json_is_object(inner) ? inner : root);
  if (!runs->len) {
    bench_plan_free(plan);
    return NULL;
  }
  plan->baseline = bench_plan_cell(plan, 0)->backend;
  struct bench_results *results = bench_results_new(plan);
  results->version = 0;
  results->made_by = g_strdup("another program");
  results->complete = true;
  for (guint i = 0; i < runs->len; i++)
    bench_results_add(results, g_ptr_array_index(runs, i));
  return results;
}
