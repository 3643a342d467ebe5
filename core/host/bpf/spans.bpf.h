/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs in the kernel: how all programs that measure how long things take sum it. */
#ifndef BPF_SPANS_BPF_H
#define BPF_SPANS_BPF_H

#include "core/host/bpf/spans.h"
#include "core/host/bpf/turns.h"

SUMS_BY_TURNS(struct traced_span_key, struct traced_span_sums, TRACED_SPANS)

/* 0 and 1: 0; 2 and 3: 1; 4 to 7: 2 ... */
static __always_inline __u32 log2_of(__u64 value)
{
  __u32 log = 0;

#pragma unroll
  for (__u32 step = 32; step > 0; step /= 2)
    if (value >> step) {
      value >>= step;
      log += step;
    }
  return log;
}

/* What KEY stands for took NS. */
static __always_inline void add_span(const struct traced_span_key *key, __u64 ns, __u64 bytes)
{
  struct traced_span_sums *sums = sums_of(key);
  __u32 bucket = log2_of(ns);

  if (!sums)
    return;
  if (bucket >= TRACED_BUCKETS)
    bucket = TRACED_BUCKETS - 1;
  __sync_fetch_and_add(&sums->count, 1);
  __sync_fetch_and_add(&sums->ns, ns);
  __sync_fetch_and_add(&sums->bytes, bytes);
  __sync_fetch_and_add(&sums->buckets[bucket], 1);
}

/* The process that runs, into KEY; threads of the kernel's own are not told apart. */
static __always_inline void name_process(struct traced_span_key *key)
{
  struct task_struct *leader = bpf_get_current_task_btf()->group_leader;

  if (leader->flags & KERNEL_THREAD)
    return;
  key->pid = bpf_get_current_pid_tgid() >> 32;
  bpf_probe_read_kernel_str(key->name, sizeof key->name, leader->comm);
}

#endif
