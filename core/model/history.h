/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a graph draws: the last values of each guest's and the host's metrics.
 * Counters are not kept, their rates are.  A value takes 16 bits, as bfloat16: the
 * range of a float (bytes per second pass the 65504 of IEEE half) with 8 bits of precision,
 * 0.4 %, finer than any graph here.  A ring is made only once a value changes, and grows
 * as it fills: 200 guests with 10 minutes stay within a few MiB. */
#ifndef MODEL_HISTORY_H
#define MODEL_HISTORY_H

#include "core/model/scan.h"

struct history;
/* SLOTS values (1 to 32768) kept per series. */
struct history *history_new(int slots);
void history_free(struct history *history);
/* Add what is new in SCAN since the last call; a series takes a value only when its
 * group was read anew (at_ns changed). Series of guests that are gone are dropped. */
void history_add(struct history *history, const struct scan *scan);
/* Copy the newest N values of a metric into RET, oldest first, RET[N-1] the newest; NAN: none.  For
 * SCOPE_GUEST UUID names the guest; INDEX is the number of the core, vCPU or part (0 else). Returns how many
 * of them are known.  A guest seen by two connections has the first one's. */
int history_get(const struct history *history, enum metric_scope scope, const char *uuid, int index,
                int metric, double *ret, int n);

/* The smallest of the N VALUES that is not below PERCENT of those known (nearest rank); NAN: none is known.
 */
double history_percentile(const double *values, int n, double percent);

#endif
