/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Carrying out a parsed command that acts on guests, for those who have no screen. */
#ifndef ENGINE_RUN_H
#define ENGINE_RUN_H

#include "core/engine/command.h"
#include "core/engine/engine.h"

/* Do LINE (an action).  What would ask a question is refused unless LINE says yes.  A guest name
 * that is not there, or that several connections have, is refused with what would do.
 * RET_JOB may be NULL.  Main thread. */
bool engine_run(struct engine *engine, const struct command_line *line, uint64_t *ret_job, GError **err);

#endif
