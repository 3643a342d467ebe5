/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A terminal under test: a pseudo-terminal with an emulator (libvterm) behind it, and
 * in front of it a program started as a shell would start it: in a process group of its own,
 * whose parent is in the same session, so that ^Z works. */
#ifndef SCREEN_TERM_H
#define SCREEN_TERM_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum term_state { TERM_RUNNING, TERM_STOPPED, TERM_EXITED };

/* What a program can do to a terminal besides drawing. */
struct term_modes {
  bool altscreen, cursor_visible, mouse;
};

struct term;

/* A terminal of COLS x ROWS on which ARGV runs in folder DIR with environment ENVP and
 * standard input from INPUT (NULL: the terminal).  Dies on failure: this is a test program. */
struct term *term_start(char **argv, char **envp, const char *dir, const char *input, int cols, int rows);
/* Ends the program if it still runs, and frees. */
void term_free(struct term *term);

/* Take in what the program writes, for at most MILLISECONDS; true if anything came or the
 * program's state changed. */
bool term_pump(struct term *term, int milliseconds);
void term_send(struct term *term, const char *bytes, size_t len);
/* Send the key called NAME ("n", "F5", "^R", "PageDown"); false: no such key. */
bool term_key(struct term *term, const char *name);
void term_resize(struct term *term, int cols, int rows);
/* What `fg` does in a shell. */
void term_continue(struct term *term);
/* Close the terminal, as a broken SSH connection does. */
void term_hangup(struct term *term);
/* Send SIGNAL to the program. */
void term_signal(struct term *term, int signal);

/* What the program's standard error leads to, as /proc names it; NULL when it has ended.  Caller frees. */
char *term_errors(const struct term *term);

enum term_state term_state(const struct term *term);
/* The program has ended and all it wrote has been taken in. */
bool term_is_over(const struct term *term);
/* Exit status; 128 + N when signal N ended it. */
int term_exit_status(const struct term *term);
struct term_modes term_modes(const struct term *term);
/* Were the line settings (stty) as before the program ran when it stopped or ended? */
bool term_line_restored(const struct term *term);
/* NULL, or what came through that no program of ours may send: a title, an unknown
 * control string, a control or bidi character in a cell. */
const char *term_foreign(const struct term *term);
/* Bytes that the program wrote so far. */
uint64_t term_bytes(const struct term *term);

/* The text of row ROW, trailing blanks cut.  Caller frees. */
char *term_row(const struct term *term, int row);
int term_rows(const struct term *term);
/* The screen as text, then the runs of attributes, one row a line.  Caller frees. */
char *term_dump(const struct term *term);

#endif
