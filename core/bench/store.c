/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "core/bench/store.h"

#include <errno.h>
#include <math.h>

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/bench/analysis.h"
#include "core/bench/store_parts.h"
#include "core/session/json_value.h"

/* ---- the plan ---- */

static json_t *cell_json(const struct bench_cell *cell, const struct bench_made *made)
{
  const struct bench_workload_row *work = bench_workload_row(cell->workload);
  json_t *object = json_object();
  json_put(object, "backend", json_string(cell->backend->name));
  json_put(object, "path", json_string(backend_path_name(cell->backend->path)));
  json_put(object, "accel", json_string(bench_accel_name(cell->accel)));
  json_put(object, "cache", json_string(cell->cache));
  json_put(object, "aio", json_string(cell->aio));
  json_put(object, "format", json_string(cell->format));
  json_put(object, "iothread", json_boolean(cell->iothread));
  json_put(object, "workload", json_string(work->name));
  json_put(object, "block_size_bytes", work->disk ? json_integer((json_int_t)cell->block_size) : json_null());
  json_put(object, "depth", work->disk ? json_integer(cell->depth) : json_null());
  json_put(object, "fsync_writes", cell->fsync ? json_integer(cell->fsync) : json_null());
  json_put(object, "guest", json_text(made->guest));
  json_put(object, "accel_used", json_text(made->accel));
  json_put(object, "domain_xml", json_text(made->xml));
  json_put(object, "qemu_command", json_text(made->command));
  json_put(object, "refused", json_text(made->refused));
  return object;
}

static json_t *plan_json(const struct bench_results *results)
{
  const struct bench_plan *plan = results->plan;
  json_t *object = json_object(), *options = json_object(), *cells = json_array();
  for (int i = 0; i < BENCH_OPTIONS; i++)
    json_put(options, bench_option_row((enum bench_option)i)->name, json_text(plan->value[i]));
  for (int i = 0; i < (int)plan->cells->len; i++)
    json_array_append_new(cells, cell_json(bench_plan_cell(plan, i), bench_results_made(results, i)));
  json_put(object, "name", json_text(plan->name));
  json_put(object, "seed", json_integer(plan->seed));
  json_put(object, "options", options);
  json_put(object, "cells", cells);
  return object;
}

static json_t *host_json(const struct bench_results *results)
{
  json_t *object = json_object();
  for (int i = 0; i < BENCH_FACTS; i++)
    json_put(object, bench_fact_name((enum bench_fact)i), json_text(results->fact[i]));
  return object;
}

/* ---- runs ---- */

static json_t *histogram_json(const struct bench_histogram *histogram)
{
  json_t *list = json_array();
  if (!histogram) {
    json_decref(list);
    return json_null();
  }
  for (guint i = 0; i < histogram->bins->len; i++) {
    const struct bench_bin *bin = &g_array_index(histogram->bins, struct bench_bin, i);
    json_t *pair = json_array();
    json_array_append_new(pair, json_number(bin->seconds));
    json_array_append_new(pair, json_integer((json_int_t)bin->count));
    json_array_append_new(list, pair);
  }
  return list;
}

static json_t *run_json(const struct bench_run *run)
{
  json_t *object = json_object(), *figures = json_object(), *disturbances = json_array();
  for (int i = 0; i < BENCH_FIGURE_COUNT; i++)
    json_put(figures, bench_figure_row((enum bench_figure)i)->name, json_number(run->value[i]));
  for (int i = 0; i < BENCH_DISTURBANCES; i++)
    if (run->disturbances >> i & 1)
      json_array_append_new(disturbances, json_string(bench_disturbance_name((enum bench_disturbance)i)));
  json_put(object, "cell", json_integer(run->cell));
  json_put(object, "round", json_integer(run->round));
  json_put(object, "begun", json_time(run->begun_wall_ns));
  json_put(object, "window_s", json_number(run->seconds));
  json_put(object, "figures", figures);
  json_put(object, "latency_bins", histogram_json(run->latency));
  json_put(object, "disturbances", disturbances);
  json_put(object, "repeated", json_boolean(run->repeated));
  json_put(object, "failure", json_text(run->failure));
  return object;
}

static json_t *runs_json(const struct bench_results *results)
{
  json_t *list = json_array();
  for (guint i = 0; i < results->runs->len; i++)
    json_array_append_new(list, run_json(g_ptr_array_index(results->runs, i)));
  return list;
}

