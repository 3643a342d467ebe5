/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of plan.h's tables, and what may stand in an option. */
#include <math.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/units.h"
#include "core/bench/plan_parts.h"
#include "core/model/spec.h"

#define KIB 1024.0
#define MIB (1024 * KIB)
#define TIB (1024 * 1024 * MIB)
#define LIST_MOST 64 /* items of one list */

static const struct bench_option_row options[] = {
    [BENCH_BACKENDS] = {"backends", "backends", BENCH_WORDS, "virtio-blk,ide", 0, 0,
                        "how the scratch disk is attached; all: each that there is"},
    [BENCH_ACCELS] = {"accels", "accelerators", BENCH_WORDS, "auto", 0, 0,
                      "auto (the best there is), kvm, or tcg (emulated)"},
    [BENCH_CACHES] = {"caches", "cache", BENCH_WORDS, "none", 0, 0, "how the host caches the disk"},
    [BENCH_AIOS] = {"aios", "aio", BENCH_WORDS, "default", 0, 0,
                    "how QEMU does its I/O; native needs cache none or directsync"},
    [BENCH_IOTHREADS] = {"iothreads", "iothread", BENCH_WORDS, "no", 0, 0,
                         "whether the disk has a thread of its own (virtio only)"},
    [BENCH_FORMATS] = {"formats", "format", BENCH_WORDS, "qcow2", 0, 0, "of the scratch disk"},
    [BENCH_WORKLOADS] = {"workloads", "workloads", BENCH_WORDS, "randread", 0, 0,
                         "what the guest does: drives its disk, boots, or computes"},
    [BENCH_BLOCK_SIZES] = {"block-sizes", "block sizes", BENCH_SIZES, "4K", 512, 16 * MIB,
                           "bytes of a request, a multiple of 512"},
    [BENCH_DEPTHS] = {"depths", "depths", BENCH_INTS, "1", 1, 1024, "requests that are under way at once"},
    [BENCH_FSYNCS] = {"fsyncs", "fsync", BENCH_INTS, "0", 0, 1000000,
                      "a flush after so many writes; 0: none"},
    [BENCH_GUEST] = {"guest", "guest", BENCH_WORD, "auto", 0, 0,
                     "auto (linux where it can run), linux (fio), or pulse (a boot sector)"},
    [BENCH_MEMORY] = {"memory", "memory", BENCH_SIZE, "256M", 8 * MIB, 16 * TIB, "of a guest"},
    [BENCH_VCPUS] = {"vcpus", "vCPUs", BENCH_INT, "1", 1, 255, "virtual CPUs of a guest"},
    [BENCH_DISK_SIZE] = {"disk-size", "disk size", BENCH_SIZE, "256M", 16 * MIB, 64 * TIB,
                         "of the scratch disk, which is made anew for each run"},
    [BENCH_DURATION] = {"duration", "duration", BENCH_SECONDS, "5", 0.1, 3600,
                        "seconds of a run that are measured"},
    [BENCH_WARMUP] = {"warmup", "warm-up", BENCH_SECONDS, "1", 0, 3600,
                      "seconds before them, which are discarded"},
    [BENCH_RUNS] = {"runs", "runs", BENCH_INT, "5", 1, 1000,
                    "of each cell; below 4 no difference between two cells can be shown"},
    [BENCH_RUNS_MAX] = {"runs-max", "at most", BENCH_INT, "10", 1, 1000,
                        "runs, while an interval is wider than the precision"},
    [BENCH_PRECISION] = {"precision", "precision %", BENCH_INT, "5", 1, 100,
                         "half the width of the 95 % interval to be reached, as percent of the median"},
    [BENCH_DISTURBANCE] = {"disturbance", "disturbed %", BENCH_INT, "20", 0, 100,
                           "percent of the host's CPU that others may use before a run is repeated"},
    [BENCH_BASELINE] = {"baseline", "baseline", BENCH_WORD, "", 0, 0,
                        "the backend that others are compared with; empty: the first one"},
    [BENCH_SEED] = {"seed", "seed", BENCH_INT, "0", 0, UINT32_MAX,
                    "of the order of the runs; 0: one is drawn and recorded"},
};
G_STATIC_ASSERT(G_N_ELEMENTS(options) == BENCH_OPTIONS);

