/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What happens on the command line, apart from drawing: editing, history, completion.  Pure, for
 * its tests; the view around it is made by prompt_new (views.h). */
#ifndef TUI_PROMPT_H
#define TUI_PROMPT_H

#include "core/engine/command.h"
#include "tui/editor.h"

struct prompt {
  struct editor editor;
  const GPtrArray *history; /* char *, oldest first; borrowed */
  guint past;               /* how many lines back; 0: the line being typed */
  char *draft;              /* that line while PAST > 0 */
  char **choices;           /* whole lines it could become, sorted; NULL or empty: none */
  int chosen;               /* which of them Tab put in, -1: none */
  char *typed;              /* the line before Tab put one in */
};

void prompt_init(struct prompt *prompt, const char *text, const GPtrArray *history);
void prompt_clear(struct prompt *prompt);
/* The choices for the line as it is now; takes over CHOICES (g_strfreev; may be NULL). */
void prompt_offer(struct prompt *prompt, char **choices);
/* Put in the next (STEP 1) or previous (-1) choice.  The first Tab only completes what all have in
 * common, when that is more than what is there.  True: the line changed for good, and its choices are to be
 * asked for anew. */
bool prompt_complete(struct prompt *prompt, int step);
/* Go BACK lines back (negative: forward) in history, to lines that begin as the draft does. */
void prompt_recall(struct prompt *prompt, int back);
const char *prompt_text(const struct prompt *prompt);

#endif
