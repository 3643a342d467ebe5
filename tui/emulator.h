/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The terminal that a guest's console talks to: libvterm, with the lines that have scrolled off kept.  What a
 * guest sends becomes cells and nothing else, so that no sequence of its reaches the user's own terminal. */
#ifndef TUI_EMULATOR_H
#define TUI_EMULATOR_H

#include <glib.h>

#include "tui/canvas.h"

#define EMULATOR_SCROLLBACK 2000 /* lines */

struct emulator;
struct emulator *emulator_new(int rows, int cols);
void emulator_free(struct emulator *emulator);
void emulator_resize(struct emulator *emulator, int rows, int cols);
/* What the guest said. */
void emulator_feed(struct emulator *emulator, const void *bytes, size_t n);
/* KEY, one of keys.h, as a terminal sends it; what is to be sent is got by emulator_sent. */
void emulator_key(struct emulator *emulator, int key);
/* Bytes to send to the guest since the last call: keys, and answers to what it asked.  Caller unrefs; NULL:
 * none. */
GBytes *emulator_sent(struct emulator *emulator);
/* Draw into RECT, SCROLL lines back (0: the newest, cut to what there is). */
void emulator_draw(const struct emulator *emulator, struct canvas *canvas, struct rect rect, int scroll);
int emulator_scrollback(const struct emulator *emulator); /* lines kept */
/* How far back the next line above BACK lines that holds TEXT (case aside) is, or -1. */
int emulator_search(const struct emulator *emulator, const char *text, int back);

#endif
