/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The contract of a view.  Views are a stack: the overview at the bottom, others over it,
 * dialogs on top.  A view draws from data borrowed from the engine and never waits.
 *
 * A view is a struct whose first member is struct view:
 *   struct form { struct view view; ... };
 * made by its own constructor and handed to app_push, which owns it from then on. */
#ifndef TUI_VIEW_H
#define TUI_VIEW_H

#include "core/engine/command.h"
#include "core/model/target.h"
#include "tui/canvas.h"
#include "tui/keys.h"

struct app;
struct view;

enum view_shape {
  VIEW_SCREEN, /* fills the space between first line and message line; hides what is below */
  VIEW_DIALOG, /* gets the same space and draws its box over the view below */
  VIEW_LINE,   /* takes the place of the message line: the command line */
};

/* A key that works now, for the last line.  KEY NULL: the key bound to COMMAND in this view's
 * place; a hint whose command has no key is left out.  Most important first: what does not fit is dropped. */
struct hint {
  const char *command, *label, *key;
};

enum view_answer {
  VIEW_PASS,   /* not mine: the view below is asked */
  VIEW_TAKEN,  /* done */
  VIEW_FAILED, /* mine, and ERR says why not */
};

struct view_class {
  const char *place; /* where its keys are looked up: "main", "detail", "lists", "form"; then "all" */
  enum view_shape shape;
  bool takes_all_keys; /* also those that end or suspend the program elsewhere */
  bool freezes;        /* the order of the guest table stays while this view is on the stack */
  /* Called anew after every key, command and news. */
  void (*draw)(struct view *view, struct canvas *canvas, struct rect area);
  /* A key before the bindings are asked (text entry, letters of a menu).  True: taken.  May be NULL. */
  bool (*key)(struct view *view, int key);
  /* A command from a key or the command line.  May be NULL: passes all.  BACK that is passed pops the view.
   */
  enum view_answer (*command)(struct view *view, const struct command_line *line, GError **err);
  /* The one guest that it shows, or NULL: a command without a guest's name concerns it.  May be NULL: it
   * shows none, or many. */
  const struct target *(*guest)(const struct view *view);
  /* News of the engine (bits of enum engine_news), also while covered.  May be NULL. */
  void (*news)(struct view *view, unsigned news);
  /* The hints that hold now; borrowed until the next call. */
  const struct hint *(*hints)(struct view *view, int *ret_count);
  void (*free)(struct view *view); /* never NULL */
};

struct view {
  const struct view_class *class;
  struct app *app;
};

#endif
