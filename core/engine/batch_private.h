/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One writer per format; see batch_write. */
#ifndef ENGINE_BATCH_PRIVATE_H
#define ENGINE_BATCH_PRIVATE_H

#include "core/engine/batch.h"

/* A pipe that polls writable takes at least this much without waiting (pipe(7), PIPE_BUF). */
#define BATCH_CHUNK 4096

void batch_write_text(GString *out, const struct scan *scan, const struct batch_stream *stream);
void batch_write_csv(GString *out, const struct scan *scan, const struct batch_stream *stream);
void batch_write_json(GString *out, const struct scan *scan, const struct batch_stream *stream);
void batch_write_openmetrics(GString *out, const struct scan *scan, const struct batch_stream *stream);

/* Append VALUE in the C locale: whole numbers without fraction, others with 9 digits. */
void batch_append_number(GString *out, double value);

#endif
