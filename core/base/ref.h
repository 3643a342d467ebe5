/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Atomic reference counts of immutable things shared between threads.  Ours rather
 * than g_atomic_rc_box, because the thread sanitizer cannot see into GLib. */
#ifndef BASE_REF_H
#define BASE_REF_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct refs {
  atomic_int count;
};

/* A pointer without its const: the count inside a constant thing still changes. */
#define REF_MUTABLE(type, pointer) ((type *)(uintptr_t)(pointer))

static inline void refs_init(struct refs *refs)
{
  atomic_init(&refs->count, 1);
}

static inline void refs_get(const struct refs *refs)
{
  atomic_fetch_add_explicit(&REF_MUTABLE(struct refs, refs)->count, 1, memory_order_relaxed);
}

/* True when this was the last reference: the caller frees the thing. */
static inline bool refs_put(const struct refs *refs)
{
  return atomic_fetch_sub_explicit(&REF_MUTABLE(struct refs, refs)->count, 1, memory_order_acq_rel) == 1;
}

#endif
