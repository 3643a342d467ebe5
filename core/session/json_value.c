/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/session/json_value.h"

#include <glib.h>
#include <math.h>

#include "core/base/text.h"
#include "core/base/units.h"

#define EXACT_MAX 9007199254740992.0 /* 2^53: integers up to here are exact in every reader */

json_t *json_text(const char *text)
{
  if (!text)
    return json_null();
  json_t *value = json_string(text);
  if (value)
    return value;
  g_autofree char *safe = text_safe(text);
  return json_string(safe);
}

void json_put(json_t *object, const char *key, json_t *value)
{
  json_object_set_new_nocheck(object, key, value);
}

void json_put_text(json_t *object, const char *key, const char *text)
{
  json_put(object, key, json_text(text));
  if (!text || g_utf8_validate(text, -1, NULL))
    return;
  g_autoptr(GString) hex = g_string_new(NULL);
  for (const char *at = text; *at; at++)
    g_string_append_printf(hex, "%02x", (unsigned char)*at);
  g_autofree char *name = g_strconcat(key, "_hex", NULL);
  json_put(object, name, json_string(hex->str));
}

json_t *json_number(double value)
{
  if (!isfinite(value))
    return json_null();
  if (fabs(value) <= EXACT_MAX && value == trunc(value))
    return json_integer((json_int_t)value);
  return json_real(value);
}

json_t *json_hex(uint64_t number)
{
  g_autofree char *text = g_strdup_printf("0x%" G_GINT64_MODIFIER "x", number);
  return json_string(text);
}

json_t *json_seconds(int64_t ns)
{
  return json_number((double)ns / 1e9);
}

json_t *json_elapsed(int64_t mono_ns, int64_t base_ns)
{
  return mono_ns == 0 ? json_null() : json_seconds(mono_ns - base_ns);
}

json_t *json_time(int64_t wall_ns)
{
  if (wall_ns == 0)
    return json_null();
  g_autofree char *text = units_time_utc(wall_ns);
  return json_string(text);
}
