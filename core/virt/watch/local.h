/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What this machine itself tells of the guests that run on it.  For the scanner's thread only. */
#ifndef VIRT_LOCAL_H
#define VIRT_LOCAL_H

#include "core/virt/watch/roster.h"

/* Find the processes of guests that began to run, and put what the threads of all of them used into their
 * figures. */
void local_look(struct roster *roster);

#endif
