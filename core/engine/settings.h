/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings and key bindings: the shipped conf/virtlens.conf is compiled in and read by the
 * same parser as the user's file, which comes on top.  One row per setting. */
#ifndef ENGINE_SETTINGS_H
#define ENGINE_SETTINGS_H

#include <glib.h>
#include <stdbool.h>

enum setting_id {
  SETTING_THEME,
  SETTING_INTERVAL,
  SETTING_WATCH_BUDGET,
  SETTING_RECORD_ALL,
  SETTING_COLUMNS,
  SETTING_SORT,
  SETTING_GRAPHS,
  SETTING_MOUSE,
  SETTING_UTF8,
  SETTING_HISTORY,
  SETTING_CONSOLE_KEY,
  SETTING_STOP_DEADLINE,
  SETTING_STEAL_THRESHOLD,
  SETTING_COUNT
};

/* Seconds of a tick. */
#define SETTINGS_INTERVAL_MIN 0.1
#define SETTINGS_INTERVAL_MAX 60

struct setting_row {
  const char *name; /* "theme" */
  const char *type; /* "text", "seconds", "share", "bool", "choice", "list" */
  const char *text; /* help */
  double min, max;  /* of a number */
};
const struct setting_row *setting_row(enum setting_id id);
int setting_find(const char *name);

/* Where keys can be bound: the section [keys.NAME], and what it is for. */
struct key_place {
  const char *name, *text; /* "main", "Keys in the guest table" */
};
const struct key_place *settings_places(int *ret_count);

/* A key binding: in which place, which key, which command line. */
struct binding {
  char *place;   /* the name of one */
  char *key;     /* "n", "F5", "^R", "Enter", "PageDown", "Space" */
  char *command; /* ": command" words */
  bool user;     /* from the user's file */
};

/* What only the screen knows. */
struct settings_judge {
  /* May VALUE be the setting ID, as far as its type does not tell (names of columns)?  ERR says why not. */
  bool (*setting)(enum setting_id id, const char *value, GError **err);
  /* The name under which the key NAME is kept ("PgUp": "PageUp"), NULL: there is no such key.  Caller frees.
   */
  char *(*key)(const char *name);
};
#define SETTINGS_KEY_ADVICE "write a character, F1 to F24, ^A to ^Z, or a name such as PageUp"

struct settings;
/* Read the compiled-in defaults, then FILE (NULL: $XDG_CONFIG_HOME/virtlens/virtlens.conf, absent is fine).
 * JUDGE (NULL: all is well) is asked for every value, now and by settings_set, and every key.  COMPLAINTS
 * gets one line per fault, "FILE:LINE:COLUMN: what: why", all of them; returns NULL if there were any. */
struct settings *settings_read(const char *file, const struct settings_judge *judge, GPtrArray *complaints);
struct settings *settings_copy(const struct settings *settings);
void settings_free(struct settings *settings);
const char *settings_get(const struct settings *settings, enum setting_id id);
double settings_number(const struct settings *settings, enum setting_id id);
bool settings_bool(const struct settings *settings, enum setting_id id);
/* ERROR_USAGE, and nothing changed, when VALUE does not do. */
bool settings_set(struct settings *settings, enum setting_id id, const char *value, GError **err);
/* Write the user's file: what differs from the defaults, comments of an existing file kept. */
bool settings_save(const struct settings *settings, char **ret_path, GError **err);
/* All bindings, defaults overlaid by the user's; borrowed. */
const GPtrArray *settings_bindings(const struct settings *settings); /* struct binding * */
/* As text, for the record; caller frees. */
char *settings_text(const struct settings *settings);
/* A theme file by name: shipped (compiled in) or the user's themes/NAME.theme; NULL-terminated names by
 * settings_themes. */
char *settings_theme_text(const char *name, GError **err);
char **settings_themes(void);

#endif
