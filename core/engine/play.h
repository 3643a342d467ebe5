/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scripts (--play FILE), one step a line:
 *   :COMMAND ...               as on the command line
 *   :snapshot auto on|off      from here on a snapshot of the guest before each command that destroys
 *   key NAME ...               keys, as the configuration names them (screen only)
 *   text WORDS                 typed as they are (screen only)
 *   wait CONDITION [within SECONDS]    at most 60 s if nothing else is said
 *   expect CONDITION           must hold now
 *   # comment
 * A step begins when the jobs begun by the one before have ended; a failed job fails the
 * script unless the next step expects it. */
#ifndef ENGINE_PLAY_H
#define ENGINE_PLAY_H

#include "core/engine/engine.h"

enum play_want { PLAY_WAIT, PLAY_COMMAND, PLAY_KEY, PLAY_TEXT, PLAY_FAILED, PLAY_DONE };

struct play;
/* Read FILE; KEY (as in settings_judge; NULL: all are) knows the keys; COMPLAINTS gets "FILE:LINE: what" for
 * each fault, and NULL is returned if there were any. */
struct play *play_read(const char *file, char *(*key)(const char *name), GPtrArray *complaints);
void play_free(struct play *play);
/* What to do now.  COMMAND, KEY and TEXT hand over *RET_TEXT (g_free) once; WAIT asks to come again
 * at the next news or within RET_SECONDS.  Call engine_poll before each call: the jobs of a command show
 * themselves there.  SCREEN: the screen's text, or NULL.  Main thread. */
enum play_want play_next(struct play *play, const struct engine *engine, const char *screen, char **ret_text,
                         double *ret_seconds);
/* The command that play_next handed over was refused. */
void play_refuse(struct play *play, const GError *why);
/* After PLAY_FAILED: "FILE:LINE: step: what was seen". */
const char *play_failure(const struct play *play);

#endif
