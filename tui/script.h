/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scripts drive the same program as keys do, and keys can be kept as a script. */
#ifndef TUI_SCRIPT_H
#define TUI_SCRIPT_H

#include <stdio.h>

#include "core/engine/play.h"
#include "tui/app.h"

struct script {
  struct play *play; /* what is to be carried out; NULL: nothing */
  FILE *record;      /* where keys are kept; NULL: nowhere */
  bool ended;
  char *failure; /* what was expected and seen, with the screen; NULL: it has not failed */
};

/* One step, if it is ready; CANVAS holds what is on the screen.  False: nothing was done, and *RET_MS tells
 * when to come again at the latest (negative: no need). */
bool script_step(struct script *script, struct app *app, const struct canvas *canvas, int *ret_ms);
void script_keep_key(const struct script *script, int key);
void script_clear(struct script *script);

#endif
