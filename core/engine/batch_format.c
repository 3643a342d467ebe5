/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <string.h>

#include "core/engine/batch_private.h"

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

static void (*const writers[])(GString *out, const struct scan *scan, const struct batch_stream *stream) = {
    [BATCH_TEXT] = batch_write_text,
    [BATCH_CSV] = batch_write_csv,
    [BATCH_JSON] = batch_write_json,
    [BATCH_OPENMETRICS] = batch_write_openmetrics,
};
G_STATIC_ASSERT(G_N_ELEMENTS(writers) == BATCH_FORMATS);

void batch_append_number(GString *out, double value)
{
  char buf[G_ASCII_DTOSTR_BUF_SIZE];
  bool whole = fabs(value) < 9007199254740992.0 && value == floor(value); /* 2^53 */

  g_string_append(out, g_ascii_formatd(buf, sizeof(buf), whole ? "%.0f" : "%.9g", value));
}

void batch_write(GString *out, enum batch_format format, const struct scan *scan,
                 const struct batch_stream *stream)
{
  writers[format](out, scan, stream);
}
