/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/base/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

static int64_t read_clock(clockid_t id)
{
  struct timespec ts;
  clock_gettime(id, &ts);
  return (int64_t)ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

int64_t clock_mono_ns(void)
{
  return read_clock(CLOCK_MONOTONIC);
}

int64_t clock_wall_ns(void)
{
  const char *fixed = getenv("VIRTLENS_FIXED_CLOCK");
  if (fixed && *fixed) {
    char *end;
    errno = 0;
    long long s = strtoll(fixed, &end, 10);
    if (!errno && !*end && s >= 0 && s < INT64_MAX / NS_PER_S)
      return s * NS_PER_S;
  }
  return read_clock(CLOCK_REALTIME);
}
