/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel's side hands to user space of how long things take: summed for each who and what, with a
 * histogram.  No padding: these are compared and sent as bytes. */
#ifndef BPF_SPANS_H
#define BPF_SPANS_H

#include <linux/types.h>

#include "core/host/bpf/common.h"

#define TRACED_SPANS 4096 /* told apart in a turn; what further ones come to is summed together */
#define TRACED_BUCKETS 40 /* bucket I: from 2^I nanoseconds on, to the next; the last has no end */

/* What a task did on a CPU, or for it. */
enum traced_cpu { TRACED_RAN, TRACED_WAITED };

/* Why a vCPU was left, or what it was left for; PLACE: the reason as the CPU has it, with KVM's isa above 32
 * bits; the reason as KVM tells it to QEMU; the port; the page. */
enum traced_exit { TRACED_EXIT, TRACED_TO_QEMU, TRACED_PORT, TRACED_PAGE };
#define TRACED_CALLED_OUT 0x10000 /* no reason of KVM's: a signal */

/* Who and what.  All 0: those beyond TRACED_SPANS, together. */
struct traced_span_key {
  __u64 place;  /* block: the cgroup that is charged; cpu: the CPU */
  __u32 pid;    /* 0: a thread of the kernel's own */
  __u32 tid;    /* cpu: of a vCPU; else 0 */
  __u32 what;   /* block: REQ_OP_ of the request; cpu: enum traced_cpu */
  __u32 device; /* block: major << 20 | minor */
  char name[TRACED_NAME];
};

struct traced_span_sums {
  __u64 count, ns, bytes;
  __u64 buckets[TRACED_BUCKETS];
};

struct traced_span {
  struct traced_span_key key;
  struct traced_span_sums sums;
};

#endif
