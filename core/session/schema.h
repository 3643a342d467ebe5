/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The JSON Schema (draft 2020-12) of the export, made from the metric tables and from one
 * table per object. */
#ifndef SESSION_SCHEMA_H
#define SESSION_SCHEMA_H

#include <jansson.h>

json_t *export_schema(void); /* a new reference */

#endif
