/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line of text being edited: the command line, the filter, a field of a form.
 * Pure state; what it holds is valid UTF-8. */
#ifndef TUI_EDITOR_H
#define TUI_EDITOR_H

#include "tui/canvas.h"

struct editor {
  GString *text;
  size_t at;    /* cursor: bytes before it */
  char *killed; /* what ^U ^K ^W took last, for ^Y; NULL: nothing */
};

#define EDITOR_MAX 4096 /* bytes; what is typed or pasted beyond is refused */

void editor_init(struct editor *editor, const char *text); /* cursor at the end */
void editor_clear(struct editor *editor);
void editor_set(struct editor *editor, const char *text); /* cursor at the end */
const char *editor_text(const struct editor *editor);
/* Deal with KEY (keys.h): characters, arrows, Home, End, Backspace, Delete, ^A ^E ^B ^F ^D ^H ^U ^K ^W ^Y.
 * True when it was an editing key, also when there was nothing to do. */
bool editor_key(struct editor *editor, int key);
/* Draw into W columns from (X, Y), scrolled so that the cursor shows; with FOCUS the terminal's cursor
 * goes there. */
void editor_draw(const struct editor *editor, struct canvas *canvas, int x, int y, int w, enum role role,
                 bool focus);

#endif
