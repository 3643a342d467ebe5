/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ENGINE_SETTINGS_PRIVATE_H
#define ENGINE_SETTINGS_PRIVATE_H

#include "core/engine/settings.h"

struct settings {
  char *value[SETTING_COUNT];
  char *initial[SETTING_COUNT];       /* as shipped */
  GPtrArray *bindings;                /* struct binding * */
  char *file;                         /* the user's file, whether there or not */
  const struct settings_judge *judge; /* NULL: none */
};

#endif
