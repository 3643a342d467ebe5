/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The main view, at the bottom of the stack: host, guests, the selected one, what happened. */
#ifndef TUI_OVERVIEW_H
#define TUI_OVERVIEW_H

#include "tui/view.h"

struct view *overview_new(struct app *app);
/* UUIDs of the guests whose figures the user looks at: on screen, selected, tagged. g_strfreev. */
char **overview_attention(struct view *view);

#endif
