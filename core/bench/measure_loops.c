/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the CPU and the memory of a guest do, beside those of its host: the same program on both. */
#include <math.h>

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/proc.h"
#include "core/bench/measure_private.h"

#define LOOPS 3 /* integers, floats, memory: each runs for the plan's duration */
#define PATIENCE_SECONDS 60
#define PROGRAM "virtlens-loops"

static const enum bench_figure in_guest[LOOPS] = {BENCH_F_INTEGER, BENCH_F_FLOAT, BENCH_F_WALK},
                               on_host[LOOPS] = {BENCH_F_HOST_INTEGER, BENCH_F_HOST_FLOAT, BENCH_F_HOST_WALK};

/* The figures at the beginning of TEXT. */
static bool take(const char *text, const enum bench_figure figures[LOOPS], struct bench_run *run,
                 GError **err)
{
  for (int i = 0; i < LOOPS; i++) {
    char *end = NULL;
    const double value = g_ascii_strtod(text, &end);
    if (end == text || !(value > 0) || !isfinite(value))
      return error_set(err, ERROR_GENERAL, "Make the guest anew: virtlens-mklinux.",
                       PROGRAM " gave no figures");
    run->value[figures[i]] = value;
    text = end;
  }
  return true;
}

static bool loop_in_guest(struct measurement *m, const char *seconds, struct bench_run *run, GError **err)
{
  const int number = ++m->orders;
  const double patience = LOOPS * m->of->plan->duration + PATIENCE_SECONDS;
  g_autofree char *line = g_strdup_printf("%d loops %s", number, seconds),
                  *answer = g_strdup_printf("virtlens bench: loops %d ", number);
  const struct talk_wish wish = {TALK_ORDERS, answer, patience, NULL};
  if (!measurement_begin(m, err))
    return false;
  talk_send(m->talk, line);
  g_autofree char *said = talk_wait(m->talk, &wish, NULL, err);
  return said && measurement_end(m, err) && take(said, in_guest, run, err);
}

static bool loop_on_host(const char *seconds, struct bench_run *run, GError **err)
{
  g_autofree char *program = path_program(PROGRAM), *out = NULL;
  if (!program)
    return error_set(err, ERROR_RESOURCES, "Install virtlens as a whole.",
                     "the program " PROGRAM " is missing");
  const char *const argv[] = {program, seconds, NULL};
  return proc_run(argv, NULL, &out, err) && take(out, on_host, run, err);
}

bool measure_loops(struct measurement *m, struct bench_run *run, GError **err)
{
  char seconds[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd(seconds, sizeof seconds, "%.3f", m->of->plan->duration);
  m->of->step(m->of->context, "computing in the guest");
  if (!loop_in_guest(m, seconds, run, err))
    return false;
  window_cost(&m->window, run);
  m->of->step(m->of->context, "computing on the host");
  return loop_on_host(seconds, run, err);
}
