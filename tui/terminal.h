/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The terminal: the only file that draws with curses.  One at a time; main thread only.
 * It is given back as it was on every way out: terminal_free, suspension, a fatal signal. */
#ifndef TUI_TERMINAL_H
#define TUI_TERMINAL_H

#include "tui/canvas.h"
#include "tui/theme.h"

struct terminal;

/* Block the signals that terminal_signal_fd tells of, for this thread and those it starts: call
 * first thing in main, before any thread. */
void terminal_block_signals(void);

struct terminal_options {
  const char *utf8;   /* "auto", or a truth value */
  const char *graphs; /* "auto", "braille", "block", "ascii", "none" */
  bool mouse;
  int log_fd; /* where standard error leads while the screen is up, for what libraries and their children say
                 there; 0: it stays as it is */
};
/* Take over the terminal on stdin and stdout.  ERROR_USAGE when they are no terminal, and
 * when TERM is unset, unknown or cannot place the cursor. setlocale must have been called. */
struct terminal *terminal_new(const struct terminal_options *options, GError **err);
void terminal_free(struct terminal *terminal); /* NULL is fine */

bool terminal_utf8(const struct terminal *terminal);
/* How graphs are to be drawn, after SETTING (as in the options). */
enum graph_style terminal_graphs(const struct terminal *terminal);
void terminal_set_graphs(struct terminal *terminal, const char *setting);
/* 0: mono (also when NO_COLOR is set), 8, 16, 256. */
int terminal_colours(const struct terminal *terminal);
void terminal_size(const struct terminal *terminal, int *ret_w, int *ret_h);
void terminal_set_theme(struct terminal *terminal, const struct theme *theme); /* copied */

int terminal_input_fd(const struct terminal *terminal);
/* Writable when a terminal that took nothing takes more. */
int terminal_output_fd(const struct terminal *terminal);
/* What was shown last is out: the next terminal_show will not pile up behind it. */
bool terminal_ready(struct terminal *terminal);
/* Readable when a signal came; read by terminal_signal. */
int terminal_signal_fd(const struct terminal *terminal);
/* The next signal that came (SIGWINCH and SIGCONT are dealt with here, and told), 0: none. */
int terminal_signal(struct terminal *terminal);
/* The next key (keys.h), KEYS_NONE: none waits.  *RET_ENDED: the input is at its end. */
int terminal_key(struct terminal *terminal, bool *ret_ended);
/* Where the mouse was pressed, after KEYS_MOUSE; wheel: -1 up, 1 down, 0 a click. */
bool terminal_mouse(struct terminal *terminal, int *ret_x, int *ret_y, int *ret_wheel);
/* Show CANVAS: only what differs from what is there goes out. */
void terminal_show(struct terminal *terminal, const struct canvas *canvas);
/* Draw everything anew at the next terminal_show (^L). */
void terminal_repaint(struct terminal *terminal);
/* Give the terminal back and stop, as ^Z does; returns when continued. */
void terminal_suspend(struct terminal *terminal);

#endif
