/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "core/engine/batch.h"

#define FORMAT_ROW(id, row_name, row_text) [BATCH_##id] = {row_name, row_text},
static const struct {
  const char *name, *text;
} formats[] = {BATCH_FORMATS_X(FORMAT_ROW)};
#undef FORMAT_ROW

const char *batch_format_name(enum batch_format format)
{
  return formats[format].name;
}

const char *batch_format_text(enum batch_format format)
{
  return formats[format].text;
}

int batch_format_find(const char *name)
{
  for (int i = 0; i < BATCH_FORMATS; i++)
    if (strcmp(formats[i].name, name) == 0)
      return i;
  return -1;
}
