/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/engine/settings_private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "conf/embedded.h"
#include "core/base/error.h"
#include "core/base/keyfile.h"
#include "core/base/path.h"
#include "core/base/text.h"
#include "core/base/units.h"
#include "core/engine/command.h"

static const struct setting_row rows[SETTING_COUNT] = {
    [SETTING_THEME] = {"theme", "text",
                       "colours: the name of a shipped theme or of your own themes/NAME.theme"},
    [SETTING_INTERVAL] = {"interval", "seconds", "time between scans, 0.1 to 60", SETTINGS_INTERVAL_MIN,
                          SETTINGS_INTERVAL_MAX},
    [SETTING_WATCH_BUDGET] = {"watch-budget", "share",
                              "share of the interval that costly calls may take, 0.01 to 1", 0.01, 1},
    [SETTING_RECORD_ALL] = {"record-all", "bool",
                            "read everything of every guest at each scan, whatever it costs"},
    [SETTING_COLUMNS] = {"columns", "list", "columns of the guest table, by comma; auto: as many as fit"},
    [SETTING_SORT] = {"sort", "text",
                      "column and direction of the guest table: \"read/s down\", \"guest up\""},
    [SETTING_GRAPHS] = {"graphs", "graphs",
                        "history graphs: auto (what the terminal can show), braille, block, ascii, none"},
    [SETTING_MOUSE] = {"mouse", "bool", "take the mouse (the terminal's own selection then needs Shift)"},
    [SETTING_UTF8] = {"utf8", "auto", "draw with UTF-8: auto (as the locale says), yes, no"},
    [SETTING_HISTORY] = {"history", "count", "scans kept for the graphs, 60 to 3600", 60, 3600},
    [SETTING_CONSOLE_KEY] = {"console-key", "text",
                             "the key that is not the guest's in its console: the way out"},
    [SETTING_STOP_DEADLINE] = {"stop-deadline", "seconds",
                               "how long a guest may take to shut down before force is offered, 1 to 3600", 1,
                               3600},
    [SETTING_STEAL_THRESHOLD] =
        {"steal-threshold", "count",
         "percent of its vCPUs' time from which on what is stolen of a guest is coloured and "
         "told by an event, 1 to 100",
         1, 100},
};

const struct setting_row *setting_row(enum setting_id id)
{
  return &rows[id];
}

int setting_find(const char *name)
{
  for (int i = 0; i < SETTING_COUNT; i++)
    if (!strcmp(rows[i].name, name))
      return i;
  return -1;
}

/* ---- values ---- */

static bool check_text(G_GNUC_UNUSED const struct setting_row *row, const char *value, GError **err)
{
  return *value && text_is_safe(value)
             ? true
             : error_set(err, ERROR_USAGE, NULL, "empty, or holds control characters");
}

static bool check_seconds(const struct setting_row *row, const char *value, GError **err)
{
  double ignored;
  return units_parse_seconds(value, row->min, row->max, &ignored, err);
}

static bool check_share(const struct setting_row *row, const char *value, GError **err)
{
  char *end;
  const double share = g_ascii_strtod(value, &end);
  return *value && !*end && share >= row->min && share <= row->max
             ? true
             : error_set(err, ERROR_USAGE, NULL, "\"%s\" is not a number from %g to %g", value, row->min,
                         row->max);
}

static bool check_bool(G_GNUC_UNUSED const struct setting_row *row, const char *value, GError **err)
{
  bool ignored;
  return units_parse_bool(value, &ignored, err);
}

static bool check_graphs(G_GNUC_UNUSED const struct setting_row *row, const char *value, GError **err)
{
  static const char *const kinds[] = {"auto", "braille", "block", "ascii", "none", NULL};
  return g_strv_contains(kinds, value)
             ? true
             : error_set(err, ERROR_USAGE, NULL, "\"%s\" is not auto, braille, block, ascii or none", value);
}

static bool check_auto(const struct setting_row *row, const char *value, GError **err)
{
  return !strcmp(value, "auto") || check_bool(row, value, err);
}

static bool check_count(const struct setting_row *row, const char *value, GError **err)
{
  int64_t ignored;
  return units_parse_int(value, (int64_t)row->min, (int64_t)row->max, &ignored, err);
}

static const struct {
  const char *type;
  bool (*check)(const struct setting_row *row, const char *value, GError **err);
} checks[] = {{"text", check_text},       {"list", check_text},   {"graphs", check_graphs},
              {"seconds", check_seconds}, {"share", check_share}, {"bool", check_bool},
              {"auto", check_auto},       {"count", check_count}};

static bool check_value(const struct settings *settings, enum setting_id id, const char *value, GError **err)
{
  for (size_t i = 0; i < G_N_ELEMENTS(checks); i++)
    if (!strcmp(checks[i].type, rows[id].type) && !checks[i].check(&rows[id], value, err))
      return false;
  return !settings->judge || settings->judge->setting(id, value, err);
}

