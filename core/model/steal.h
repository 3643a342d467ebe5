/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which guests are stolen from so much that it is to be noticed.  Pure. */
#ifndef MODEL_STEAL_H
#define MODEL_STEAL_H

#include "core/model/event.h"
#include "core/model/scan.h"

struct steal_watch;
struct steal_watch *steal_watch_new(void);
void steal_watch_free(struct steal_watch *watch);
/* What SCAN changes: an event (struct event *; caller unrefs) for each guest whose steal has come to
 * THRESHOLD percent, and for each that fell well below it after that; none in between, however often it
 * crosses. */
GPtrArray *steal_watch_take(struct steal_watch *watch, const struct scan *scan, double threshold);

#endif
