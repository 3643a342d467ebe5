/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running other programs, always by argument vector, never through a shell. */
#ifndef BASE_PROC_H
#define BASE_PROC_H

#include <glib.h>
#include <stdatomic.h>
#include <stdbool.h>

/* Run ARGV (NULL-terminated, looked up in PATH) to its end with stdin closed, and
 * fill RET_OUT (may be NULL) with its stdout.  Fails when it cannot start (ERROR_RESOURCES) or
 * ends with other than 0: the message then holds its stderr, unaltered.  It is the leader of
 * a process group and has the default signal mask.  Waits: worker thread.
 * If CANCEL (may be NULL) becomes true, its group is killed and ERROR_CANCELLED set. */
bool proc_run(const char *const *argv, const atomic_bool *cancel, char **ret_out, GError **err);
/* The same, but its stdout goes to SAY, as it comes: TEXT is what was said since the last call, with a 0 byte
 * behind it. */
bool proc_follow(const char *const *argv, const atomic_bool *cancel,
                 void (*say)(void *context, const char *text), void *context, GError **err);

#endif
