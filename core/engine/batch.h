/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Without a screen: scans written to a stream as text, CSV, JSON lines or OpenMetrics. */
#ifndef ENGINE_BATCH_H
#define ENGINE_BATCH_H

#include "core/engine/engine.h"
#include "core/engine/play.h"

/* X(ID, name, text) */
#define BATCH_FORMATS_X(X)                                                                                   \
  X(TEXT, "text", "a table per tick")                                                                        \
  X(CSV, "csv", "one row per guest and tick (RFC 4180)")                                                     \
  X(JSON, "json", "one JSON object per tick and line")                                                       \
  X(OPENMETRICS, "openmetrics", "one OpenMetrics exposition per tick, each ended by # EOF")

#define BATCH_ID(id, ...) BATCH_##id,
enum batch_format { BATCH_FORMATS_X(BATCH_ID) BATCH_FORMATS };
#undef BATCH_ID
const char *batch_format_name(enum batch_format format);
const char *batch_format_text(enum batch_format format);
int batch_format_find(const char *name); /* -1: none */

/* What is known of the stream before a scan is written to it. */
struct batch_stream {
  uint64_t written;      /* scans; 0: this is the first (CSV: headings) */
  int64_t began_mono_ns; /* elapsed times count from here */
};
/* Append SCAN in FORMAT to OUT. */
void batch_write(GString *out, enum batch_format format, const struct scan *scan,
                 const struct batch_stream *stream);

struct batch_options {
  enum batch_format format;
  uint64_t count;    /* ticks to write; 0: until told to end */
  bool tour;         /* count only when the tour's job has ended */
  struct play *play; /* a script that is played to its end, whatever COUNT says; NULL: none */
  int out_fd;        /* where to write */
  int quit_fd;       /* readable: end (a signal came) */
};
/* Write what OPTIONS ask for; main thread.  True when it was done, told to end, or the reader of
 * OUT_FD went away.  No connection could be opened or the tour failed: with the code of that; ERROR_GENERAL
 * when OUT_FD cannot be written; the session can be finished all the same. */
bool batch_run(struct engine *engine, const struct batch_options *options, GError **err);

#endif
