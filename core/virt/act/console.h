/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The serial console of a guest: a thread of its own reads and writes libvirt's stream. */
#ifndef VIRT_CONSOLE_H
#define VIRT_CONSOLE_H

#include "core/virt/conn/hub.h"

struct console;
/* Open the first console of the guest UUID in the background; news come to the hub's sink.  FORCE: also where
 * somebody else has it, who loses it.  LOG (NULL: none): a file, made with mode 0600, to which what it says
 * is appended. Any thread; does not wait. */
struct console *console_open(struct hub *hub, const char *uuid, bool force, const char *log, GError **err);
/* What it said since the last call (caller unrefs), or NULL.  RET_ENDED: it has come to its end after that;
 * RET_WHY (g_free) is the reason when that was no end of file, else NULL.  Any thread; does not wait. */
GBytes *console_take(struct console *console, bool *ret_ended, char **ret_why);
/* Send BYTES, as they can be taken.  Any thread; does not wait. */
void console_send(struct console *console, const void *bytes, size_t n);
/* Close it, and free what belongs to the caller. */
void console_close(struct console *console);

#endif
