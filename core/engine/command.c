/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/engine/command.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"

#define COMMAND_ROW(id, name, arguments, text) {name, arguments, text, COMMAND_##id, -1},
static const struct command screen_rows[] = {COMMANDS_SCREEN(COMMAND_ROW)};
#undef COMMAND_ROW

#define COMMAND_COUNT (COMMAND_SCREEN_COUNT + ACTION_COUNT)

static const char *action_arguments(enum action_id id)
{
  if (id == ACTION_LAUNCH)
    return "[NAME=VALUE ...]";
  if (action_row(id)->needs & NEEDS_NO_GUEST)
    return action_row(id)->words ? "[WORD ...] [yes]" : "";
  return action_row(id)->words ? "[GUEST] [WORD ...] [yes]" : "[GUEST] [yes]";
}

static void *make_table(G_GNUC_UNUSED void *unused)
{
  struct command *table = g_new(struct command, COMMAND_COUNT);
  memcpy(table, screen_rows, sizeof screen_rows);
  for (int i = 0; i < ACTION_COUNT; i++) {
    const struct action *row = action_row((enum action_id)i);
    table[COMMAND_SCREEN_COUNT + i] =
        (struct command){row->name, action_arguments((enum action_id)i), row->text, -1, i};
  }
  return table;
}

const struct command *command_table(int *ret_count)
{
  /* Both halves are constant; they are only joined here. */
  static GOnce once = G_ONCE_INIT;
  g_once(&once, make_table, NULL);
  *ret_count = COMMAND_COUNT;
  return once.retval;
}

const struct command *command_find(const char *name)
{
  int count;
  const struct command *table = command_table(&count);
  for (int i = 0; i < count; i++)
    if (!strcmp(table[i].name, name))
      return &table[i];
  return NULL;
}

static bool unknown_command(const char *name, GError **err)
{
  int count;
  const struct command *table = command_table(&count);
  const char *names[COMMAND_COUNT + 1] = {NULL};
  for (int i = 0; i < count; i++)
    names[i] = table[i].name;
  const char *near = text_closest(name, names);
  g_autofree char *safe = text_safe(name);
  g_autofree char *advice = near ? g_strdup_printf("did you mean \"%s\"? :help lists all", near) : NULL;
  return error_set(err, ERROR_USAGE, advice ? advice : ":help lists all", "unknown command \"%s\"", safe);
}

/* NAME=VALUE words of :launch. */
static bool take_spec_word(struct command_line *line, const char *word, GError **err)
{
  const char *sign = strchr(word, '=');
  g_autofree char *safe = text_safe(word);
  if (!sign)
    return error_set(err, ERROR_USAGE, "write for example :launch name=a template=pulse backend=ide",
                     "launch: \"%s\" is not NAME=VALUE", safe);
  g_autofree char *name = g_strndup(word, (gsize)(sign - word));
  const int id = spec_find(name);
  if (id >= 0)
    return spec_set(line->spec, (enum spec_id)id, sign + 1, err);
  const char *names[SPEC_COUNT + 1] = {NULL};
  for (int i = 0; i < SPEC_COUNT; i++)
    names[i] = spec_field((enum spec_id)i)->name;
  const char *near = text_closest(name, names);
  g_autofree char *advice =
      near ? g_strdup_printf("did you mean \"%s\"?", near) : g_strjoinv(", ", (char **)(uintptr_t)names);
  return error_set(err, ERROR_USAGE, advice, "launch: unknown field in \"%s\"", safe);
}

static bool unknown_word(const struct command_line *line, const char *word, GError **err)
{
  const struct action *row = action_row((enum action_id)line->command->action);
  g_autoptr(GString) known = g_string_new("yes");
  for (const struct action_word *w = row->words; w && w->name; w++)
    g_string_append_printf(known, ", %s%s%s", w->name, w->value ? "=" : "", w->value ? w->value : "");
  g_autofree char *safe = text_safe(word),
                  *advice = g_strdup_printf("it takes %s%s",
                                            row->needs & NEEDS_NO_GUEST ? "" : "a guest, then ", known->str);
  return error_set(err, ERROR_USAGE, advice, "%s: unknown word \"%s\"", row->name, safe);
}

/* Words of an action: GUEST (or guest=NAME, for guests called like a word of ours), then its own. */
static bool take_action_word(struct command_line *line, GPtrArray *words, const char *word, GError **err)
{
  const enum action_id action = (enum action_id)line->command->action;
  const bool takes_guest = !(action_row(action)->needs & NEEDS_NO_GUEST);
  if (!strcmp(word, "yes")) {
    line->yes = true;
  } else if (action_word(action, word)) {
    g_ptr_array_add(words, g_strdup(word));
  } else if (takes_guest && g_str_has_prefix(word, "guest=")) {
    g_free(line->guest);
    line->guest = g_strdup(word + strlen("guest="));
  } else if (takes_guest && !line->guest && words->len == 0) {
    line->guest = g_strdup(word);
  } else {
    return unknown_word(line, word, err);
  }
  return true;
}

static bool take_words(struct command_line *line, char **words, GError **err)
{
  GPtrArray *rest = g_ptr_array_new();
  bool ok = true;
  for (; ok && *words; words++) {
    if (line->spec)
      ok = take_spec_word(line, *words, err);
    else if (line->command->action >= 0)
      ok = take_action_word(line, rest, *words, err);
    else
      g_ptr_array_add(rest, g_strdup(*words));
  }
  g_ptr_array_add(rest, NULL);
  line->words = (char **)g_ptr_array_free(rest, FALSE);
  if (ok && line->words[0] && !line->command->arguments[0]) {
    g_autofree char *safe = text_safe(line->words[0]);
    ok = error_set(err, ERROR_USAGE, NULL, "%s takes no argument: \"%s\"", line->command->name, safe);
  }
  return ok;
}

struct command_line *command_parse(const char *text, GError **err)
{
  while (*text == ':' || *text == ' ')
    text++;
  g_auto(GStrv) words = text_split_words(text, err);
  if (!words)
    return NULL;
  if (!words[0]) {
    error_set(err, ERROR_USAGE, ":help lists all", "no command");
    return NULL;
  }
  const struct command *command = command_find(words[0]);
  if (!command) {
    unknown_command(words[0], err);
    return NULL;
  }
  struct command_line *line = g_new0(struct command_line, 1);
  line->command = command;
  if (command->action == ACTION_LAUNCH)
    line->spec = spec_new();
  if (take_words(line, words + 1, err))
    return line;
  command_line_free(line);
  return NULL;
}

void command_line_free(struct command_line *line)
{
  if (!line)
    return;
  g_free(line->guest);
  g_strfreev(line->words);
  spec_free(line->spec);
  g_free(line);
}
