/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of detail_rows.h share. */
#ifndef TUI_DETAIL_ROWS_PRIVATE_H
#define TUI_DETAIL_ROWS_PRIVATE_H

#include "tui/detail_rows.h"

/* Append a row without a graph, or a title with a blank row before it. */
void detail_rows_add(GArray *rows, enum detail_kind kind, const char *text, int index);
void detail_rows_add_title(GArray *rows, const char *text);

/* ---- what the guest is inside: addresses and file systems (detail_rows_inside.c) ---- */
/* The addresses of GUEST's NIC number NIC. */
void detail_rows_add_nic_inside(GArray *rows, const struct guest *guest, int nic);
/* All others under a title of their own: addresses of no NIC, file systems, and what cannot be had. */
void detail_rows_add_inside(GArray *rows, const struct app *app, const struct guest *guest);
/* Draw ROW, one of these; its text begins LABEL columns in. */
void detail_rows_draw_inside(struct canvas *canvas, struct rect rect, int label, const struct guest *guest,
                             const struct detail_row *row);

#endif
