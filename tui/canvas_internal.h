/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by canvas.c and graph.c only. */
#ifndef TUI_CANVAS_INTERNAL_H
#define TUI_CANVAS_INTERNAL_H

#include "tui/canvas.h"

struct canvas {
  int w, h;
  bool utf8, cursor;
  enum graph_style graphs;
  int cursor_x, cursor_y;
  struct rect clip;
  struct cell *cells;
};

/* Set one narrow cell, if it is within the clip rectangle. */
void canvas_set(struct canvas *canvas, int x, int y, gunichar ch, enum role role);
/* CH, or its ASCII twin on a canvas without UTF-8. */
gunichar canvas_symbol(const struct canvas *canvas, gunichar ch);

#endif
