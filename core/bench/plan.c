/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/bench/plan.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/units.h"
#include "core/bench/plan_parts.h"

#define CELLS_MOST 1000

const struct bench_cell *bench_plan_cell(const struct bench_plan *plan, int cell)
{
  return &g_array_index(plan->cells, struct bench_cell, cell);
}

void bench_plan_free(struct bench_plan *plan)
{
  if (!plan)
    return;
  for (int i = 0; i < BENCH_OPTIONS; i++)
    g_free(plan->value[i]);
  g_array_unref(plan->cells);
  g_free(plan->name);
  g_free(plan);
}

bool bench_plan_set(struct bench_plan *plan, enum bench_option option, const char *value, GError **err)
{
  g_autoptr(GError) why = NULL;
  if (!plan_check(option, value, &why)) {
    g_autofree char *what = error_what(why);
    return error_set(err, ERROR_USAGE, error_advice(why), "%s: %s", bench_option_row(option)->name, what);
  }
  g_free(plan->value[option]);
  plan->value[option] = g_strdup(value);
  return true;
}

/* ---- cells ---- */

bool bench_cell_same_work(const struct bench_cell *a, const struct bench_cell *b)
{
  return a->workload == b->workload && a->block_size == b->block_size && a->depth == b->depth &&
         a->fsync == b->fsync;
}

bool bench_cell_same_device(const struct bench_cell *a, const struct bench_cell *b)
{
  return a->backend == b->backend && a->accel == b->accel && strcmp(a->cache, b->cache) == 0 &&
         strcmp(a->aio, b->aio) == 0 && strcmp(a->format, b->format) == 0 && a->iothread == b->iothread;
}

char *bench_cell_work(const struct bench_cell *cell)
{
  const struct bench_workload_row *row = bench_workload_row(cell->workload);
  if (!row->disk)
    return g_strdup(row->name);
  g_autofree char *size = units_size_text(cell->block_size);
  g_autofree char *flush = cell->fsync ? g_strdup_printf(" fsync=%d", cell->fsync) : g_strdup("");
  return g_strdup_printf("%s %s qd%d%s", row->name, size, cell->depth, flush);
}

char *bench_cell_device(const struct bench_cell *cell)
{
  GString *text = g_string_new(cell->backend->name);
  if (cell->accel != BENCH_AUTO)
    g_string_append_printf(text, " %s", bench_accel_name(cell->accel));
  if (cell->backend->path != PATH_DIRECT) {
    g_string_append_printf(text, " %s cache=%s", cell->format, cell->cache);
    if (strcmp(cell->aio, "default") != 0)
      g_string_append_printf(text, " aio=%s", cell->aio);
    if (cell->iothread)
      g_string_append(text, " iothread");
  }
  return g_string_free(text, FALSE);
}

static bool is_virtio(const struct backend *backend)
{
  return backend->path == PATH_PARAVIRTUAL;
}

/* Whether the parts of CELL go together: as QEMU has it, aio=native needs a disk that the host does not
 * cache, and only virtio devices have iothreads. */
static bool goes_together(const struct bench_cell *cell)
{
  const bool uncached = strcmp(cell->cache, "none") == 0 || strcmp(cell->cache, "directsync") == 0;
  return (uncached || strcmp(cell->aio, "native") != 0) && (!cell->iothread || is_virtio(cell->backend));
}

/* CELL without what has no meaning for it, so that cells which come to the same are one. */
static void simplify(struct bench_cell *cell, const struct bench_cell *first)
{
  const struct bench_workload_row *row = bench_workload_row(cell->workload);
  if (cell->workload == BENCH_CPU)
    cell->backend = first->backend;
  if (cell->workload == BENCH_CPU || cell->backend->path == PATH_DIRECT) {
    cell->cache = first->cache;
    cell->aio = first->aio;
    cell->format = first->format;
    cell->iothread = false;
  }
  if (!row->disk)
    cell->block_size = 0;
  if (!row->disk)
    cell->depth = 0;
  if (!row->disk || row->reads == 100)
    cell->fsync = 0;
}

