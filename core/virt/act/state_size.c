/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/state_size.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#include "core/virt/act/qcow2.h"

/* An entry of the table of snapshots: 40 bytes, extra data, ID and name, filled up to 8. */
#define ENTRY_BYTES 40
#define EXTRA_MAX 1024
#define SNAPSHOTS_MAX 65536

/* Read the entry at *AT and go behind it: true if it is NAME's. */
static bool read_entry(const struct qcow2 *image, uint64_t *at, const char *name, int64_t *ret_bytes,
                       bool *ret_whole)
{
  unsigned char entry[ENTRY_BYTES], large[8];
  char text[G_MAXUINT16 + 1];
  *ret_whole = qcow2_read(image, *at, entry, sizeof entry);
  if (!*ret_whole)
    return false;
  const uint64_t id = qcow2_number(entry + 12, 2), length = qcow2_number(entry + 14, 2),
                 extra = qcow2_number(entry + 36, 4), begin = *at + ENTRY_BYTES;
  *ret_whole = extra <= EXTRA_MAX && qcow2_read(image, begin + extra + id, text, length);
  if (!*ret_whole)
    return false;
  *at = (begin + extra + id + length + 7) & ~(uint64_t)7;
  if (length != strlen(name) || memcmp(text, name, length) != 0)
    return false;
  const bool is_large = extra >= sizeof large && qcow2_read(image, begin, large, sizeof large);
  *ret_bytes = (int64_t)(is_large ? qcow2_number(large, 8) : qcow2_number(entry + 32, 4));
  return true;
}

static int64_t find(const struct qcow2 *image, const char *name)
{
  uint64_t at = image->snapshots_at;
  int64_t bytes;
  bool whole = true;
  for (uint64_t i = 0; whole && i < MIN(image->snapshots, SNAPSHOTS_MAX); i++)
    if (read_entry(image, &at, name, &bytes, &whole))
      return bytes;
  return -1;
}

int64_t state_size(const char *file, const char *name)
{
  struct qcow2 image;
  const int64_t bytes = qcow2_open(&image, file) ? find(&image, name) : -1;
  qcow2_close(&image);
  return bytes;
}