/* ---- statistics ---- */

static json_t *interval_json(struct stats_interval interval)
{
  if (!isfinite(interval.low) || !isfinite(interval.high))
    return json_null();
  json_t *pair = json_array();
  json_array_append_new(pair, json_number(interval.low));
  json_array_append_new(pair, json_number(interval.high));
  return pair;
}

static json_t *compared_json(const struct bench_compared *compared)
{
  json_t *object = json_object();
  json_put(object, "runs", json_integer(compared->runs));
  json_put(object, "value", json_number(compared->value));
  json_put(object, "interval_95", interval_json(compared->interval));
  json_put(object, "mean", json_number(compared->mean));
  json_put(object, "mean_interval_95", interval_json(compared->mean_interval));
  json_put(object, "least", json_number(compared->least));
  json_put(object, "most", json_number(compared->most));
  json_put(object, "standard_deviation", json_number(compared->deviation));
  json_put(object, "ratio", json_number(compared->ratio));
  json_put(object, "ratio_interval_95", interval_json(compared->ratio_interval));
  json_put(object, "p_adjusted", json_number(compared->p));
  json_put(object, "verdict", json_string(bench_verdict_name(compared->verdict)));
  return object;
}

static json_t *entry_json(const struct bench_entry *entry)
{
  json_t *object = json_object(), *figures = json_object();
  for (int i = 0; i < BENCH_FIGURE_COUNT; i++)
    if (entry->figure[i].runs)
      json_put(figures, bench_figure_row((enum bench_figure)i)->name, compared_json(&entry->figure[i]));
  json_put(object, "cell", json_integer(entry->cell));
  json_put(object, "runs", json_integer(entry->runs));
  json_put(object, "disturbed", json_integer(entry->disturbed));
  json_put(object, "repeated", json_integer(entry->repeated));
  json_put(object, "failed", json_integer(entry->failed));
  json_put(object, "figures", figures);
  return object;
}

static json_t *statistics_json(const struct bench_results *results)
{
  struct bench_analysis *analysis = bench_analyse(results, NULL);
  json_t *list = json_array();
  for (guint i = 0; i < analysis->comparisons->len; i++) {
    const struct bench_comparison *comparison = bench_comparison_at(analysis, i);
    json_t *object = json_object(), *entries = json_array();
    for (guint k = 0; k < comparison->entries->len; k++)
      json_array_append_new(entries, entry_json(bench_entry_at(comparison, k)));
    json_put(object, "work", json_text(comparison->work));
    json_put(object, "guest", json_text(comparison->guest));
    json_put(object, "baseline_cell",
             json_integer(bench_entry_at(comparison, (guint)comparison->baseline)->cell));
    json_put(object, "cells", entries);
    json_array_append_new(list, object);
  }
  bench_analysis_free(analysis);
  return list;
}

json_t *bench_results_json(const struct bench_results *results)
{
  json_t *object = json_object();
  json_put(object, "format", json_string(STORE_FORMAT));
  json_put(object, "version", json_integer(BENCH_RESULTS_VERSION));
  json_put(object, "made_by", json_text(results->made_by ? results->made_by : PACKAGE_STRING));
  json_put(object, "simulated", json_boolean(results->simulated));
  json_put(object, "complete", json_boolean(results->complete));
  json_put(object, "end", json_text(results->end));
  json_put(object, "begun", json_time(results->begun_wall_ns));
  json_put(object, "ended", json_time(results->ended_wall_ns));
  json_put(object, "host", host_json(results));
  json_put(object, "plan", plan_json(results));
  json_put(object, "runs", runs_json(results));
  json_put(object, "statistics", statistics_json(results));
  return object;
}

bool bench_results_write(const struct bench_results *results, const char *file, GError **err)
{
  struct path_out *out = path_begin(file, err);
  if (!out)
    return false;
  json_t *object = bench_results_json(results);
  const bool written =
      json_dumpf(object, out->file, JSON_INDENT(1) | JSON_ENSURE_ASCII) == 0 && fputc('\n', out->file) != EOF;
  const int why = errno;
  json_decref(object);
  if (written)
    return path_commit(out, err);
  path_abandon(out);
  return error_set_errno(err, ERROR_RESOURCES, why, "free space, or name another folder", "cannot write %s",
                         file);
}
