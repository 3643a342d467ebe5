/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing the user's file, and finding themes. */
#include <string.h>

#include "conf/embedded.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/engine/settings_private.h"

/* Which setting stands on LINE of section [settings]; -1: none. */
static int setting_on(const char *line)
{
  const char *sign = strchr(line, '=');
  if (!sign || *line == '#')
    return -1;
  g_autofree char *name = g_strstrip(g_strndup(line, (gsize)(sign - line)));
  return setting_find(name);
}

/* Append the settings that differ from the shipped ones and were not WRITTEN yet. */
static void append_rest(const struct settings *settings, GString *out, const bool written[SETTING_COUNT])
{
  for (int i = 0; i < SETTING_COUNT; i++)
    if (!written[i] && strcmp(settings->value[i], settings->initial[i]))
      g_string_append_printf(out, "%s = %s\n", setting_row((enum setting_id)i)->name, settings->value[i]);
}

/* OLD with the values of [settings] replaced, everything else as it was. */
static char *merged(const struct settings *settings, const char *old)
{
  g_auto(GStrv) lines = g_strsplit(old, "\n", -1);
  GString *out = g_string_new(NULL);
  bool inside = false, seen = false, written[SETTING_COUNT] = {false};
  for (int i = 0; lines[i] && (lines[i][0] || lines[i + 1]); i++) {
    g_autofree char *bare = g_strstrip(g_strdup(lines[i]));
    if (*bare == '[') {
      if (inside)
        append_rest(settings, out, written);
      inside = !seen && !strcmp(bare, "[settings]");
      seen = seen || inside;
    }
    const int id = inside ? setting_on(bare) : -1;
    if (id < 0) {
      g_string_append_printf(out, "%s\n", lines[i]);
    } else if (!written[id]) {
      g_string_append_printf(out, "%s = %s\n", setting_row((enum setting_id)id)->name, settings->value[id]);
      written[id] = true;
    }
  }
  if (!seen)
    g_string_append(out, "[settings]\n");
  if (inside || !seen)
    append_rest(settings, out, written);
  return g_string_free(out, FALSE);
}

bool settings_save(const struct settings *settings, char **ret_path, GError **err)
{
  g_autofree char *old = NULL, *dir = g_path_get_dirname(settings->file);
  g_autoptr(GError) why = NULL;
  if (!g_file_get_contents(settings->file, &old, NULL, &why) &&
      !g_error_matches(why, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return error_set(err, ERROR_GENERAL, NULL, "cannot save the settings: %s", why->message);
  if (!path_make(dir, err))
    return false;
  struct path_out *out = path_begin(settings->file, err);
  if (!out)
    return false;
  g_autofree char *text = merged(settings, old ? old : "");
  fputs(text, out->file);
  if (!path_commit(out, err)) /* which tells of what could not be written, too */
    return false;
  *ret_path = g_strdup(settings->file);
  return true;
}

static char *user_theme(const char *name)
{
  g_autofree char *dir = path_config(), *base = g_strconcat(name, ".theme", NULL);
  return g_build_filename(dir, "themes", base, NULL);
}

char *settings_theme_text(const char *name, GError **err)
{
  g_autofree char *file = user_theme(name), *base = g_strconcat(name, ".theme", NULL);
  char *text = NULL;
  if (!strchr(name, '/') && g_file_get_contents(file, &text, NULL, NULL))
    return text;
  const struct embedded *shipped = embedded_find(base);
  if (shipped)
    return g_strdup(shipped->text);
  g_auto(GStrv) names = settings_themes();
  g_autofree char *list = g_strjoinv(", ", names), *advice = g_strdup_printf("there are %s", list);
  error_set(err, ERROR_USAGE, advice, "no theme \"%s\"", name);
  return NULL;
}

static int by_name(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

char **settings_themes(void)
{
  GPtrArray *names = g_ptr_array_new();
  for (const struct embedded *e = embedded_table; e->name; e++)
    if (g_str_has_suffix(e->name, ".theme"))
      g_ptr_array_add(names, g_strndup(e->name, strlen(e->name) - strlen(".theme")));
  g_autofree char *config = path_config(), *path = g_build_filename(config, "themes", NULL);
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  for (const char *file; dir && (file = g_dir_read_name(dir));)
    if (g_str_has_suffix(file, ".theme"))
      g_ptr_array_add(names, g_strndup(file, strlen(file) - strlen(".theme")));
  qsort(names->pdata, names->len, sizeof *names->pdata, by_name);
  for (guint i = names->len; i-- > 1;)
    if (!strcmp(names->pdata[i], names->pdata[i - 1]))
      g_free(g_ptr_array_remove_index(names, i));
  g_ptr_array_add(names, NULL);
  return (char **)g_ptr_array_free(names, FALSE);
}
