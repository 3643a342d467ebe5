/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A look at all tasks of this machine (proc(5): stat and schedstat of each), which anybody may do. */
#ifndef VIRT_TASKS_H
#define VIRT_TASKS_H

#include "core/model/rivals.h"

/* Takes some 20 microseconds for each task that ever ran; for a worker.  Caller unrefs. */
struct task_look *tasks_look(void);

/* The comm and the processor of a task from its STAT; false: it is malformed. */
bool tasks_parse_stat(const char *stat, char comm[20], int *ret_cpu);

#endif
