/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What this host did between two moments, exactly: for who measures over a window of its own.  Any thread. */
#ifndef HOST_SPAN_H
#define HOST_SPAN_H

#include "core/model/readings.h"

struct host_moment;
/* This host now.  Waits for files. */
struct host_moment *host_moment_new(void);
void host_moment_free(struct host_moment *moment); /* NULL is fine */

struct host_span {
  double seconds, wall_seconds; /* by the monotonic clock, and by the wall clock */
  double hertz;                 /* of the CPUs at both moments, the mean; NaN: not known */
  struct readings r;            /* SCOPE_HOST; shares and rates are those of the span, the load is the last */
};
void host_span_between(const struct host_moment *before, const struct host_moment *now,
                       struct host_span *ret);

/* Microseconds since boot in which some task waited, of a /proc/pressure file's text; pure. */
bool pressure_waited_parse(const char *text, double *ret_us);

#endif
