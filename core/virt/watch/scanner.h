/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The scanner: one thread per connection that opens it, looks by the scan plan at each
 * tick, publishes, and opens it again when it was lost. */
#ifndef VIRT_SCANNER_H
#define VIRT_SCANNER_H

#include "core/virt/watch/watch.h"

/* Start it; it runs until the hub's end.  False when there is no thread to be had. */
bool scanner_start(struct watch *watch);

#endif
