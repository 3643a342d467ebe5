/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A clone thought through before anything is made: which images it gets, and its definition.  Pure. */
#ifndef VIRT_CLONE_H
#define VIRT_CLONE_H

#include "core/virt/prepare/blueprint.h"

#define CLONE_PATTERN "%n-%02d"
#define CLONE_COUNT_MAX 100

enum clone_mode {
  CLONE_LINKED, /* thin images over the source's: at once, and broken when those change */
  CLONE_FULL,   /* copies */
};

/* A writable disk of the source. */
struct clone_disk {
  char *target;        /* "vda" */
  char *path;          /* of its image; NULL: the volume VOLUME of POOL */
  char *pool, *volume; /* NULL: PATH */
  char *format;        /* "qcow2" */
};
/* The writable disks in definition XML (struct clone_disk *, owned by the array).  ERROR_REFUSED for one that
 * is no image. */
GPtrArray *clone_disks(const char *xml, GError **err);

/* PATTERN with GUEST for %n, NUMBER for %d or %02d (a width of at most 9), "%" for %%.  ERROR_USAGE for
 * anything else behind a percent sign, or a number twice.  Caller frees. */
char *clone_name(const char *pattern, const char *guest, int number, GError **err);
/* Does PATTERN give each NUMBER a name of its own? */
bool clone_pattern_counts(const char *pattern);

/* What is to be made for a clone NAME with DISKS, whose paths are all known.  SNAPSHOT: as the disks were in
 * that internal snapshot; NULL: as they are. */
struct blueprint *clone_draw(const char *name, const GPtrArray *disks, enum clone_mode mode,
                             const char *snapshot, const struct platform *platform);
/* The definition of the clone that BLUEPRINT makes images for, from the inactive one of its source: a name,
 * UUID, MACs, NVRAM and files of its own.  Devices of the host that only one guest can hold are left out;
 * RET_LEFT_OUT (may be NULL) is how many.  ERROR_GENERAL when XML cannot be read.  Caller frees. */
char *clone_build(const char *xml, const struct blueprint *blueprint, int *ret_left_out, GError **err);

#endif
