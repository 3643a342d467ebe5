/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line on the screen: the line itself, above it what it could become, what the command
 * takes, or what was wrong with it. */
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/engine/complete.h"
#include "tui/prompt.h"
#include "tui/views.h"

#define FILTER_WORD "filter "
#define CHOICES_SHOWN 8

struct prompt_view {
  struct view view;
  struct prompt prompt;
  bool filter;  /* the line is the pattern of a filter, which acts while it is typed */
  char *error;  /* what was wrong with the line, until it is edited */
  char *advice; /* what to do about it, or NULL */
};

static void forget_error(struct prompt_view *self)
{
  g_clear_pointer(&self->error, g_free);
  g_clear_pointer(&self->advice, g_free);
}

static void show_error(struct prompt_view *self, const GError *err)
{
  forget_error(self);
  self->error = error_what(err);
  self->advice = g_strdup(error_advice(err));
}

/* ---- drawing ---- */

/* LINES rows above AREA to draw on, as many as there is room for. */
static struct rect rows_above(struct canvas *canvas, struct rect area, int lines)
{
  int rows = CLAMP(lines, 0, MAX(area.y - 1, 0));
  struct rect rect = {area.x, area.y - rows, area.w, rows};
  canvas_clip(canvas, rect);
  canvas_fill(canvas, rect, ROLE_DIALOG);
  return rect;
}

static int wrapped_lines(const char *text, int width)
{
  return text ? text_width(text) / MAX(width - 8, 8) + 1 : 0;
}

static void draw_error(struct prompt_view *self, struct canvas *canvas, struct rect area)
{
  struct rect rect =
      rows_above(canvas, area, wrapped_lines(self->error, area.w) + wrapped_lines(self->advice, area.w));
  struct rect inner = {rect.x + 1, rect.y, rect.w - 2, rect.h};
  int used = canvas_put_wrapped(canvas, inner, ROLE_WRONG, self->error);
  if (self->advice)
    canvas_put_wrapped(canvas, (struct rect){inner.x, inner.y + used, inner.w, inner.h - used}, ROLE_DIALOG,
                       self->advice);
}

/* One choice in the row RECT. */
static void draw_choice(struct canvas *canvas, struct rect rect, const char *line, bool chosen)
{
  int y = rect.y, end = rect.x + rect.w - 1;
  g_autofree char *trimmed = g_strchomp(g_strdup(line));
  const char *name = text_last_word(trimmed, NULL);
  const struct command *command = name == trimmed ? command_find(name) : NULL;
  canvas_put_fit(canvas, rect.x + 1, y, MIN(rect.w - 2, command ? 16 : rect.w - 2), ROLE_DIALOG, name);
  if (command) {
    int x = rect.x + 18;
    if (command->arguments[0])
      x = canvas_putf(canvas, x, y, ROLE_KEY, "%s ", command->arguments);
    if (x < end)
      canvas_put_fit(canvas, x, y, end - x, ROLE_DIM, command->text);
  }
  if (chosen)
    canvas_ground(canvas, (struct rect){rect.x, y, rect.w, 1}, ROLE_CHOICE);
}

static void draw_choices(struct prompt_view *self, struct canvas *canvas, struct rect area)
{
  char **choices = self->prompt.choices;
  int count = (int)g_strv_length(choices), shown = MIN(count, CHOICES_SHOWN);
  struct rect rect = rows_above(canvas, area, shown);
  int first = CLAMP(self->prompt.chosen - rect.h / 2, 0, MAX(count - rect.h, 0));
  for (int i = 0; i < rect.h; i++) {
    bool counted = i == rect.h - 1 && count > rect.h;
    struct rect row = {rect.x, rect.y + i, rect.w - (counted ? 11 : 0), 1};
    draw_choice(canvas, row, choices[first + i], first + i == self->prompt.chosen);
    if (counted)
      canvas_putf(canvas, row.x + row.w, row.y, ROLE_DIM, "%3d of %3d", first + rect.h, count);
  }
}

/* What the command that stands on the line takes. */
static void draw_usage(struct prompt_view *self, struct canvas *canvas, struct rect area)
{
  const char *text = prompt_text(&self->prompt);
  g_autofree char *name = g_strndup(text, strcspn(text, " "));
  const struct command *command = command_find(name);
  if (!command)
    return;
  struct rect rect = rows_above(canvas, area, 1);
  int x = canvas_putf(canvas, rect.x + 1, rect.y, ROLE_KEY, "%s %s  ", command->name, command->arguments);
  canvas_put(canvas, x, rect.y, ROLE_DIM, command->text);
}

static void draw_above(struct prompt_view *self, struct canvas *canvas, struct rect area)
{
  char **choices = self->prompt.choices;
  if (self->error)
    draw_error(self, canvas, area);
  else if (self->filter)
    return;
  else if (choices && choices[0] && (choices[1] || strcmp(choices[0], prompt_text(&self->prompt)) != 0))
    draw_choices(self, canvas, area);
  else
    draw_usage(self, canvas, area);
}

