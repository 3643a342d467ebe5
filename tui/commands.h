/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands that no view has taken: the screen's own, one handler each, and those that act on guests. */
#ifndef TUI_COMMANDS_H
#define TUI_COMMANDS_H

#include "tui/app.h"

/* Not for moving about.  False and ERR (not said yet): it was refused. */
bool commands_carry_out(struct app *app, const struct command_line *line, GError **err);

#endif
