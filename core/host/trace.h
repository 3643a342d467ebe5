/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tracing as the unprivileged side has it: virtlens-trace is started, followed and ended by a thread. */
#ifndef HOST_TRACE_H
#define HOST_TRACE_H

#include "core/model/memory.h"
#include "core/model/span.h"

#define TRACE_PROGRAM "virtlens-trace"

struct trace;
/* They take TURN.  Called by the trace's thread: one turn after the other, of memory one as soon as a wish
 * has come into force.  The last is marked so; there always is one. */
typedef void trace_deliver_memory(void *context, struct memory_turn *turn);
typedef void trace_deliver_spans(void *context, struct span_turn *turn);

/* Begin to trace what WISH says, in the background.  NULL and ERR: no thread can be had. */
struct trace *trace_memory(const struct memory_wish *wish, trace_deliver_memory *deliver, void *context,
                           GError **err);
struct trace *trace_spans(const struct span_wish *wish, trace_deliver_spans *deliver, void *context,
                          GError **err);
/* What is wished from now on, but for PROTECTIONS.  Returns at once; any thread. */
void trace_memory_wish(struct trace *trace, const struct memory_wish *wish);
/* A turn that was delivered has been dealt with.  Where several have not, no more are fetched: then requests
 * wait in the kernel, and those that find no room there are counted as lost.  Any thread. */
void trace_took(struct trace *trace);
/* Let it end; what it has to tell is still delivered.  Returns at once; any thread. */
void trace_stop(struct trace *trace);
/* Stop it, wait (until it has delivered the last turn; about a second where virtlens-trace does not answer,
 * which then is killed) and free it.  NULL is fine. */
void trace_free(struct trace *trace);

#endif
