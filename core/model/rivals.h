/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who ran on the CPUs of a guest's vCPUs while they had to wait: from two looks at all tasks of the
 * host, or from what its scheduler was seen to do. */
#ifndef MODEL_RIVALS_H
#define MODEL_RIVALS_H

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

#include "core/base/ref.h"
#include "core/model/span_log.h"

/* A thread of the host at the time of a look. */
struct task {
  pid_t pid, tid;
  int cpu; /* where it ran last */
  bool vcpu;
  int64_t cpu_ns; /* that it used until then */
  char name[20];  /* its process's, raw */
  char uuid[37];  /* of the guest whose hypervisor it belongs to; "": of none */
};

/* Immutable once made; shared by reference. */
struct task_look {
  struct refs refs;
  int64_t at_ns; /* monotonic */
  GArray *tasks; /* struct task, by tid */
};
struct task_look *task_look_new(int64_t at_ns);
struct task_look *task_look_ref(const struct task_look *look);
void task_look_unref(struct task_look *look); /* NULL is fine */
/* All tasks have been added. */
void task_look_sort(struct task_look *look);

/* Who ran there: a process, or all of a guest. */
struct rival {
  char name[20], uuid[37];
  pid_t pid;
  double percent; /* of one CPU */
};
struct rivals {
  struct task_look *look; /* the later one; NULL: it was traced */
  double seconds;         /* between the two; 0: there was none before */
  GArray *cpus;           /* int: where the guest's vCPUs were seen */
  GArray *list;           /* struct rival, who ran most first */
};
/* What happened to the guest UUID between BEFORE (NULL: none) and NOW, on whose CPUs its vCPUs were seen. The
 * kernel tells how long a task ran, and on which CPU at last: it counts as having run there all that time.
 * The guest's own vCPUs are left out. Caller frees. */
struct rivals *rivals_between(const struct task_look *before, const struct task_look *now, const char *uuid);
/* The same as LOG (of SPAN_CPU) saw it since it began: each task where it ran, and as long; on CPUs where the
 * guest's vCPUs ran or waited to.  Caller frees. */
struct rivals *rivals_traced(const struct span_log *log, const char *uuid);
void rivals_free(struct rivals *rivals); /* NULL is fine */

#endif
