/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The screen's loop: waits for keys, news of the engine and signals, and draws after each. */
#ifndef TUI_SCREEN_H
#define TUI_SCREEN_H

#include "tui/script.h"
#include "tui/terminal.h"

/* Run until the user quits, a signal says so, the input ends or SCRIPT fails.  All of the arguments stay the
 * caller's; SETTINGS are changed by :set.  Returns why it ended: "quit", "SIGTERM", "end of input"; g_free.
 */
char *screen_run(struct engine *engine, struct settings *settings, struct terminal *terminal,
                 struct script *script);

#endif
