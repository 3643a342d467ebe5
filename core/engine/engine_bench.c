/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Benchmarks as jobs of a session. */
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/bench/run.h"
#include "core/engine/bench.h"
#include "core/engine/engine_private.h"

static void tell(void *context, const struct bench_progress *progress)
{
  g_autofree char *text = bench_progress_text(progress);
  task_progress(context, (progress->run - 1.0) / progress->runs, text);
}

/* Named by its time, so that the newest is the last by name; caller frees. */
static char *new_folder(void)
{
  g_autofree char *folder = bench_folder();
  g_autoptr(GDateTime) now = g_date_time_new_now_utc();
  g_autofree char *time = g_date_time_format(now, "%Y-%m-%dT%H%M%SZ");
  return g_build_filename(folder, time, NULL);
}

static bool carry_out(struct bench_job *job, char **ret_told, GError **err)
{
  g_autofree char *file = text_quote_word(job->file);
  if (!bench_do(job, err))
    return false;
  if (!job->results->complete && atomic_load(job->cancel))
    return error_set(err, ERROR_CANCELLED, NULL, "stopped; what was measured is in %s", file);
  *ret_told =
      g_strdup_printf("benchmark %s: %u runs, %s; :results %s shows them", job->results->plan->name,
                      job->results->runs->len, job->results->complete ? "complete" : "not complete", file);
  return true;
}

bool bench_order(struct task *task, struct virt *virt, const char *const *flags, char **ret_told,
                 GError **err)
{
  const char *output = action_value(flags, "output");
  g_autofree char *folder = output ? g_strdup(output) : new_folder(), *file = NULL;
  const struct bench_wish wish = {.plan = action_value(flags, "plan"),
                                  .memory = action_value(flags, "memory"),
                                  .disk_size = action_value(flags, "disk-size"),
                                  .output = folder};
  struct bench_results *results = bench_begin(&wish, &file, err);
  if (!results)
    return false;
  atomic_int pace = BENCH_GO;
  struct bench_job job = {.virt = virt,
                          .results = results,
                          .file = file,
                          .pace = &pace,
                          .cancel = task_cancel(task),
                          .tell = tell,
                          .context = task};
  const bool done = carry_out(&job, ret_told, err);
  bench_results_free(results);
  return done;
}
