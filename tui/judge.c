/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/judge.h"

#include "core/base/error.h"
#include "tui/columns.h"
#include "tui/keys.h"
#include "tui/theme.h"

static bool judge_theme(const char *name, GError **err)
{
  g_autofree char *text = settings_theme_text(name, err);
  struct theme *theme = text ? theme_parse(name, text, err) : NULL;
  theme_free(theme);
  return theme != NULL;
}

static bool judge_columns(const char *list, GError **err)
{
  g_autoptr(GArray) columns = columns_parse(list, err);
  return columns != NULL;
}

static bool judge_sort(const char *text, GError **err)
{
  int column;
  bool descending;
  return columns_parse_sort(text, &column, &descending, err);
}

static bool judge_setting(enum setting_id id, const char *value, GError **err)
{
  switch (id) {
  case SETTING_THEME:
    return judge_theme(value, err);
  case SETTING_COLUMNS:
    return judge_columns(value, err);
  case SETTING_SORT:
    return judge_sort(value, err);
  case SETTING_CONSOLE_KEY:
    return keys_find(value) >= 0 && keys_find(value) != KEYS_MOUSE
               ? true
               : error_set(err, ERROR_USAGE, SETTINGS_KEY_ADVICE, "there is no key \"%s\"", value);
  default:
    return true;
  }
}

static char *judge_key(const char *name)
{
  const int key = keys_find(name);
  return key == KEYS_NONE || key == KEYS_MOUSE ? NULL : keys_name(key);
}

const struct settings_judge judge_screen = {judge_setting, judge_key};
