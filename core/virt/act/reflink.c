/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/reflink.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/virt/act/qcow2.h"

/* What a copy made by qemu-img would not have: another file behind it, snapshots, damage. */
static bool is_like_a_copy(const struct qcow2 *image)
{
  return !image->backing_at && image->snapshots == 0 &&
         !(image->features & (QCOW2_DIRTY | QCOW2_CORRUPT | QCOW2_DATA_FILE));
}

/* Takes TO, a descriptor; negative: there is none. */
static bool share_blocks(const char *from, int to)
{
  struct qcow2 image;
  const bool ok =
      qcow2_open(&image, from) && is_like_a_copy(&image) && to >= 0 && ioctl(to, FICLONE, image.fd) == 0;
  qcow2_close(&image);
  if (to >= 0)
    close(to);
  return ok;
}

bool reflink_image(const char *from, const char *to)
{
  return share_blocks(from, open(to, O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
}

bool reflink_possible(const char *from, const char *folder)
{
  return share_blocks(from, open(folder, O_WRONLY | O_CLOEXEC | O_TMPFILE, 0600));
}
