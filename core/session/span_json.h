/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long things take, as JSON, and back. */
#ifndef SESSION_SPAN_JSON_H
#define SESSION_SPAN_JSON_H

#include <jansson.h>

#include "core/model/span.h"

/* Turn number NR, counted from 1; elapsed times count from MONO_BASE_NS. */
json_t *span_turn_json(const struct span_turn *turn, uint64_t nr, int64_t mono_base_ns);
/* Back from it, monotonic times counted from MONO_BASE_NS; NULL with the faulty field in ERR. */
struct span_turn *span_turn_from_json(const json_t *object, int64_t mono_base_ns, GError **err);

#endif