bool settings_set(struct settings *settings, enum setting_id id, const char *value, GError **err)
{
  g_autoptr(GError) why = NULL;
  if (!check_value(settings, id, value, &why)) {
    g_autofree char *what = error_what(why);
    return error_set(err, ERROR_USAGE, error_advice(why), "%s: %s", rows[id].name, what);
  }
  g_free(settings->value[id]);
  settings->value[id] = g_strdup(value);
  return true;
}

const char *settings_get(const struct settings *settings, enum setting_id id)
{
  return settings->value[id];
}

double settings_number(const struct settings *settings, enum setting_id id)
{
  double seconds;
  const char *value = settings->value[id];
  const bool has_unit = !strcmp(rows[id].type, "seconds") &&
                        units_parse_seconds(value, rows[id].min, rows[id].max, &seconds, NULL);
  return has_unit ? seconds : g_ascii_strtod(value, NULL);
}

bool settings_bool(const struct settings *settings, enum setting_id id)
{
  bool value = false;
  return units_parse_bool(settings->value[id], &value, NULL) && value;
}

/* ---- bindings ---- */

static void binding_free(struct binding *binding)
{
  g_free(binding->place);
  g_free(binding->key);
  g_free(binding->command);
  g_free(binding);
}

static struct binding *find_binding(const struct settings *settings, const char *place, const char *key)
{
  for (guint i = 0; i < settings->bindings->len; i++) {
    struct binding *binding = settings->bindings->pdata[i];
    if (!strcmp(binding->place, place) && !strcmp(binding->key, key))
      return binding;
  }
  return NULL;
}

static void add_binding(struct settings *settings, const char *place, const char *key, const char *command,
                        bool user)
{
  struct binding *binding = g_new(struct binding, 1);
  *binding = (struct binding){g_strdup(place), g_strdup(key), g_strdup(command), user};
  g_ptr_array_add(settings->bindings, binding);
}

const GPtrArray *settings_bindings(const struct settings *settings)
{
  return settings->bindings;
}

static const struct key_place places[] = {{"all", "Keys everywhere"},
                                          {"main", "Keys in the guest table"},
                                          {"detail", "Keys in the details of a guest"},
                                          {"lists", "Keys in lists and help"},
                                          {"snapshots", "Keys in the snapshots of a guest"},
                                          {"chain", "Keys in the chain of a guest's images"},
                                          {"vfs", "Keys in the virtual functions of a host"},
                                          {"results", "Keys in the results of a benchmark"},
                                          {"memory", "Keys in memory requests"}};

const struct key_place *settings_places(int *ret_count)
{
  *ret_count = (int)G_N_ELEMENTS(places);
  return places;
}

/* ---- reading ---- */

struct reading {
  struct settings *settings;
  const char *file;
  bool user;
  GPtrArray *complaints;
};

static void complain(struct reading *reading, int line, int column, const char *fmt, ...) G_GNUC_PRINTF(4, 5);
static void complain(struct reading *reading, int line, int column, const char *fmt, ...)
{
  va_list args;
  va_start(args, fmt);
  g_autofree char *what = g_strdup_vprintf(fmt, args);
  va_end(args);
  g_autofree char *whole = g_strdup_printf("%s:%d:%d: %s", reading->file, line, column, what);
  g_ptr_array_add(reading->complaints, text_safe(whole));
}

/* ENTRY's value is wrong, as ERR says. */
static void complain_error(struct reading *reading, const struct keyfile_entry *entry, const GError *err)
{
  g_autofree char *why = error_line(err);
  complain(reading, entry->line, entry->value_column, "%s", why);
}

