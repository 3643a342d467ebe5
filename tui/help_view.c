/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Help: all of it made from the tables that the program itself goes by. */
#include <string.h>

#include "core/base/text.h"
#include "core/model/backend.h"
#include "core/model/metric.h"
#include "tui/columns.h"
#include "tui/lines.h"
#include "tui/views.h"

struct entry {
  char *name; /* NULL: the entry is a heading */
  char *text;
};

struct help {
  struct view view;
  GArray *entries;      /* struct entry */
  char *filter, *topic; /* topic: where to begin, until it was found */
  int scroll;
  int count, page; /* of the last drawing */
};

static void entry_clear(gpointer data)
{
  struct entry *entry = data;
  g_free(entry->name);
  g_free(entry->text);
}

static void add(struct help *self, const char *name, const char *text)
{
  struct entry entry = {g_strdup(name), g_strdup(text)};
  g_array_append_val(self->entries, entry);
}

static void add_heading(struct help *self, const char *text)
{
  add(self, NULL, text);
}

/* ---- the sections ---- */

static void add_reading(struct help *self)
{
  add_heading(self, "How to read the screen");
  add(self, "-", "not known yet, or not measured here: never the same as 0");
  add(self, "n/a", "cannot be known for this guest; its detail says why");
  add(self, "dim figures", "older than the last tick; the AGE column says by how much");
  add(self, "direct",
      "a device handed to the guest: its I/O passes by the hypervisor, which cannot count it");
  add(self, "avg", "an average over the tick; a maximum stands beside it where it can be had");
}

static const char *explain(const char *line)
{
  g_autofree char *name = g_strndup(line, strcspn(line, " "));
  const struct command *command = command_find(name);
  return command ? command->text : "";
}

/* All keys of PLACE that do the same as binding number I; NULL: an earlier one told it. */
static char *keys_of(const GPtrArray *bindings, guint i)
{
  const struct binding *one = g_ptr_array_index(bindings, i);
  GString *keys = g_string_new(NULL);
  for (guint k = 0; k < bindings->len; k++) {
    const struct binding *other = g_ptr_array_index(bindings, k);
    if (strcmp(other->place, one->place) != 0 || strcmp(other->command, one->command) != 0)
      continue;
    if (k < i) {
      g_string_free(keys, TRUE);
      return NULL;
    }
    g_string_append_printf(keys, "%s%s", keys->len ? " " : "", other->key);
  }
  return g_string_free(keys, FALSE);
}

static void add_keys(struct help *self, const struct key_place *place)
{
  const GPtrArray *bindings = settings_bindings(app_settings(self->view.app));
  bool any = false;
  for (guint i = 0; i < bindings->len; i++) {
    const struct binding *binding = g_ptr_array_index(bindings, i);
    g_autofree char *keys = strcmp(binding->place, place->name) == 0 ? keys_of(bindings, i) : NULL;
    if (!keys || strcmp(binding->command, "none") == 0)
      continue;
    if (!any)
      add_heading(self, place->text);
    any = true;
    g_autofree char *text = g_strdup_printf("%s: %s", binding->command, explain(binding->command));
    add(self, keys, text);
  }
}

static void add_commands(struct help *self)
{
  int count;
  const struct command *table = command_table(&count);
  add_heading(self, "Commands");
  for (int i = 0; i < count; i++) {
    g_autofree char *name = g_strchomp(g_strdup_printf(":%s %s", table[i].name, table[i].arguments));
    add(self, name, table[i].text);
  }
}

static void add_fields(struct help *self)
{
  add_heading(self, "Fields of a new guest");
  for (int i = 0; i < SPEC_COUNT; i++)
    add(self, spec_field((enum spec_id)i)->name, spec_field((enum spec_id)i)->text);
}

static void add_backends(struct help *self)
{
  int count;
  const struct backend *table = backend_table(&count);
  add_heading(self, "Backends");
  for (int i = 0; i < count; i++) {
    g_autofree char *text = g_strdup_printf("%s: %s", backend_path_name(table[i].path), table[i].text);
    add(self, table[i].name, text);
  }
}

static void add_columns(struct help *self)
{
  int count;
  const struct column *table = columns_table(&count);
  add_heading(self, "Columns");
  for (int i = 0; i < count; i++)
    add(self, table[i].title, table[i].text);
}

static void add_metrics(struct help *self, enum metric_scope scope, const char *section)
{
  int count;
  const struct metric *table = metric_table(scope, &count);
  add_heading(self, section);
  for (int i = 0; i < count; i++) {
    if (table[i].kind == METRIC_COUNTER)
      continue;
    g_autofree char *text = g_strdup_printf("%s (%s in the export)", table[i].text, table[i].name);
    add(self, table[i].title, text);
  }
}

static void add_settings(struct help *self)
{
  add_heading(self, "Settings");
  for (int i = 0; i < SETTING_COUNT; i++) {
    const struct setting_row *row = setting_row((enum setting_id)i);
    g_autofree char *name =
        g_strdup_printf("%s=%s", row->name, settings_get(app_settings(self->view.app), (enum setting_id)i));
    add(self, name, row->text);
  }
}

static void fill(struct help *self)
{
  int count;
  const struct key_place *places = settings_places(&count);
  add_reading(self);
  for (int i = 0; i < count; i++)
    add_keys(self, &places[i]);
  add_commands(self);
  add_fields(self);
  add_backends(self);
  add_columns(self);
  add_metrics(self, SCOPE_HOST, "Readings of the host");
  add_metrics(self, SCOPE_VCPU, "Readings of a vCPU");
  add_metrics(self, SCOPE_DISK, "Readings of a disk");
  add_metrics(self, SCOPE_NIC, "Readings of a NIC");
  add_metrics(self, SCOPE_THREAD, "Readings of the threads of a role");
  add_settings(self);
}

