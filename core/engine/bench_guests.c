/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/engine/bench_guests.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/text.h"
#include "core/base/units.h"
#include "core/bench/run.h"
#include "core/engine/inbox.h"

#define SCAN_SECONDS 60 /* nobody looks at the scans, and they would disturb what is measured */
#define END_SECONDS 5

struct loop {
  const struct bench_where *where;
  struct inbox *inbox; /* lines for the user, and the end */
  struct bench_job job;
  atomic_int pace; /* enum bench_pace */
  pthread_t thread;
  guint told_runs; /* results that were told of */
  bool ok, over;
  GError *fault;
};

/* ---- what is told, on the benchmark's own thread ---- */

static void push(struct loop *loop, enum message_kind kind, char *text)
{
  inbox_push(loop->inbox, kind, -1, text, g_free);
}

/* The figure that a cell is judged by, and the best of it so far among the cells with the same work. */
static bool best_of(const struct bench_results *results, const struct bench_run *run, double *ret_best,
                    int *ret_cell)
{
  const struct bench_cell *cell = bench_plan_cell(results->plan, run->cell);
  *ret_best = 0;
  for (guint i = 0; i < results->runs->len; i++) {
    const struct bench_run *other = g_ptr_array_index(results->runs, i);
    const double value = other->value[BENCH_F_IOPS];
    if (!bench_run_counts(other) || !(value > *ret_best) ||
        !bench_cell_same_work(cell, bench_plan_cell(results->plan, other->cell)))
      continue;
    *ret_best = value;
    *ret_cell = other->cell;
  }
  return *ret_best > 0;
}

/* "4.1k IOPS, p99 350u, QEMU 98 %; best so far 4.3k (virtio-blk)".  Caller frees. */
static char *figures_of(const struct bench_results *results, const struct bench_run *run)
{
  GString *text = g_string_new(NULL);
  units_buf number;
  double best;
  int cell = run->cell;
  if (run->failure) {
    g_autofree char *safe = text_line(run->failure);
    g_string_append_printf(text, "failed: %s", safe);
  } else if (isfinite(run->value[BENCH_F_IOPS])) {
    g_string_append_printf(text, "%s IOPS", units_count(number, run->value[BENCH_F_IOPS]));
    if (isfinite(run->value[BENCH_F_LAT_P99]))
      g_string_append_printf(text, ", p99 %s", units_seconds(number, run->value[BENCH_F_LAT_P99], true));
    g_string_append_printf(text, ", QEMU %s %%", units_percent(number, run->value[BENCH_F_QEMU_CPU]));
  } else {
    g_string_append_printf(text, "boot %s", units_seconds(number, run->value[BENCH_F_BOOT], true));
  }
  if (run->disturbances)
    g_string_append(text, ", disturbed");
  if (best_of(results, run, &best, &cell))
    g_string_append_printf(text, "; best so far %s (%s)", units_count(number, best),
                           bench_plan_cell(results->plan, cell)->backend->name);
  return g_string_free(text, FALSE);
}

static char *cell_text(const struct bench_results *results, int number)
{
  const struct bench_cell *cell = bench_plan_cell(results->plan, number);
  g_autofree char *work = bench_cell_work(cell), *device = bench_cell_device(cell);
  return g_strdup_printf("%s, %s", device, work);
}

/* Runs that have ended since the last telling. */
static void tell_runs(struct loop *loop, const struct bench_results *results)
{
  for (; loop->told_runs < results->runs->len; loop->told_runs++) {
    const struct bench_run *run = g_ptr_array_index(results->runs, loop->told_runs);
    g_autofree char *cell = cell_text(results, run->cell), *figures = figures_of(results, run);
    push(loop, MESSAGE_NOTICE, g_strdup_printf("run %u: %s: %s", loop->told_runs + 1, cell, figures));
  }
}

char *bench_progress_text(const struct bench_progress *progress)
{
  g_autofree char *cell = cell_text(progress->results, progress->cell),
                  *left = isfinite(progress->seconds_left) ? units_span(progress->seconds_left) : NULL;
  return g_strdup_printf("run %d of %d%s%s: %s: %s", progress->run, progress->runs, left ? ", left " : "",
                         left ? left : "", cell, progress->step);
}

static void tell(void *context, const struct bench_progress *progress)
{
  struct loop *loop = context;
  tell_runs(loop, progress->results);
  push(loop, MESSAGE_EVENT, bench_progress_text(progress));
}

static void *carry_out(void *context)
{
  struct loop *loop = context;
  loop->ok = bench_do(&loop->job, &loop->fault);
  tell_runs(loop, loop->job.results);
  push(loop, MESSAGE_FAULT, NULL);
  return NULL;
}

/* ---- the main thread ---- */

static void take_messages(struct loop *loop)
{
  inbox_clear_fd(loop->inbox);
  for (struct message *message; (message = inbox_pop(loop->inbox));) {
    loop->over |= message->kind == MESSAGE_FAULT;
    if (message->payload)
      loop->where->say(message->payload, message->kind == MESSAGE_NOTICE);
    message_free(message);
  }
}

static void take_signal(struct loop *loop)
{
  char ignored[128];
  if (read(loop->where->quit_fd, ignored, sizeof ignored) < 0)
    return;
  loop->where->say("stopping: the guest is deleted, what was measured is kept", true);
  atomic_store(&loop->pace, BENCH_STOP);
}

static void follow(struct loop *loop)
{
  while (!loop->over) {
    struct pollfd fds[] = {{.fd = inbox_fd(loop->inbox), .events = POLLIN},
                           {.fd = loop->where->quit_fd, .events = POLLIN}};
    if (poll(fds, G_N_ELEMENTS(fds), -1) < 0)
      continue;
    if (fds[1].revents)
      take_signal(loop);
    take_messages(loop);
  }
}

/* ---- the connection, whose scans nobody wants ---- */

static struct virt *open_virt(const struct bench_where *where, GError **err)
{
  const struct virt_options options = {
      .uri = where->uri, .lab = where->lab, .lab_root = where->lab_root, .interval_seconds = SCAN_SECONDS};
  g_autofree char *state = path_state(), *log = g_build_filename(state, "libvirt.log", NULL);
  return path_make(state, err) && virt_setup(log, err) ? virt_new(&options, &sink_nobody, 0, err) : NULL;
}

static bool run_loop(struct loop *loop, GError **err)
{
  const int fault = pthread_create(&loop->thread, NULL, carry_out, loop);
  if (fault)
    return error_set_errno(err, ERROR_RESOURCES, fault, NULL, "a thread for the benchmark");
  follow(loop);
  pthread_join(loop->thread, NULL);
  if (loop->fault)
    g_propagate_error(err, loop->fault);
  return loop->ok;
}

bool bench_guests(struct bench_results *results, const char *file, const struct bench_where *where,
                  GError **err)
{
  struct loop loop = {.where = where, .inbox = inbox_new(err), .told_runs = results->runs->len};
  struct virt *virt = loop.inbox ? open_virt(where, err) : NULL;
  bool ok = virt != NULL;
  if (ok) {
    loop.job = (struct bench_job){.virt = virt,
                                  .results = results,
                                  .file = file,
                                  .together = where->together,
                                  .pace = &loop.pace,
                                  .tell = tell,
                                  .context = &loop};
    ok = run_loop(&loop, err);
  }
  virt_free(virt, END_SECONDS);
  if (loop.inbox)
    inbox_free(loop.inbox);
  return ok;
}
