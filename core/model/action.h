/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can be asked for: one row per action.  Keys, the : command line, help, the
 * manual and completion are derived from it. */
#ifndef MODEL_ACTION_H
#define MODEL_ACTION_H

#include <stdbool.h>

#include "core/model/guest.h"

enum action_id {
  ACTION_LAUNCH,
  ACTION_START,
  ACTION_STOP,
  ACTION_FORCE_OFF,
  ACTION_PAUSE,
  ACTION_RESUME,
  ACTION_REBOOT,
  ACTION_RESET,
  ACTION_DELETE,
  ACTION_UNDELETE,
  ACTION_TOUR,
  ACTION_SNAPSHOT,
  ACTION_REVERT,
  ACTION_SNAPSHOT_DELETE,
  ACTION_SNAPSHOT_EDIT,
  ACTION_CLONE,
  ACTION_FLATTEN,
  ACTION_REBASE,
  ACTION_SAVE,
  ACTION_SAVE_DROP,
  ACTION_AUTOSTART,
  ACTION_RENAME,
  ACTION_EDIT,
  ACTION_UNDO,
  ACTION_ATTACH,
  ACTION_DETACH,
  ACTION_SCREENSHOT,
  ACTION_MAKE_VFS,
  ACTION_BENCH, /* the engine's own, with guests that it makes for it */
  ACTION_COUNT
};

enum action_needs {
  NEEDS_NO_GUEST = 1 << 0,
  NEEDS_ACTIVE = 1 << 1,
  NEEDS_INACTIVE = 1 << 2,
  NEEDS_PAUSED = 1 << 3,
  NEEDS_RUNNING = 1 << 4,
  NEEDS_GUEST = 1 << 5,      /* in any state */
  NEEDS_PERSISTENT = 1 << 6, /* what it does is kept with the definition, which a transient guest lacks */
};

/* A word that an action takes after the guest: a flag ("keep-disks"), or NAME=VALUE. */
struct action_word {
  const char *name;
  const char *value; /* what stands behind "=", for help: "NAME", "live|off"; NULL: a flag */
  const char *text;
};

struct action {
  const char *name;     /* the : command and the export's word: "launch", "force-off" */
  const char *doing;    /* "starting" */
  const char *done;     /* "started" */
  const char *question; /* non-NULL: asks first; %s is the guest's name */
  unsigned needs;
  int lane;         /* 0: the hypervisor answers at once; 1: takes its time.  Apart, so that a slow kind
                       cannot hold up a fast one */
  const char *text; /* help */
  const struct action_word *words; /* ends with a NULL name; NULL: none (launch takes the fields of spec.h) */
  const char *risky; /* the question when it failed as risky, where a yes does it with the word force; NULL:
                        QUESTION, if there is one */
  const char *typed; /* the words that its key puts on the command line, for the user to change; NULL: its key
                        does it at once */
};
const struct action *action_row(enum action_id id);
int action_find(const char *name); /* -1: none */
/* The row of WORD ("keep-disks", "name=s1") among those that ID takes, or NULL. */
const struct action_word *action_word(enum action_id id, const char *word);
/* The value of "NAME=..." among WORDS (NULL-terminated; NULL: none), borrowed, or NULL. */
const char *action_value(const char *const *words, const char *name);
/* Is the flag NAME among WORDS? */
bool action_flag(const char *const *words, const char *name);
/* How what an action did is taken back. */
struct action_undo {
  enum action_id action, by;
  const char *word; /* only if it was among the action's; NULL: in any case */
  const char *text; /* "starts %s again": "it" or "them" */
};
/* NULL: not at all.  WORDS are those of the action (NULL-terminated; NULL: none). */
const struct action_undo *action_undo(enum action_id id, const char *const *words);
/* "U starts it again", for the KEY that takes it back, told of one guest or SEVERAL; NULL if UNDO is.  Caller
 * frees. */
char *action_undo_text(const struct action_undo *undo, const char *key, bool several);
/* NULL if ID can be done on GUEST as it is now, else why not ("it is not running"). */
const char *action_refusal(enum action_id id, const struct guest *guest);
/* What to do about that; NULL: nothing is known, or needed. */
const char *action_advice(enum action_id id, const struct guest *guest);
/* What ID asks before it is done, or RISKY: after it failed as risky.  WHO is the guest's name, or how many
 * there are, safe for the screen.  Up to the question mark; RET_CONSEQUENCE (borrowed) is what follows it.
 * NULL: nothing is asked.  Caller frees. */
char *action_question(enum action_id id, bool risky, const char *who, const char **ret_consequence);

#endif
