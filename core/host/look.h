/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A thorough look at this host, made when somebody watches it: core/model/host_look.h. */
#ifndef HOST_LOOK_H
#define HOST_LOOK_H

#include <sys/types.h>

#include "core/model/host_look.h"

/* A guest's hypervisor. */
struct host_process {
  const char *guest; /* its name */
  pid_t pid;
};

/* The host whose files are below ROOT ("" for this one): FOLDERS (NULL-terminated) are those of guests'
 * disks, and PROCESSES (COUNT) are the guests'.  Waits for files; caller unrefs.  Rates are not made yet. */
struct host_look *host_look_at(const char *root, const char *const *folders,
                               const struct host_process *processes, int count);

#endif
