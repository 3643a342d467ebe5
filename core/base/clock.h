/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#define NS_PER_S INT64_C(1000000000)
#define NS_PER_MS INT64_C(1000000)

/* Nanoseconds of CLOCK_MONOTONIC: the only clock that spans are measured with. */
int64_t clock_mono_ns(void);
/* Nanoseconds since the epoch, for display and records only.  With
 * VIRTLENS_FIXED_CLOCK=SECONDS in the environment it stands still there (tests). */
int64_t clock_wall_ns(void);

#endif
