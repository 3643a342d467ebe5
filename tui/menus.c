/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The menus of the screen: the column to sort by, the columns to show, the theme. */
#include <string.h>

#include "core/base/text.h"
#include "tui/columns.h"
#include "tui/picker.h"
#include "tui/views.h"

static bool do_word(struct app *app, const char *command, const char *word, GError **err)
{
  g_autofree char *quoted = text_quote_word(word);
  g_autofree char *line = g_strdup_printf("%s %s", command, quoted);
  return app_do(app, line, err);
}

static void add_column(struct menu *menu, const struct column *column, bool ticked)
{
  g_autofree char *id = g_ascii_strdown(column->title, -1);
  menu_add(menu, id, column->title, column->text, false, ticked);
}

/* ---- sort ---- */

static bool sort_chosen(struct app *app, const struct menu *menu, GError **err)
{
  return do_word(app, "sort", menu_item(menu)->id, err);
}

static const struct picker_use sort_use = {.title = "Sort by", .enter = "sort", .chosen = sort_chosen};

struct view *sort_menu_new(struct app *app)
{
  struct menu menu;
  int count;
  const struct column *columns = columns_table(&count);
  menu_init(&menu, false);
  for (int i = 0; i < count; i++)
    add_column(&menu, &columns[i], false);
  const char *setting = settings_get(app_settings(app), SETTING_SORT);
  g_autofree char *now = g_strndup(setting, strcspn(setting, " "));
  menu.at = MAX(columns_find(now), 0);
  return picker_new(app, &menu, &sort_use);
}

/* ---- columns ---- */

static bool columns_chosen(struct app *app, const struct menu *menu, GError **err)
{
  GString *list = g_string_new(NULL);
  for (int i = 0; i < menu_count(menu); i++) {
    const struct menu_item *item = &g_array_index(menu->items, struct menu_item, i);
    if (item->ticked)
      g_string_append_printf(list, "%s%s", list->len ? "," : "", item->id);
  }
  bool ok = do_word(app, "columns", list->len ? list->str : "auto", err);
  g_string_free(list, TRUE);
  return ok;
}

static const struct picker_use columns_use = {
    .title = "Columns", .enter = "show these", .chosen = columns_chosen};

static bool is_shown(const GArray *shown, int column)
{
  for (guint i = 0; shown && i < shown->len; i++)
    if (g_array_index(shown, int, i) == column)
      return true;
  return false;
}

struct view *column_menu_new(struct app *app)
{
  struct menu menu;
  int count;
  const struct column *columns = columns_table(&count);
  g_autoptr(GArray) shown = columns_parse(settings_get(app_settings(app), SETTING_COLUMNS), NULL);
  menu_init(&menu, true);
  for (int i = 0; i < count; i++)
    add_column(&menu, &columns[i], is_shown(shown, i));
  return picker_new(app, &menu, &columns_use);
}

/* ---- themes ---- */

static bool theme_chosen(struct app *app, const struct menu *menu, GError **err)
{
  return do_word(app, "theme", menu_item(menu)->id, err);
}

/* The theme under the cursor shows at once. */
static void theme_moved(struct app *app, const struct menu *menu)
{
  g_autoptr(GError) err = NULL;
  if (!do_word(app, "theme", menu_item(menu)->id, &err))
    app_say_error(app, err);
}

static const struct picker_use theme_use = {
    .title = "Theme", .enter = "take", .chosen = theme_chosen, .moved = theme_moved};

struct view *theme_menu_new(struct app *app)
{
  struct menu menu;
  g_auto(GStrv) themes = settings_themes();
  menu_init(&menu, false);
  for (char **theme = themes; *theme; theme++)
    menu_add(&menu, *theme, *theme, "", false, false);
  menu.at = MAX(menu_find(&menu, settings_get(app_settings(app), SETTING_THEME)), 0);
  return picker_new(app, &menu, &theme_use);
}
