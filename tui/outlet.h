/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way of bytes to the terminal.  curses writes and waits; a terminal that takes nothing (a stopped
 * ssh, a window nobody reads) would hold the program, its keys and its end.  So curses gets a descriptor
 * that leads into memory while it draws; what it wrote goes out as the terminal takes it. */
#ifndef TUI_OUTLET_H
#define TUI_OUTLET_H

#include <stdbool.h>
#include <stdio.h>

struct outlet;
/* For the terminal on descriptor TTY, which stays the caller's. NULL: no memory or descriptors. */
struct outlet *outlet_new(int tty);
void outlet_free(struct outlet *outlet);
/* What newterm is given. */
FILE *outlet_file(const struct outlet *outlet);
/* Between these two, what curses writes is kept; after the second it is on its way. */
void outlet_begin(struct outlet *outlet);
void outlet_end(struct outlet *outlet);
/* Write what the terminal takes at once; true: nothing is left. */
bool outlet_flush(struct outlet *outlet);
/* The same for at most MS milliseconds; what is left then is dropped, with what the terminal has not taken.
 */
void outlet_drain(struct outlet *outlet, int ms);
/* Writable (poll) when it takes more. */
int outlet_fd(const struct outlet *outlet);

#endif