static const char *const accels[] = {"auto", "kvm", "tcg", NULL};
G_STATIC_ASSERT(G_N_ELEMENTS(accels) == BENCH_ACCELERATORS + 1);
static const char *const iothreads[] = {"no", "yes", NULL};
static const char *const formats[] = {"qcow2", "raw", NULL};
static const char *const guests[] = {"auto", "linux", "pulse", NULL};

static const struct bench_workload_row workloads[] = {
    [BENCH_READ] = {"read", true, 100, false, "reads one block after the other"},
    [BENCH_WRITE] = {"write", true, 0, false, "writes one block after the other"},
    [BENCH_READ_WRITE] = {"readwrite", true, 50, false, "reads and writes one block after the other"},
    [BENCH_RAND_READ] = {"randread", true, 100, true, "reads blocks at random places"},
    [BENCH_RAND_WRITE] = {"randwrite", true, 0, true, "writes blocks at random places"},
    [BENCH_RAND_READ_WRITE] = {"randrw", true, 70, true, "7 reads to 3 writes, at random places"},
    [BENCH_BOOT] = {"boot", false, 0, false, "boots, and is done"},
    [BENCH_CPU] = {"cpu", false, 0, false, "an integer loop, a float loop and a walk through memory"},
};
G_STATIC_ASSERT(G_N_ELEMENTS(workloads) == BENCH_KINDS);

const struct bench_option_row *bench_option_row(enum bench_option option)
{
  return &options[option];
}

int bench_option_find(const char *name)
{
  for (int i = 0; i < BENCH_OPTIONS; i++)
    if (strcmp(options[i].name, name) == 0)
      return i;
  return -1;
}

const char *bench_accel_name(enum bench_accel accel)
{
  return accels[accel];
}

const struct bench_workload_row *bench_workload_row(enum bench_workload workload)
{
  return &workloads[workload];
}

/* ---- choices ---- */

static const char **choices_of_backends(bool all)
{
  int count;
  const struct backend *rows = backend_table(&count);
  GPtrArray *names = g_ptr_array_new();
  for (int i = 0; i < count; i++)
    if (rows[i].class == BACKEND_DISK)
      g_ptr_array_add(names, (gpointer)(uintptr_t)rows[i].name);
  if (all)
    g_ptr_array_add(names, (gpointer)(uintptr_t) "all");
  g_ptr_array_add(names, NULL);
  return (const char **)g_ptr_array_free(names, FALSE);
}

static const char **choices_of_workloads(void)
{
  const char **names = g_new0(const char *, BENCH_KINDS + 1);
  for (int i = 0; i < BENCH_KINDS; i++)
    names[i] = workloads[i].name;
  return names;
}

static const char *const *fixed_choices(enum bench_option option)
{
  switch (option) {
  case BENCH_ACCELS:
    return accels;
  case BENCH_CACHES:
    return spec_field(SPEC_CACHE)->choices;
  case BENCH_AIOS:
    return spec_field(SPEC_AIO)->choices;
  case BENCH_IOTHREADS:
    return iothreads;
  case BENCH_FORMATS:
    return formats;
  default:
    return guests;
  }
}

const char **bench_option_choices(enum bench_option option)
{
  if (option == BENCH_BACKENDS || option == BENCH_BASELINE)
    return choices_of_backends(option == BENCH_BACKENDS);
  if (option == BENCH_WORKLOADS)
    return choices_of_workloads();
  const char *const *fixed = fixed_choices(option);
  return g_memdup2(fixed, (g_strv_length((char **)(uintptr_t)fixed) + 1) * sizeof *fixed);
}

