/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of the detail view with what a guest is inside: addresses and file systems. */
#ifndef TUI_DETAIL_INSIDE_H
#define TUI_DETAIL_INSIDE_H

#include "tui/detail_rows.h"

/* The addresses of GUEST's NIC number NIC. */
void detail_inside_add_nic(GArray *rows, const struct guest *guest, int nic);
/* All others under a title of their own: addresses of no NIC, file systems, and what cannot be had. */
void detail_inside_add(GArray *rows, const struct app *app, const struct guest *guest);
/* Draw ROW, if it is one of these; its text begins LABEL columns in. */
void detail_inside_draw(struct canvas *canvas, struct rect rect, int label, const struct guest *guest,
                        const struct detail_row *row);

#endif
