/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conditions over guests, jobs, readings and the screen, as scripts write them:
 *   guest NAME running|paused|off|exists|gone
 *   guest NAME METRIC >|< VALUE[/s]     METRIC: reads, writes, iops, cpu, steal, exits, or an export field
 *   job                                 nothing that was asked for is under way
 *   job done|failed|cancelled           and the last one ended so
 *   text WORDS                          the screen shows them */
#ifndef ENGINE_CONDITION_H
#define ENGINE_CONDITION_H

#include "core/engine/engine.h"

struct condition;
/* Parse WORDS (NULL-terminated). ERROR_USAGE says what would do. */
struct condition *condition_parse(char *const *words, GError **err);
void condition_free(struct condition *condition);
/* Does it hold now?  SCREEN is the screen's text (NULL: there is none, text never shows).
 * RET_SEEN (may be NULL; g_free) says what there is instead. */
bool condition_holds(const struct condition *condition, const struct engine *engine, const char *screen,
                     char **ret_seen);

#endif
