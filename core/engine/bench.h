/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Benchmarks without a session: `virtlens bench`. */
#ifndef ENGINE_BENCH_H
#define ENGINE_BENCH_H

#include <glib.h>
#include <stdbool.h>

#include "core/engine/bench_guests.h"

/* What is asked for; NULL: the plan's. */
struct bench_wish {
  const char *plan;               /* shipped, or a file */
  const char *const *settings;    /* NAME=VALUE for options of the plan, NULL-terminated */
  const char *memory, *disk_size; /* the same for these two */
  const char *output;             /* a folder, which is made; NULL: the present one */
  bool resume;                    /* go on with the results that are there, by their own plan */
};
#define BENCH_PLAN_USUAL "quick"
#define BENCH_RESULTS_NAME "results.json"

/* The plan that WISH comes to, for reading; it is checked, nothing is started.  Caller frees. */
char *bench_show_plan(const struct bench_wish *wish, GError **err);
/* Let the model of core/bench/simulate.h carry it out: what it wrote.  Caller frees.  ERROR_REFUSED when
 * there are results already. */
char *bench_simulate_plan(const struct bench_wish *wish, GError **err);
/* Carry it out with real guests: what it wrote, also when it was stopped (*RET_COMPLETE: it was not).  Main
 * thread, until its end.  Caller frees.  NULL: as bench_simulate_plan, or what bench_guests.h says. */
char *bench_measure_plan(const struct bench_wish *wish, const struct bench_where *where, bool *ret_complete,
                         GError **err);
/* Results to be filled for WISH, and the file that they go to (caller frees).  NULL: as bench_simulate_plan.
 */
struct bench_results *bench_begin(const struct bench_wish *wish, char **ret_file, GError **err);
/* Where the results of sessions go, each in a folder of its own named by its time.  Caller frees. */
char *bench_folder(void);
/* The newest results there.  Caller frees; NULL: there are none. */
char *bench_newest_results(GError **err);
/* For manuals: the Ith option of a plan, and the Ith figure of a run with its unit in its name.  False: there
 * is none. */
struct bench_words {
  const char *name, *initial, *text; /* INITIAL: as typed; of figures: NULL */
};
bool bench_option_words(int i, struct bench_words *ret);
bool bench_figure_words(int i, struct bench_words *ret);

#endif
