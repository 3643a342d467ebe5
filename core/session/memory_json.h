/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory requests as JSON, and back. */
#ifndef SESSION_MEMORY_JSON_H
#define SESSION_MEMORY_JSON_H

#include <jansson.h>

#include "core/model/memory.h"

/* Turn number NR, counted from 1, without its requests; elapsed times count from MONO_BASE_NS. */
json_t *memory_turn_json(const struct memory_turn *turn, uint64_t nr, int64_t mono_base_ns);
/* A request of turn number NR. */
json_t *memory_request_json(const struct memory_request *request, uint64_t nr, int64_t mono_base_ns);

/* Back from them, monotonic times counted from MONO_BASE_NS: NULL, false with the faulty field in ERR.  A
 * turn comes without its requests. */
struct memory_turn *memory_turn_from_json(const json_t *object, int64_t mono_base_ns, GError **err);
bool memory_request_from_json(const json_t *object, int64_t mono_base_ns, struct memory_request *ret,
                              uint64_t *ret_nr, GError **err);

#endif
