/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/conn/image_lock.h"

#include <fcntl.h>
#include <unistd.h>

/* Of an image that it may write to QEMU holds a read lock on this byte (block/file-posix.c: the permissions
 * in use are locked from byte 100 on, of which writing is the second). */
#define QEMU_WRITES_BYTE 101

bool image_is_written(const char *path)
{
  struct flock writes = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = QEMU_WRITES_BYTE, .l_len = 1};
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  bool written = fd >= 0 && fcntl(fd, F_OFD_GETLK, &writes) == 0 && writes.l_type != F_UNLCK;
  if (fd >= 0)
    close(fd);
  return written;
}
