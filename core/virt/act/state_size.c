/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/state_size.h"

#include <fcntl.h>
#include <glib.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

/* QEMU's docs/interop/qcow2.txt: the header tells how many snapshots there are (u32 at 60) and where their
 * table begins (u64 at 64).  An entry: 40 bytes, extra data, ID and name, filled up to 8; all big endian. */
#define HEADER_BYTES 72
#define ENTRY_BYTES 40
#define EXTRA_MAX 1024
#define SNAPSHOTS_MAX 65536

static uint64_t big_endian(const unsigned char *bytes, int n)
{
  uint64_t value = 0;
  for (int i = 0; i < n; i++)
    value = value << 8 | bytes[i];
  return value;
}

static bool read_at(int fd, uint64_t at, void *bytes, size_t n)
{
  return at <= G_MAXINT64 && pread(fd, bytes, n, (off_t)at) == (ssize_t)n;
}

/* Read the entry at *AT and go behind it: true if it is NAME's. */
static bool read_entry(int fd, uint64_t *at, const char *name, int64_t *ret_bytes, bool *ret_whole)
{
  unsigned char entry[ENTRY_BYTES], large[8];
  char text[G_MAXUINT16 + 1];
  *ret_whole = read_at(fd, *at, entry, sizeof entry);
  if (!*ret_whole)
    return false;
  const uint64_t id = big_endian(entry + 12, 2), length = big_endian(entry + 14, 2),
                 extra = big_endian(entry + 36, 4), begin = *at + ENTRY_BYTES;
  *ret_whole = extra <= EXTRA_MAX && read_at(fd, begin + extra + id, text, length);
  if (!*ret_whole)
    return false;
  *at = (begin + extra + id + length + 7) & ~(uint64_t)7;
  if (length != strlen(name) || memcmp(text, name, length) != 0)
    return false;
  const bool is_large = extra >= sizeof large && read_at(fd, begin, large, sizeof large);
  *ret_bytes = (int64_t)(is_large ? big_endian(large, 8) : big_endian(entry + 32, 4));
  return true;
}

static int64_t find(int fd, const char *name)
{
  unsigned char header[HEADER_BYTES];
  if (!read_at(fd, 0, header, sizeof header) || memcmp(header, "QFI\xfb", 4) != 0)
    return -1;
  uint64_t count = big_endian(header + 60, 4), at = big_endian(header + 64, 8);
  int64_t bytes;
  bool whole = true;
  for (uint64_t i = 0; whole && i < MIN(count, SNAPSHOTS_MAX); i++)
    if (read_entry(fd, &at, name, &bytes, &whole))
      return bytes;
  return -1;
}

int64_t state_size(const char *file, const char *name)
{
  const int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    return -1;
  const int64_t bytes = find(fd, name);
  close(fd);
  return bytes;
}
