/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A scan as one JSON object: an element of the export's "scans", and a line of
 * `--batch --format json`.  Metric fields are named by the metric tables. */
#ifndef SESSION_SCAN_JSON_H
#define SESSION_SCAN_JSON_H

#include <jansson.h>

#include "core/model/scan.h"

/* How all JSON is written: bytes beyond ASCII escaped, so that a file shown on a terminal
 * does nothing to it; 15 digits, so that what was read exactly stays exact. */
#define SCAN_JSON_FLAGS (JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(15))

struct scan_json {
  int64_t mono_base_ns; /* elapsed_seconds count from here */
  /* The number of a definition for "definition", or NULL: leave that field out. */
  uint64_t (*definition)(void *context, const struct guest_info *info);
  void *context;
};

/* A new reference.  Unknown is null; never NaN. */
json_t *scan_json(const struct scan *scan, const struct scan_json *options);
/* Back from it.  INFO_OF gives the definition of a guest ("uuid", "definition"), borrowed.  NULL
 * with the faulty field in ERR when the object is not one of ours. */
struct scan *scan_from_json(const json_t *object, int64_t mono_base_ns,
                            struct guest_info *(*info_of)(void *context, uint64_t id), void *context,
                            GError **err);

#endif
