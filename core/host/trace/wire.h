/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What virtlens and virtlens-trace say to one another: orders down its standard input, frames up its standard
 * output.  Both are built together and run on one machine: numbers are in its own byte order.
 *
 * Neither side trusts the other: each order has one size, a frame's length is bounded and fits its kind. */
#ifndef TRACE_WIRE_H
#define TRACE_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/host/bpf/memory.h"
#include "core/host/bpf/spans.h"

#define WIRE_VERSION 2
#define WIRE_MAX (64 << 10) /* bytes of a frame after its head */

/* ---- frames: of sizes that are multiples of 8, so that what is in them lies as it must ---- */

enum wire_kind {
  WIRE_HELLO = 1, /* the first: from now on requests are seen */
  WIRE_REQUESTS,  /* struct traced_request, one or more */
  WIRE_SUMS,      /* struct wire_sums, one or more */
  WIRE_TURN,      /* all requests and sums of a turn were sent */
  WIRE_PROBLEM,   /* instead of all further ones */
  WIRE_END,       /* it was told to stop, and has nothing more to tell */
  WIRE_SPANS,     /* struct traced_span, one or more */
};

struct wire_head {
  __u32 kind, bytes;
};
struct wire_hello {
  __u32 version, page_bytes;
};
struct wire_sums {
  struct traced_process process;
  __u32 unused; /* 0 */
  struct traced_sums sums;
};
struct wire_turn {
  __u64 mono_ns; /* when it ended */
  __u32 sending; /* requests were wished for from its beginning to its end */
  __u32 unused;  /* 0 */
};

/* Where it failed. */
enum wire_step { WIRE_RAISE, WIRE_LOAD, WIRE_ATTACH, WIRE_DROP, WIRE_RUN, WIRE_ORDER, WIRE_STEPS };
struct wire_problem {
  __u32 step;
  __s32 error; /* errno */
};
/* "the kernel refuses its programs": of a step that is one, else of the last. */
const char *wire_step_text(__u32 step);

/* Is HEAD that of a frame there can be? */
bool wire_head_ok(const struct wire_head *head);
/* How many things a frame with HEAD, which is ok, holds. */
size_t wire_count(const struct wire_head *head);

/* ---- orders ---- */

enum wire_order_kind {
  WIRE_STOP = 1, /* tell what there is, and end */
  WIRE_SENDING,  /* VALUE 1: each request is sent; 0: sums alone.  It ends a turn */
  WIRE_EVERY,    /* a turn takes VALUE milliseconds, WIRE_EVERY_MIN to WIRE_EVERY_MAX */
  WIRE_ALL,      /* see every process */
  WIRE_NAMED,    /* ... those called NAME alone, which has a 0 byte at its end */
  WIRE_LISTED,   /* ... none but those of WIRE_PID after this one */
  WIRE_PID,      /* VALUE: a process */
};
#define WIRE_EVERY_MIN 100
#define WIRE_EVERY_MAX 60000

struct wire_order {
  __u32 kind, value;
  char name[TRACED_NAME];
};
bool wire_order_ok(const struct wire_order *order);

#endif
