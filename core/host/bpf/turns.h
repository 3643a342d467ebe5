/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sums that are kept in the kernel and read turn by turn.
 *
 * They are kept in one of two maps, "now" says in which.  User space puts the other one there and so begins a
 * turn; the kernel returns from that only when no program uses the first any more (see
 * maybe_wait_bpf_programs in kernel/bpf/syscall.c), which therefore can be read and emptied without anything
 * going astray. */
#ifndef BPF_TURNS_H
#define BPF_TURNS_H

#include "core/host/bpf/core_types.h"

/* Define sums_of(key): where what KEY stands for is summed in this turn, or NULL.  MOST keys are told apart;
 * what further ones come to is summed under the key that is all 0, for which user space makes room. */
#define SUMS_BY_TURNS(KEY, SUMS, MOST)                                                                       \
  static const KEY the_rest;                                                                                 \
  static const SUMS nothing;                                                                                 \
  struct sums_map {                                                                                          \
    __uint(type, BPF_MAP_TYPE_HASH);                                                                         \
    __uint(max_entries, MOST + 1);                                                                           \
    __type(key, KEY);                                                                                        \
    __type(value, SUMS);                                                                                     \
  } first SEC(".maps"), second SEC(".maps");                                                                 \
  struct {                                                                                                   \
    __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);                                                                \
    __uint(max_entries, 1);                                                                                  \
    __type(key, __u32);                                                                                      \
    __array(values, struct sums_map);                                                                        \
  } now SEC(".maps") = {.values = {(void *)&first}};                                                         \
                                                                                                             \
  static __always_inline SUMS *sums_of(const KEY *key)                                                       \
  {                                                                                                          \
    __u32 zero = 0;                                                                                          \
    void *map = bpf_map_lookup_elem(&now, &zero);                                                            \
    SUMS *sums;                                                                                              \
                                                                                                             \
    if (!map)                                                                                                \
      return NULL;                                                                                           \
    sums = bpf_map_lookup_elem(map, key);                                                                    \
    if (sums)                                                                                                \
      return sums;                                                                                           \
    bpf_map_update_elem(map, key, &nothing, BPF_NOEXIST);                                                    \
    sums = bpf_map_lookup_elem(map, key);                                                                    \
    return sums ? sums : bpf_map_lookup_elem(map, &the_rest);                                                \
  }

#endif
