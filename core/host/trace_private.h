/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What trace.c knows of the kinds of tracing.  All of a class is called by the trace's thread alone. */
#ifndef HOST_TRACE_PRIVATE_H
#define HOST_TRACE_PRIVATE_H

#include "core/host/trace.h"
#include "core/host/trace/wire.h"

union trace_wish {
  struct memory_wish memory;
  struct span_wish spans;
};

/* Whom turns are delivered to. */
struct trace_receiver {
  union {
    trace_deliver_memory *memory;
    trace_deliver_spans *spans;
  } deliver;
  void *context;
  enum span_kind kind; /* of the spans */
};

/* When a turn ended, and how. */
struct trace_moment {
  int64_t wall_ns, mono_ns;
  double seconds; /* that it took */
  bool sending;   /* each request was wished for, from beginning to end */
  bool ended;     /* it is the last */
  char *problem;  /* why, and after '\n' what to do; owned by whoever is given it */
};

#define TRACE_PARTS 2
struct trace_class {
  /* What follows the name of the program on its command line; at most two words. */
  void (*words)(const union trace_wish *wish, const char **ret);
  /* Append the orders that make what is seen what WISH says. */
  void (*order)(GByteArray *orders, const union trace_wish *wish);
  /* Make PARTS empty: arrays of what is gathered of a turn, those that were there belong to others now. */
  void (*gather)(GArray *parts[TRACE_PARTS]);
  /* What is in a frame into PARTS; false: there are none such of this kind. */
  bool (*take)(GArray *parts[TRACE_PARTS], const struct wire_head *head, const void *body);
  /* Takes PARTS and the problem. */
  void (*deliver)(const struct trace_receiver *receiver, GArray *parts[TRACE_PARTS],
                  const struct trace_moment *moment);
};

struct trace *trace_start(const struct trace_class *class, const union trace_wish *wish,
                          const struct trace_receiver *receiver, GError **err);
void trace_wish_anew(struct trace *trace, const union trace_wish *wish);
/* Append an order, to be sent. */
void trace_order(GByteArray *orders, enum wire_order_kind kind, uint32_t value, const char *name);
void trace_order_every(GByteArray *orders, double seconds);

#endif
