/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The serial console of a guest: a thread of its own reads and writes libvirt's stream. */
#ifndef VIRT_CONSOLE_H
#define VIRT_CONSOLE_H

#include "core/model/console.h"
#include "core/virt/conn/hub.h"

struct console;
/* Open a console of a guest in the background; news come to the hub's sink.  Any thread; does not wait. */
struct console *console_open(struct hub *hub, const struct console_wish *wish, GError **err);
/* What it said since the last call (caller unrefs), or NULL.  RET_ENDED: it has come to its end after that;
 * RET_WHY (g_free) is the reason when that was no end of file, else NULL.  Any thread; does not wait. */
GBytes *console_take(struct console *console, bool *ret_ended, char **ret_why);
/* Wait until it is open, at most until DEADLINE_NS (monotonic); false: it is not, and console_take may tell
 * why. Worker threads only, as the next. */
bool console_wait_open(struct console *console, int64_t deadline_ns);
/* Wait until there is something to take, or DEADLINE_NS. */
void console_wait(struct console *console, int64_t deadline_ns);
/* Send BYTES, as they can be taken.  Any thread; does not wait. */
void console_send(struct console *console, const void *bytes, size_t n);
/* Close it, and free what belongs to the caller. */
void console_close(struct console *console);

#endif