const char *plan_choice(enum bench_option option, const char *word)
{
  g_autofree const char **choices = bench_option_choices(option);
  for (int i = 0; choices[i]; i++)
    if (strcmp(choices[i], word) == 0)
      return choices[i];
  return NULL;
}

/* ---- values ---- */

static bool is_words(enum bench_option option)
{
  return options[option].type == BENCH_WORDS || options[option].type == BENCH_WORD;
}

static bool is_list(enum bench_option option)
{
  return options[option].type == BENCH_WORDS || options[option].type == BENCH_SIZES ||
         options[option].type == BENCH_INTS;
}

static bool check_word(enum bench_option option, const char *word, GError **err)
{
  if (plan_choice(option, word))
    return true;
  g_autofree const char **choices = bench_option_choices(option);
  const char *closest = text_closest(word, choices);
  g_autofree char *safe = text_safe(word), *shown = text_fit(safe, 60, true);
  g_autofree char *all = g_strjoinv(", ", (char **)(uintptr_t)choices);
  g_autofree char *advice = closest ? g_strdup_printf("did you mean %s? There are: %s", closest, all)
                                    : g_strdup_printf("there are: %s", all);
  return error_set(err, ERROR_USAGE, advice, "there is no \"%s\"", shown);
}

static bool parse_size(const struct bench_option_row *row, const char *word, double *ret, GError **err)
{
  uint64_t bytes;
  if (!units_parse_size(word, &bytes, err))
    return false;
  *ret = (double)bytes;
  if (*ret >= row->min && *ret <= row->max)
    return true;
  g_autofree char *least = units_size_text((uint64_t)row->min), *most = units_size_text((uint64_t)row->max);
  return error_set(err, ERROR_USAGE, NULL, "%s is not between %s and %s", word, least, most);
}

bool plan_number(enum bench_option option, const char *word, double *ret, GError **err)
{
  const struct bench_option_row *row = &options[option];
  int64_t integer;
  if (row->type == BENCH_SIZE || row->type == BENCH_SIZES)
    return parse_size(row, word, ret, err);
  if (row->type == BENCH_SECONDS)
    return units_parse_seconds(word, row->min, row->max, ret, err);
  if (!units_parse_int(word, (int64_t)row->min, (int64_t)row->max, &integer, err))
    return false;
  *ret = (double)integer;
  return true;
}

static bool check_item(enum bench_option option, const char *item, GError **err)
{
  double number;
  if (is_words(option))
    return check_word(option, item, err);
  if (!plan_number(option, item, &number, err))
    return false;
  if (option == BENCH_BLOCK_SIZES && fmod(number, 512) > 0)
    return error_set(err, ERROR_USAGE, NULL, "%s is no multiple of 512 bytes", item);
  return true;
}

char **plan_items(enum bench_option option, const char *value)
{
  char **items = g_strsplit(value, is_list(option) ? "," : "\n", -1);
  for (int i = 0; items[i]; i++)
    g_strstrip(items[i]);
  return items;
}

bool plan_check(enum bench_option option, const char *value, GError **err)
{
  g_auto(GStrv) items = plan_items(option, value);
  const guint count = g_strv_length(items);
  if (option == BENCH_BASELINE && count == 0)
    return true;
  if (count == 0)
    return error_set(err, ERROR_USAGE, NULL, "there is nothing");
  if (count > LIST_MOST)
    return error_set(err, ERROR_USAGE, NULL, "these are more than %d", LIST_MOST);
  for (guint i = 0; i < count; i++) {
    if (!check_item(option, items[i], err))
      return false;
    for (guint k = 0; k < i; k++)
      if (strcmp(items[i], items[k]) == 0)
        return error_set(err, ERROR_USAGE, NULL, "%s is given twice", items[i]);
  }
  return true;
}
