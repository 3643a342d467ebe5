/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tracing as the kernel does it: our programs loaded and attached, their maps read.  For virtlens-trace
 * alone, which has the privilege; its only thread.  What can fail returns 0 or an errno. */
#ifndef TRACE_TRACER_H
#define TRACE_TRACER_H

#include <stdbool.h>

#include "core/host/trace/wire.h"

struct tracer;
/* Takes what is to be told: THING of SIZE bytes, which goes into a frame of KIND. */
typedef void tracer_put(void *context, enum wire_kind kind, const void *thing, size_t size);

/* A kind of tracing. */
struct tracer_class {
  const char *name;   /* the word that asks for it */
  const char *option; /* a further word that it may have; NULL: none */
  /* Programs for the kernel, nothing of which stays there once this process has ended, however it did.
   * OPTION: the further word was said. */
  int (*load)(struct tracer **ret, const struct tracer_class *class, bool option);
  int (*attach)(struct tracer *tracer);
  /* The programs see nothing more; what they saw can still be read. */
  void (*detach)(struct tracer *tracer);
  void (*free)(struct tracer *tracer);
  bool (*readable)(void *tracer); /* with the privilege of now */
  /* An order about what is seen; ENOTSUP: it is of no use here. */
  int (*obey)(struct tracer *tracer, const struct wire_order *order);
  /* Of those that send things one by one (else NULL): readable when many of them wait; hand on those that
   * wait. */
  int (*fd)(const struct tracer *tracer);
  int (*take)(struct tracer *tracer, tracer_put *put, void *context);
  /* End this turn and begin another: as many things as the one that ended has sent and were not taken yet,
   * then its sums.  So at this moment the things handed on are those that all sums together tell of. */
  int (*turn)(struct tracer *tracer, tracer_put *put, void *context);
};
/* Each begins with this. */
struct tracer {
  const struct tracer_class *class;
};

extern const struct tracer_class tracer_memory, tracer_block, tracer_cpu, tracer_exit;

#endif
