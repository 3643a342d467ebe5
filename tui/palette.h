/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Roles to curses attributes and colour pairs; for terminal.c only. */
#ifndef TUI_PALETTE_H
#define TUI_PALETTE_H

#include <curses.h>

#include "tui/theme.h"

struct palette;
/* After newterm: starts colours unless the terminal has none or NO_COLOR is set. */
struct palette *palette_new(void);
void palette_free(struct palette *palette);
int palette_colours(const struct palette *palette); /* 0, 8, 16 or 256 */
void palette_set_theme(struct palette *palette, const struct theme *theme);
/* How text of ROLE looks on the background of GROUND. */
void palette_look(const struct palette *palette, int role, int ground, attr_t *ret_attributes,
                  short *ret_pair);

#endif
