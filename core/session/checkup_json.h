/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Host verification as one JSON object, and the JSON Schema (draft 2020-12) of it: `virtlens check`. */
#ifndef SESSION_CHECKUP_JSON_H
#define SESSION_CHECKUP_JSON_H

#include <jansson.h>
#include <stdint.h>

#include "core/model/checkup.h"

/* New references.  VERSION is that of virtlens. */
json_t *checkup_json(const struct checkup *checkup, const char *version, int64_t wall_ns);
json_t *checkup_schema(void);

#endif
