/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings taken over into what they govern. */
#include "core/base/units.h"
#include "tui/app_private.h"
#include "tui/columns.h"
#include "tui/table.h"
#include "tui/terminal.h"

static bool use_theme(struct app *app, const char *name, GError **err)
{
  /* Without colours only a theme made of attributes shows what is selected. */
  const char *wanted = app_has_colours(app) ? name : "mono";
  g_autofree char *text = settings_theme_text(wanted, err);
  struct theme *theme = text ? theme_parse(wanted, text, err) : NULL;
  if (theme)
    terminal_set_theme(app->terminal, theme);
  theme_free(theme);
  return theme != NULL;
}

static bool use_columns(struct app *app, const char *list, GError **err)
{
  GArray *columns = columns_parse(list, err);
  if (!columns)
    return false;
  g_array_unref(app->columns);
  app->columns = columns;
  return true;
}

static bool use_sort(struct app *app, const char *text, GError **err)
{
  int column;
  bool descending;
  if (!columns_parse_sort(text, &column, &descending, err))
    return false;
  table_set_sort(app->table, column, descending);
  return true;
}

static bool use_interval(struct app *app, const char *text, GError **err)
{
  double seconds;
  return units_parse_seconds(text, SETTINGS_INTERVAL_MIN, SETTINGS_INTERVAL_MAX, &seconds, err) &&
         engine_set_interval(app->engine, seconds, err);
}

static bool use_stop_deadline(struct app *app, G_GNUC_UNUSED const char *text, G_GNUC_UNUSED GError **err)
{
  engine_set_stop_deadline(app->engine, settings_number(app->settings, SETTING_STOP_DEADLINE));
  return true;
}

static bool use_steal_threshold(struct app *app, G_GNUC_UNUSED const char *text, G_GNUC_UNUSED GError **err)
{
  engine_set_steal_threshold(app->engine, settings_number(app->settings, SETTING_STEAL_THRESHOLD));
  return true;
}

static bool use_graphs(struct app *app, const char *style, G_GNUC_UNUSED GError **err)
{
  terminal_set_graphs(app->terminal, style);
  return true;
}

typedef bool use(struct app *app, const char *value, GError **err);

/* What follows at once; the others hold from the next start. */
static use *const uses[SETTING_COUNT] = {
    [SETTING_THEME] = use_theme,
    [SETTING_COLUMNS] = use_columns,
    [SETTING_SORT] = use_sort,
    [SETTING_INTERVAL] = use_interval,
    [SETTING_GRAPHS] = use_graphs,
    [SETTING_STOP_DEADLINE] = use_stop_deadline,
    [SETTING_STEAL_THRESHOLD] = use_steal_threshold,
};

bool app_set(struct app *app, enum setting_id id, const char *value, GError **err)
{
  g_autofree char *before = g_strdup(settings_get(app->settings, id));
  if (!settings_set(app->settings, id, value, err))
    return false;
  if (!uses[id])
    app_say(app, false, "%s = %s (from the next start; :save-settings keeps it)", setting_row(id)->name,
            value);
  if (!uses[id] || uses[id](app, value, err))
    return true;
  settings_set(app->settings, id, before, NULL);
  return false;
}

void app_use_settings(struct app *app)
{
  static const enum setting_id at_start[] = {SETTING_THEME, SETTING_COLUMNS, SETTING_SORT};
  use_theme(app, "default", NULL); /* should the file of the other have gone since it was judged */
  for (size_t i = 0; i < G_N_ELEMENTS(at_start); i++)
    uses[at_start[i]](app, settings_get(app->settings, at_start[i]), NULL);
}
