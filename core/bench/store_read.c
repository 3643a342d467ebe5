/* SPDX-License-Identifier: GPL-2.0-or-later */
/* results.json read back.  Whatever stands in it is checked; statistics are made anew from the runs. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/bench/store_parts.h"
#include "core/session/json_read.h"

#define FILE_MOST (256 << 20) /* bytes */
#define ROUNDS_MOST 1000000

/* "WHERE: WHY" into ERR; always false. */
static bool misplaced(const GError *why, const char *where, GError **err)
{
  return error_set(err, ERROR_USAGE, NULL, "%s: %s", where, why->message);
}

/* ---- the plan ---- */

static bool read_options(struct bench_plan *plan, const json_t *options, GError **err)
{
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)(uintptr_t)options, name, value)
  {
    const int option = bench_option_find(name);
    if (option < 0)
      continue; /* of a later program of the same version */
    if (!json_is_string(value))
      return error_set(err, ERROR_USAGE, NULL, "option \"%s\" is not a string", name);
    if (!bench_plan_set(plan, (enum bench_option)option, json_string_value(value), err))
      return false;
  }
  return true;
}

static struct bench_plan *read_plan(const json_t *object, GError **err)
{
  struct json_read read;
  if (!json_read_init(&read, object, err))
    return NULL;
  g_autofree char *name = json_read_text(&read, "name");
  const int64_t seed = json_read_int(&read, "seed", 0, UINT32_MAX, 0);
  if (!json_read_ok(&read))
    return NULL;
  struct bench_plan *plan = bench_plan_parse(name ? name : "?", "", 0, err);
  if (plan && read_options(plan, json_object_get(object, "options"), err) && bench_plan_expand(plan, err)) {
    plan->seed = (uint32_t)seed;
    return plan;
  }
  bench_plan_free(plan);
  return NULL;
}

/* The cells of the file are those of its plan, in their order: or its figures would stand for others. */
static bool check_cell(const struct bench_cell *cell, const json_t *object, GError **err)
{
  struct json_read read;
  if (!json_read_init(&read, object, err))
    return false;
  const char *backend = json_read_word(&read, "backend"), *workload = json_read_word(&read, "workload");
  const char *cache = json_read_word(&read, "cache"), *aio = json_read_word(&read, "aio");
  const int64_t size = json_read_int(&read, "block_size_bytes", 0, INT64_MAX, 0);
  const int64_t depth = json_read_int(&read, "depth", 0, INT32_MAX, 0);
  if (!json_read_ok(&read))
    return false;
  if (g_strcmp0(backend, cell->backend->name) != 0 ||
      g_strcmp0(workload, bench_workload_row(cell->workload)->name) != 0 ||
      g_strcmp0(cache, cell->cache) != 0 || g_strcmp0(aio, cell->aio) != 0 ||
      (uint64_t)size != cell->block_size || depth != cell->depth)
    return error_set(err, ERROR_USAGE, NULL, "it is not the cell that the plan's options give here");
  return true;
}

static bool read_made(struct bench_made *made, const json_t *object, GError **err)
{
  struct json_read read;
  json_read_init(&read, object, err);
  made->guest = json_read_text(&read, "guest");
  made->accel = json_read_text(&read, "accel_used");
  made->xml = json_read_text(&read, "domain_xml");
  made->command = json_read_text(&read, "qemu_command");
  made->refused = json_read_text(&read, "refused");
  return json_read_ok(&read);
}

static bool read_cells(struct bench_results *results, const json_t *cells, GError **err)
{
  const guint count = results->plan->cells->len;
  if (!json_is_array(cells) || json_array_size(cells) != count)
    return error_set(err, ERROR_USAGE, NULL, "plan: \"cells\" is not a list of %u", count);
  for (guint i = 0; i < count; i++) {
    const json_t *object = json_array_get(cells, i);
    g_autoptr(GError) why = NULL;
    g_autofree char *where = g_strdup_printf("plan: cell %u", i);
    if (!check_cell(bench_plan_cell(results->plan, (int)i), object, &why) ||
        !read_made(bench_results_made(results, (int)i), object, &why))
      return misplaced(why, where, err);
  }
  return true;
}

/* ---- runs ---- */

static struct bench_histogram *read_bins(struct json_read *read)
{
  const json_t *list = json_read_list(read, "latency_bins");
  if (!list)
    return NULL;
  struct bench_histogram *histogram = bench_histogram_new();
  for (size_t i = 0; i < json_array_size(list); i++) {
    const json_t *pair = json_array_get(list, i), *seconds = json_array_get(pair, 0);
    const json_t *count = json_array_get(pair, 1);
    if (!json_is_number(seconds) || json_number_value(seconds) < 0 || !json_is_integer(count) ||
        json_integer_value(count) < 0) {
      json_read_fail(read, "latency_bins", "is not a list of [seconds, requests]");
      break;
    }
    bench_histogram_add(histogram, json_number_value(seconds), (uint64_t)json_integer_value(count));
  }
  return histogram;
}

static unsigned read_disturbances(struct json_read *read)
{
  const json_t *list = json_read_list(read, "disturbances");
  unsigned bits = 0;
  for (size_t i = 0; list && i < json_array_size(list); i++)
    for (int k = 0; k < BENCH_DISTURBANCES; k++)
      if (g_strcmp0(json_string_value(json_array_get(list, i)),
                    bench_disturbance_name((enum bench_disturbance)k)) == 0)
        bits |= 1u << k;
  return bits;
}

