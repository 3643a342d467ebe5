/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A menu as a dialog of its own. */
#ifndef TUI_PICKER_H
#define TUI_PICKER_H

#include "tui/app.h"
#include "tui/menu.h"

struct picker_use {
  const char *title;
  const char *enter; /* what Enter does, for the last line */
  /* Enter was pressed: false and ERR keeps the menu open. */
  bool (*chosen)(struct app *app, const struct menu *menu, GError **err);
  /* The cursor moved; Esc moves it back to where it was.  May be NULL. */
  void (*moved)(struct app *app, const struct menu *menu);
};
/* Takes over what MENU holds. */
struct view *picker_new(struct app *app, struct menu *menu, const struct picker_use *use);

#endif