static void read_setting(struct reading *reading, const struct keyfile_entry *entry)
{
  const int id = setting_find(entry->name);
  if (id < 0) {
    const char *names[SETTING_COUNT + 1] = {NULL};
    for (int i = 0; i < SETTING_COUNT; i++)
      names[i] = rows[i].name;
    const char *near = text_closest(entry->name, names);
    complain(reading, entry->line, entry->name_column, "unknown setting \"%s\"%s%s%s", entry->name,
             near ? ": did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    return;
  }
  g_autoptr(GError) err = NULL;
  if (!settings_set(reading->settings, (enum setting_id)id, entry->value, &err))
    complain_error(reading, entry, err);
}

static bool check_place(struct reading *reading, const struct keyfile_entry *entry, const char *place)
{
  g_autoptr(GString) known = g_string_new(NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
    if (!strcmp(places[i].name, place))
      return true;
    g_string_append_printf(known, "%s%s", i ? ", " : "", places[i].name);
  }
  complain(reading, entry->line, 1, "unknown place \"%s\": there are %s", place, known->str);
  return false;
}

/* The key by its own name, NULL: there is none; g_free. */
static char *check_key(struct reading *reading, const struct keyfile_entry *entry)
{
  const struct settings_judge *judge = reading->settings->judge;
  char *key = judge ? judge->key(entry->name) : g_strdup(entry->name);
  if (!key)
    complain(reading, entry->line, entry->name_column, "unknown key \"%s\" (" SETTINGS_KEY_ADVICE ")",
             entry->name);
  return key;
}

static bool check_command(struct reading *reading, const struct keyfile_entry *entry)
{
  if (!strcmp(entry->value, "none"))
    return true;
  g_autoptr(GError) err = NULL;
  struct command_line *line = command_parse(entry->value, &err);
  if (!line)
    complain_error(reading, entry, err);
  command_line_free(line);
  return line != NULL;
}

static void read_binding(struct reading *reading, const struct keyfile_entry *entry)
{
  const char *place = entry->section + strlen("keys.");
  g_autofree char *key = check_place(reading, entry, place) ? check_key(reading, entry) : NULL;
  if (!key || !check_command(reading, entry))
    return;
  struct binding *old = find_binding(reading->settings, place, key);
  if (old && old->user == reading->user) {
    complain(reading, entry->line, entry->name_column, "key \"%s\" is bound twice in [%s], first to \"%s\"",
             entry->name, entry->section, old->command);
    return;
  }
  if (old)
    g_ptr_array_remove(reading->settings->bindings, old);
  add_binding(reading->settings, place, key, entry->value, reading->user);
}

static void visit(void *context, const struct keyfile_entry *entry, const char *fault)
{
  struct reading *reading = context;
  if (fault)
    complain(reading, entry->line, entry->name_column, "%s", fault);
  else if (!strcmp(entry->section, "settings"))
    read_setting(reading, entry);
  else if (g_str_has_prefix(entry->section, "keys."))
    read_binding(reading, entry);
  else
    complain(reading, entry->line, 1, "unknown section [%s]: there are [settings] and [keys.PLACE]",
             entry->section);
}

static void read_text(struct settings *settings, const char *file, const char *text, size_t length, bool user,
                      GPtrArray *complaints)
{
  struct reading reading = {settings, file, user, complaints};
  keyfile_parse(text, length, visit, &reading);
}

/* Bindings taken away by "none" have done their work once everything is read. */
static void drop_none(struct settings *settings)
{
  for (guint i = settings->bindings->len; i-- > 0;)
    if (!strcmp(((struct binding *)settings->bindings->pdata[i])->command, "none"))
      g_ptr_array_remove_index(settings->bindings, i);
}

static void read_user_file(struct settings *settings, bool must_exist, GPtrArray *complaints)
{
  g_autofree char *text = NULL;
  gsize length;
  g_autoptr(GError) err = NULL;
  if (g_file_get_contents(settings->file, &text, &length, &err))
    read_text(settings, settings->file, text, length, true, complaints);
  else if (must_exist || !g_error_matches(err, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    g_ptr_array_add(complaints, g_strdup_printf("cannot read the configuration: %s", err->message));
}

struct settings *settings_read(const char *file, const struct settings_judge *judge, GPtrArray *complaints)
{
  struct settings *settings = g_new0(struct settings, 1);
  settings->judge = judge;
  settings->bindings = g_ptr_array_new_with_free_func((GDestroyNotify)binding_free);
  g_autofree char *dir = path_config();
  settings->file = file ? g_strdup(file) : g_build_filename(dir, "virtlens.conf", NULL);
  const struct embedded *shipped = embedded_find("virtlens.conf");
  const guint before = complaints->len;
  read_text(settings, "(shipped) virtlens.conf", shipped->text, shipped->length, false, complaints);
  for (int i = 0; i < SETTING_COUNT; i++)
    settings->initial[i] = g_strdup(settings->value[i]);
  read_user_file(settings, file != NULL, complaints);
  drop_none(settings);
  if (complaints->len == before)
    return settings;
  settings_free(settings);
  return NULL;
}

struct settings *settings_copy(const struct settings *from)
{
  struct settings *copy = g_new0(struct settings, 1);
  for (int i = 0; i < SETTING_COUNT; i++) {
    copy->value[i] = g_strdup(from->value[i]);
    copy->initial[i] = g_strdup(from->initial[i]);
  }
  copy->file = g_strdup(from->file);
  copy->judge = from->judge;
  copy->bindings = g_ptr_array_new_with_free_func((GDestroyNotify)binding_free);
  for (guint i = 0; i < from->bindings->len; i++) {
    const struct binding *old = from->bindings->pdata[i];
    add_binding(copy, old->place, old->key, old->command, old->user);
  }
  return copy;
}

void settings_free(struct settings *settings)
{
  if (!settings)
    return;
  for (int i = 0; i < SETTING_COUNT; i++) {
    g_free(settings->value[i]);
    g_free(settings->initial[i]);
  }
  g_ptr_array_unref(settings->bindings);
  g_free(settings->file);
  g_free(settings);
}

char *settings_text(const struct settings *settings)
{
  GString *text = g_string_new("[settings]\n");
  for (int i = 0; i < SETTING_COUNT; i++)
    g_string_append_printf(text, "%s = %s\n", rows[i].name, settings->value[i]);
  return g_string_free(text, FALSE);
}