static bool read_figures(struct bench_run *run, const json_t *figures, GError **err)
{
  struct json_read read;
  if (!json_read_init(&read, figures, err))
    return false;
  for (int i = 0; i < BENCH_FIGURE_COUNT; i++)
    run->value[i] = json_read_number(&read, bench_figure_row((enum bench_figure)i)->name, NAN);
  return json_read_ok(&read);
}

static bool fill_run(struct bench_run *run, const json_t *object, int cells, GError **err)
{
  struct json_read read;
  if (!json_read_init(&read, object, err))
    return false;
  run->cell = (int)json_read_int(&read, "cell", 0, cells - 1, 0);
  run->round = (int)json_read_int(&read, "round", 0, ROUNDS_MOST, 0);
  run->begun_wall_ns = json_read_time(&read, "begun");
  run->seconds = json_read_number(&read, "window_s", NAN);
  run->latency = read_bins(&read);
  run->disturbances = read_disturbances(&read);
  run->repeated = json_read_bool(&read, "repeated");
  run->failure = json_read_text(&read, "failure");
  return json_read_ok(&read) && read_figures(run, json_object_get(object, "figures"), err);
}

static bool read_runs(struct bench_results *results, const json_t *runs, GError **err)
{
  if (!json_is_array(runs))
    return error_set(err, ERROR_USAGE, NULL, "\"runs\" is not a list");
  for (size_t i = 0; i < json_array_size(runs); i++) {
    struct bench_run *run = bench_run_new(0, 0);
    g_autoptr(GError) why = NULL;
    g_autofree char *where = g_strdup_printf("run %zu", i);
    bench_results_add(results, run);
    if (!fill_run(run, json_array_get(runs, i), (int)results->plan->cells->len, &why))
      return misplaced(why, where, err);
  }
  return true;
}

/* ---- the whole ---- */

static bool read_head(struct bench_results *results, const json_t *root, GError **err)
{
  struct json_read read, host;
  json_read_init(&read, root, err);
  results->made_by = json_read_text(&read, "made_by");
  results->simulated = json_read_bool(&read, "simulated");
  results->complete = json_read_bool(&read, "complete");
  results->end = json_read_text(&read, "end");
  results->begun_wall_ns = json_read_time(&read, "begun");
  results->ended_wall_ns = json_read_time(&read, "ended");
  if (!json_read_ok(&read) || !json_read_init(&host, json_object_get(root, "host"), err))
    return false;
  for (int i = 0; i < BENCH_FACTS; i++)
    results->fact[i] = json_read_text(&host, bench_fact_name((enum bench_fact)i));
  return json_read_ok(&host);
}

static struct bench_results *read_ours(const json_t *root, GError **err)
{
  g_autoptr(GError) why = NULL;
  struct bench_plan *plan = read_plan(json_object_get(root, "plan"), &why);
  if (!plan) {
    misplaced(why, "plan", err);
    return NULL;
  }
  struct bench_results *results = bench_results_new(plan);
  if (read_head(results, root, err) &&
      read_cells(results, json_object_get(json_object_get(root, "plan"), "cells"), err) &&
      read_runs(results, json_object_get(root, "runs"), err))
    return results;
  bench_results_free(results);
  return NULL;
}

static struct bench_results *read_root(const json_t *root, GError **err)
{
  const char *format = json_string_value(json_object_get(root, "format"));
  const json_int_t version = json_integer_value(json_object_get(root, "version"));
  struct bench_results *flat = format ? NULL : store_flat(root);
  if (flat)
    return flat;
  if (g_strcmp0(format, STORE_FORMAT) != 0)
    error_set(err, ERROR_USAGE, NULL, "this is no result of a benchmark (\"format\" is not \"%s\")",
              STORE_FORMAT);
  else if (version > BENCH_RESULTS_VERSION)
    error_set(err, ERROR_USAGE, "use that program",
              "it comes from a later program (version %lld, known is %d)", (long long)version,
              BENCH_RESULTS_VERSION);
  else if (version < 1)
    error_set(err, ERROR_USAGE, NULL, "\"version\" is not a version");
  else
    return read_ours(root, err);
  return NULL;
}

static json_t *load(const char *file, const char *safe, GError **err)
{
  g_autofree char *text = NULL;
  g_autoptr(GError) why = NULL;
  gsize length;
  json_error_t at;
  if (!g_file_get_contents(file, &text, &length, &why)) {
    error_set(err, ERROR_GENERAL, NULL, "%s", why->message);
    return NULL;
  }
  if (length > FILE_MOST) {
    error_set(err, ERROR_USAGE, NULL, "%s: %zu bytes are too many", safe, (size_t)length);
    return NULL;
  }
  json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &at);
  g_autofree char *what = text_safe(root ? "" : at.text);
  if (!root)
    error_set(err, ERROR_USAGE, NULL, "%s:%d:%d: %s", safe, at.line, at.column, what);
  return root;
}

struct bench_results *bench_results_read(const char *file, GError **err)
{
  g_autofree char *safe = text_safe(file);
  g_autoptr(GError) why = NULL;
  json_t *root = load(file, safe, err);
  if (!root)
    return NULL;
  struct bench_results *results = read_root(root, &why);
  json_decref(root);
  if (!results) {
    g_autofree char *what = error_what(why);
    error_set(err, ERROR_USAGE, error_advice(why), "%s: %s", safe, what);
  }
  return results;
}
