/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steal that crosses its threshold is told once; who ran meanwhile. */
#include "tests/unit/test.h"

#include <math.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/model/rivals.h"
#include "core/model/steal.h"

/* One guest with STEAL percent; not finite: not known; without GUEST: none. */
static struct scan *scan_with(bool guest, double steal)
{
  struct scan *scan = scan_new(1);
  GPtrArray *guests = g_ptr_array_new();
  scan->conns[0] = conn_scan_new("test:///");
  if (guest) {
    struct guest_info *info = guest_info_new("g", "11111111-2222-3333-4444-555555555555");
    g_ptr_array_add(guests, guest_new(info));
    guest_info_unref(info);
    readings_set(&((struct guest *)guests->pdata[0])->r, GUEST_STEAL, steal);
  }
  conn_scan_take_guests(scan->conns[0], guests);
  return scan;
}

/* What is told of STEAL at a threshold of 10: "" when nothing.  Caller frees. */
static char *told(struct steal_watch *watch, bool guest, double steal)
{
  struct scan *scan = scan_with(guest, steal);
  g_autoptr(GPtrArray) events = steal_watch_take(watch, scan, 10);
  char *text = g_strdup("");
  cr_assert_leq(events->len, 1u);
  if (events->len) {
    const struct event *event = events->pdata[0];
    g_free(text);
    text = g_strdup_printf("%s: %s: %s", event_kind_name(event->kind), event->guest, event->text);
    cr_assert_str_eq(event->uuid, "11111111-2222-3333-4444-555555555555");
    cr_assert_eq(event->conn, 0);
  }
  scan_unref(scan);
  return text;
}

#define UP "warning: g: 12.0 % of its vCPUs' time is stolen (steal-threshold: 10 %)"
#define DOWN "guest: g: steal is down to 5.0 %"

Test(steal, each_crossing_is_told_once)
{
  static const struct {
    double steal;
    const char *told;
  } steps[] = {{5, ""},   {12, UP},  {50, ""}, {9.9, ""}, {10.1, ""}, {7.6, ""},
               {5, DOWN}, {9.9, ""}, {4, ""},  {12, UP},  {5, DOWN}};
  struct steal_watch *watch = steal_watch_new();
  for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
    g_autofree char *text = told(watch, true, steps[i].steal);
    cr_assert_str_eq(text, steps[i].told, "step %zu: %s", i, text);
  }
  steal_watch_free(watch);
}

/* It was stopped, or is gone: nothing is told of it, and the next time is a new crossing. */
Test(steal, who_is_gone_is_forgotten)
{
  for (int gone = 0; gone < 2; gone++) {
    struct steal_watch *watch = steal_watch_new();
    g_autofree char *first = told(watch, true, 12), *none = told(watch, !gone, (double)NAN),
                    *again = told(watch, true, 12);
    cr_assert_str_eq(first, UP);
    cr_assert_str_eq(none, "");
    cr_assert_str_eq(again, UP);
    steal_watch_free(watch);
  }
}

/* ---- who ran on its CPUs ---- */

#define ME "11111111-2222-3333-4444-555555555555"

static void add_task(struct task_look *look, pid_t pid, pid_t tid, int cpu, const char *uuid, bool vcpu,
                     int ms)
{
  struct task task = {
      .pid = pid, .tid = tid, .cpu = cpu, .vcpu = vcpu, .cpu_ns = ms * NS_PER_MS, .name = "x"};
  g_strlcpy(task.uuid, uuid, sizeof task.uuid);
  g_array_append_val(look->tasks, task);
}

static double percent_of(const struct rivals *rivals, pid_t pid)
{
  for (guint i = 0; i < rivals->list->len; i++)
    if (g_array_index(rivals->list, struct rival, i).pid == pid)
      return g_array_index(rivals->list, struct rival, i).percent;
  return 0;
}

