/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel sums by turns (core/host/bpf/turns.h), as user space reads it.  For virtlens-trace alone;
 * what can fail returns 0 or an errno. */
#ifndef TRACE_SUMS_H
#define TRACE_SUMS_H

#include <bpf/libbpf.h>
#include <stdbool.h>
#include <stddef.h>

/* The maps are the object's. */
struct sums {
  int maps[2], now; /* descriptors */
  int in_use;       /* of the maps, the one that is written to */
  size_t key_size, value_size;
};
/* The maps of OBJECT, which is loaded. */
int sums_init(struct sums *sums, const struct bpf_object *object);
bool sums_readable(const struct sums *sums); /* with the privilege of now */

/* A turn that was read: COUNT keys, and as many values. */
struct sums_read {
  unsigned char *keys, *values;
  size_t count, room;
};
/* Begin another turn, and read and empty the one that ended.  RET is to be cleared in any case. */
int sums_turn(struct sums *sums, struct sums_read *ret);
void sums_read_clear(struct sums_read *read);

#endif
