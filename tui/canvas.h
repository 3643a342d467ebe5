/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A grid of cells to draw on.  Knows no terminal, so tests read it as text.
 *
 * Coordinates are absolute (0,0 is the top left); everything is cut to the clip rectangle.
 * Strings are UTF-8 and must have passed text_safe() when they came from outside (canvas_put
 * turns what would still be a control into '?').  Draw with the UTF-8 symbols: on a canvas
 * without UTF-8 they become their ASCII twins. */
#ifndef TUI_CANVAS_H
#define TUI_CANVAS_H

#include "tui/theme.h"

struct rect {
  int x, y, w, h;
};

enum graph_style { GRAPH_BRAILLE, GRAPH_BLOCK, GRAPH_ASCII, GRAPH_NONE };

struct cell {
  gunichar ch;          /* 0: right half of the wide character before */
  guint16 role, ground; /* foreground and attributes; background.  No padding: cells are compared as bytes */
};

struct canvas;
struct canvas *canvas_new(int w, int h, bool utf8, enum graph_style graphs);
void canvas_free(struct canvas *canvas);
/* Change the size; the content is lost. */
void canvas_resize(struct canvas *canvas, int w, int h);
void canvas_clear(struct canvas *canvas);
void canvas_set_graphs(struct canvas *canvas, enum graph_style graphs);
struct rect canvas_area(const struct canvas *canvas);
bool canvas_utf8(const struct canvas *canvas);
/* Restrict drawing to RECT (cut to the canvas, not to the clip before); returns the clip before. */
struct rect canvas_clip(struct canvas *canvas, struct rect rect);

/* Draw TEXT from (X, Y); returns the column after it (also when it was cut off). */
int canvas_put(struct canvas *canvas, int x, int y, enum role role, const char *text);
int canvas_putf(struct canvas *canvas, int x, int y, enum role role, const char *format, ...)
    G_GNUC_PRINTF(5, 6);
/* Exactly W columns: cut with "…" or filled with blanks. Returns x + w. */
int canvas_put_fit(struct canvas *canvas, int x, int y, int w, enum role role, const char *text);
/* The same, to the right: for figures. */
int canvas_put_right(struct canvas *canvas, int x, int y, int w, enum role role, const char *text);
/* TEXT broken into lines at blanks within RECT; returns how many lines it took. */
int canvas_put_wrapped(struct canvas *canvas, struct rect rect, enum role role, const char *text);
/* Blank RECT; the ground becomes ROLE's too. */
void canvas_fill(struct canvas *canvas, struct rect rect, enum role role);
/* Give what was drawn in RECT the background of ROLE. */
void canvas_ground(struct canvas *canvas, struct rect rect, enum role role);
/* A horizontal line with an optional title. */
void canvas_rule(struct canvas *canvas, int x, int y, int w, const char *title);
/* A filled box with a border and an optional title, for dialogs; returns its inside. */
struct rect canvas_box(struct canvas *canvas, struct rect rect, const char *title);
/* A page: RECT emptied, TITLE (safe) over it.  What is inside. */
struct rect canvas_page(struct canvas *canvas, struct rect rect, const char *title);
/* In the place of what is not known yet: WAITING, or ERROR (NULL: none; from outside) why it cannot be. */
void canvas_put_unknown(struct canvas *canvas, struct rect rect, const char *waiting, const char *error);
/* ▕███▌   ▏ of W columns in all.  FRACTION 0..1; NAN: empty. */
void canvas_bar(struct canvas *canvas, int x, int y, int w, double fraction, enum role role);
/* The newest of VALUES (oldest first, NAN: none) as a graph that ends at the right edge of RECT.
 * MAX is the value of the top; <= 0: the largest one drawn.  A value above 0 always shows a trace. */
void canvas_graph(struct canvas *canvas, struct rect rect, const double *values, int n, double max,
                  enum role role);
/* How many values a graph of W columns shows. */
int canvas_graph_values(const struct canvas *canvas, int w);
/* A strip of N cells, each the darker the more it counts; the most of them is the darkest, and a trace shows.
 */
void canvas_heat(struct canvas *canvas, int x, int y, const double *counts, int n, enum role role);
/* One cell that stands for FRACTION 0..1. */
void canvas_level(struct canvas *canvas, int x, int y, double fraction, enum role role);
/* Where the terminal's cursor is to stand (text entry); hidden unless set since canvas_clear. */
void canvas_cursor(struct canvas *canvas, int x, int y);
bool canvas_get_cursor(const struct canvas *canvas, int *ret_x, int *ret_y);

/* Make TO, of the same size, show what FROM shows. */
void canvas_copy(struct canvas *to, const struct canvas *from);
const struct cell *canvas_row(const struct canvas *canvas, int y);
/* For tests: the row as text without trailing blanks; all rows, each with '\n'.  Caller frees. */
char *canvas_row_text(const struct canvas *canvas, int y);
char *canvas_text(const struct canvas *canvas);

#endif
