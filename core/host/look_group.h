/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the cgroup of a process limits it to; see cgroups(7). */
#ifndef HOST_LOOK_GROUP_H
#define HOST_LOOK_GROUP_H

#include "core/host/look.h"

/* Append the limits of PROCESS, by the files below ROOT, to LOOK; where they cannot be read, why. */
void look_group(struct host_look *look, const char *root, const struct host_process *process);

#endif
