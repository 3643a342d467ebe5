/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was seen of how long things take: turns added up, for whoever shows them.  For one thread. */
#ifndef MODEL_SPAN_LOG_H
#define MODEL_SPAN_LOG_H

#include "core/model/span.h"

#define SPAN_LOG_ROWS 4096 /* kept; what further processes of no guest do is added together */

/* Something that was timed: SPAN with its sums since the log began. */
struct span_row {
  struct span span;
  struct span_sums turn; /* of the newest turn */
};

struct span_log;
struct span_log *span_log_new(enum span_kind kind);
void span_log_free(struct span_log *log); /* NULL is fine */
/* TURN is of the log's kind. */
void span_log_add(struct span_log *log, const struct span_turn *turn);

enum span_kind span_log_kind(const struct span_log *log);
/* Borrowed, until the next span_log_add. */
const struct span_turn *span_log_newest(const struct span_log *log); /* NULL: none yet */
const GArray *span_log_rows(const struct span_log *log);             /* struct span_row, as they came */
double span_log_seconds(const struct span_log *log);                 /* that all its turns took */
/* What was done for the guest UUID ("": for none that is known), by device, by what it was, and by how its
 * guest is known; processes and places are not told apart.  struct span_row; caller unrefs. */
GArray *span_log_of(const struct span_log *log, const char *uuid);

#endif
