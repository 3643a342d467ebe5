/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What programs that were killed left of guests which nobody but they wanted: benchmarks'. */
#ifndef VIRT_SWEEP_H
#define VIRT_SWEEP_H

#include "core/virt/conn/hub.h"

/* Delete those of our guests, running or not, whose name begins with PREFIX, with their disks.  *RET_COUNT:
 * how many.  Worker threads only; waits. */
bool sweep_guests(struct hub *hub, const char *prefix, int *ret_count, GError **err);

#endif
