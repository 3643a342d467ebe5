/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The screen's loop: waits for keys, news of the engine and signals; hands keys to views,
 * commands to whom they concern; draws when something changed. */
#ifndef TUI_APP_H
#define TUI_APP_H

#include <stdio.h>

#include "core/engine/engine.h"
#include "core/engine/settings.h"
#include "tui/target.h"
#include "tui/terminal.h"
#include "tui/theme.h"
#include "tui/view.h"

/* A script to play and a file to keep the keys in; each may be NULL. */
struct play;
struct app_script {
  struct play *play;
  FILE *record;
};

/* Run until the user quits, a signal says so or the input ends.  ENGINE, SETTINGS (changed by
 * :set) and TERMINAL stay the caller's.  RET_REASON (g_free) gets why it ended: "quit", "SIGTERM",
 * "end of input".  SCRIPT may be NULL; when it fails, RET_REASON tells where, what was seen and the screen,
 * and 1 is returned.  Returns the exit status for that: 0, or 128 + signal's number is the caller's to
 * decide.
 */
int app_run(struct engine *engine, struct settings *settings, struct terminal *terminal,
            const struct app_script *script, char **ret_reason);

/* ---- for views ---- */
struct engine *app_engine(const struct app *app);
struct settings *app_settings(const struct app *app);
/* The scan on the screen: the newest one, or the one held. */
const struct scan *app_scan(const struct app *app);
/* The display is held: app_scan stands still. */
bool app_held(const struct app *app);
/* history_get of what is on the screen: ends at app_scan also while that is held. */
int app_history_get(const struct app *app, enum metric_scope scope, const char *uuid, int index, int metric,
                    double *ret, int n);
struct table;
struct table *app_table(const struct app *app);
/* The columns chosen for the table: array of int, borrowed. */
const GArray *app_columns(const struct app *app);
/* Where the mouse was pressed, after KEYS_MOUSE. */
bool app_mouse(const struct app *app, int *ret_x, int *ret_y);
/* Take over VIEW and show it on top. */
void app_push(struct app *app, struct view *view);
/* Remove VIEW, wherever it is on the stack, when the present key or command has been dealt with; views
 * above it stay (the command line goes, the form it opened stays). */
void app_pop(struct app *app, struct view *view);
/* A line for the user on the message line, until the next one. */
void app_say(struct app *app, bool is_error, const char *format, ...) G_GNUC_PRINTF(3, 4);
void app_say_error(struct app *app, const GError *err);
/* Carry out a command line as if typed: the views from the top down are asked, then the app.  What
 * went wrong is in ERR (not said yet). */
bool app_do(struct app *app, const char *line, GError **err);
/* The same for a parsed one; borrowed. */
bool app_carry_out(struct app *app, const struct command_line *line, GError **err);

/* The command lines that were carried out in this session, oldest first (char *); the command line adds
 * to them. */
GPtrArray *app_history(const struct app *app);

/* The selected guest.  False: there is none. */
bool app_selected(const struct app *app, struct target *ret);
/* Select it; false when it is not in the table. */
bool app_select(struct app *app, const struct target *target);
/* What a command without a guest's name concerns: the tagged guests, else the selected one. g_array_unref;
 * struct target. */
GArray *app_targets(const struct app *app);
/* What LINE concerns: its GUEST, else app_targets. NULL and ERR: no such guest, more than one, none selected.
 */
GArray *app_targets_of(const struct app *app, const struct command_line *line, GError **err);
/* The name of a guest, safe for the screen; "?" when it is gone.  Caller frees. */
char *app_guest_name(const struct app *app, const struct target *target);
/* The key bound to the command line COMMAND in PLACE (or "all"), for hints; NULL: none. Caller frees. */
char *app_key_of(const struct app *app, const char *place, const char *command);

#endif
