/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the screen knows of settings and the engine does not: which themes, columns and orders there are. */
#ifndef TUI_JUDGE_H
#define TUI_JUDGE_H

#include "core/engine/settings.h"

/* A settings_judge: may VALUE be the setting ID?  Themes are read and parsed. */
bool judge_setting(enum setting_id id, const char *value, GError **err);

#endif