/* ---- as lines ---- */

static bool entry_matches(const struct help *self, const struct entry *entry)
{
  return !*self->filter || (entry->name && (text_matches(entry->name, self->filter) ||
                                            text_matches(entry->text, self->filter)));
}

/* A heading shows when anything under it does. */
static bool entry_shows(const struct help *self, guint at)
{
  const struct entry *entry = &g_array_index(self->entries, struct entry, at);
  if (entry->name)
    return entry_matches(self, entry);
  for (guint i = at + 1; i < self->entries->len; i++) {
    const struct entry *other = &g_array_index(self->entries, struct entry, i);
    if (!other->name)
      return false;
    if (entry_matches(self, other))
      return true;
  }
  return false;
}

static bool is_topic(const struct help *self, const struct entry *entry)
{
  const char *p = entry->name ? entry->name + (*entry->name == ':') : NULL;
  if (!p)
    return text_matches(entry->text, self->topic) && strchr(self->topic, ' ') == NULL &&
           strlen(self->topic) > 3;
  size_t len = strlen(self->topic);
  return g_ascii_strncasecmp(p, self->topic, len) == 0 && (p[len] == '\0' || p[len] == ' ' || p[len] == '=');
}

static void add_entry(GArray *lines, const struct entry *entry, int names, int width)
{
  if (!entry->name) {
    if (lines->len)
      lines_add(lines, ROLE_TEXT, "", width, 0);
    lines_add(lines, ROLE_RULE_TITLE, entry->text, width, 0);
    return;
  }
  g_autofree char *name = text_safe(entry->name);
  int gap = MAX(names - text_width(name), 1);
  g_autofree char *text = g_strdup_printf("  %s%*s %s", name, gap, "", entry->text);
  lines_add(lines, ROLE_TEXT, text, width, names + 3);
}

/* All lines; the scroll position goes to the topic the first time. */
static GArray *make_lines(struct help *self, int width)
{
  GArray *lines = lines_new();
  int names = width >= 70 ? 20 : 14, found = -1;
  for (guint i = 0; i < self->entries->len; i++) {
    const struct entry *entry = &g_array_index(self->entries, struct entry, i);
    if (!entry_shows(self, i))
      continue;
    int at = lines_count(lines);
    add_entry(lines, entry, names, width);
    if (self->topic && found < 0 && is_topic(self, entry))
      found = at;
  }
  if (self->topic && found >= 0)
    self->scroll = found;
  g_clear_pointer(&self->topic, g_free);
  return lines;
}

static void help_draw(struct view *view, struct canvas *canvas, struct rect area)
{
  struct help *self = (struct help *)view;
  g_autofree char *safe = text_safe(self->filter);
  g_autofree char *title = *safe ? g_strdup_printf("Help: lines with \"%s\"", safe) : g_strdup("Help");
  const struct rect rows = canvas_page(canvas, area, title);
  g_autoptr(GArray) lines = make_lines(self, rows.w - 2);
  self->count = lines_count(lines);
  self->page = rows.h;
  lines_draw(lines, canvas, rows, &self->scroll);
  if (lines_count(lines) == 0)
    canvas_put(canvas, rows.x, rows.y, ROLE_DIM, "nothing here matches");
}

static enum view_answer help_command(struct view *view, const struct command_line *line,
                                     G_GNUC_UNUSED GError **err)
{
  struct help *self = (struct help *)view;
  int step = lines_step(line->command, self->page);
  if (step) {
    self->scroll = CLAMP(self->scroll + step, 0, MAX(self->count - self->page, 0));
  } else if (line->command->screen == COMMAND_FILTER) {
    if (prompt_for_filter(view->app, line))
      return VIEW_TAKEN;
    g_free(self->filter);
    self->filter = g_strjoinv(" ", line->words);
    self->scroll = 0;
  } else if (line->command->screen == COMMAND_HELP) {
    g_free(self->topic);
    self->topic = g_strdup(line->words[0]);
  } else {
    return VIEW_PASS;
  }
  return VIEW_TAKEN;
}

static const struct hint *help_hints(G_GNUC_UNUSED struct view *view, int *ret_count)
{
  static const struct hint hints[] = {
      {"back", "back", NULL}, {"filter", "search", NULL}, {NULL, "scroll", "PgDn"}, {"quit", "quit", NULL}};
  *ret_count = G_N_ELEMENTS(hints);
  return hints;
}

static void help_free(struct view *view)
{
  struct help *self = (struct help *)view;
  g_array_unref(self->entries);
  g_free(self->filter);
  g_free(self->topic);
  g_free(self);
}

static const struct view_class help_class = {
    .place = "lists",
    .shape = VIEW_SCREEN,
    .draw = help_draw,
    .command = help_command,
    .hints = help_hints,
    .free = help_free,
};

struct view *help_new(struct app *app, const char *topic)
{
  struct help *self = g_new0(struct help, 1);
  self->view = (struct view){&help_class, app};
  self->topic = g_strdup(topic);
  self->filter = g_strdup("");
  self->entries = g_array_new(FALSE, FALSE, sizeof(struct entry));
  g_array_set_clear_func(self->entries, entry_clear);
  fill(self);
  return &self->view;
}
