/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host's figures from recorded texts of /proc. */
#include "tests/unit/test.h"

#include <math.h>

#include "core/base/clock.h"
#include "core/host/flow.h"
#include "core/host/host_proc.h"
#include "core/host/span.h"

#define NEAR(a, b) cr_assert(fabs((a) - (b)) < 1e-9, "%s is %g, not %g", #a, (double)(a), (double)(b))

/* Two seconds apart, two cores, HZ 100; then the second core is taken off line. */
static const char stat_1[] = "cpu  1000 10 500 8000 200 5 15 20 300 0\n"
                             "cpu0 600 10 300 4000 100 5 15 20 300 0\n"
                             "cpu1 400 0 200 4000 100 0 0 0 0 0\n"
                             "intr 202545 0 0\nctxt 425742\nbtime 1795249938\n";
static const char stat_2[] = "cpu  1100 10 550 8200 220 10 20 40 350 0\n"
                             "cpu0 700 10 350 4000 120 10 20 40 350 0\n"
                             "cpu1 400 0 200 4200 100 0 0 0 0 0\n"
                             "intr 202545 0 0\n";
static const char stat_3[] = "cpu  1200 10 550 8200 220 10 20 40 350 0\n"
                             "cpu0 800 10 350 4000 120 10 20 40 350 0\n"
                             "cpu3 1 0 0 1 0 0 0 0 0 0\n";

Test(host_proc, shares_of_the_host_add_up)
{
  struct proc_stat before, now;
  struct readings r = {0};

  cr_assert(proc_stat_parse(stat_1, &before));
  cr_assert(proc_stat_parse(stat_2, &now));
  proc_stat_shares(SCOPE_HOST, &now.all, &before.all, &r);
  NEAR(r.value[HOST_USER], 25.0);   /* 100 of 400 */
  NEAR(r.value[HOST_SYSTEM], 15.0); /* 50 + 5 + 5 */
  NEAR(r.value[HOST_IOWAIT], 5.0);
  NEAR(r.value[HOST_STEAL], 5.0);
  NEAR(r.value[HOST_IDLE], 50.0);
  NEAR(r.value[HOST_GUEST], 12.5); /* 50, part of the user's 100 */
  NEAR(r.value[HOST_IRQ], 2.5);    /* 5 + 5, part of the system's 60 */
  NEAR(r.value[HOST_CPU], 45.0);
  cr_assert_eq(now.core_count, 2);
  proc_stat_clear(&before);
  proc_stat_clear(&now);
}

Test(host_proc, first_sample_has_no_shares)
{
  struct proc_stat now;
  struct cpu_times none = {0};
  struct readings r = {0};

  cr_assert(proc_stat_parse(stat_1, &now));
  proc_stat_shares(SCOPE_HOST, &now.all, &none, &r);
  cr_assert_eq(r.present, 0);
  proc_stat_shares(SCOPE_HOST, &now.all, &now.all, &r); /* no time passed */
  cr_assert_eq(r.present, 0);
  proc_stat_clear(&now);
}

Test(host_proc, cores_come_and_go)
{
  struct proc_stat before, now;
  struct readings r[4] = {{0}};

  cr_assert(proc_stat_parse(stat_2, &before));
  cr_assert(proc_stat_parse(stat_3, &now));
  cr_assert_eq(now.core_count, 4);
  cr_assert(now.cores[0].online);
  cr_assert_not(now.cores[1].online);
  cr_assert_not(now.cores[2].online);
  for (int i = 0; i < before.core_count; i++)
    proc_stat_shares(SCOPE_CORE, &now.cores[i], &before.cores[i], &r[i]);
  NEAR(r[0].value[CORE_CPU], 100.0);
  cr_assert_eq(r[1].present, 0);
  proc_stat_clear(&before);
  proc_stat_clear(&now);
}

Test(host_proc, idle_that_falls_is_no_negative_share)
{
  struct cpu_times before = {.online = true, .user = 10, .iowait = 50, .idle = 100};
  struct cpu_times now = {.online = true, .user = 20, .iowait = 40, .idle = 110};
  struct readings r = {0};

  proc_stat_shares(SCOPE_CORE, &now, &before, &r);
  NEAR(r.value[CORE_IOWAIT], 0.0);
  NEAR(r.value[CORE_CPU], 50.0);
}