static bool is_known(const struct bench_plan *plan, const struct bench_cell *cell)
{
  for (guint i = 0; i < plan->cells->len; i++) {
    const struct bench_cell *other = bench_plan_cell(plan, (int)i);
    if (bench_cell_same_work(cell, other) && bench_cell_same_device(cell, other))
      return true;
  }
  return false;
}

/* ---- from options to the matrix ---- */

/* The axes, the outermost first: all devices of a work stand together. */
static const enum bench_option axes[] = {BENCH_WORKLOADS, BENCH_BLOCK_SIZES, BENCH_DEPTHS,  BENCH_FSYNCS,
                                         BENCH_ACCELS,    BENCH_BACKENDS,    BENCH_FORMATS, BENCH_CACHES,
                                         BENCH_AIOS,      BENCH_IOTHREADS};
#define AXES G_N_ELEMENTS(axes)

static double number_of(enum bench_option option, const char *item)
{
  double number = 0;
  plan_number(option, item, &number, NULL); /* it was checked when it was set */
  return number;
}

static int index_of(enum bench_option option, const char *item)
{
  g_autofree const char **choices = bench_option_choices(option);
  int i = 0;
  while (strcmp(choices[i], item) != 0)
    i++;
  return i;
}

static void put(struct bench_cell *cell, enum bench_option option, const char *item)
{
  switch (option) {
  case BENCH_WORKLOADS:
    cell->workload = (enum bench_workload)index_of(option, item);
    break;
  case BENCH_BLOCK_SIZES:
    cell->block_size = (uint64_t)number_of(option, item);
    break;
  case BENCH_DEPTHS:
    cell->depth = (int)number_of(option, item);
    break;
  case BENCH_FSYNCS:
    cell->fsync = (int)number_of(option, item);
    break;
  case BENCH_ACCELS:
    cell->accel = (enum bench_accel)index_of(option, item);
    break;
  case BENCH_BACKENDS:
    cell->backend = backend_find(BACKEND_DISK, item);
    break;
  case BENCH_FORMATS:
    cell->format = plan_choice(option, item);
    break;
  case BENCH_CACHES:
    cell->cache = plan_choice(option, item);
    break;
  case BENCH_AIOS:
    cell->aio = plan_choice(option, item);
    break;
  default:
    cell->iothread = strcmp(item, "yes") == 0;
    break;
  }
}

/* The items of an axis; of the backends, "all" as their names. */
static char **axis_items(const struct bench_plan *plan, enum bench_option option)
{
  char **items = plan_items(option, plan->value[option]);
  if (option != BENCH_BACKENDS || !g_strv_contains((const char *const *)items, "all"))
    return items;
  g_strfreev(items);
  g_autofree const char **all = bench_option_choices(BENCH_BASELINE);
  return g_strdupv((char **)(uintptr_t)all);
}

/* The matrix by an odometer over all axes: AT is the item of each that is on. */
static bool advance(size_t at[AXES], char **const items[AXES])
{
  for (size_t axis = AXES; axis-- > 0;) {
    if (items[axis][++at[axis]])
      return true;
    at[axis] = 0;
  }
  return false;
}

static bool add_cells(struct bench_plan *plan, char **const items[AXES], GError **err)
{
  size_t at[AXES] = {0};
  struct bench_cell first = {0};
  do {
    struct bench_cell cell = {0};
    for (size_t axis = 0; axis < AXES; axis++)
      put(&cell, axes[axis], items[axis][at[axis]]);
    if (!first.backend)
      first = cell;
    simplify(&cell, &first);
    if (!goes_together(&cell))
      plan->left_out++;
    else if (!is_known(plan, &cell))
      g_array_append_val(plan->cells, cell);
    if (plan->cells->len > CELLS_MOST)
      return error_set(err, ERROR_USAGE, "leave out items of the longest lists",
                       "the matrix has more than %d cells", CELLS_MOST);
  } while (advance(at, items));
  return plan->cells->len > 0 ||
         error_set(err, ERROR_USAGE,
                   "aio=native needs cache none or directsync, an iothread a virtio backend",
                   "no cell of the matrix makes sense");
}

