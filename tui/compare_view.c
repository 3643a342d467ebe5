/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two definitions of a guest, and what differs between them. */
#include "core/base/text.h"
#include "tui/diff.h"
#include "tui/lines.h"
#include "tui/views.h"

#define CONTEXT 2

struct compare {
  struct view view;
  char *title;  /* safe */
  GArray *diff; /* struct diff_line */
  int page, count, scroll;
};

static enum role role_of(char mark)
{
  return mark == '-' ? ROLE_WRONG : mark == '+' ? ROLE_GOOD : ROLE_DIM;
}

static GArray *make_lines(const struct compare *self, int width)
{
  GArray *lines = lines_new();
  for (guint i = 0; i < self->diff->len; i++) {
    const struct diff_line *line = &g_array_index(self->diff, struct diff_line, i);
    g_autofree char *text =
        line->mark == '~' ? g_strdup("...") : g_strdup_printf("%c %s", line->mark, line->text);
    lines_add(lines, role_of(line->mark), text, width, 4);
  }
  if (!self->diff->len)
    lines_add(lines, ROLE_DIM, "They are the same.", width, 0);
  return lines;
}

static void compare_draw(struct view *view, struct canvas *canvas, struct rect area)
{
  struct compare *self = (struct compare *)view;
  const struct rect rows = canvas_page(canvas, area, self->title);
  g_autoptr(GArray) lines = make_lines(self, rows.w - 2);
  self->page = rows.h;
  self->count = lines_count(lines);
  lines_draw(lines, canvas, rows, &self->scroll);
}

static enum view_answer compare_command(struct view *view, const struct command_line *line,
                                        G_GNUC_UNUSED GError **err)
{
  struct compare *self = (struct compare *)view;
  const int step = lines_step(line->command, self->page);
  if (!step)
    return VIEW_PASS;
  self->scroll = CLAMP(self->scroll + step, 0, MAX(self->count - self->page, 0));
  return VIEW_TAKEN;
}

static const struct hint *compare_hints(G_GNUC_UNUSED struct view *view, int *ret_count)
{
  static const struct hint hints[] = {
      {"down", "down", NULL}, {"page-down", "page", NULL}, {"back", "back", NULL}, {"help", "help", NULL}};
  *ret_count = G_N_ELEMENTS(hints);
  return hints;
}

static void compare_free(struct view *view)
{
  struct compare *self = (struct compare *)view;
  g_array_unref(self->diff);
  g_free(self->title);
  g_free(self);
}

static const struct view_class compare_class = {
    .place = "lists",
    .shape = VIEW_SCREEN,
    .draw = compare_draw,
    .command = compare_command,
    .hints = compare_hints,
    .free = compare_free,
};

struct view *compare_new(struct app *app, const char *title, const char *first, const char *second)
{
  struct compare *self = g_new0(struct compare, 1);
  self->view = (struct view){&compare_class, app};
  self->title = text_safe(title);
  self->diff = diff_texts(first, second, CONTEXT);
  return &self->view;
}
