/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/rivals.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"

struct task_look *task_look_new(int64_t at_ns)
{
  struct task_look *look = g_new0(struct task_look, 1);
  refs_init(&look->refs);
  look->at_ns = at_ns;
  look->tasks = g_array_new(FALSE, FALSE, sizeof(struct task));
  return look;
}

struct task_look *task_look_ref(const struct task_look *look)
{
  refs_get(&look->refs);
  return REF_MUTABLE(struct task_look, look);
}

void task_look_unref(struct task_look *look)
{
  if (!look || !refs_put(&look->refs))
    return;
  g_array_unref(look->tasks);
  g_free(look);
}

static int by_tid(const void *a, const void *b)
{
  const struct task *x = a, *y = b;
  return (x->tid > y->tid) - (x->tid < y->tid);
}

void task_look_sort(struct task_look *look)
{
  g_array_sort(look->tasks, by_tid);
}

static const struct task *task_at(const struct task_look *look, guint i)
{
  return &g_array_index(look->tasks, struct task, i);
}

static bool has_cpu(const GArray *cpus, int cpu)
{
  for (guint i = 0; i < cpus->len; i++)
    if (g_array_index(cpus, int, i) == cpu)
      return true;
  return false;
}

static void add_cpus(GArray *cpus, const struct task_look *look, const char *uuid)
{
  for (guint i = 0; i < look->tasks->len; i++) {
    const struct task *task = task_at(look, i);
    if (task->vcpu && strcmp(task->uuid, uuid) == 0 && !has_cpu(cpus, task->cpu))
      g_array_append_val(cpus, task->cpu);
  }
}

/* How long TASK ran since BEFORE; one that began meanwhile ran all its time since. */
static int64_t ran_since(const struct task_look *before, const struct task *task)
{
  const GArray *tasks = before->tasks; /* an empty one has no data that bsearch may be given */
  const struct task *old = tasks->len ? bsearch(task, tasks->data, tasks->len, sizeof *old, by_tid) : NULL;
  return old && old->pid == task->pid && old->cpu_ns <= task->cpu_ns ? task->cpu_ns - old->cpu_ns
                                                                     : task->cpu_ns;
}

static double percent_of(const struct rivals *rivals, uint64_t ran_ns)
{
  return 100 * (double)ran_ns / (double)NS_PER_S / rivals->seconds;
}

/* What a process or a guest does counts together. */
static void add_rival(struct rivals *rivals, const struct rival *more)
{
  for (guint i = 0; i < rivals->list->len; i++) {
    struct rival *rival = &g_array_index(rivals->list, struct rival, i);
    if (rival->pid != more->pid || strcmp(rival->uuid, more->uuid) != 0)
      continue;
    rival->percent += more->percent;
    return;
  }
  g_array_append_vals(rivals->list, more, 1);
}

static void add_task(struct rivals *rivals, const struct task *task, int64_t ran_ns)
{
  struct rival rival = {.pid = task->pid, .percent = percent_of(rivals, (uint64_t)ran_ns)};
  memcpy(rival.name, task->name, sizeof rival.name);
  memcpy(rival.uuid, task->uuid, sizeof rival.uuid);
  add_rival(rivals, &rival);
}

static int by_percent(const void *a, const void *b)
{
  const struct rival *x = a, *y = b;
  return (x->percent < y->percent) - (x->percent > y->percent);
}

static struct rivals *rivals_new(void)
{
  struct rivals *rivals = g_new0(struct rivals, 1);
  rivals->cpus = g_array_new(FALSE, FALSE, sizeof(int));
  rivals->list = g_array_new(FALSE, FALSE, sizeof(struct rival));
  return rivals;
}

struct rivals *rivals_between(const struct task_look *before, const struct task_look *now, const char *uuid)
{
  struct rivals *rivals = rivals_new();
  rivals->look = task_look_ref(now);
  add_cpus(rivals->cpus, now, uuid);
  if (!before || before->at_ns >= now->at_ns)
    return rivals;
  add_cpus(rivals->cpus, before, uuid);
  rivals->seconds = (double)(now->at_ns - before->at_ns) / (double)NS_PER_S;
  for (guint i = 0; i < now->tasks->len; i++) {
    const struct task *task = task_at(now, i);
    const int64_t ran_ns = ran_since(before, task);
    if (ran_ns > 0 && has_cpu(rivals->cpus, task->cpu) && !(task->vcpu && strcmp(task->uuid, uuid) == 0))
      add_task(rivals, task, ran_ns);
  }
  g_array_sort(rivals->list, by_percent);
  return rivals;
}

static bool is_its_vcpu(const struct span *span, const char *uuid)
{
  return span->tid && strcmp(span->uuid, uuid) == 0;
}

static void add_traced(struct rivals *rivals, const struct span *span)
{
  struct rival rival = {.pid = span->pid, .percent = percent_of(rivals, span->sums.ns)};
  g_strlcpy(rival.name, span->name, sizeof rival.name);
  g_strlcpy(rival.uuid, span->uuid, sizeof rival.uuid);
  add_rival(rivals, &rival);
}

struct rivals *rivals_traced(const struct span_log *log, const char *uuid)
{
  const GArray *rows = span_log_rows(log);
  struct rivals *rivals = rivals_new();
  rivals->seconds = span_log_seconds(log);
  for (guint i = 0; i < rows->len; i++) {
    const struct span *span = &g_array_index(rows, struct span_row, i).span;
    const int cpu = (int)span->place;
    if (is_its_vcpu(span, uuid) && !has_cpu(rivals->cpus, cpu))
      g_array_append_val(rivals->cpus, cpu);
  }
  for (guint i = 0; i < rows->len && rivals->seconds > 0; i++) {
    const struct span *span = &g_array_index(rows, struct span_row, i).span;
    if (span->what == SPAN_RAN && has_cpu(rivals->cpus, (int)span->place) && !is_its_vcpu(span, uuid))
      add_traced(rivals, span);
  }
  g_array_sort(rivals->list, by_percent);
  return rivals;
}

void rivals_free(struct rivals *rivals)
{
  if (!rivals)
    return;
  task_look_unref(rivals->look);
  g_array_unref(rivals->cpus);
  g_array_unref(rivals->list);
  g_free(rivals);
}
