/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The JSON Schema (draft 2020-12) of results.json, from the tables that it is written by. */
#include "core/bench/analysis.h"
#include "core/bench/store_parts.h"

static json_t *described(json_t *schema, const char *text)
{
  json_object_set_new(schema, "description", json_string(text));
  return schema;
}

static json_t *type(const char *name, const char *text)
{
  return described(json_pack("{s:s}", "type", name), text);
}

static json_t *or_null(const char *name, const char *text)
{
  return described(json_pack("{s:[s,s]}", "type", name, "null"), text);
}

/* An object of PROPERTIES (taken) and nothing else; ALL: each is there. */
static json_t *object_of(json_t *properties, bool all)
{
  json_t *names = json_array(), *value;
  const char *name;
  json_object_foreach(properties, name, value) if (all) json_array_append_new(names, json_string(name));
  return json_pack("{s:s,s:b,s:o,s:o}", "type", "object", "additionalProperties", 0, "required", names,
                   "properties", properties);
}

static json_t *list_of(json_t *items, const char *text)
{
  return described(json_pack("{s:s,s:o}", "type", "array", "items", items), text);
}

static json_t *reference(const char *name)
{
  return json_pack("{s:s}", "$ref", name);
}

static json_t *words_of(const char *(*name)(int), int count, const char *text)
{
  json_t *words = json_array();
  for (int i = 0; i < count; i++)
    json_array_append_new(words, json_string(name(i)));
  return described(json_pack("{s:o}", "enum", words), text);
}

static const char *verdict_name(int i)
{
  return bench_verdict_name((enum bench_verdict)i);
}

static const char *disturbance_name(int i)
{
  return bench_disturbance_name((enum bench_disturbance)i);
}

static const char *workload_name(int i)
{
  return bench_workload_row((enum bench_workload)i)->name;
}

static json_t *interval_schema(void)
{
  return described(json_pack("{s:[s,s],s:{s:s},s:i,s:i}", "type", "array", "null", "items", "type", "number",
                             "minItems", 2, "maxItems", 2),
                   "95 % interval: [low, high]; null: there is none");
}

static json_t *figures_schema(bool statistics)
{
  json_t *properties = json_object();
  for (int i = 0; i < BENCH_FIGURE_COUNT; i++) {
    const struct bench_figure_row *row = bench_figure_row((enum bench_figure)i);
    json_object_set_new(properties, row->name,
                        statistics ? reference("#/$defs/compared") : or_null("number", row->text));
  }
  return object_of(properties, !statistics);
}

static json_t *compared_schema(void)
{
  json_t *properties = json_object();
  json_object_set_new(properties, "runs", type("integer", "runs that have the figure"));
  json_object_set_new(properties, "value",
                      or_null("number",
                              "the median of the runs; of percentiles and the longest latency: of the "
                              "requests of all runs together"));
  json_object_set_new(properties, "interval_95", reference("#/$defs/interval"));
  json_object_set_new(properties, "mean", or_null("number", "of the runs"));
  json_object_set_new(properties, "mean_interval_95", reference("#/$defs/interval"));
  json_object_set_new(properties, "least", or_null("number", "of the runs"));
  json_object_set_new(properties, "most", or_null("number", "of the runs"));
  json_object_set_new(properties, "standard_deviation", or_null("number", "of the runs, as a sample"));
  json_object_set_new(properties, "ratio", or_null("number", "of the value to the baseline's"));
  json_object_set_new(properties, "ratio_interval_95", reference("#/$defs/interval"));
  json_object_set_new(
      properties, "p_adjusted",
      or_null("number", "of no difference to the baseline: rank test, adjusted for all comparisons by Holm"));
  json_object_set_new(properties, "verdict",
                      words_of(verdict_name, BENCH_VERDICTS, "what may be said of it, at 5 %"));
  return object_of(properties, true);
}

static json_t *cell_schema(void)
{
  json_t *properties = json_object();
  json_object_set_new(properties, "backend", type("string", "how the disk is attached"));
  json_object_set_new(properties, "path", type("string", "emulated, paravirtual or direct"));
  json_object_set_new(properties, "accel", type("string", "kvm, tcg, or auto: the best there is"));
  json_object_set_new(properties, "cache", type("string", "of the disk, libvirt's word"));
  json_object_set_new(properties, "aio", type("string", "of the disk, libvirt's word"));
  json_object_set_new(properties, "format", type("string", "of the disk's image"));
  json_object_set_new(properties, "iothread", type("boolean", "the disk has a thread of its own"));
  json_object_set_new(properties, "workload", words_of(workload_name, BENCH_KINDS, "what the guest does"));
  json_object_set_new(properties, "block_size_bytes", or_null("integer", "of a request"));
  json_object_set_new(properties, "depth", or_null("integer", "requests under way at once"));
  json_object_set_new(properties, "fsync_writes",
                      or_null("integer", "a flush after so many writes; null: none"));
  json_object_set_new(properties, "guest",
                      or_null("string", "whose figures they are: linux, pulse, simulated"));
  json_object_set_new(properties, "accel_used", or_null("string", "kvm or tcg"));
  json_object_set_new(properties, "domain_xml", or_null("string", "the guest's definition"));
  json_object_set_new(properties, "qemu_command", or_null("string", "QEMU's command line"));
  json_object_set_new(properties, "refused", or_null("string", "why nothing was run"));
  return object_of(properties, true);
}

