/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/bench/results.h"

#include <math.h>
#include <string.h>

static const char *const group_titles[] = {
    [BENCH_GIVEN] = "What the guest got",        [BENCH_BOOTED] = "How long it took to boot",
    [BENCH_COMPUTED] = "How fast it computed",   [BENCH_COST] = "What that cost the host",
    [BENCH_NOISE] = "What else the host was at",
};
G_STATIC_ASSERT(G_N_ELEMENTS(group_titles) == BENCH_GROUPS);

static const struct bench_figure_row figures[] = {
#define FIGURE(id, group, unit, better, name, title, text)                                                   \
  [BENCH_F_##id] = {name, title, text, BENCH_##group, UNIT_##unit, better},
    BENCH_FIGURES(FIGURE)
#undef FIGURE
};

static const struct {
  const char *name, *text;
} disturbances[] = {
    [BENCH_HOST_BUSY] = {"host-busy", "others used more of the host's CPU than the plan allows"},
    [BENCH_HOST_STOLEN] = {"host-stolen", "the machine below took CPU from this host"},
    [BENCH_GUEST_STOLEN] = {"guest-stolen", "the guest's vCPUs had to wait for a CPU"},
    [BENCH_CLOCK_STEPPED] = {"clock-stepped", "the wall clock was set meanwhile"},
    [BENCH_FREQUENCY] = {"frequency", "the CPUs' clock was another than in the other runs"},
    [BENCH_UNSTEADY] = {"unsteady", "its figures had not settled when they were taken"},
};
G_STATIC_ASSERT(G_N_ELEMENTS(disturbances) == BENCH_DISTURBANCES);

static const struct {
  const char *name, *title;
} facts[] = {
#define FACT(id, name, title) [BENCH_FACT_##id] = {name, title},
    BENCH_FACTS_TABLE(FACT)
#undef FACT
};

const char *bench_group_title(enum bench_group group)
{
  return group_titles[group];
}

const struct bench_figure_row *bench_figure_row(enum bench_figure figure)
{
  return &figures[figure];
}

/* Whether WORD is NAME up to its unit: "iops" of "iops_per_s", "latency_p99" of "latency_p99_s". */
static bool is_stem(const char *name, const char *word)
{
  static const char *const units[] = {"_per_s", "_bytes_per_s", "_s", "_percent", "_bytes", "_hz", NULL};
  const size_t length = strlen(word);
  return strncmp(name, word, length) == 0 && g_strv_contains(units, name + length);
}

int bench_figure_find(const char *word)
{
  for (int i = 0; i < BENCH_FIGURE_COUNT; i++)
    if (strcmp(figures[i].name, word) == 0 || g_ascii_strcasecmp(figures[i].title, word) == 0)
      return i;
  for (int i = 0; i < BENCH_FIGURE_COUNT; i++)
    if (is_stem(figures[i].name, word))
      return i;
  return -1;
}

const char *bench_disturbance_name(enum bench_disturbance disturbance)
{
  return disturbances[disturbance].name;
}

const char *bench_disturbance_text(enum bench_disturbance disturbance)
{
  return disturbances[disturbance].text;
}

const char *bench_fact_name(enum bench_fact fact)
{
  return facts[fact].name;
}

const char *bench_fact_title(enum bench_fact fact)
{
  return facts[fact].title;
}

struct bench_run *bench_run_new(int cell, int round)
{
  struct bench_run *run = g_new0(struct bench_run, 1);
  run->cell = cell;
  run->round = round;
  run->seconds = NAN;
  for (int i = 0; i < BENCH_FIGURE_COUNT; i++)
    run->value[i] = NAN;
  return run;
}

void bench_run_free(struct bench_run *run)
{
  if (!run)
    return;
  bench_histogram_free(run->latency);
  g_free(run->failure);
  g_free(run);
}

bool bench_run_counts(const struct bench_run *run)
{
  return !run->failure && !run->repeated;
}

static void free_run(gpointer run)
{
  bench_run_free(run);
}

static void free_made(gpointer pointer)
{
  struct bench_made *made = pointer;
  g_free(made->guest);
  g_free(made->accel);
  g_free(made->xml);
  g_free(made->command);
  g_free(made->refused);
  g_free(made);
}

struct bench_results *bench_results_new(struct bench_plan *plan)
{
  struct bench_results *results = g_new0(struct bench_results, 1);
  results->version = BENCH_RESULTS_VERSION;
  results->plan = plan;
  results->runs = g_ptr_array_new_with_free_func(free_run);
  results->made = g_ptr_array_new_with_free_func(free_made);
  for (guint i = 0; i < plan->cells->len; i++)
    g_ptr_array_add(results->made, g_new0(struct bench_made, 1));
  return results;
}

void bench_results_free(struct bench_results *results)
{
  if (!results)
    return;
  bench_plan_free(results->plan);
  g_ptr_array_unref(results->runs);
  g_ptr_array_unref(results->made);
  for (int i = 0; i < BENCH_FACTS; i++)
    g_free(results->fact[i]);
  g_free(results->made_by);
  g_free(results->end);
  g_free(results);
}

struct bench_made *bench_results_made(const struct bench_results *results, int cell)
{
  return g_ptr_array_index(results->made, cell);
}

void bench_results_add(struct bench_results *results, struct bench_run *run)
{
  g_ptr_array_add(results->runs, run);
}

GPtrArray *bench_results_runs_of(const struct bench_results *results, int cell)
{
  GPtrArray *runs = g_ptr_array_new();
  for (guint i = 0; i < results->runs->len; i++) {
    struct bench_run *run = g_ptr_array_index(results->runs, i);
    if (run->cell == cell && bench_run_counts(run))
      g_ptr_array_add(runs, run);
  }
  return runs;
}
