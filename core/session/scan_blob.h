/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A scan as bytes: what the journal holds per tick.
 *
 * A blob tells what differs from the scan before it; a key blob differs from nothing and
 * can be read alone.  All numbers are varints of blob.h.  Format 2:
 *
 *   scan   := 2 key:0|1 tick wall mono interval host conn-count conn*
 *             (tick, wall, mono: differences to the scan before)
 *   host   := 0 (none) | 1 (the same object as before)
 *           | 2 [wall mono readings core-count readings*] | 3 hostname source [...]
 *   conn   := 0 (none) | 1 (the same object as before) | 2 [figures] | 3 header [figures]
 *   header := uri label error progress state readonly*2+local
 *   figures:= tick wall mono cost guest-count guest*   (wall, mono: differences to the scan's)
 *   guest  := ref parts [info] [state id run] [groups at*] [stuck] [readings]
 *             [vcpus readings*] [disks*2+named text* readings*] [nics ...] [threads ...]
 *   ref    := 0 the next guest of the scan before, 1 a new one, 2+i its guest i
 *   at     := difference to the time of the same group last told in this conn (first: conn's mono)
 *   readings := changed*2+(some vanished) [vanished] number*
 *
 * A guest of which nothing was read anew takes 2 bytes; one with only its state read, 4. */
#ifndef SESSION_SCAN_BLOB_H
#define SESSION_SCAN_BLOB_H

#include "core/model/scan.h"
#include "core/session/blob.h"

#define SCAN_BLOB_FORMAT 2
#define SCAN_BLOB_FORMAT_FIRST 1 /* the same without threads: it is read, too */

/* Which metrics a journal's numbers stand for, so that a later version with more metrics
 * reads it all the same: id in the journal -> id now, and form. */
struct scan_layout {
  int count[SCOPE_COUNT];
  struct {
    int id;
    enum blob_form form;
  } metric[SCOPE_COUNT][METRICS_MAX];
};
/* The layout of this version's tables. */
void scan_layout_now(struct scan_layout *ret);

/* The number under which a guest's definition is kept. */
typedef uint64_t scan_info_id(void *context, const struct guest_info *info);
/* Back from it: borrowed, NULL if there is none. */
typedef struct guest_info *scan_info_of(void *context, uint64_t id);

/* SCAN as what differs from BEFORE (NULL: a key blob).  Figures that are not finite count
 * as unknown.  Caller unrefs. */
GByteArray *scan_blob_encode(const struct scan *scan, const struct scan *before,
                             const struct scan_layout *layout, scan_info_id *info_id, void *context);
/* Back from it, with the scan that the blob before gave; NULL if it is malformed.  Caller unrefs. */
struct scan *scan_blob_decode(const void *data, size_t size, const struct scan *before,
                              const struct scan_layout *layout, scan_info_of *info_of, void *context);

/* A guest's definition. */
GByteArray *info_blob_encode(const struct guest_info *info);
struct guest_info *info_blob_decode(const void *data, size_t size); /* NULL: malformed */

#endif
