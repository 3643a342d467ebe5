/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where things stand for a size of the screen.  Pure.  A pane that has no room has height 0. */
#ifndef TUI_LAYOUT_H
#define TUI_LAYOUT_H

#include "tui/canvas.h"

#define LAYOUT_MIN_W 40
#define LAYOUT_MIN_H 12

/* Of every view. */
struct layout_screen {
  struct rect top, area, notice, keys;
};
void layout_screen(struct layout_screen *ret, int w, int h);

/* Of the main view, within AREA. */
struct layout_main {
  struct rect host, host_rule, head, table, detail_rule, detail, side, notice_rule;
};
/* GUESTS: rows that the table would like; what it leaves goes to the details. */
void layout_main(struct layout_main *ret, struct rect area, int guests);

/* A box of at most W x H in the middle of AREA, for dialogs. */
struct rect layout_centre(struct rect area, int w, int h);

#endif
