/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a plan takes, and the whole of it for reading. */
#include <string.h>

#include "core/base/text.h"
#include "core/base/units.h"
#include "core/bench/plan.h"

#define WIDTH 80
/* Beside its window a run takes: a guest made, started, booted and removed.  As measured with the guest
 * "linux" emulated on two cores; a little less where it is accelerated. */
#define SECONDS_AROUND 5.0
#define MEMORY_OF_QEMU (UINT64_C(100) << 20)
#define DISK_OF_IMAGE                                                                                        \
  (UINT64_C(1) << 20) /* what a qcow2 image has beside its data, and the rest of the files */

static double run_seconds(const struct bench_plan *plan, const struct bench_cell *cell)
{
  return SECONDS_AROUND + (cell->workload == BENCH_BOOT ? 0 : plan->warmup + plan->duration);
}

void bench_plan_estimate(const struct bench_plan *plan, struct bench_estimate *ret)
{
  *ret = (struct bench_estimate){.memory = plan->memory + MEMORY_OF_QEMU,
                                 .disk = plan->disk_size + plan->disk_size / 512 + DISK_OF_IMAGE,
                                 .runs = plan->runs * (int)plan->cells->len,
                                 .runs_max = plan->runs_max * (int)plan->cells->len};
  for (guint i = 0; i < plan->cells->len; i++) {
    const double seconds = run_seconds(plan, bench_plan_cell(plan, (int)i));
    ret->seconds += plan->runs * seconds;
    ret->seconds_max += plan->runs_max * seconds;
  }
}

/* NAME and VALUE, which goes on below itself where the line is full. */
static void append_option(GString *out, const char *name, const char *value)
{
  g_autofree char *line = text_safe(value);
  GString *rest = g_string_new(line);
  const int indent = 16;
  g_string_replace(rest, ", ", ",", 0);
  g_string_replace(rest, ",", ", ", 0);
  g_string_append_printf(out, "  %-*s", indent - 2, name);
  for (const char *at = rest->str;;) {
    const size_t n = text_break(at, WIDTH - indent);
    g_string_append_len(out, at, (gssize)n);
    at += n;
    at += strspn(at, " ");
    g_string_append_c(out, '\n');
    if (!*at)
      break;
    g_string_append_printf(out, "%*s", indent, "");
  }
  g_string_free(rest, TRUE);
}

static void append_cells(GString *out, const struct bench_plan *plan)
{
  const struct bench_cell *before = NULL;
  for (guint i = 0; i < plan->cells->len; i++) {
    const struct bench_cell *cell = bench_plan_cell(plan, (int)i);
    g_autofree char *work = bench_cell_work(cell), *device = bench_cell_device(cell);
    if (!before || !bench_cell_same_work(before, cell))
      g_string_append_printf(out, "  %s\n", work);
    g_string_append_printf(out, "    %3u  %-12s  %s\n", i + 1, backend_path_name(cell->backend->path),
                           device);
    before = cell;
  }
  if (plan->left_out)
    g_string_append_printf(out, "  %d combinations do not go together and are left out.\n", plan->left_out);
}

static void append_estimate(GString *out, const struct bench_plan *plan)
{
  struct bench_estimate estimate;
  bench_plan_estimate(plan, &estimate);
  g_autofree char *time = units_span(estimate.seconds), *time_max = units_span(estimate.seconds_max);
  g_autofree char *disk = units_size_text(estimate.disk >> 20 << 20);
  g_autofree char *memory = units_size_text(estimate.memory >> 20 << 20);
  g_string_append_printf(out, "  %d runs, about %s\n", estimate.runs, time);
  g_string_append_printf(out, "  at most %d, %s, where intervals stay wide; then disturbed ones\n",
                         estimate.runs_max, time_max);
  g_string_append_printf(out, "  one guest at a time: %s of disk, %s of memory\n", disk, memory);
}

char *bench_plan_text(const struct bench_plan *plan)
{
  GString *out = g_string_new(NULL);
  g_autofree char *name = text_safe(plan->name);
  g_string_append_printf(out, "Plan %s\n", name);
  for (int i = 0; i < BENCH_OPTIONS; i++)
    append_option(out, bench_option_row((enum bench_option)i)->name, plan->value[i]);
  g_string_append_printf(out, "\nCells: %u\n", plan->cells->len);
  append_cells(out, plan);
  g_string_append(out, "\nWhat it takes\n");
  append_estimate(out, plan);
  return g_string_free(out, FALSE);
}
