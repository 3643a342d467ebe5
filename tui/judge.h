/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the screen knows of settings and scripts and the engine does not: which themes, columns, orders and
 * keys there are. */
#ifndef TUI_JUDGE_H
#define TUI_JUDGE_H

#include "core/engine/settings.h"

/* Themes are read and parsed.  A press of the mouse has a name, but is no key to bind or to script. */
extern const struct settings_judge judge_screen;

#endif
