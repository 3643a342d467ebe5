/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sessions that ended without an export (power loss, kill -9): their journals are there, and are
 * exported or discarded one by one. */
#include "core/base/text.h"
#include "tui/layout.h"
#include "tui/lines.h"
#include "tui/menu.h"
#include "tui/views.h"

struct recover {
  struct view view;
  struct menu menu;
  bool discarding; /* asks whether the journal under the cursor is to go */
};

static void refill(struct recover *self)
{
  int at = self->menu.at;
  const char *const *journals = engine_unfinished(app_engine(self->view.app));
  menu_clear(&self->menu);
  menu_init(&self->menu, false);
  for (; journals && *journals; journals++) {
    g_autofree char *base = g_path_get_basename(*journals);
    menu_add(&self->menu, *journals, base, "", false, false);
  }
  self->menu.at = CLAMP(at, 0, MAX(menu_count(&self->menu) - 1, 0));
}

static char *question_text(const struct recover *self)
{
  const struct menu_item *item = menu_item(&self->menu);
  if (self->discarding && item)
    return g_strdup_printf("Remove %s for good?  y yes   n no", item->text);
  return g_strdup("Enter export   a export all   d discard   Esc later");
}

static void recover_draw(struct view *view, struct canvas *canvas, struct rect area)
{
  static const char why[] = "These sessions ended without their export; nothing they recorded is lost.";
  struct recover *self = (struct recover *)view;
  g_autofree char *question = question_text(self);
  int w, h;
  menu_wants(&self->menu, &w, &h);
  w = MIN(MAX(MAX(w, text_width(question)), text_width(why)) + 4, area.w);
  g_autoptr(GArray) lines = lines_new();
  lines_add(lines, ROLE_DIALOG, why, w - 4, 0);
  struct rect box = layout_centre(area, w, MAX(h, 1) + lines_count(lines) + 5);
  struct rect inner = canvas_box(canvas, box, "Unfinished sessions");
  int used = lines_count(lines), scroll = 0;
  lines_draw(lines, canvas, (struct rect){inner.x, inner.y, inner.w, used}, &scroll);
  struct rect rows = {inner.x, inner.y + used + 1, inner.w, MAX(inner.h - used - 3, 1)};
  if (menu_count(&self->menu) == 0)
    canvas_put_fit(canvas, rows.x, rows.y, rows.w, ROLE_DIM, "none: every session left its export");
  menu_draw(&self->menu, canvas, rows, true);
  canvas_put_fit(canvas, inner.x, inner.y + inner.h - 1, inner.w, self->discarding ? ROLE_WRONG : ROLE_KEY,
                 question);
}

static void deal_with(struct recover *self, void (*how)(struct engine *engine, const char *journal))
{
  const struct menu_item *item = menu_item(&self->menu);
  if (!item)
    return;
  how(app_engine(self->view.app), item->id);
  refill(self);
  if (menu_count(&self->menu) == 0)
    app_pop(self->view.app, &self->view);
}

static void export_all(struct recover *self)
{
  for (int left = menu_count(&self->menu); left > 0; left--)
    deal_with(self, engine_recover);
}

static void answer_discard(struct recover *self, int key)
{
  const bool yes = key == 'y' || key == 'Y', no = key == 'n' || key == 'N' || key == KEYS_ESC;
  if (yes)
    deal_with(self, engine_discard);
  if (yes || no)
    self->discarding = false;
}

static bool recover_key(struct view *view, int key)
{
  struct recover *self = (struct recover *)view;
  if (self->discarding)
    answer_discard(self, key);
  else if (key == KEYS_ENTER)
    deal_with(self, engine_recover);
  else if (key == 'a')
    export_all(self);
  else if (key == 'd' || key == KEYS_DELETE)
    self->discarding = menu_item(&self->menu) != NULL;
  else if (key == KEYS_ESC || key == 'q')
    app_pop(view->app, view);
  else
    menu_key(&self->menu, key);
  return true;
}

static const struct hint *recover_hints(G_GNUC_UNUSED struct view *view, int *ret_count)
{
  static const struct hint hints[] = {
      {NULL, "export", "Enter"}, {NULL, "export all", "a"}, {NULL, "discard", "d"}, {NULL, "later", "Esc"}};
  *ret_count = G_N_ELEMENTS(hints);
  return hints;
}

static void recover_free(struct view *view)
{
  struct recover *self = (struct recover *)view;
  menu_clear(&self->menu);
  g_free(self);
}

static const struct view_class recover_class = {
    .place = "question",
    .shape = VIEW_DIALOG,
    .freezes = true,
    .draw = recover_draw,
    .key = recover_key,
    .hints = recover_hints,
    .free = recover_free,
};

struct view *recover_new(struct app *app)
{
  struct recover *self = g_new0(struct recover, 1);
  self->view = (struct view){&recover_class, app};
  refill(self);
  return &self->view;
}
