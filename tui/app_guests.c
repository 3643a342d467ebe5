/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which guests a command concerns. */
#include "core/base/error.h"
#include "core/base/text.h"
#include "tui/app_private.h"
#include "tui/table.h"

/* The guest that the topmost view of one guest shows; NULL: there is no such view. */
static const struct target *guest_shown(const struct app *app)
{
  for (guint i = app->stack->len; i > 0; i--) {
    const struct view *view = g_ptr_array_index(app->stack, i - 1);
    const struct target *guest = view->class->guest ? view->class->guest(view) : NULL;
    if (guest)
      return guest;
  }
  return NULL;
}

bool app_selected(const struct app *app, struct target *ret)
{
  const struct target *shown = guest_shown(app);
  if (!shown)
    return table_selected_target(app->table, ret);
  *ret = *shown;
  return true;
}

bool app_select(struct app *app, const struct target *target)
{
  return table_select_target(app->table, target);
}

char *app_guest_name(const struct app *app, const struct target *target)
{
  const struct guest *guest = scan_find_uuid(engine_scan(app->engine), target->conn, target->uuid, NULL);
  return guest ? text_safe(guest->info->name) : g_strdup("?");
}

static GArray *only(struct target target)
{
  GArray *targets = g_array_new(FALSE, FALSE, sizeof(struct target));
  g_array_append_val(targets, target);
  return targets;
}

static GArray *named_target(const struct app *app, const char *name, GError **err)
{
  int conn, matches;
  const struct guest *guest = scan_find_name(engine_scan(app->engine), name, &conn, &matches);
  g_autofree char *safe = text_safe(name);
  if (!guest) {
    error_set(err, ERROR_USAGE, matches > 1 ? "select the one that is meant" : NULL, "%s: \"%s\"",
              matches > 1 ? "more than one guest has this name" : "no such guest", safe);
    return NULL;
  }
  return only(target_of(conn, guest->info->uuid));
}

GArray *app_targets_of(const struct app *app, const struct command_line *line, GError **err)
{
  if (line->guest)
    return named_target(app, line->guest, err);
  const struct target *shown = guest_shown(app);
  if (shown)
    return only(*shown);
  GArray *targets = table_targets(app->table);
  if (targets->len > 0)
    return targets;
  g_array_unref(targets);
  error_set(err, ERROR_USAGE, NULL, "%s: no guest is selected", line->command->name);
  return NULL;
}

const struct job *app_job(const struct app *app, uint64_t id)
{
  const GPtrArray *jobs = engine_jobs(app_engine(app));
  for (guint i = jobs->len; id && i-- > 0;) {
    const struct job *job = g_ptr_array_index(jobs, i);
    if (job->id == id)
      return job;
  }
  return NULL;
}
