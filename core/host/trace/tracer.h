/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory tracing as the kernel does it: our programs loaded and attached, their maps read.  For
 * virtlens-trace alone, which has the privilege; its only thread.  What can fail returns 0 or an errno. */
#ifndef TRACE_TRACER_H
#define TRACE_TRACER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/host/bpf/memory.h"

struct tracer;
/* Programs for the kernel, nothing of which stays there once this process has ended, however it did.
 * PROTECTIONS: mprotect, too. */
int tracer_load(struct tracer **ret, bool protections);
/* From now on requests are seen of those whom tracer_see says: of none to begin with. */
int tracer_attach(struct tracer *tracer);
/* The programs see nothing more; what they saw can still be read. */
void tracer_detach(struct tracer *tracer);
void tracer_free(struct tracer *tracer); /* NULL is fine */
bool tracer_readable(void *tracer);      /* with the privilege of now */

/* NAME for TRACED_NAMED. */
void tracer_see(struct tracer *tracer, enum traced_whose whose, const char name[TRACED_NAME]);
/* Before the first of TRACED_LISTED, and each of them. */
int tracer_list_none(struct tracer *tracer);
int tracer_list(struct tracer *tracer, uint32_t pid);
void tracer_send(struct tracer *tracer, bool sending);

typedef void tracer_request(void *context, const struct traced_request *request);
typedef void tracer_sums(void *context, const struct traced_process *process, const struct traced_sums *sums);
/* Readable when many requests wait. */
int tracer_fd(const struct tracer *tracer);
/* Hand the requests that wait to EACH. */
int tracer_take(struct tracer *tracer, tracer_request *each, void *context);
/* End this turn and begin another: as many requests as the one that ended has sent and were not taken yet,
 * then its sums.  So at this moment the requests handed on are those that all sums together tell of. */
int tracer_turn(struct tracer *tracer, tracer_request *request, tracer_sums *sums, void *context);

#endif
