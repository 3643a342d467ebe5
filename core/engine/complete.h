/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Completion of command lines: what the grammar of command.h allows at the end of a line, with
 * the guests, offers and settings of a live engine. */
#ifndef ENGINE_COMPLETE_H
#define ENGINE_COMPLETE_H

#include "core/engine/engine.h"

/* Ways to complete LINE at its end: whole new lines, NULL-terminated, sorted; g_strfreev.  Main thread. */
char **complete_line(const struct engine *engine, const char *line);

#endif
