/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `virtlens memory --batch`: what processes ask of memory, written to a stream; no session is made. */
#ifndef ENGINE_MEMORY_BATCH_H
#define ENGINE_MEMORY_BATCH_H

#include "core/engine/batch.h"
#include "core/model/delivery.h"
#include "core/model/memory.h"

struct memory_batch_options {
  struct memory_wish wish;
  bool each;                             /* write each request, not a row for each process */
  const char *sink, *sink_password_file; /* as in struct engine_options */
  void (*warn)(const char *text);        /* what is to be told meanwhile */
  enum batch_format format;              /* text, csv or json */
  uint64_t count;                        /* turns to write; 0: until told to end */
  int out_fd;                            /* where to write */
  int quit_fd;                           /* readable: end (a signal came) */
};
struct memory_batch_result {
  struct memory_sums total; /* all that was seen */
  struct delivery delivery; /* what came of it in the database; PLACE is NULL: there was none */
};
/* Main thread, until the last turn is written.  Caller clears RET's delivery always.  False: nothing could be
 * traced (ERROR_RESOURCES), tracing broke off, OUT_FD cannot be written, or the sink not be opened; that the
 * reader of OUT_FD went away is no failure. */
bool memory_batch_run(const struct memory_batch_options *options, struct memory_batch_result *ret,
                      GError **err);

/* Append TURN, after those of STREAM, to OUT in FORMAT: EACH request, or a row for each process. */
void memory_batch_write(GString *out, enum batch_format format, const struct memory_turn *turn, bool each,
                        const struct batch_stream *stream);

#endif
