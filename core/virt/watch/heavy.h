/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The heavy groups of a connection's guests: who is asked for them in a tick, which call is late and whose
 * fault that is, what was answered.  For the scanner's thread only. */
#ifndef VIRT_HEAVY_H
#define VIRT_HEAVY_H

#include "core/virt/watch/reader.h"
#include "core/virt/watch/roster.h"
#include "core/virt/watch/watch.h"

struct heavy {
  struct watch *watch;
  struct roster *roster;
  struct readers *readers;
};

/* Ask for what the plan wants, if a reader is free; INTERVAL is the tick's, in seconds. */
void heavy_ask(struct heavy *heavy, double interval);
/* Put into the roster what was answered until now. */
void heavy_take(struct heavy *heavy);

#endif