static json_t *plan_schema(void)
{
  json_t *properties = json_object(), *options = json_object();
  for (int i = 0; i < BENCH_OPTIONS; i++) {
    const struct bench_option_row *row = bench_option_row((enum bench_option)i);
    json_object_set_new(options, row->name, type("string", row->text));
  }
  json_object_set_new(properties, "name", type("string", "of the plan, or its file"));
  json_object_set_new(properties, "seed", type("integer", "of the order of the runs, and of the bootstrap"));
  json_object_set_new(properties, "options", object_of(options, true));
  json_object_set_new(properties, "cells", list_of(cell_schema(), "the matrix"));
  return object_of(properties, true);
}

static json_t *run_schema(void)
{
  json_t *properties = json_object();
  json_t *bin = json_pack("{s:s,s:[{s:s},{s:s}],s:b,s:i}", "type", "array", "prefixItems", "type", "number",
                          "type", "integer", "items", 0, "minItems", 2);
  json_object_set_new(properties, "cell", type("integer", "an index of the plan's cells"));
  json_object_set_new(properties, "round", type("integer", "from 0"));
  json_object_set_new(properties, "begun", or_null("string", "RFC 3339"));
  json_object_set_new(properties, "window_s", or_null("number", "seconds that were measured"));
  json_object_set_new(properties, "figures", figures_schema(false));
  json_object_set_new(properties, "latency_bins",
                      described(json_pack("{s:[s,s],s:o}", "type", "array", "null", "items", bin),
                                "[seconds, requests], ascending"));
  json_object_set_new(
      properties, "disturbances",
      list_of(words_of(disturbance_name, BENCH_DISTURBANCES, "one of them"), "what made the run doubtful"));
  json_object_set_new(properties, "repeated",
                      type("boolean", "another run stands for it, and statistics leave it out"));
  json_object_set_new(properties, "failure", or_null("string", "why it has no figures"));
  return object_of(properties, true);
}

static json_t *statistics_schema(void)
{
  json_t *entry = json_object(), *properties = json_object();
  json_object_set_new(entry, "cell", type("integer", "an index of the plan's cells"));
  json_object_set_new(entry, "runs", type("integer", "that count"));
  json_object_set_new(entry, "disturbed", type("integer", "of these, doubtful ones"));
  json_object_set_new(entry, "repeated", type("integer", "that others stand for"));
  json_object_set_new(entry, "failed", type("integer", "that have no figures"));
  json_object_set_new(entry, "figures", figures_schema(true));
  json_object_set_new(properties, "work", type("string", "what all its cells did"));
  json_object_set_new(properties, "guest", or_null("string", "in which kind of guest"));
  json_object_set_new(properties, "baseline_cell", type("integer", "what the others are held against"));
  json_object_set_new(properties, "cells", list_of(object_of(entry, true), "side by side"));
  return list_of(object_of(properties, true), "made from the runs; one for each work");
}

static json_t *host_schema(void)
{
  json_t *properties = json_object();
  for (int i = 0; i < BENCH_FACTS; i++)
    json_object_set_new(properties, bench_fact_name((enum bench_fact)i),
                        or_null("string", bench_fact_title((enum bench_fact)i)));
  return object_of(properties, true);
}

json_t *bench_results_schema(void)
{
  json_t *properties = json_object();
  json_object_set_new(properties, "format", json_pack("{s:s}", "const", STORE_FORMAT));
  json_object_set_new(properties, "version", json_pack("{s:i}", "const", BENCH_RESULTS_VERSION));
  json_object_set_new(properties, "made_by", type("string", "the program and its version"));
  json_object_set_new(properties, "simulated", type("boolean", "no guest ran: a model's figures"));
  json_object_set_new(properties, "complete", type("boolean", "the plan was carried out to its end"));
  json_object_set_new(properties, "end", or_null("string", "why it was not"));
  json_object_set_new(properties, "begun", or_null("string", "RFC 3339"));
  json_object_set_new(properties, "ended", or_null("string", "RFC 3339"));
  json_object_set_new(properties, "host", host_schema());
  json_object_set_new(properties, "plan", plan_schema());
  json_object_set_new(properties, "runs", list_of(run_schema(), "all of them, as they ran"));
  json_object_set_new(properties, "statistics", statistics_schema());
  json_t *root = object_of(properties, true);
  json_object_set_new(root, "$schema", json_string("https://json-schema.org/draft/2020-12/schema"));
  json_object_set_new(root, "title", json_string("virtlens benchmark"));
  json_object_set_new(root, "$defs",
                      json_pack("{s:o,s:o}", "interval", interval_schema(), "compared", compared_schema()));
  return root;
}