Test(rivals, those_on_its_cpus_by_what_they_ran)
{
  struct task_look *before = task_look_new(1 * NS_PER_S), *now = task_look_new(3 * NS_PER_S);
  add_task(before, 10, 12, 1, ME, true, 500);
  add_task(before, 20, 20, 1, "", false, 100);
  add_task(before, 20, 21, 1, "", false, 0);
  add_task(before, 30, 30, 0, "", false, 0);
  add_task(now, 20, 21, 1, "", false, 300);
  add_task(now, 20, 20, 1, "", false, 700);
  add_task(now, 30, 30, 0, "", false, 2000);
  add_task(now, 10, 10, 1, ME, false, 50);
  add_task(now, 10, 12, 1, ME, true, 900);
  add_task(now, 40, 40, 1, "u", true, 200);
  task_look_sort(before);
  task_look_sort(now);
  struct rivals *rivals = rivals_between(before, now, ME);
  cr_assert_float_eq(rivals->seconds, 2, 1e-9);
  cr_assert_eq(rivals->cpus->len, 1u);
  cr_assert_eq(g_array_index(rivals->cpus, int, 0), 1);
  cr_assert_eq(rivals->list->len, 3u);
  cr_assert_eq(g_array_index(rivals->list, struct rival, 0).pid, 20);
  cr_assert_float_eq(percent_of(rivals, 20), 45, 1e-9, "its threads together");
  cr_assert_float_eq(percent_of(rivals, 40), 10, 1e-9, "began meanwhile");
  cr_assert_float_eq(percent_of(rivals, 10), 2.5, 1e-9, "its own QEMU, without its vCPU");
  cr_assert_eq(percent_of(rivals, 30), 0, "elsewhere");
  rivals_free(rivals);
  task_look_unref(before);
  task_look_unref(now);
}

Test(rivals, the_first_look_knows_but_where)
{
  struct task_look *now = task_look_new(3 * NS_PER_S);
  add_task(now, 10, 12, 7, ME, true, 900);
  struct rivals *rivals = rivals_between(NULL, now, ME);
  cr_assert_eq(rivals->seconds, 0);
  cr_assert_eq(rivals->cpus->len, 1u);
  cr_assert_eq(rivals->list->len, 0u);
  rivals_free(rivals);
  task_look_unref(now);
}

/* ---- by the scheduler ---- */

static void add_traced(GArray *spans, const char *uuid, int pid, int tid, uint32_t what, uint64_t cpu,
                       uint64_t ms)
{
  struct span span = {
      .pid = pid, .tid = tid, .what = what, .place = cpu, .sums = {.count = 1, .ns = ms * NS_PER_MS}};
  g_strlcpy(span.uuid, uuid, sizeof span.uuid);
  g_array_append_val(spans, span);
}

Test(model_steal, the_scheduler_tells_where_each_task_ran)
{
  struct span_log *log = span_log_new(SPAN_CPU);
  GArray *spans = g_array_new(FALSE, FALSE, sizeof(struct span));
  add_traced(spans, "g", 0, 7, SPAN_RAN, 2, 500);     /* its vCPU */
  add_traced(spans, "g", 0, 7, SPAN_WAITED, 3, 100);  /* ... which waits on another CPU, too */
  add_traced(spans, "g", 0, 0, SPAN_RAN, 2, 40);      /* its own QEMU */
  add_traced(spans, "h", 0, 9, SPAN_RAN, 2, 300);     /* another's vCPU */
  add_traced(spans, "h", 0, 0, SPAN_RAN, 3, 100);     /* ... and its QEMU */
  add_traced(spans, "", 50, 0, SPAN_RAN, 3, 900);     /* somebody */
  add_traced(spans, "", 50, 0, SPAN_RAN, 4, 1900);    /* ... also where no vCPU of it was */
  add_traced(spans, "h", 0, 9, SPAN_WAITED, 2, 1000); /* who waits does not run */
  struct span_turn *turn = span_turn_new(SPAN_CPU, spans);
  turn->seconds = 2;
  span_log_add(log, turn);
  struct rivals *rivals = rivals_traced(log, "g");
  const struct {
    const char *uuid;
    pid_t pid;
    double percent;
  } expected[] = {{"", 50, 45}, {"h", 0, 20}, {"g", 0, 2}};
  cr_assert_null(rivals->look);
  cr_assert_eq(rivals->cpus->len, 2u);
  cr_assert_eq(rivals->list->len, G_N_ELEMENTS(expected));
  for (guint i = 0; i < rivals->list->len; i++) {
    const struct rival *rival = &g_array_index(rivals->list, struct rival, i);
    cr_assert_str_eq(rival->uuid, expected[i].uuid);
    cr_assert_eq(rival->pid, expected[i].pid);
    cr_assert_float_eq(rival->percent, expected[i].percent, 1e-9);
  }
  rivals_free(rivals);
  rivals = rivals_traced(log, "nobody");
  cr_assert_eq(rivals->cpus->len, 0u);
  cr_assert_eq(rivals->list->len, 0u);
  rivals_free(rivals);
  span_turn_unref(turn);
  span_log_free(log);
}
