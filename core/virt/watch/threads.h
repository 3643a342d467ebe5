/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the threads of a hypervisor process of this machine use, by role, without asking anyone (proc(5): comm
 * and schedstat of each).  The files stay open from look to look, and are not read at all when the process
 * used no CPU time meanwhile.  For one thread at a time. */
#ifndef VIRT_THREADS_H
#define VIRT_THREADS_H

#include <sys/types.h>

#include "core/model/guest.h"

/* Files that may stay open, of all processes together; those beyond are opened for each look. */
struct thread_files {
  int kept, most;
};
void thread_files_init(struct thread_files *files);

struct threads;
/* Of the process PID; NULL: it is gone, or this kernel does not tell.  FILES must outlive it. */
struct threads *threads_new(pid_t pid, struct thread_files *files);
void threads_free(struct threads *threads); /* NULL is fine */
/* Read what has changed; false: the process is gone. */
bool threads_look(struct threads *threads);
/* CPU time that the vCPU threads used until the last look, in nanoseconds. */
int64_t threads_vcpu_ns(const struct threads *threads);
/* Put what was read last into GUEST's figures, as read at AT_NS. */
void threads_put(const struct threads *threads, struct guest *guest, int64_t at_ns);

/* The role of the thread that calls itself COMM: "vCPU", "worker" ...; LEADER: the first of its process. */
const char *thread_role_name(const char *comm, bool leader);
bool thread_is_vcpu(const char *comm, bool leader);

#endif
