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
