/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values as the export writes them: unknown is null, never NaN; text is UTF-8, whatever it was. */
#ifndef SESSION_JSON_VALUE_H
#define SESSION_JSON_VALUE_H

#include <jansson.h>
#include <stdint.h>

/* OBJECT[KEY] = VALUE, which is taken. */
void json_put(json_t *object, const char *key, json_t *value);
/* OBJECT[KEY] = TEXT; when TEXT is not UTF-8 its bytes are in KEY_hex, too. */
void json_put_text(json_t *object, const char *key, const char *text);
json_t *json_text(const char *text); /* NULL gives null; invalid UTF-8 its safe form */
json_t *json_seconds(int64_t ns);
json_t *json_elapsed(int64_t mono_ns, int64_t base_ns); /* null for a time of 0 */
json_t *json_time(int64_t wall_ns);                     /* null for 0 */
json_t *json_number(double value);                      /* integers as such; null when not finite */
json_t *json_hex(uint64_t number); /* "0x1f": what need not fit into the integers of every reader of JSON */

#endif
