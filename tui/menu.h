/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list to pick from: columns, themes, templates, backends.  Entries that cannot be had are
 * there too, greyed, with the reason. */
#ifndef TUI_MENU_H
#define TUI_MENU_H

#include "tui/canvas.h"

struct menu_item {
  char *id, *text, *note; /* note: what it is, or why it cannot be had */
  enum role role;         /* of the text */
  bool disabled, ticked;
};

struct menu {
  GArray *items; /* struct menu_item */
  int at;        /* the entry with the cursor */
  bool ticks;    /* several can be ticked with Space */
};

void menu_init(struct menu *menu, bool ticks);
void menu_clear(struct menu *menu);
void menu_add(struct menu *menu, const char *id, const char *text, const char *note, bool disabled,
              bool ticked);
int menu_count(const struct menu *menu);
/* The entry with the cursor; NULL when there is none. */
const struct menu_item *menu_item(const struct menu *menu);
/* The entry called ID, or -1. */
int menu_find(const struct menu *menu, const char *id);
/* Move to the next (1) or previous (-1) entry that can be had, past the end to the beginning; false: none. */
bool menu_step(struct menu *menu, int step);
/* Arrows, j k, PgUp PgDn, Home End g G, and Space where entries are ticked.  True: taken. */
bool menu_key(struct menu *menu, int key);
/* Columns and rows it would like. */
void menu_wants(const struct menu *menu, int *ret_w, int *ret_h);
/* Draw within RECT, scrolled so that the cursor shows; FOCUS: it has the keys. */
void menu_draw(const struct menu *menu, struct canvas *canvas, struct rect rect, bool focus);
/* Draw it as a dialog in the middle of AREA. */
void menu_draw_box(const struct menu *menu, struct canvas *canvas, struct rect area, const char *title);

#endif
