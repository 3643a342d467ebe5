/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/engine/complete.h"

#include <string.h>

#include "core/base/text.h"
#include "core/engine/command.h"

struct completing {
  const struct engine *engine;
  const char *head; /* the line up to the word that is completed */
  const char *word; /* its beginning, without its quotes */
  GPtrArray *lines;
};

/* PREFIX is what the word holds before the candidate ("backend="). */
static void offer(struct completing *c, const char *prefix, const char *candidate, const char *after)
{
  g_autofree char *plain = g_strconcat(prefix, candidate, NULL), *quoted = text_quote_word(candidate);
  if (g_str_has_prefix(plain, c->word))
    g_ptr_array_add(c->lines, g_strconcat(c->head, prefix, quoted, after, NULL));
}

static void offer_commands(struct completing *c)
{
  int count;
  const struct command *table = command_table(&count);
  for (int i = 0; i < count; i++)
    offer(c, "", table[i].name, table[i].arguments[0] ? " " : "");
}

static void offer_guests(struct completing *c)
{
  const struct scan *scan = engine_scan(c->engine);
  for (int i = 0; i < scan->conn_count; i++) {
    const struct conn_scan *conn = scan->conns[i];
    for (int k = 0; conn && k < conn->guest_count; k++) {
      g_autofree char *safe = text_safe(conn->guests[k]->info->name);
      offer(c, "", safe, "");
    }
  }
}

static void offer_list(struct completing *c, const char *prefix, const struct offer *offers, int count)
{
  for (int i = 0; i < count; i++)
    if (offers[i].enabled)
      offer(c, prefix, offers[i].name, "");
}

static void offer_values(struct completing *c, enum spec_id id)
{
  const struct spec_field *field = spec_field(id);
  const struct offers *offers = engine_offers(c->engine, 0);
  g_autofree char *prefix = g_strconcat(field->name, "=", NULL);
  for (int i = 0; field->choices && field->choices[i]; i++)
    offer(c, prefix, field->choices[i], "");
  if (field->type == SPEC_BOOL) {
    offer(c, prefix, "yes", "");
    offer(c, prefix, "no", "");
  }
  if (offers && id == SPEC_BACKEND)
    offer_list(c, prefix, offers->disks, offers->disk_count);
  if (offers && id == SPEC_TEMPLATE)
    offer_list(c, prefix, offers->templates, offers->template_count);
  if (offers && id == SPEC_NIC)
    offer_list(c, prefix, offers->nics, offers->nic_count);
}

static void offer_spec(struct completing *c)
{
  const char *sign = strchr(c->word, '=');
  g_autofree char *name = sign ? g_strndup(c->word, (gsize)(sign - c->word)) : NULL;
  const int id = name ? spec_find(name) : -1;
  if (id >= 0)
    offer_values(c, (enum spec_id)id);
  for (int i = 0; !sign && i < SPEC_COUNT; i++)
    offer(c, "", spec_field((enum spec_id)i)->name, "=");
}

static void offer_names(struct completing *c, char **names)
{
  for (; *names; names++)
    offer(c, "", *names, "");
}

static void offer_settings(struct completing *c)
{
  for (int i = 0; i < SETTING_COUNT; i++)
    offer(c, "", setting_row((enum setting_id)i)->name, "=");
}

/* "linked|full": one of these. */
static void offer_alternatives(struct completing *c, const struct action_word *word)
{
  g_autofree char *prefix = g_strconcat(word->name, "=", NULL);
  g_auto(GStrv) values = word->value && strchr(word->value, '|') ? g_strsplit(word->value, "|", -1) : NULL;
  for (int i = 0; values && values[i]; i++)
    offer(c, prefix, values[i], "");
}

static void offer_words(struct completing *c, enum action_id action)
{
  const bool valued = strchr(c->word, '=');
  for (const struct action_word *word = action_row(action)->words; word && word->name; word++)
    if (valued)
      offer_alternatives(c, word);
    else
      offer(c, "", word->name, word->value ? "=" : "");
}

static void offer_arguments(struct completing *c, const char *name)
{
  const struct command *command = command_find(name);
  if (!command)
    return;
  if (command->action == ACTION_LAUNCH)
    offer_spec(c);
  else if (strstr(command->arguments, "GUEST")) {
    offer_guests(c);
    if (command->action >= 0)
      offer_words(c, (enum action_id)command->action);
  } else if (command->screen == COMMAND_SET)
    offer_settings(c);
  else if (command->screen == COMMAND_HELP)
    offer_commands(c);
  else if (command->screen == COMMAND_THEME) {
    g_auto(GStrv) themes = settings_themes();
    offer_names(c, themes);
  }
}

static int by_text(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

char **complete_line(const struct engine *engine, const char *line)
{
  g_autofree char *word = NULL;
  const char *begin = text_last_word(line, &word);
  g_autofree char *head = g_strndup(line, (gsize)(begin - line));
  struct completing c = {engine, head, word, g_ptr_array_new()};
  g_autofree char *start = g_strstrip(g_strdup(head));
  if (!*start) {
    offer_commands(&c);
  } else {
    g_autofree char *first = g_strndup(start, strcspn(start, " "));
    offer_arguments(&c, first);
  }
  if (c.lines->len > 0)
    qsort(c.lines->pdata, c.lines->len, sizeof *c.lines->pdata, by_text);
  g_ptr_array_add(c.lines, NULL);
  return (char **)g_ptr_array_free(c.lines, FALSE);
}
