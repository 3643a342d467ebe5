/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stack of views, and the way of a command down it. */
#include "tui/app_private.h"
#include "tui/table.h"

static struct view *view_at(const struct app *app, guint i)
{
  return g_ptr_array_index(app->stack, i);
}

const GPtrArray *app_views(const struct app *app)
{
  return app->stack;
}

struct view *app_top(const struct app *app)
{
  return view_at(app, app->stack->len - 1);
}

/* The topmost view that is not the command line. */
static struct view *top_screen(const struct app *app)
{
  guint i = app->stack->len - 1;
  while (i > 0 && view_at(app, i)->class->shape == VIEW_LINE)
    i--;
  return view_at(app, i);
}

/* The order of the table stands still as long as any view asks for it. */
static void update_freeze(struct app *app)
{
  bool frozen = false;
  for (guint i = 0; i < app->stack->len; i++)
    frozen |= view_at(app, i)->class->freezes;
  table_freeze(app->table, frozen);
}

void app_push(struct app *app, struct view *view)
{
  g_ptr_array_add(app->stack, view);
  update_freeze(app);
}

void app_pop(struct app *app, struct view *view)
{
  if (view == view_at(app, 0) || !g_ptr_array_remove(app->stack, view))
    return;
  g_ptr_array_add(app->leaving, view);
  update_freeze(app);
}

void app_free_leaving(struct app *app)
{
  while (app->leaving->len > 0) {
    struct view *view = g_ptr_array_steal_index(app->leaving, app->leaving->len - 1);
    view->class->free(view);
  }
}

/* ---- commands ---- */

static enum view_answer ask(struct view *view, const struct command_line *line, GError **err)
{
  return view->class->command ? view->class->command(view, line, err) : VIEW_PASS;
}

static bool is_movement(const struct command_line *line)
{
  return line->command->screen >= COMMAND_UP && line->command->screen <= COMMAND_NEXT_PANE;
}

/* Moving about concerns only who has the keys; a view that does not know the way back is left. */
static bool move_about(struct app *app, const struct command_line *line, GError **err)
{
  struct view *view = top_screen(app);
  enum view_answer answer = ask(view, line, err);
  if (answer == VIEW_PASS && line->command->screen == COMMAND_BACK)
    app_pop(app, view);
  return answer != VIEW_FAILED;
}

bool app_carry_out(struct app *app, const struct command_line *line, GError **err)
{
  if (is_movement(line))
    return move_about(app, line, err);
  enum view_answer answer = VIEW_PASS;
  for (guint i = app->stack->len; i > 0 && answer == VIEW_PASS; i--)
    answer = ask(view_at(app, i - 1), line, err);
  return answer != VIEW_FAILED;
}

bool app_carry_out_with(struct app *app, const struct command_line *line, const char *word, GError **err)
{
  g_autofree char *copy = g_strdup(word);
  char *words[] = {copy, NULL};
  struct command_line more = *line;
  more.words = words;
  return app_carry_out(app, &more, err);
}

bool app_do(struct app *app, const char *text, GError **err)
{
  struct command_line *line = command_parse(text, err);
  if (!line)
    return false;
  bool ok = app_carry_out(app, line, err);
  command_line_free(line);
  return ok;
}

bool app_from_key(const struct app *app)
{
  return app->from_key;
}
