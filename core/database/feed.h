/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The feed of a database: memory requests go into its table as they are seen, by threads of its own.  While
 * it does not take them they wait on disk; whatever becomes of one is counted. */
#ifndef DATABASE_FEED_H
#define DATABASE_FEED_H

#include "core/model/delivery.h"
#include "core/model/memory.h"

struct feed;
/* Open the database URL (see place.h) with the password of PASSWORD_FILE (NULL: none), see whether its table
 * is of the shape that is needed, and begin.  What waits is kept in the folder DIR. Waits for the database,
 * some seconds at most.  Main thread. */
struct feed *feed_start(const char *url, const char *password_file, const char *dir, GError **err);
/* All that TURN tells of.  Returns at once; any thread. */
void feed_turn(struct feed *feed, const struct memory_turn *turn);
/* How it stands.  Caller clears RET. */
void feed_state(struct feed *feed, struct delivery *ret);
/* Wait until nothing waits, SECONDS at most, and end: what waits then is lost.  RET (may be NULL): how it
 * ended; caller clears.  Frees FEED; NULL is fine. */
void feed_finish(struct feed *feed, double seconds, struct delivery *ret);

#endif
