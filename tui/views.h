/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The constructors of all views; what each returns goes to app_push. */
#ifndef TUI_VIEWS_H
#define TUI_VIEWS_H

#include "tui/app.h"

/* A guest on the whole screen. */
struct view *detail_view_new(struct app *app, const struct target *target);

/* The command line, filled with TEXT ("" for :, "filter " for /). */
struct view *prompt_new(struct app *app, const char *text);
/* Open it for the pattern that LINE, a "filter" from a key, has not.  False: LINE is whole. */
bool prompt_for_filter(struct app *app, const struct command_line *line);
/* Yes or no, before ACTION (its question names the guests) is done with FLAGS (NULL: none) to TARGETS
 * (struct target).  WHYS (char *, one for each; NULL: none): what was said against it before.  All are
 * copied. */
struct view *question_new(struct app *app, enum action_id action, const GArray *targets,
                          const char *const *flags, const GPtrArray *whys);
/* What differs between two definitions; all are copied. */
struct view *compare_new(struct app *app, const char *title, const char *first, const char *second);
/* The form for a new guest. */
struct view *new_guest_new(struct app *app);
/* The form to change a guest's definition. */
struct view *edit_guest_new(struct app *app, const struct target *target);
/* The menu of columns to sort by. */
struct view *sort_menu_new(struct app *app);
/* The menus to tick columns, and to choose a theme. */
struct view *column_menu_new(struct app *app);
struct view *theme_menu_new(struct app *app);
/* Sessions that ended without an export: export or discard them. */
struct view *recover_new(struct app *app);
/* TOPIC may be NULL. */
struct view *help_new(struct app *app, const char *topic);
/* The console of a guest, which the engine has been asked to open. */
struct view *console_new(struct app *app, const struct target *target);
/* The command line that logs in to a guest by SSH. */
struct view *ssh_new(struct app *app, const struct target *target);
/* The snapshots of a guest. */
struct view *snapshots_new(struct app *app, const struct target *target);
/* What a guest's disks stand on. */
struct view *chain_view_new(struct app *app, const struct target *target);
/* The virtual functions of the host of connection CONN. */
struct view *vfs_view_new(struct app *app, int conn);
/* The same, at another tab of it: what is stolen from its vCPUs, why it left them, where the
 * time of its requests goes, what kind of virtualization it is. */
struct view *steal_view_new(struct app *app, const struct target *target);
struct view *exits_view_new(struct app *app, const struct target *target);
struct view *where_view_new(struct app *app, const struct target *target);
struct view *explain_view_new(struct app *app, const struct target *target);
/* The results of a benchmark in FILE; NULL: of the newest that a session has run. */
struct view *results_view_new(struct app *app, const char *file);
/* The host. */
struct view *host_view_new(struct app *app);
/* What processes ask of memory; LINE is the :memory that asks for it.  NULL: ERR says what is wrong in it. */
struct view *memory_view_new(struct app *app, const struct command_line *line, GError **err);
struct view *events_new(struct app *app);
struct view *job_list_new(struct app *app);

#endif
