/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the app's own files only. */
#ifndef TUI_APP_PRIVATE_H
#define TUI_APP_PRIVATE_H

#include "tui/app.h"
#include "tui/table.h"

struct app {
  struct engine *engine;
  struct settings *settings;
  struct terminal *terminal;
  struct canvas *canvas;
  struct theme *theme;
  struct table *table;
  GArray *columns;    /* of int */
  struct scan *scan;  /* shown; a reference of our own */
  uint64_t held_tick; /* of the engine's newest scan, to end the graphs where the hold began */
  bool held, changed, done;
  char *reason;
  GPtrArray *stack;   /* struct view *, the main view first */
  GPtrArray *leaving; /* popped, freed when the present key is dealt with */
  GPtrArray *history; /* command lines */
  char *said;         /* on the message line; NULL: the engine's notice */
  bool notice_read;   /* a key was pressed since the notice came: it shrinks to one line */
  bool said_is_error;
  bool from_key; /* the command being carried out came from a key, without arguments of the user's */
  const struct app_script *script; /* NULL: none */
  bool played;                     /* its end was reached */
  char *failure;                   /* what the script expected and saw, with the screen */
  char *attention;                 /* what the engine was last told to watch */
};

/* app_keys.c */
void app_take_key(struct app *app, int key);

/* app_play.c */
void app_play(struct app *app, int *ret_ms);
void app_record_key(const struct app *app, int key);

/* app_command.c */
bool app_own_command(struct app *app, const struct command_line *line, GError **err);
/* Take the settings over into what they govern: theme, columns, order. */
bool app_apply_theme(struct app *app, const char *name, GError **err);
bool app_apply_columns(struct app *app, const char *list, GError **err);
bool app_apply_sort(struct app *app, const char *text, GError **err);

/* app_act.c */
/* May COMMAND change anything here?  Not in a replay, nor read-only. */
bool app_may_change(const struct app *app, const char *command, GError **err);
bool app_act_on(struct app *app, const struct command_line *line, GError **err);

/* chrome.c: first line, message line, key bar. */
void chrome_top(struct app *app, struct rect rect);
void chrome_notice(struct app *app, struct rect rect, struct rect area);
void chrome_keys(struct app *app, struct rect rect);

struct view *app_top(const struct app *app);
/* The topmost view that is not the command line. */
struct view *app_top_screen(const struct app *app);
void app_quit(struct app *app, const char *reason);

#endif
