/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/mac.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/units.h"

#define VLAN_MAX 4094

static bool refuse(const char *text, const char *why, GError **err)
{
  g_autofree char *safe = text_safe(text);
  g_autofree char *shown = text_fit(safe, 60, true);
  return error_set(err, ERROR_USAGE, "Give one such as 52:54:00:12:34:56.", "mac \"%s\": %s", shown, why);
}

/* "xx:xx:xx:xx:xx:xx" */
static bool has_shape(const char *text)
{
  if (strlen(text) != MAC_TEXT_BYTES - 1)
    return false;
  for (int i = 0; text[i]; i++)
    if (i % 3 == 2 ? text[i] != ':' : !g_ascii_isxdigit(text[i]))
      return false;
  return true;
}

bool mac_parse(const char *text, char ret[MAC_TEXT_BYTES], GError **err)
{
  if (!has_shape(text))
    return refuse(text, "it is not a MAC address", err);
  if (g_ascii_xdigit_value(text[1]) & 1) /* IEEE 802: the first bit sent */
    return refuse(text, "it is the address of a group (multicast)", err);
  if (strspn(text, "0:") == MAC_TEXT_BYTES - 1)
    return refuse(text, "it is nobody's address", err);
  for (int i = 0; i < MAC_TEXT_BYTES; i++)
    ret[i] = g_ascii_tolower(text[i]);
  return true;
}

bool vlan_parse(const char *text, int *ret, GError **err)
{
  int64_t number;
  g_autoptr(GError) fault = NULL;
  if (!units_parse_int(text, 1, VLAN_MAX, &number, &fault)) {
    g_autofree char *what = error_what(fault);
    return error_set(err, ERROR_USAGE, "Give a number from 1 to 4094.", "vlan: %s", what);
  }
  *ret = (int)number;
  return true;
}
