/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cgroups of processes; see cgroups(7). */
#ifndef HOST_GROUP_H
#define HOST_GROUP_H

#include <glib.h>
#include <sys/types.h>

/* The group of the line for CONTROLLERS in /proc/PID/cgroup ("4:cpu,cpuacct:/a"; "": version 2), or NULL.
 * Caller frees. */
char *group_of(const char *text, const char *controllers);
/* The numbers (uint64_t) by which the kernel knows the groups that are charged for what the disks do for the
 * hypervisor process PID, by the files below ROOT ("" for this host): of the group that libvirt made for its
 * guest, and all in it.  None where it has no group of its own.  Caller unrefs. */
GArray *group_disk_ids(const char *root, pid_t pid);

#endif
