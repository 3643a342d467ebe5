/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What views and commands share: the engine and its settings, the scan that is shown, the guest table, the
 * stack of views, the message line.  It knows no view by name: whoever opens one hands it over, and a command
 * goes down the stack until a view takes it. */
#ifndef TUI_APP_H
#define TUI_APP_H

#include "core/engine/engine.h"
#include "core/engine/settings.h"
#include "core/model/target.h"
#include "tui/view.h"

struct table;
struct terminal;

/* ---- its life, and what comes in: for the screen's loop ---- */
/* ENGINE, SETTINGS (changed by :set) and TERMINAL stay the caller's. */
struct app *app_new(struct engine *engine, struct settings *settings, struct terminal *terminal);
void app_free(struct app *app);
/* Take in what the engine has; false: nothing. */
bool app_take_news(struct app *app);
/* A key of the user's: to the view on top, else to the command that it is bound to. */
void app_take_key(struct app *app, int key);
/* Why the screen is to end ("quit", "SIGTERM", "end of input"); NULL: it goes on. */
const char *app_ended(const struct app *app);
void app_quit(struct app *app, const char *reason);

/* ---- what is shown ---- */
struct engine *app_engine(const struct app *app);
/* The scan on the screen: the newest one, or the one held. */
const struct scan *app_scan(const struct app *app);
/* The display is held: app_scan stands still. */
bool app_held(const struct app *app);
void app_hold(struct app *app, bool held);
/* history_get of what is on the screen: ends at app_scan also while that is held. */
int app_history_get(const struct app *app, enum metric_scope scope, const char *uuid, int index, int metric,
                    double *ret, int n);
struct table *app_table(const struct app *app);
/* The columns chosen for the table: array of int, borrowed. */
const GArray *app_columns(const struct app *app);
bool app_has_colours(const struct app *app);
/* Draw everything anew, whatever the terminal has. */
void app_repaint(struct app *app);

/* ---- the stack of views ---- */
/* All of them, the overview first (struct view *); borrowed. */
const GPtrArray *app_views(const struct app *app);
struct view *app_top(const struct app *app);
/* Take over VIEW and show it on top. */
void app_push(struct app *app, struct view *view);
/* Remove VIEW, wherever it is on the stack, when the present key or command has been dealt with; views
 * above it stay (the command line goes, the form it opened stays). */
void app_pop(struct app *app, struct view *view);

/* ---- the message line ---- */
/* A line for the user, until the next one, the next key or the engine's next notice. */
void app_say(struct app *app, bool is_error, const char *format, ...) G_GNUC_PRINTF(3, 4);
void app_say_error(struct app *app, const GError *err);
/* What was said last, safe for the screen; NULL: nothing. */
const char *app_said(const struct app *app, bool *ret_is_error);
/* Nothing was said, and a key was pressed since the engine's notice came: a line of it will do. */
bool app_notice_read(const struct app *app);

/* ---- commands and keys ---- */
/* Carry out a command line as if typed: the views from the top down are asked.  What went wrong is in ERR
 * (not said yet). */
bool app_do(struct app *app, const char *line, GError **err);
/* The same for a parsed one; borrowed. */
bool app_carry_out(struct app *app, const struct command_line *line, GError **err);
/* The same for LINE with WORD, which a view knows, for its only word. */
bool app_carry_out_with(struct app *app, const struct command_line *line, const char *word, GError **err);
/* The command being carried out came from a key, without arguments of the user's. */
bool app_from_key(const struct app *app);
/* The command lines that were carried out in this session, oldest first (char *); the command line adds
 * to them. */
GPtrArray *app_typed(const struct app *app);
/* The key bound to the command line COMMAND in PLACE (or "all"), for hints; NULL: none. Caller frees. */
char *app_key_of(const struct app *app, const char *place, const char *command);
/* Where the mouse was pressed, after KEYS_MOUSE. */
bool app_mouse(const struct app *app, int *ret_x, int *ret_y);

/* ---- settings ---- */
struct settings *app_settings(const struct app *app);
/* Take over what the settings say of theme, columns and order. */
void app_use_settings(struct app *app);
/* Change a setting.  What it governs follows at once, or from the next start, which is said.  On failure all
 * is as before. */
bool app_set(struct app *app, enum setting_id id, const char *value, GError **err);

/* ---- guests ---- */
/* The job ID, borrowed; NULL: none, or not known any more. */
const struct job *app_job(const struct app *app, uint64_t id);
/* The guest that is meant when none is named: the one that the topmost view shows, else the selected one.
 * False: there is none. */
bool app_selected(const struct app *app, struct target *ret);
/* Select it; false when it is not in the table. */
bool app_select(struct app *app, const struct target *target);
/* What LINE concerns: its GUEST, else the one that the topmost view shows, else the tagged guests, else the
 * selected one; struct target, g_array_unref.  NULL and ERR: no such guest, more than one, none selected. */
GArray *app_targets_of(const struct app *app, const struct command_line *line, GError **err);
/* The name of a guest, safe for the screen; "?" when it is gone.  Caller frees. */
char *app_guest_name(const struct app *app, const struct target *target);

#endif
