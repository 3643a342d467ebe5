/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a form about a guest looks. */
#ifndef TUI_FORM_DRAW_H
#define TUI_FORM_DRAW_H

#include "tui/form.h"
#include "tui/lines.h"

struct form_scene {
  const struct form *form;
  const struct offers *offers; /* NULL: not known yet */
  const char *title, *room;    /* first row, left and right; safe */
  const char *heading;         /* over the backends; NULL: what their columns are */
  const char *pane_title;      /* of the pane with the preview or what went wrong */
  const GArray *pane;          /* its rows; NULL: none */
  bool pane_counts;            /* it must show, however small the screen */
  int *scroll;                 /* of the pane */
};

/* Where the parts are on an area of a size. */
struct form_layout {
  int columns;       /* of the fields and the picker */
  int field_rows;    /* rows that the fields take */
  int picker_rows;   /* backends shown at once */
  struct rect upper; /* title, fields, picker */
  struct rect pane;  /* h 0: none */
  bool fixed_help;   /* the upper part scrolls, and the help line is its last row */
};
void form_layout(const struct form_scene *scene, struct rect area, struct form_layout *ret);
void form_draw(const struct form_scene *scene, struct canvas *canvas, struct rect area);
/* Columns that the pane has for its rows. */
int form_pane_width(struct rect area);

#endif
