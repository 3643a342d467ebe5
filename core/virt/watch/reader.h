/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Readers: threads with connections of their own that ask for the heavy groups, so that a
 * guest which does not answer holds up one of them and nobody else. */
#ifndef VIRT_READER_H
#define VIRT_READER_H

#include "core/virt/conn/hub.h"

#define READERS_MAX 8 /* of one connection: so many guests may be stuck before the others go without */

/* One guest of a call; a call is a GPtrArray of these. */
struct wish {
  char uuid[37];
};

/* What a call said about one guest. */
struct answer {
  char uuid[37];
  virTypedParameterPtr params;
  int count;
  int64_t at_ns; /* monotonic */
  double cost;   /* seconds, this guest's share of the call */
};

struct readers; /* all of a connection's */
struct reader;

/* All of these are for the scanner's thread. */
struct readers *readers_new(struct hub *hub);
/* Threads in a call keep it until that ends; they go at the hub's end. */
void readers_unref(struct readers *readers);
/* A reader that can be asked now, started if need be; NULL: one is at work, or all are stuck. */
struct reader *readers_free_one(struct readers *readers, int64_t now_ns);
/* Give READER its CALLS (taken). */
void reader_ask(struct reader *reader, GPtrArray *calls);
/* A guest of a call that was given up: when the call began, and how many guests it asked. */
typedef void readers_held(void *context, const char *uuid, int64_t since_ns, int asked);
/* Readers whose call takes longer than LIMIT seconds are given up.  HELD is called for each guest of
 * each call given up, now or before; and with ASKED 0 for guests that were waiting behind it. */
void readers_check(struct readers *readers, int64_t now_ns, double limit, readers_held *held, void *context);
/* Wait until no reader is at work, or DEADLINE_NS, or the hub's end. */
void readers_wait(struct readers *readers, int64_t deadline_ns);
/* What came since the last time (struct answer); caller unrefs. */
GPtrArray *readers_answers(struct readers *readers);

#endif
