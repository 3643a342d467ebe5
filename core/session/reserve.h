/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JOURNAL.reserve: room on the journal's disk that is taken when a session begins and given
 * back when it has to end on a full disk, so that its last events still get into the journal. */
#ifndef SESSION_RESERVE_H
#define SESSION_RESERVE_H

#include <stdbool.h>

/* Take it, if there is room; a session goes on without. */
void reserve_take(const char *journal);
/* Give it back; false if there was none. */
bool reserve_give(const char *journal);

#endif
