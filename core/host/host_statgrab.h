/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What libstatgrab tells of the host.  libstatgrab keeps its state per thread: make, use and
 * free a struct statgrab on one thread only. */
#ifndef HOST_HOST_STATGRAB_H
#define HOST_HOST_STATGRAB_H

#include <stdint.h>

#include "core/model/readings.h"

struct statgrab;
/* NULL when libstatgrab cannot start. */
struct statgrab *statgrab_new(void);
void statgrab_free(struct statgrab *sg);
/* Load, memory, swap, disks and NICs at NOW_NS into R.  Whole disks of hardware are counted, not
 * their partitions nor what is stacked on them (dm, md, loop); NICs of hardware, or where there
 * is none (a container) all but the loopback. */
void statgrab_sample(struct statgrab *sg, int64_t now_ns, struct readings *r);

#endif
