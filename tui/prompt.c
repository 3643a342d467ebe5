/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/prompt.h"

#include <string.h>

void prompt_init(struct prompt *prompt, const char *text, const GPtrArray *history)
{
  *prompt = (struct prompt){.history = history, .chosen = -1};
  editor_init(&prompt->editor, text);
}

void prompt_clear(struct prompt *prompt)
{
  editor_clear(&prompt->editor);
  g_strfreev(prompt->choices);
  g_free(prompt->draft);
  g_free(prompt->typed);
}

const char *prompt_text(const struct prompt *prompt)
{
  return editor_text(&prompt->editor);
}

void prompt_offer(struct prompt *prompt, char **choices)
{
  g_strfreev(prompt->choices);
  prompt->choices = choices;
  prompt->chosen = -1;
  g_clear_pointer(&prompt->typed, g_free);
}

/* Bytes that all of CHOICES begin with; never a part of a character. */
static size_t common_length(char **choices)
{
  size_t len = strlen(choices[0]);
  for (char **choice = choices + 1; *choice; choice++) {
    size_t i = 0;
    while (i < len && (*choice)[i] == choices[0][i])
      i++;
    len = i;
  }
  while (len > 0 && ((unsigned char)choices[0][len] & 0xc0) == 0x80)
    len--;
  return len;
}

static bool complete_common(struct prompt *prompt)
{
  size_t len = common_length(prompt->choices);
  if (len <= strlen(prompt_text(prompt)))
    return false;
  g_autofree char *common = g_strndup(prompt->choices[0], len);
  editor_set(&prompt->editor, common);
  return true;
}

bool prompt_complete(struct prompt *prompt, int step)
{
  int count = prompt->choices ? (int)g_strv_length(prompt->choices) : 0;
  if (count == 0)
    return false;
  if (prompt->chosen < 0 && complete_common(prompt))
    return true;
  if (prompt->chosen < 0)
    prompt->typed = g_strdup(prompt_text(prompt));
  /* One place more than there are choices: the line as it was typed. */
  int places = count + 1;
  prompt->chosen = (prompt->chosen + 1 + step + places) % places - 1;
  editor_set(&prompt->editor, prompt->chosen < 0 ? prompt->typed : prompt->choices[prompt->chosen]);
  if (prompt->chosen < 0)
    g_clear_pointer(&prompt->typed, g_free);
  return false;
}

/* The line PAST lines back, 0 being the draft. */
static const char *line_back(const struct prompt *prompt, guint past)
{
  return past == 0 ? prompt->draft : g_ptr_array_index(prompt->history, prompt->history->len - past);
}

void prompt_recall(struct prompt *prompt, int back)
{
  if (!prompt->history)
    return;
  if (prompt->past == 0) {
    g_free(prompt->draft);
    prompt->draft = g_strdup(prompt_text(prompt));
  }
  int past = (int)prompt->past;
  for (past += back; past >= 0 && past <= (int)prompt->history->len; past += back) {
    const char *line = line_back(prompt, (guint)past);
    if (!g_str_has_prefix(line, prompt->draft) || strcmp(line, prompt_text(prompt)) == 0)
      if (past != 0)
        continue;
    editor_set(&prompt->editor, line);
    prompt->past = (guint)past;
    return;
  }
}
