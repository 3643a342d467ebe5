/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/qcow2.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* QEMU's docs/interop/qcow2.txt, as far as every version has it; all is big endian. */
#define HEADER_BYTES 72
#define HAS_FEATURES 3 /* version from which they stand behind that */

uint64_t qcow2_number(const unsigned char *bytes, int n)
{
  uint64_t value = 0;
  for (int i = 0; i < n; i++)
    value = value << 8 | bytes[i];
  return value;
}

bool qcow2_read(const struct qcow2 *image, uint64_t at, void *bytes, size_t n)
{
  return at <= INT64_MAX && pread(image->fd, bytes, n, (off_t)at) == (ssize_t)n;
}

static bool read_features(struct qcow2 *image)
{
  unsigned char bytes[8];
  if (!qcow2_read(image, HEADER_BYTES, bytes, sizeof bytes))
    return false;
  image->features = qcow2_number(bytes, sizeof bytes);
  return true;
}

bool qcow2_open(struct qcow2 *image, const char *file)
{
  unsigned char header[HEADER_BYTES];
  *image = (struct qcow2){.fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (image->fd < 0 || !qcow2_read(image, 0, header, sizeof header) || memcmp(header, "QFI\xfb", 4) != 0)
    return false;
  image->backing_at = qcow2_number(header + 8, 8);
  image->backing_bytes = qcow2_number(header + 16, 4);
  image->snapshots = qcow2_number(header + 60, 4);
  image->snapshots_at = qcow2_number(header + 64, 8);
  return qcow2_number(header + 4, 4) < HAS_FEATURES || read_features(image);
}

void qcow2_close(struct qcow2 *image)
{
  if (image->fd >= 0)
    close(image->fd);
}
