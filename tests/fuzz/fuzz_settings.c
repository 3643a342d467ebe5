/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A configuration file of any bytes gives settings, or complaints that a terminal can show. */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/engine/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  const int fd = memfd_create("settings", MFD_CLOEXEC);
  if (fd < 0 || write(fd, data, size) != (ssize_t)size)
    g_error("no memory file");
  g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
  g_autoptr(GPtrArray) complaints = g_ptr_array_new_with_free_func(g_free);
  struct settings *settings = settings_read(path, NULL, complaints);
  if (!settings != (complaints->len > 0))
    g_error("settings or complaints");
  for (guint i = 0; i < complaints->len; i++)
    for (const char *line = complaints->pdata[i]; *line; line++)
      if ((unsigned char)*line < ' ' && *line != '\n')
        g_error("a control byte in a complaint");
  settings_free(settings);
  close(fd);
  return 0;
}
