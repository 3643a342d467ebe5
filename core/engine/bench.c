/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/engine/bench.h"

#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/text.h"
#include "core/bench/simulate.h"
#include "core/bench/store.h"

/* "NAME=VALUE". */
static bool set_word(struct bench_plan *plan, const char *word, GError **err)
{
  const char *equals = strchr(word, '=');
  g_autofree char *name = g_strndup(word, equals ? (gsize)(equals - word) : strlen(word));
  g_autofree char *safe = text_safe(name);
  const int option = bench_option_find(name);
  if (option >= 0 && equals)
    return bench_plan_set(plan, (enum bench_option)option, equals + 1, err);
  const char *names[BENCH_OPTIONS + 1] = {NULL};
  for (int i = 0; i < BENCH_OPTIONS; i++)
    names[i] = bench_option_row((enum bench_option)i)->name;
  const char *closest = text_closest(name, names);
  g_autofree char *advice = closest ? g_strdup_printf("did you mean %s=VALUE?", closest)
                                    : g_strdup("virtlens(1) lists the options of plans");
  return error_set(err, ERROR_USAGE, advice, "\"%s\" is no option of a plan", safe);
}

static bool apply(struct bench_plan *plan, const struct bench_wish *wish, GError **err)
{
  for (const char *const *word = wish->settings; word && *word; word++)
    if (!set_word(plan, *word, err))
      return false;
  if (wish->memory && !bench_plan_set(plan, BENCH_MEMORY, wish->memory, err))
    return false;
  if (wish->disk_size && !bench_plan_set(plan, BENCH_DISK_SIZE, wish->disk_size, err))
    return false;
  return bench_plan_expand(plan, err);
}

static struct bench_plan *plan_of(const struct bench_wish *wish, GError **err)
{
  struct bench_plan *plan = bench_plan_read(wish->plan ? wish->plan : BENCH_PLAN_USUAL, err);
  if (plan && apply(plan, wish, err))
    return plan;
  bench_plan_free(plan);
  return NULL;
}

char *bench_show_plan(const struct bench_wish *wish, GError **err)
{
  struct bench_plan *plan = plan_of(wish, err);
  char *text = plan ? bench_plan_text(plan) : NULL;
  bench_plan_free(plan);
  return text;
}

/* A seed of its own for who gave none, recorded like one that was given. */
static void draw_seed(struct bench_plan *plan)
{
  if (plan->seed)
    return;
  g_autofree char *seed = g_strdup_printf("%u", g_random_int_range(1, G_MAXINT32));
  bench_plan_set(plan, BENCH_SEED, seed, NULL);
  plan->seed = (uint32_t)g_ascii_strtoull(seed, NULL, 10);
}

/* Where the results go: a file that is not there yet.  Caller frees. */
static char *results_file(const char *output, GError **err)
{
  g_autofree char *file = g_build_filename(output ? output : ".", BENCH_RESULTS_NAME, NULL);
  g_autofree char *safe = text_safe(file);
  if (output && !path_make(output, err))
    return NULL;
  if (access(file, F_OK) != 0)
    return g_steal_pointer(&file);
  error_set(err, ERROR_REFUSED, "name another folder with --output", "%s: these results would be replaced",
            safe);
  return NULL;
}

char *bench_simulate_plan(const struct bench_wish *wish, GError **err)
{
  struct bench_plan *plan = plan_of(wish, err);
  if (!plan)
    return NULL;
  draw_seed(plan);
  g_autofree char *file = results_file(wish->output, err);
  if (!file) {
    bench_plan_free(plan);
    return NULL;
  }
  struct bench_results *results = bench_simulate(plan, clock_wall_ns());
  const bool written = bench_results_write(results, file, err);
  bench_results_free(results);
  return written ? g_steal_pointer(&file) : NULL;
}

/* ---- with guests ---- */

/* What is asked for beside --resume would be another plan. */
static bool plan_is_given(const struct bench_wish *wish)
{
  return wish->plan || wish->memory || wish->disk_size || (wish->settings && *wish->settings);
}

static struct bench_results *results_to_go_on(const struct bench_wish *wish, const char *file, GError **err)
{
  if (plan_is_given(wish)) {
    error_set(err, ERROR_USAGE, "leave out the plan and its options", "resume: %s has its own plan", file);
    return NULL;
  }
  struct bench_results *results = bench_results_read(file, err);
  if (!results || (results->version > 0 && !results->simulated))
    return results;
  error_set(err, ERROR_USAGE, "begin anew in another folder (--output)",
            "resume: %s is of no benchmark with guests", file);
  bench_results_free(results);
  return NULL;
}

struct bench_results *bench_begin(const struct bench_wish *wish, char **ret_file, GError **err)
{
  if (wish->resume) {
    *ret_file = g_build_filename(wish->output ? wish->output : ".", BENCH_RESULTS_NAME, NULL);
    return results_to_go_on(wish, *ret_file, err);
  }
  struct bench_plan *plan = plan_of(wish, err);
  if (plan)
    draw_seed(plan);
  *ret_file = plan ? results_file(wish->output, err) : NULL;
  if (*ret_file)
    return bench_results_new(plan);
  bench_plan_free(plan);
  return NULL;
}

char *bench_measure_plan(const struct bench_wish *wish, const struct bench_where *where, bool *ret_complete,
                         GError **err)
{
  g_autofree char *file = NULL;
  struct bench_results *results = bench_begin(wish, &file, err);
  if (!results)
    return NULL;
  const bool done = bench_guests(results, file, where, err);
  *ret_complete = results->complete;
  bench_results_free(results);
  return done ? g_steal_pointer(&file) : NULL;
}

/* ---- of sessions ---- */

char *bench_folder(void)
{
  g_autofree char *state = path_state();
  return g_build_filename(state, "bench", NULL);
}

char *bench_newest_results(GError **err)
{
  g_autofree char *folder = bench_folder(), *newest = NULL;
  GDir *dir = g_dir_open(folder, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *file = g_build_filename(folder, name, BENCH_RESULTS_NAME, NULL);
    if (g_file_test(file, G_FILE_TEST_EXISTS) && g_strcmp0(file, newest) > 0) {
      g_free(newest);
      newest = g_steal_pointer(&file);
    }
  }
  if (dir)
    g_dir_close(dir);
  if (!newest)
    error_set(err, ERROR_GENERAL, ":bench runs one; or name the FILE", "no session has run a benchmark yet");
  return g_steal_pointer(&newest);
}

/* ---- for the manual ---- */

bool bench_option_words(int i, struct bench_words *ret)
{
  if (i >= BENCH_OPTIONS)
    return false;
  const struct bench_option_row *row = bench_option_row((enum bench_option)i);
  *ret = (struct bench_words){row->name, row->initial, row->text};
  return true;
}

bool bench_figure_words(int i, struct bench_words *ret)
{
  if (i >= BENCH_FIGURE_COUNT)
    return false;
  const struct bench_figure_row *row = bench_figure_row((enum bench_figure)i);
  *ret = (struct bench_words){row->name, NULL, row->text};
  return true;
}
