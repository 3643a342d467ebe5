/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every view is framed by: the first line, the message line, the key bar. */
#ifndef TUI_CHROME_H
#define TUI_CHROME_H

#include "tui/app.h"

void chrome_top(const struct app *app, struct canvas *canvas, struct rect rect);
/* The message line RECT; what has no room there takes more lines, upwards, of AREA above it. */
void chrome_notice(const struct app *app, struct canvas *canvas, struct rect rect, struct rect area);
void chrome_keys(const struct app *app, struct canvas *canvas, struct rect rect);

#endif
