/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/lines.h"

#include <string.h>

#include "core/base/text.h"
#include "tui/keys.h"

#define FAR 1000000

static void line_clear(gpointer data)
{
  struct line *line = data;
  g_free(line->text);
}

GArray *lines_new(void)
{
  GArray *lines = g_array_new(FALSE, FALSE, sizeof(struct line));
  g_array_set_clear_func(lines, line_clear);
  return lines;
}

int lines_count(const GArray *lines)
{
  return (int)lines->len;
}

static void add_row(GArray *lines, enum role role, int indent, const char *text, size_t len)
{
  g_autofree char *part = g_strndup(text, len);
  struct line line = {g_strdup_printf("%*s%s", indent, "", part), role};
  g_array_append_val(lines, line);
}

static void add_wrapped(GArray *lines, enum role role, const char *raw, int width, int indent)
{
  g_autofree char *safe = text_safe(raw);
  const char *p = safe;
  int in = 0;
  do {
    const size_t length = text_break(p, MAX(width - in, 1));
    add_row(lines, role, in, p, length);
    p += length;
    p += strspn(p, " ");
    in = MIN(indent, width / 2);
  } while (*p);
}

void lines_add(GArray *lines, enum role role, const char *text, int width, int indent)
{
  g_auto(GStrv) rows = g_strsplit(text ? text : "", "\n", -1);
  if (!rows[0])
    add_row(lines, role, 0, "", 0);
  for (char **row = rows; *row; row++)
    if (row[1] || **row)
      add_wrapped(lines, role, *row, width, indent);
}

void lines_draw(const GArray *lines, struct canvas *canvas, struct rect rect, int *scroll)
{
  int count = lines_count(lines);
  *scroll = CLAMP(*scroll, 0, MAX(count - rect.h, 0));
  for (int i = 0; i < rect.h && *scroll + i < count; i++) {
    const struct line *line = &g_array_index(lines, struct line, *scroll + i);
    canvas_put_fit(canvas, rect.x, rect.y + i, rect.w, line->role, line->text);
  }
  if (rect.h > 0 && *scroll > 0)
    canvas_put(canvas, rect.x + rect.w - 1, rect.y, ROLE_KEY, "↑");
  if (rect.h > 0 && *scroll + rect.h < count)
    canvas_put(canvas, rect.x + rect.w - 1, rect.y + rect.h - 1, ROLE_KEY, "↓");
}

bool lines_key(int key, int page, int *scroll)
{
  const struct {
    int key, by;
  } moves[] = {{KEYS_UP, -1},
               {'k', -1},
               {KEYS_DOWN, 1},
               {'j', 1},
               {KEYS_PAGE_UP, -MAX(page - 1, 1)},
               {KEYS_CTRL('B'), -MAX(page - 1, 1)},
               {KEYS_PAGE_DOWN, MAX(page - 1, 1)},
               {KEYS_CTRL('F'), MAX(page - 1, 1)},
               {KEYS_SPACE, MAX(page - 1, 1)},
               {KEYS_HOME, -FAR},
               {'g', -FAR},
               {KEYS_END, FAR},
               {'G', FAR}};
  for (size_t i = 0; i < G_N_ELEMENTS(moves); i++) {
    if (moves[i].key != key)
      continue;
    *scroll = CLAMP(*scroll + moves[i].by, 0, FAR);
    return true;
  }
  return false;
}

int lines_step(const struct command *command, int page)
{
  switch (command->screen) {
  case COMMAND_UP:
    return -1;
  case COMMAND_DOWN:
    return 1;
  case COMMAND_PAGE_UP:
    return -MAX(page - 1, 1);
  case COMMAND_PAGE_DOWN:
    return MAX(page - 1, 1);
  case COMMAND_FIRST:
    return -FAR;
  case COMMAND_LAST:
    return FAR;
  default:
    return 0;
  }
}
