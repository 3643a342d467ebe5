/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Batch output for programs: one scan per line, as in the export's "scans". */
#include "core/engine/batch_private.h"
#include "core/session/scan_json.h"

static int append(const char *text, size_t length, void *out)
{
  g_string_append_len(out, text, (gssize)length);
  return 0;
}

void batch_write_json(GString *out, const struct scan *scan, const struct batch_stream *stream)
{
  const struct scan_json options = {.mono_base_ns = stream->began_mono_ns};
  json_t *object = scan_json(scan, &options);

  json_dump_callback(object, append, out, SCAN_JSON_FLAGS);
  json_decref(object);
  g_string_append_c(out, '\n');
}
