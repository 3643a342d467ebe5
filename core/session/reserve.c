/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/session/reserve.h"

#include <fcntl.h>
#include <glib.h>
#include <unistd.h>

#define RESERVE_BYTES (256 << 10) /* the scans that may wait, and thousands of events */

static char *reserve_path(const char *journal)
{
  return g_strconcat(journal, ".reserve", NULL);
}

void reserve_take(const char *journal)
{
  g_autofree char *path = reserve_path(journal);
  int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0)
    return;
  if (posix_fallocate(fd, 0, RESERVE_BYTES) != 0)
    unlink(path);
  close(fd);
}

bool reserve_give(const char *journal)
{
  g_autofree char *path = reserve_path(journal);
  return unlink(path) == 0;
}
