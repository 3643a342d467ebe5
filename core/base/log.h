/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <glib.h>
#include <stdbool.h>

/* Send GLib's and our messages to FILE (appended, 0600) instead of the terminal,
 * from now until the end of the process.  Use g_debug/g_message/g_warning to write. */
bool log_to_file(const char *file, GError **err);

#endif