static bool expand_cells(struct bench_plan *plan, GError **err)
{
  char **items[AXES];
  double product = 1;
  for (size_t axis = 0; axis < AXES; axis++) {
    items[axis] = axis_items(plan, axes[axis]);
    product *= g_strv_length(items[axis]);
  }
  g_array_set_size(plan->cells, 0);
  plan->left_out = 0;
  const bool ok = product <= 64.0 * CELLS_MOST
                      ? add_cells(plan, items, err)
                      : error_set(err, ERROR_USAGE, "leave out items of the longest lists",
                                  "the matrix has %.0f combinations", product);
  for (size_t axis = 0; axis < AXES; axis++)
    g_strfreev(items[axis]);
  return ok;
}

static bool has_backend(const struct bench_plan *plan, const struct backend *backend)
{
  for (guint i = 0; i < plan->cells->len; i++)
    if (bench_plan_cell(plan, (int)i)->backend == backend)
      return true;
  return false;
}

static bool expand_baseline(struct bench_plan *plan, GError **err)
{
  const char *name = plan->value[BENCH_BASELINE];
  plan->baseline = *name ? backend_find(BACKEND_DISK, name) : bench_plan_cell(plan, 0)->backend;
  return has_backend(plan, plan->baseline) ||
         error_set(err, ERROR_USAGE, NULL, "baseline: %s is not among the backends", name);
}

static double number(const struct bench_plan *plan, enum bench_option option)
{
  return number_of(option, plan->value[option]);
}

static bool expand_values(struct bench_plan *plan, GError **err)
{
  plan->guest = plan_choice(BENCH_GUEST, plan->value[BENCH_GUEST]);
  plan->memory = (uint64_t)number(plan, BENCH_MEMORY);
  plan->disk_size = (uint64_t)number(plan, BENCH_DISK_SIZE);
  plan->vcpus = (int)number(plan, BENCH_VCPUS);
  plan->duration = number(plan, BENCH_DURATION);
  plan->warmup = number(plan, BENCH_WARMUP);
  plan->runs = (int)number(plan, BENCH_RUNS);
  plan->runs_max = (int)number(plan, BENCH_RUNS_MAX);
  plan->precision = number(plan, BENCH_PRECISION);
  plan->disturbance = number(plan, BENCH_DISTURBANCE);
  plan->seed = (uint32_t)number(plan, BENCH_SEED);
  if (plan->runs_max >= plan->runs)
    return true;
  return error_set(err, ERROR_USAGE, NULL, "runs-max: %d is less than the %d runs of each cell",
                   plan->runs_max, plan->runs);
}

bool bench_plan_expand(struct bench_plan *plan, GError **err)
{
  return expand_cells(plan, err) && expand_baseline(plan, err) && expand_values(plan, err);
}

/* ---- order ---- */

GArray *bench_plan_order(const struct bench_plan *plan, int round)
{
  const guint32 seeds[] = {plan->seed, (guint32)round};
  GRand *rand = g_rand_new_with_seed_array(seeds, G_N_ELEMENTS(seeds));
  GArray *order = g_array_new(FALSE, FALSE, sizeof(int));
  for (int i = 0; i < (int)plan->cells->len; i++)
    g_array_append_val(order, i);
  for (int i = (int)order->len - 1; i > 0; i--) { /* Fisher and Yates's shuffle */
    const int k = g_rand_int_range(rand, 0, i + 1), held = g_array_index(order, int, i);
    g_array_index(order, int, i) = g_array_index(order, int, k);
    g_array_index(order, int, k) = held;
  }
  g_rand_free(rand);
  return order;
}
