/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <glib.h>
#include <stdbool.h>

/* Send GLib's and our messages to FILE (appended, 0600) instead of the terminal,
 * from now until the end of the process: once, before other threads start.  A FILE
 * grown beyond 4 MiB is first renamed to FILE.1.  RET_FD (may be NULL) is its descriptor, for
 * what others write; it stays the log's.  Use g_debug (only with
 * G_MESSAGES_DEBUG), g_message and g_warning to write: one line each, made safe. */
bool log_to_file(const char *file, int *ret_fd, GError **err);

#endif
