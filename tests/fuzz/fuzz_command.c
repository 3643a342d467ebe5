/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command line of any bytes is parsed, or refused with a reason. */
#include "tests/fuzz/fuzz.h"

#include "core/engine/command.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup((const char *)data, size);
  g_autoptr(GError) err = NULL;
  struct command_line *line = command_parse(text, &err);
  if (!line != (err != NULL))
    g_error("a command or a reason");
  if (line && !line->words)
    g_error("no words");
  command_line_free(line);
  return 0;
}
