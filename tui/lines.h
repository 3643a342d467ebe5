/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Long text as rows of a pane: made safe, broken to its width, scrolled. */
#ifndef TUI_LINES_H
#define TUI_LINES_H

#include "core/engine/command.h"
#include "tui/canvas.h"

struct line {
  char *text; /* safe */
  enum role role;
};

/* struct line; g_array_unref frees all. */
GArray *lines_new(void);
/* Add TEXT from outside (newlines break it), broken at blanks to WIDTH columns, further rows indented by
 * INDENT. */
void lines_add(GArray *lines, enum role role, const char *text, int width, int indent);
int lines_count(const GArray *lines);
/* Draw the rows from *SCROLL on into RECT; SCROLL is first brought into range.  A mark at the right edge
 * tells that there is more above or below. */
void lines_draw(const GArray *lines, struct canvas *canvas, struct rect rect, int *scroll);
/* Change *SCROLL by a key: arrows, j k, PgUp PgDn ^B ^F, Home End g G.  PAGE: rows shown.  True: taken. */
bool lines_key(int key, int page, int *scroll);
/* How far a command moves in a list that shows PAGE rows: UP, DOWN, PAGE_UP, PAGE_DOWN, FIRST, LAST; 0: it is
 * none of these. */
int lines_step(const struct command *command, int page);

#endif
