/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel's side of memory tracing hands to user space.  No padding: these are compared and sent as
 * bytes. */
#ifndef BPF_MEMORY_H
#define BPF_MEMORY_H

#include <linux/types.h>

#include "core/host/bpf/common.h"

#define TRACED_PROCESSES 8192  /* told apart in a turn; what further ones ask for is counted together */
#define TRACED_RING (4 << 20)  /* bytes of requests that wait for their reader */
#define TRACED_WAKE (64 << 10) /* of them, before the reader is woken */

enum traced_call { TRACED_MMAP, TRACED_MUNMAP, TRACED_MREMAP, TRACED_BRK, TRACED_MPROTECT, TRACED_CALLS };

/* Whose requests are seen. */
enum traced_whose { TRACED_NOBODY, TRACED_ALL, TRACED_LISTED, TRACED_NAMED };

/* A process under the name that it had: one that runs another program is another.  All 0: those beyond
 * TRACED_PROCESSES, together. */
struct traced_process {
  __u32 pid;
  char name[TRACED_NAME]; /* of its first thread */
};

/* What it asked for in a turn; bytes are whole pages of those requests that were granted. */
struct traced_sums {
  __u64 calls[TRACED_CALLS];
  __u64 failed;
  __u64 mapped, freed;
  __u64 sent, lost; /* requests, where these are wished for: put into the ring; had no room there */
};

struct traced_request {
  __u64 mono_ns;         /* CLOCK_MONOTONIC, when it was answered */
  __u64 address, length; /* as asked; brk: the end that was asked for, and 0; mremap: the new length */
  __s64 result;          /* as the system call gave it: an address, 0, or -errno */
  __s64 change;          /* bytes by which the process's memory grew */
  __u32 pid, tid;
  __u32 call;       /* enum traced_call */
  __u32 protection; /* PROT_ bits of mmap and mprotect */
  char name[TRACED_NAME];
};

#endif
