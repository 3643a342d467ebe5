/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tracing as the unprivileged side has it: virtlens-trace is started, followed and ended by a thread. */
#ifndef HOST_TRACE_H
#define HOST_TRACE_H

#include "core/model/memory.h"

#define TRACE_PROGRAM "virtlens-trace"

struct trace;
/* Takes TURN.  Called by the trace's thread: a turn as soon as a wish has come into force, then one after the
 * other.  The last is marked so; there always is one. */
typedef void trace_deliver(void *context, struct memory_turn *turn);

/* Begin to trace what WISH says, in the background.  NULL and ERR: no thread can be had. */
struct trace *trace_start(const struct memory_wish *wish, trace_deliver *deliver, void *context,
                          GError **err);
/* A turn that was delivered has been dealt with.  Where several have not, no more are fetched: then requests
 * wait in the kernel, and those that find no room there are counted as lost.  Any thread. */
void trace_took(struct trace *trace);
/* What is wished from now on, but for PROTECTIONS.  Returns at once; any thread. */
void trace_wish(struct trace *trace, const struct memory_wish *wish);
/* Let it end; what it has to tell is still delivered.  Returns at once; any thread. */
void trace_stop(struct trace *trace);
/* Stop it, wait (until it has delivered the last turn; about a second where virtlens-trace does not answer,
 * which then is killed) and free it.  NULL is fine. */
void trace_free(struct trace *trace);

#endif
