/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of the detail view. */
#ifndef TUI_DETAIL_ROWS_H
#define TUI_DETAIL_ROWS_H

#include "tui/app.h"

enum detail_kind {
  DETAIL_BLANK,
  DETAIL_TITLE, /* TEXT */
  DETAIL_GRAPH, /* a metric with its history, and up to three figures beside it */
  DETAIL_DISK,  /* what the disk INDEX is */
  DETAIL_NIC,
  DETAIL_HOSTDEV,
  DETAIL_AGES,
  DETAIL_EVENT, /* INDEX in the engine's list */
  /* What the guest is inside: */
  DETAIL_ADDRESS,        /* INDEX in its addresses */
  DETAIL_NO_ADDRESS,     /* TEXT: why */
  DETAIL_FILE_SYSTEM,    /* INDEX in its file systems */
  DETAIL_NO_FILE_SYSTEM, /* TEXT: why */
  DETAIL_NO_AGENT,       /* TEXT: why neither can be had */
  DETAIL_NOT_ASKED,      /* nothing of it is known yet */
};

struct detail_row {
  enum detail_kind kind;
  const struct graph_spec *graph;
  const char *text; /* borrowed */
  int index;        /* vCPU, disk or NIC, in the order of the figures; -1: of the guest */
};

/* All rows that show GUEST: array of struct detail_row. */
GArray *detail_rows_new(const struct app *app, const struct guest *guest);
void detail_row_draw(const struct app *app, struct canvas *canvas, struct rect rect,
                     const struct guest *guest, const struct detail_row *row);

#endif
