/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/picker.h"

#include "core/base/error.h"

struct picker {
  struct view view;
  struct menu menu;
  const struct picker_use *use;
  int origin; /* where it was opened */
  char *error;
  struct hint hints[3];
};

static void picker_draw(struct view *view, struct canvas *canvas, struct rect area)
{
  struct picker *self = (struct picker *)view;
  if (self->error)
    canvas_put_fit(canvas, area.x, area.y + --area.h, area.w, ROLE_WRONG, self->error);
  menu_draw_box(&self->menu, canvas, area, self->use->title);
}

static void choose(struct picker *self)
{
  g_autoptr(GError) err = NULL;
  const struct menu_item *item = menu_item(&self->menu);
  g_clear_pointer(&self->error, g_free);
  if (item && item->disabled)
    self->error = g_strdup_printf("%s: %s", item->text, item->note);
  else if (!item || self->use->chosen(self->view.app, &self->menu, &err))
    app_pop(self->view.app, &self->view);
  else
    self->error = error_what(err);
}

static void leave(struct picker *self)
{
  if (self->menu.at != self->origin && self->use->moved) {
    self->menu.at = self->origin;
    self->use->moved(self->view.app, &self->menu);
  }
  app_pop(self->view.app, &self->view);
}

static bool picker_key(struct view *view, int key)
{
  struct picker *self = (struct picker *)view;
  int before = self->menu.at;
  if (key == KEYS_ENTER)
    choose(self);
  else if (key == KEYS_ESC || key == 'q' || key == KEYS_LEFT)
    leave(self);
  else if (menu_key(&self->menu, key) && self->menu.at != before && self->use->moved)
    self->use->moved(view->app, &self->menu);
  return true;
}

static const struct hint *picker_hints(struct view *view, int *ret_count)
{
  struct picker *self = (struct picker *)view;
  int n = 0;
  self->hints[n++] = (struct hint){NULL, self->use->enter, "Enter"};
  if (self->menu.ticks)
    self->hints[n++] = (struct hint){NULL, "tick", "Space"};
  self->hints[n++] = (struct hint){NULL, "leave", "Esc"};
  *ret_count = n;
  return self->hints;
}

static void picker_free(struct view *view)
{
  struct picker *self = (struct picker *)view;
  menu_clear(&self->menu);
  g_free(self->error);
  g_free(self);
}

static const struct view_class picker_class = {
    .place = "menu",
    .shape = VIEW_DIALOG,
    .freezes = true,
    .draw = picker_draw,
    .key = picker_key,
    .hints = picker_hints,
    .free = picker_free,
};

struct view *picker_new(struct app *app, struct menu *menu, const struct picker_use *use)
{
  struct picker *self = g_new0(struct picker, 1);
  self->view = (struct view){&picker_class, app};
  self->menu = *menu;
  *menu = (struct menu){0};
  self->use = use;
  self->origin = self->menu.at;
  return &self->view;
}
