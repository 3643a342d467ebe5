/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the app's own files only. */
#ifndef TUI_APP_PRIVATE_H
#define TUI_APP_PRIVATE_H

#include "tui/app.h"

struct app {
  struct engine *engine;
  struct settings *settings;
  struct terminal *terminal;
  struct table *table;
  GArray *columns;   /* of int */
  struct scan *scan; /* shown; a reference of our own */
  bool held;
  char *ended;        /* why; NULL: it goes on */
  GPtrArray *stack;   /* struct view *, the overview first */
  GPtrArray *leaving; /* popped, freed when the present key is dealt with */
  GPtrArray *typed;   /* command lines */
  char *said;         /* on the message line; NULL: the engine's notice */
  bool said_is_error;
  bool notice_read; /* a key was pressed since the notice came: it shrinks to one line */
  bool from_key;    /* the command being carried out came from a key, without arguments of the user's */
};

/* app_stack.c: what was popped goes. */
void app_free_leaving(struct app *app);

#endif
