/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hypervisor processes of this machine, looked at without asking anyone. */
#ifndef VIRT_PROCESS_H
#define VIRT_PROCESS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define PROCESS_VCPUS_MAX 16 /* of guests with more, the threads are not looked at */

/* A QEMU and the threads that are its vCPUs.  PID 0: not known. */
struct process {
  pid_t pid;
  int vcpu_count;
  pid_t vcpus[PROCESS_VCPUS_MAX];
};

/* Fill RET with the vCPU threads of PID; false if there are none, or too many. */
bool process_look(struct process *ret, pid_t pid);
/* CPU time that the vCPU threads used so far, in nanoseconds (proc(5), schedstat); -1: one of them is gone.
 */
int64_t process_vcpu_ns(const struct process *process);
/* The UUID that a QEMU command line (COUNT bytes, each argument ended by a 0 byte) names, or NULL.
 * Points into ARGS. */
const char *process_uuid(const char *args, size_t count);
/* UUID -> pid_t of every QEMU that runs here and says its UUID; those that two processes claim
 * are left out.  Caller unrefs. */
GHashTable *process_by_uuid(void);

#endif
