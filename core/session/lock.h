/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JOURNAL.lock tells a running session's journal from an unfinished one: the program
 * that writes it holds an OFD lock, which goes with the program whatever its end.
 *
 * The file also takes room on the journal's disk, which is given back when the session has to end on a
 * full one, so that its last events still get into the journal. */
#ifndef SESSION_LOCK_H
#define SESSION_LOCK_H

#include <glib.h>
#include <stdbool.h>

/* Make and hold the lock of a new JOURNAL; -1 if it cannot be had. */
int lock_take(const char *journal, GError **err);
void lock_drop(int fd);
/* Take the room, if there is some; a session goes on without. */
void lock_reserve(int fd);
/* Give it back; false if there was none. */
bool lock_give_room(int fd);
/* Does a running program hold JOURNAL? */
bool lock_held(const char *journal);

#endif