Test(host_proc, old_and_broken_stat_texts)
{
  struct proc_stat stat;

  cr_assert(proc_stat_parse("cpu  1 2 3 4\n", &stat)); /* Linux 2.4 */
  cr_assert_eq(stat.all.idle, 4);
  cr_assert_eq(stat.all.steal, 0);
  cr_assert_not(proc_stat_parse("", &stat));
  cr_assert_not(proc_stat_parse("intr 5\n", &stat));
  cr_assert_not(proc_stat_parse("cpu  a b c d\n", &stat));
  cr_assert(proc_stat_parse("cpu  1 2 3 4\ncpu99999999999 1 1 1 1\ncpu0 1", &stat));
  cr_assert_eq(stat.core_count, 0);
}

Test(host_proc, pressure)
{
  double percent = -1;

  cr_assert(proc_pressure_parse("some avg10=1.53 avg60=0.22 avg300=0.24 total=5312586\nfull avg10=0.00\n",
                                &percent));
  NEAR(percent, 1.53);
  cr_assert_not(proc_pressure_parse("full avg10=2.00", &percent));
  cr_assert_not(proc_pressure_parse("some avg10=", &percent));
  cr_assert_not(proc_pressure_parse("some avg10=nan", &percent));
  cr_assert_not(proc_pressure_parse("some avg10=1e999", &percent));
}

Test(host_proc, memory)
{
  double total = 0, used = 0;

  cr_assert(proc_meminfo_parse("MemTotal:       24684084 kB\nMemFree: 1 kB\nMemAvailable:   24262436 kB\n",
                               &total, &used));
  NEAR(total, 24684084.0 * 1024);
  NEAR(used, (24684084.0 - 24262436.0) * 1024);
  cr_assert_not(proc_meminfo_parse("MemTotal: 24684084 kB\n", &total, &used));
  cr_assert_not(proc_meminfo_parse("MemTotal: 5 kB\nMemAvailable: 6 kB\n", &total, &used));
}

Test(flow, devices_that_come_go_and_restart_make_no_spike)
{
  struct flow *flow = flow_new();
  double in = -1, out = -1;

  flow_begin(flow, 1 * NS_PER_S);
  flow_add(flow, "sda", 1000000, 500);
  flow_add(flow, "sdb", 7000000, 9);
  cr_assert_not(flow_end(flow, &in, &out)); /* the first round has no rate */
  flow_begin(flow, 3 * NS_PER_S);
  flow_add(flow, "sda", 1000400, 700);
  flow_add(flow, "sdc", 123456789, 123456789); /* came; sdb went */
  cr_assert(flow_end(flow, &in, &out));
  NEAR(in, 200.0);
  NEAR(out, 100.0);
  flow_begin(flow, 4 * NS_PER_S);
  flow_add(flow, "sda", 0, 0);       /* began anew */
  flow_add(flow, "sdb", 7000000, 9); /* back: no delta over its absence */
  flow_add(flow, "sdc", 123456789, 123456790);
  cr_assert(flow_end(flow, &in, &out));
  NEAR(in, 0.0);
  NEAR(out, 1.0);
  flow_begin(flow, 5 * NS_PER_S);
  cr_assert_not(flow_end(flow, &in, &out)); /* no device: nothing is known */
  flow_free(flow);
}

Test(host_proc, time_waited_is_the_total_of_some)
{
  double us = 0;
  cr_assert(pressure_waited_parse("some avg10=1.50 avg60=0.00 avg300=0.00 total=123456\n"
                                  "full avg10=0.00 avg60=0.00 avg300=0.00 total=7\n",
                                  &us));
  cr_assert(us > 123455.5 && us < 123456.5);
  cr_assert_not(pressure_waited_parse("", &us));
  cr_assert_not(pressure_waited_parse("some avg10=1.50\nfull total=7\n", &us), "another line's was taken");
  cr_assert_not(pressure_waited_parse("some total=x\n", &us));
}

/* The same moment twice is no span; a later one is as long as the clock says. */
Test(host_proc, a_span_is_between_two_moments)
{
  struct host_moment *before = host_moment_new(), *now = host_moment_new();
  struct host_span span;
  host_span_between(before, now, &span);
  cr_assert(span.seconds >= 0 && span.seconds < 60);
  host_span_between(before, before, &span);
  cr_assert(span.seconds >= 0 && span.seconds <= 0);
  cr_assert_not(readings_has(&span.r, HOST_CPU));
  host_moment_free(before);
  host_moment_free(now);
}
