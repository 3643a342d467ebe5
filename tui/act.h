/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Acting on guests: whether it may be, on which of them, and the question before what destroys. */
#ifndef TUI_ACT_H
#define TUI_ACT_H

#include "tui/app.h"

/* May COMMAND change anything here?  Not in a replay, nor read-only. */
bool act_may_change(const struct app *app, const char *command, GError **err);
/* Why ACTION cannot be done to TARGET now ("it is not off"), borrowed; NULL: it can. */
const char *act_refusal(const struct app *app, enum action_id action, const struct target *target);
/* Carry out LINE, the command of an action. */
bool act_on(struct app *app, const struct command_line *line, GError **err);
/* Put the question again for jobs that ended since *SEEN_MONO_NS and were refused as risky, with what was
 * said against it: a yes does it with the word force. */
void act_ask_again(struct app *app, int64_t *seen_mono_ns);

#endif
