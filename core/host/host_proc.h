/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What /proc tells of the host: pure functions from recorded or live text to readings. */
#ifndef HOST_HOST_PROC_H
#define HOST_HOST_PROC_H

#include <stdbool.h>
#include <stdint.h>

#include "core/model/readings.h"

/* Clock ticks since boot, from one "cpu" line of /proc/stat (proc_stat(5)).  User includes
 * nice; guest time is already part of both.  System includes interrupts. */
struct cpu_times {
  bool online;
  uint64_t user, system, iowait, steal, idle;
  uint64_t guest, irq; /* parts of user and of system */
};

struct proc_stat {
  struct cpu_times all;
  int core_count; /* highest core number seen, plus 1: those between that are missing are off line */
  struct cpu_times *cores;
};

/* Parse the text of /proc/stat; false when it has no "cpu" line.  Clear RET with proc_stat_clear. */
bool proc_stat_parse(const char *text, struct proc_stat *ret);
void proc_stat_clear(struct proc_stat *stat);
/* Shares of the time between BEFORE and NOW into R, for SCOPE_HOST or SCOPE_CORE.  Nothing is
 * set when either is off line or no time passed.  iowait and idle may fall on Linux: a fall counts as 0. */
void proc_stat_shares(enum metric_scope scope, const struct cpu_times *now, const struct cpu_times *before,
                      struct readings *r);

/* "some avg10" of a /proc/pressure file, in percent. */
bool proc_pressure_parse(const char *text, double *ret_percent);
/* MemTotal and MemTotal - MemAvailable of /proc/meminfo, in bytes. */
bool proc_meminfo_parse(const char *text, double *ret_total, double *ret_used);

#endif
