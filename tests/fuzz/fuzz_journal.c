/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The journal's blobs.  Input: the first byte chooses; then a guest's definition, or scans,
 * each after two bytes of length (low first), told one against the other. */
#include "tests/fuzz/fuzz.h"

#include "core/session/scan_blob.h"

#define INFOS 4

struct infos {
  struct guest_info *list[INFOS];
};

static struct guest_info *info_of(void *context, uint64_t id)
{
  struct infos *infos = context;
  return id >= 1 && id <= INFOS ? infos->list[id - 1] : NULL;
}

static uint64_t info_id(void *context, const struct guest_info *info)
{
  struct infos *infos = context;
  for (uint64_t i = 0; i < INFOS; i++)
    if (infos->list[i] == info)
      return i + 1;
  return 0;
}

/* What was read can be written, and reads the same way again. */
static void again(const struct scan *scan, const struct scan_layout *layout, struct infos *infos)
{
  GByteArray *blob = scan_blob_encode(scan, NULL, layout, info_id, infos);
  struct scan *back = scan_blob_decode(blob->data, blob->len, NULL, layout, info_of, infos);
  if (!back || scan_guest_count(back, false) != scan_guest_count(scan, false))
    g_error("a scan that was read is not read again");
  scan_unref(back);
  g_byte_array_unref(blob);
}

static void read_scans(const uint8_t *data, size_t size)
{
  struct infos infos;
  struct scan_layout layout;
  struct scan *before = NULL;
  scan_layout_now(&layout);
  for (int i = 0; i < INFOS; i++) {
    char name[] = {(char)('a' + i), 0};
    infos.list[i] = guest_info_new(name, name);
  }
  while (size >= 2) {
    size_t length = MIN(data[0] | (size_t)data[1] << 8, size - 2);
    struct scan *scan = scan_blob_decode(data + 2, length, before, &layout, info_of, &infos);
    data += 2 + length;
    size -= 2 + length;
    if (!scan)
      break;
    again(scan, &layout, &infos);
    scan_unref(before);
    before = scan;
  }
  scan_unref(before);
  for (int i = 0; i < INFOS; i++)
    guest_info_unref(infos.list[i]);
}

static void read_info(const uint8_t *data, size_t size)
{
  struct guest_info *info = info_blob_decode(data, size);
  if (!info)
    return;
  GByteArray *blob = info_blob_encode(info);
  struct guest_info *back = info_blob_decode(blob->data, blob->len);
  if (!back)
    g_error("a definition that was read is not read again");
  guest_info_unref(back);
  guest_info_unref(info);
  g_byte_array_unref(blob);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size > 0 && data[0] == 'i')
    read_info(data + 1, size - 1);
  else if (size > 0)
    read_scans(data + 1, size - 1);
  return 0;
}
