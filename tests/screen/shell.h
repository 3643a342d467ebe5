/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shell between a terminal under test and the program on it: a shell's part in job control, and no more.
 */
#ifndef SCREEN_SHELL_H
#define SCREEN_SHELL_H

#include <glib.h>
#include <termios.h>

/* What the shell in between writes to the status pipe. */
struct shell_report {
  char what; /* 'b': before the program starts, 'p': its id, 's': stopped, 'x': ended */
  int value;
  struct termios line; /* the line settings at that moment */
};

/* Run ARGV in folder DIR with environment ENVP and standard input from INPUT (NULL: the terminal) on the
 * terminal of this process.  Reports to the pipe STATUS; each byte from the pipe CONTROL lets a stopped
 * program go on. */
G_GNUC_NORETURN void shell_run(char **argv, char **envp, const char *dir, const char *input, int status,
                               int control);

#endif
