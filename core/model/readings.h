/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The values of all metrics of one thing at one time.  A value without its
 * presence bit is unknown: drawn as "-" and exported as null, never 0. */
#ifndef MODEL_READINGS_H
#define MODEL_READINGS_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/model/metric.h"

struct readings {
  uint64_t present; /* bit per metric id */
  double value[METRICS_MAX];
};

static inline bool readings_has(const struct readings *r, int id)
{
  return (r->present >> id) & 1;
}

static inline void readings_clear(struct readings *r, int id)
{
  r->present &= ~(UINT64_C(1) << id);
}

/* What is not finite is not known. */
static inline void readings_set(struct readings *r, int id, double value)
{
  if (!isfinite(value)) {
    readings_clear(r, id);
    return;
  }
  r->value[id] = value;
  r->present |= UINT64_C(1) << id;
}

static inline void readings_add(struct readings *r, int id, double value)
{
  readings_set(r, id, readings_has(r, id) ? r->value[id] + value : value);
}

/* True and the value in RET if present. */
static inline bool readings_get(const struct readings *r, int id, double *ret)
{
  if (!readings_has(r, id))
    return false;
  *ret = r->value[id];
  return true;
}

/* The only place where rates are made.  Fill the derived metrics of SCOPE in NOW
 * from NOW's and BEFORE's counters; AT[g] is the monotonic time (ns) at which group
 * g was read.  A derived metric is left absent when BEFORE is NULL (first sample, new
 * run), a counter is missing or fell, or no time passed.  When group g was not read
 * again (NOW_AT[g] is 0 or BEFORE_AT[g]), all that BEFORE knew of it and NOW does not is
 * carried over; a metric of two counters is then carried over too. */
void readings_derive(enum metric_scope scope, struct readings *now, const int64_t now_at[GROUP_COUNT],
                     const struct readings *before, const int64_t before_at[GROUP_COUNT]);

#endif
