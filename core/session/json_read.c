/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/session/json_read.h"

#include <math.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/units.h"

#define SECONDS_MAX 4e9 /* more than a century */

void json_read_fail(struct json_read *read, const char *key, const char *what)
{
  if (!read->failed)
    error_set(read->err, ERROR_GENERAL, NULL, "\"%s\" %s", key, what);
  read->failed = true;
}

bool json_read_init(struct json_read *read, const json_t *object, GError **err)
{
  *read = (struct json_read){object, false, err};
  if (json_is_object(object))
    return true;
  read->failed = true;
  return error_set(err, ERROR_GENERAL, NULL, "an object is expected");
}

bool json_read_ok(const struct json_read *read)
{
  return !read->failed;
}

/* The field KEY; NULL when missing, null, or after a fault. */
static const json_t *field(const struct json_read *read, const char *key)
{
  const json_t *value = read->failed ? NULL : json_object_get(read->object, key);
  return json_is_null(value) ? NULL : value;
}

int64_t json_read_int(struct json_read *read, const char *key, int64_t min, int64_t max, int64_t other)
{
  const json_t *value = field(read, key);
  if (!value)
    return other;
  if (!json_is_integer(value)) {
    json_read_fail(read, key, "is not an integer");
    return other;
  }
  int64_t n = json_integer_value(value);
  if (n >= min && n <= max)
    return n;
  json_read_fail(read, key, "is out of range");
  return other;
}

double json_read_number(struct json_read *read, const char *key, double other)
{
  const json_t *value = field(read, key);
  if (!value)
    return other;
  if (json_is_number(value))
    return json_number_value(value);
  json_read_fail(read, key, "is not a number");
  return other;
}

bool json_read_bool(struct json_read *read, const char *key)
{
  const json_t *value = field(read, key);
  if (value && !json_is_boolean(value))
    json_read_fail(read, key, "is neither true nor false");
  return json_is_true(value);
}

const char *json_read_word(struct json_read *read, const char *key)
{
  const json_t *value = field(read, key);
  if (value && !json_is_string(value))
    json_read_fail(read, key, "is not a string");
  return value ? json_string_value(value) : NULL;
}

/* Bytes written in hexadecimal, none of them 0. */
static char *from_hex(const char *hex)
{
  size_t length = strlen(hex);
  g_autoptr(GString) bytes = g_string_sized_new(length / 2);
  for (size_t i = 0; i + 1 < length; i += 2) {
    int high = g_ascii_xdigit_value(hex[i]), low = g_ascii_xdigit_value(hex[i + 1]);
    if (high < 0 || low < 0 || high + low == 0)
      return NULL;
    g_string_append_c(bytes, (char)(high << 4 | low));
  }
  return length % 2 ? NULL : g_strdup(bytes->str);
}

char *json_read_text(struct json_read *read, const char *key)
{
  g_autofree char *hex_key = g_strconcat(key, "_hex", NULL);
  const char *text = json_read_word(read, key), *hex = json_read_word(read, hex_key);
  if (!hex)
    return g_strdup(text);
  char *bytes = from_hex(hex);
  if (!bytes)
    json_read_fail(read, hex_key, "is not hexadecimal");
  return bytes;
}

int64_t json_read_time(struct json_read *read, const char *key)
{
  const char *text = json_read_word(read, key);
  int64_t wall = 0;
  if (text && !units_parse_time(text, &wall, NULL)) {
    json_read_fail(read, key, "is not a time of RFC 3339");
    return 0;
  }
  return wall;
}

int64_t json_read_ns(struct json_read *read, const char *key, bool *ret_known)
{
  bool known = field(read, key) != NULL;
  double seconds = json_read_number(read, key, 0);
  if (ret_known)
    *ret_known = known;
  if (fabs(seconds) <= SECONDS_MAX)
    return llround(seconds * 1e9);
  json_read_fail(read, key, "is out of range");
  return 0;
}

int64_t json_read_elapsed(struct json_read *read, const char *key, int64_t base_ns)
{
  bool known;
  int64_t ns = json_read_ns(read, key, &known);
  return known ? base_ns + ns : 0;
}

uint64_t json_read_hex(struct json_read *read, const char *key)
{
  const char *text = json_read_word(read, key);
  guint64 number = 0;

  if (!text || !g_str_has_prefix(text, "0x") ||
      !g_ascii_string_to_unsigned(text + 2, 16, 0, G_MAXUINT64, &number, NULL))
    json_read_fail(read, key, "is no number such as \"0x1f\"");
  return number;
}

const json_t *json_read_list(struct json_read *read, const char *key)
{
  const json_t *value = field(read, key);
  if (value && !json_is_array(value)) {
    json_read_fail(read, key, "is not a list");
    return NULL;
  }
  return value;
}

void json_read_metrics(struct json_read *read, enum metric_scope scope, struct readings *ret)
{
  int count;
  const struct metric *rows = metric_table(scope, &count);
  for (int i = 0; i < count; i++) {
    const json_t *value = field(read, rows[i].name);
    if (value && json_is_number(value))
      readings_set(ret, i, json_number_value(value));
    else if (value)
      json_read_fail(read, rows[i].name, "is neither a number nor null");
  }
}

int json_read_choice(struct json_read *read, const char *key, const char *(*name)(int), int count)
{
  const char *word = json_read_word(read, key);
  if (!word) {
    json_read_fail(read, key, "is missing");
    return 0;
  }
  for (int i = 0; i < count; i++)
    if (strcmp(word, name(i)) == 0)
      return i;
  json_read_fail(read, key, "is not a word known here");
  return 0;
}
