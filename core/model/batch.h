/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Jobs asked for at once, one for each of several guests, and what they come to together. */
#ifndef MODEL_BATCH_H
#define MODEL_BATCH_H

#include "core/model/job.h"

struct batch;
/* NUMBER is that of its jobs (struct job), and is not 0. */
struct batch *batch_new(enum action_id action, int number);
void batch_free(struct batch *batch);
/* One of them has been asked for. */
void batch_add(struct batch *batch);
/* One that did not even begin: GUEST (raw name) and WHY. */
void batch_refuse(struct batch *batch, const char *guest, const char *why);
/* Take in a change of JOB; true: it was the last of them to end. */
bool batch_take(struct batch *batch, const struct job *job);
/* "started 9 of 10; failed: web-3: ...", safe for the screen.  Caller frees. */
char *batch_sentence(const struct batch *batch);
/* How what was done of it is taken back; NULL: not at all, or nothing was done. */
const struct action_undo *batch_undo(const struct batch *batch);
/* None of those that have ended, or did not begin, failed. */
bool batch_is_well(const struct batch *batch);

#endif