static void prompt_draw(struct view *view, struct canvas *canvas, struct rect area)
{
  struct prompt_view *self = (struct prompt_view *)view;
  draw_above(self, canvas, area);
  canvas_clip(canvas, area);
  canvas_fill(canvas, area, ROLE_INPUT);
  int x = canvas_put(canvas, area.x, area.y, ROLE_KEY, self->filter ? "/" : ":");
  editor_draw(&self->prompt.editor, canvas, x, area.y, area.x + area.w - x, ROLE_INPUT, true);
}

/* ---- keys ---- */

static void offer_choices(struct prompt_view *self)
{
  if (!self->filter)
    prompt_offer(&self->prompt, complete_line(app_engine(self->view.app), prompt_text(&self->prompt)));
}

static bool set_filter(struct prompt_view *self, const char *pattern)
{
  g_autoptr(GError) err = NULL;
  g_autofree char *word = *pattern ? text_quote_word(pattern) : g_strdup("");
  g_autofree char *line = g_strconcat(FILTER_WORD, word, NULL);
  if (app_do(self->view.app, line, &err))
    return true;
  show_error(self, err);
  return false;
}

static void edited(struct prompt_view *self)
{
  forget_error(self);
  self->prompt.past = 0;
  offer_choices(self);
  if (self->filter)
    set_filter(self, prompt_text(&self->prompt));
}

static void remember(struct prompt_view *self, const char *line)
{
  GPtrArray *history = app_typed(self->view.app);
  if (history->len == 0 || strcmp(g_ptr_array_index(history, history->len - 1), line) != 0)
    g_ptr_array_add(history, g_strdup(line));
}

/* Carry the line out; when that fails it stays, with the reason. */
static void enter(struct prompt_view *self)
{
  g_autofree char *line = g_strstrip(g_strdup(prompt_text(&self->prompt)));
  g_autoptr(GError) err = NULL;
  if (self->filter || !*line) {
    if (!self->filter || set_filter(self, line))
      app_pop(self->view.app, &self->view);
    return;
  }
  if (!app_do(self->view.app, line, &err)) {
    show_error(self, err);
    return;
  }
  remember(self, line);
  app_pop(self->view.app, &self->view);
}

static void leave(struct prompt_view *self)
{
  if (self->filter)
    set_filter(self, "");
  app_pop(self->view.app, &self->view);
}

static void complete(struct prompt_view *self, int step)
{
  forget_error(self);
  if (prompt_complete(&self->prompt, step))
    offer_choices(self);
}

static void recall(struct prompt_view *self, int back)
{
  if (self->filter)
    return;
  forget_error(self);
  prompt_recall(&self->prompt, back);
  offer_choices(self);
}

static bool special_key(struct prompt_view *self, int key)
{
  if (key == KEYS_ENTER)
    enter(self);
  else if (key == KEYS_ESC || key == KEYS_CTRL('G'))
    leave(self);
  else if (key == KEYS_TAB || key == KEYS_BACKTAB)
    complete(self, key == KEYS_TAB ? 1 : -1);
  else if (key == KEYS_UP || key == KEYS_CTRL('P'))
    recall(self, 1);
  else if (key == KEYS_DOWN || key == KEYS_CTRL('N'))
    recall(self, -1);
  else if (key == KEYS_BACKSPACE && !*prompt_text(&self->prompt))
    leave(self);
  else
    return false;
  return true;
}

/* Every key is the line's while it is open: a letter must never act on a guest. */
static bool prompt_key(struct view *view, int key)
{
  struct prompt_view *self = (struct prompt_view *)view;
  if (key == KEYS_MOUSE)
    return false;
  if (!special_key(self, key) && editor_key(&self->prompt.editor, key))
    edited(self);
  return true;
}

static const struct hint *prompt_hints(struct view *view, int *ret_count)
{
  static const struct hint command[] = {
      {NULL, "do it", "Enter"}, {NULL, "complete", "Tab"}, {NULL, "history", "Up"}, {NULL, "leave", "Esc"}};
  static const struct hint filter[] = {{NULL, "keep", "Enter"}, {NULL, "show all", "Esc"}};
  const struct prompt_view *self = (const struct prompt_view *)view;
  *ret_count = self->filter ? G_N_ELEMENTS(filter) : G_N_ELEMENTS(command);
  return self->filter ? filter : command;
}

static void prompt_free(struct view *view)
{
  struct prompt_view *self = (struct prompt_view *)view;
  prompt_clear(&self->prompt);
  forget_error(self);
  g_free(self);
}

static const struct view_class prompt_class = {
    .place = "prompt",
    .shape = VIEW_LINE,
    .freezes = true,
    .draw = prompt_draw,
    .key = prompt_key,
    .hints = prompt_hints,
    .free = prompt_free,
};

struct view *prompt_new(struct app *app, const char *text)
{
  struct prompt_view *self = g_new0(struct prompt_view, 1);
  self->view = (struct view){&prompt_class, app};
  self->filter = g_str_has_prefix(text, FILTER_WORD);
  prompt_init(&self->prompt, self->filter ? text + strlen(FILTER_WORD) : text, app_typed(app));
  offer_choices(self);
  return &self->view;
}

bool prompt_for_filter(struct app *app, const struct command_line *line)
{
  if (!app_from_key(app) || line->words[0])
    return false;
  app_push(app, prompt_new(app, FILTER_WORD));
  return true;
}
