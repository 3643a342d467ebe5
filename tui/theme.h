/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Roles: what a piece of the screen means.  Views draw with roles; a theme file says how
 * each looks.  Pure: knows no terminal. */
#ifndef TUI_THEME_H
#define TUI_THEME_H

#include <glib.h>
#include <stdbool.h>

/* X(ID, name in theme files, what it is) */
#define ROLES(X)                                                                                             \
  X(TEXT, "text", "ordinary text")                                                                           \
  X(DIM, "dim", "old or absent figures, explanations")                                                       \
  X(LABEL, "label", "names of figures")                                                                      \
  X(TOP, "top", "the first line")                                                                            \
  X(TOP_STRONG, "top-strong", "what counts on the first line")                                               \
  X(HEAD, "head", "headings of the table")                                                                   \
  X(HEAD_SORT, "head-sort", "heading of the column sorted by")                                               \
  X(RULE, "rule", "lines between panes")                                                                     \
  X(RULE_TITLE, "rule-title", "titles on those lines")                                                       \
  X(SELECTED, "selected", "ground of the selected row")                                                      \
  X(SELECTED_AWAY, "selected-away", "the same while another pane has the keys")                              \
  X(TAGGED, "tagged", "name of a tagged guest")                                                              \
  X(GOOD, "good", "running, done")                                                                           \
  X(WARN, "warn", "paused, degraded, high")                                                                  \
  X(WRONG, "wrong", "failed, stuck, lost")                                                                   \
  X(EMULATED, "emulated", "backends whose I/O path is emulated")                                             \
  X(PARAVIRTUAL, "paravirtual", "backends whose I/O path is paravirtual")                                    \
  X(DIRECT, "direct", "backends whose I/O path is direct")                                                   \
  X(BAR, "bar", "filled part of a bar")                                                                      \
  X(BAR_HIGH, "bar-high", "the same when nearly full")                                                       \
  X(GRAPH_READ, "graph-read", "graphs of what comes in")                                                     \
  X(GRAPH_WRITE, "graph-write", "graphs of what goes out")                                                   \
  X(GRAPH_CPU, "graph-cpu", "graphs of CPU time")                                                            \
  X(GRAPH_STEAL, "graph-steal", "graphs of steal, waiting and latency")                                      \
  X(GRAPH_EXITS, "graph-exits", "graphs of VM exits")                                                        \
  X(KEY, "key", "keys on the last line")                                                                     \
  X(KEY_TEXT, "key-text", "what they do")                                                                    \
  X(INPUT, "input", "a field to type in")                                                                    \
  X(DIALOG, "dialog", "text of a dialog")                                                                    \
  X(DIALOG_TITLE, "dialog-title", "title of a dialog")                                                       \
  X(CHOICE, "choice", "ground of the chosen entry of a menu, list or form")                                  \
  X(DISABLED, "disabled", "entries that cannot be had")

#define ROLE_ID(id, ...) ROLE_##id,
enum role { ROLES(ROLE_ID) ROLE_COUNT };
#undef ROLE_ID
const char *role_name(enum role role);
const char *role_text(enum role role);
int role_find(const char *name); /* -1: none */

enum look_attribute {
  LOOK_BOLD = 1 << 0,
  LOOK_DIM = 1 << 1,
  LOOK_UNDERLINE = 1 << 2,
  LOOK_REVERSE = 1 << 3,
  LOOK_ITALIC = 1 << 4
};

/* Colours: -1 the terminal's own, 0..15 by name, 16..255 of the 256-colour table. */
struct look {
  short fg, bg;     /* with 256 colours */
  short fg16, bg16; /* with 8 or 16 */
  unsigned attributes;
};

struct theme {
  char *name;
  struct look look[ROLE_COUNT];
};
/* Parse the text of a theme file.  ERROR_USAGE with NAME:LINE:COLUMN. */
struct theme *theme_parse(const char *name, const char *text, GError **err);
void theme_free(struct theme *theme);

/* Does the user want no colours anywhere (NO_COLOR)? */
bool theme_refused(void);

#endif
