/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a session comes to, per guest: made scan by scan. */
#ifndef SESSION_TOTALS_H
#define SESSION_TOTALS_H

#include <jansson.h>

#include "core/model/scan.h"

struct totals;
struct totals *totals_new(void);
void totals_free(struct totals *totals);
/* Take in the next scan.  DEFINITION gives the number of a guest's definition. */
void totals_add(struct totals *totals, const struct scan *scan,
                uint64_t (*definition)(void *context, const struct guest_info *info), void *context);

/* The guests met so far, in order of appearance. */
struct totals_guest {
  int conn;
  char uuid[37];
  GArray *definitions; /* uint64_t, in order of appearance */
};
int totals_count(const struct totals *totals);
const struct totals_guest *totals_guest(const struct totals *totals, int index);
/* "totals" of the export: for each counter by how much it rose during the session, all runs
 * together; "first" and "last" readings; "mean" and "max" of what is derived from them.  Means of
 * rates are weighted by time, of averages per request by requests. */
json_t *totals_json(const struct totals *totals, int index);

#endif
