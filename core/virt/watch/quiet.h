/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Guests of this machine that need not be asked: one whose vCPU threads used no CPU time since before
 * its last answer asked for no I/O either, and its counters are as they were. */
#ifndef VIRT_QUIET_H
#define VIRT_QUIET_H

#include "core/virt/watch/roster.h"

/* So long, in seconds, a quiet guest is taken for one without asking: a process that was stopped is
 * quiet too, and is told from an idle one by an answer only. */
#define QUIET_SECONDS_WANTED 5.0 /* the user looks at it */
#define QUIET_SECONDS 30.0

/* If MEMBER was quiet since its last answer: set the time of its heavy groups to NOW_NS, for they were not
 * read but are known; true. */
bool quiet_take(struct member *member, bool wanted, int64_t now_ns);

#endif
