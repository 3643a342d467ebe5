/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/session/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.h"

#define RESERVE_BYTES (256 << 10) /* the scans that may wait, and thousands of events */

static char *lock_path(const char *journal)
{
  return g_strconcat(journal, ".lock", NULL);
}

int lock_take(const char *journal, GError **err)
{
  g_autofree char *path = lock_path(journal);
  int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  if (fd >= 0 && fchmod(fd, 0600) == 0 && fcntl(fd, F_OFD_SETLK, &whole) == 0)
    return fd;
  error_set_errno(err, ERROR_RESOURCES, errno, "It must be possible to make and lock files in its folder.",
                  "cannot lock %s", path);
  if (fd >= 0) {
    unlink(path);
    close(fd);
  }
  return -1;
}

void lock_drop(int fd)
{
  if (fd >= 0)
    close(fd);
}

void lock_reserve(int fd)
{
  if (posix_fallocate(fd, 0, RESERVE_BYTES) != 0)
    lock_give_room(fd);
}

bool lock_give_room(int fd)
{
  struct stat st;
  return fstat(fd, &st) == 0 && st.st_size > 0 && ftruncate(fd, 0) == 0;
}

bool lock_held(const char *journal)
{
  g_autofree char *path = lock_path(journal);
  int fd = open(path, O_RDWR | O_CLOEXEC);
  if (fd < 0)
    return errno == EACCES;
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  bool held = fcntl(fd, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
  close(fd);
  return held;
}
