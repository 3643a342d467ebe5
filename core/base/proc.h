/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running other programs, always by argument vector, never through a shell. */
#ifndef BASE_PROC_H
#define BASE_PROC_H

#include <glib.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

/* The standard descriptors of a program that is started; negative: /dev/null.  Borrowed, and not 0, 1 or 2.
 */
struct proc_ends {
  int in, out, err;
};
/* Start ARGV (NULL-terminated, looked up in PATH) with ENDS and none of our other descriptors, with the
 * default signals, as the leader of a process group of its own: ^C at the terminal does not reach it, and a
 * signal to the group reaches what it starts itself.  0, and RET_PID is the caller's to wait for; else an
 * errno.  Any thread.
 */
int proc_spawn(const char *const *argv, const struct proc_ends *ends, pid_t *ret_pid);

/* Run ARGV (as proc_spawn does) to its end with stdin closed, and
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
