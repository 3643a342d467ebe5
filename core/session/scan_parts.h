/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The codes of scan_blob.h's format, for its encoder and decoder alone. */
#ifndef SESSION_SCAN_PARTS_H
#define SESSION_SCAN_PARTS_H

#include <string.h>

#include "core/model/metric.h"

enum scan_object { OBJECT_NONE, OBJECT_SAME, OBJECT_FIGURES, OBJECT_WHOLE, OBJECTS };
enum scan_ref { REF_NEXT, REF_NEW, REF_INDEX };
enum scan_part {
  PART_INFO = 1 << 0,
  PART_STATE = 1 << 1,
  PART_AT = 1 << 2,
  PART_STUCK = 1 << 3,
  PART_READINGS = 1 << 4,
  PART_VCPUS = 1 << 5,
  PART_DISKS = 1 << 6,
  PART_NICS = 1 << 7,
  PART_THREADS = 1 << 8, /* parts of a guest have their bits in the order of their scopes */
  PARTS_ALL = (1 << 9) - 1,
};

/* The bit of a guest's parts of SCOPE. */
static inline unsigned part_bit(int scope)
{
  return (unsigned)PART_DISKS << (scope - SCOPE_DISK);
}

#endif
