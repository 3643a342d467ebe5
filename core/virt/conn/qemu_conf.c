/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/conn/qemu_conf.h"

#include <string.h>

char *qemu_conf_value(const char *text, const char *key)
{
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (int i = 0; lines[i]; i++) {
    char *equals = strchr(g_strstrip(lines[i]), '=');
    if (!equals || *lines[i] == '#')
      continue;
    *equals = 0;
    if (!g_str_equal(g_strchomp(lines[i]), key))
      continue;
    char *value = g_strchug(equals + 1);
    if (*value == '"')
      value++;
    return g_strndup(value, strcspn(value, "\""));
  }
  return NULL;
}
