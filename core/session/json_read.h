/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fields taken out of JSON objects.  The first fault is kept in ERR, after which all
 * reads give nothing: check json_read_ok once at the end. */
#ifndef SESSION_JSON_READ_H
#define SESSION_JSON_READ_H

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/model/readings.h"

struct json_read {
  const json_t *object;
  bool failed;
  GError **err;
};

/* False and the fault noted when OBJECT is no object. */
bool json_read_init(struct json_read *read, const json_t *object, GError **err);
bool json_read_ok(const struct json_read *read);
void json_read_fail(struct json_read *read, const char *key, const char *what);

/* Missing and null give the value that stands for unknown: OTHER, NULL, 0. */
int64_t json_read_int(struct json_read *read, const char *key, int64_t min, int64_t max, int64_t other);
double json_read_number(struct json_read *read, const char *key, double other);
uint64_t json_read_hex(struct json_read *read, const char *key); /* "0x1f"; missing is a fault */
bool json_read_bool(struct json_read *read, const char *key);
char *json_read_text(struct json_read *read, const char *key); /* as it was, from KEY_hex if that is there */
const char *json_read_word(struct json_read *read, const char *key);
int64_t json_read_time(struct json_read *read, const char *key);
/* Seconds as nanoseconds; *RET_KNOWN (may be NULL) is false for null. */
int64_t json_read_ns(struct json_read *read, const char *key, bool *ret_known);
int64_t json_read_elapsed(struct json_read *read, const char *key, int64_t base_ns); /* 0: unknown */
const json_t *json_read_list(struct json_read *read, const char *key);               /* NULL: none */
void json_read_metrics(struct json_read *read, enum metric_scope scope, struct readings *ret);
/* The index of the word KEY among NAME(0) .. NAME(COUNT - 1). */
int json_read_choice(struct json_read *read, const char *key, const char *(*name)(int), int count);

#endif
