/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a graph draws: the last values of each guest's and the host's metrics.
 * Rings are made only for metrics that ever had a value, as 16-bit floats' worth of
 * precision is all a graph shows: 200 guests with 10 minutes stay within a few MiB. */
#ifndef MODEL_HISTORY_H
#define MODEL_HISTORY_H

#include "core/model/scan.h"

struct history;
/* SLOTS values kept per series. */
struct history *history_new(int slots);
void history_free(struct history *history);
/* Add what is new in SCAN since the last call; a series takes a value only when its
 * group was read anew (at_ns changed). Series of guests that are gone are dropped. */
void history_add(struct history *history, const struct scan *scan);
/* Copy the newest N values (oldest first, NAN: none) of a metric into RET.  For SCOPE_GUEST
 * UUID names the guest; INDEX is the core, vCPU, disk or NIC number (0 else).
 * Returns how many values are known. */
int history_get(const struct history *history, enum metric_scope scope, const char *uuid, int index,
                int metric, double *ret, int n);

#endif
