/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/menu.h"

#include "core/base/text.h"
#include "tui/keys.h"
#include "tui/layout.h"

static void item_clear(gpointer data)
{
  struct menu_item *item = data;
  g_free(item->id);
  g_free(item->text);
  g_free(item->note);
}

void menu_init(struct menu *menu, bool ticks)
{
  *menu = (struct menu){.ticks = ticks};
  menu->items = g_array_new(FALSE, TRUE, sizeof(struct menu_item));
  g_array_set_clear_func(menu->items, item_clear);
}

void menu_clear(struct menu *menu)
{
  if (menu->items)
    g_array_unref(menu->items);
  menu->items = NULL;
}

void menu_add(struct menu *menu, const char *id, const char *text, const char *note, bool disabled,
              bool ticked)
{
  struct menu_item item = {.id = g_strdup(id),
                           .text = text_safe(text),
                           .note = text_safe(note),
                           .role = disabled ? ROLE_DISABLED : ROLE_DIALOG,
                           .disabled = disabled,
                           .ticked = ticked};
  g_array_append_val(menu->items, item);
}

static struct menu_item *item_at(const struct menu *menu, int i)
{
  return &g_array_index(menu->items, struct menu_item, i);
}

int menu_count(const struct menu *menu)
{
  return (int)menu->items->len;
}

const struct menu_item *menu_item(const struct menu *menu)
{
  return menu->at >= 0 && menu->at < menu_count(menu) ? item_at(menu, menu->at) : NULL;
}

int menu_find(const struct menu *menu, const char *id)
{
  for (int i = 0; i < menu_count(menu); i++)
    if (g_strcmp0(item_at(menu, i)->id, id) == 0)
      return i;
  return -1;
}

bool menu_step(struct menu *menu, int step)
{
  int count = menu_count(menu), at = menu->at;
  for (int i = 0; i < count; i++) {
    at = (at + step + count) % count;
    if (item_at(menu, at)->disabled)
      continue;
    menu->at = at;
    return true;
  }
  return false;
}

static const struct {
  int key, step;
} moves[] = {
    {KEYS_UP, -1},       {'k', -1},          {KEYS_CTRL('P'), -1}, {KEYS_DOWN, 1},      {'j', 1},
    {KEYS_CTRL('N'), 1}, {KEYS_PAGE_UP, -8}, {KEYS_PAGE_DOWN, 8},  {KEYS_HOME, -10000}, {'g', -10000},
    {KEYS_END, 10000},   {'G', 10000},
};

bool menu_key(struct menu *menu, int key)
{
  if (menu->ticks && key == KEYS_SPACE && menu_item(menu)) {
    struct menu_item *item = item_at(menu, menu->at);
    item->ticked = !item->ticked && !item->disabled;
    return true;
  }
  for (size_t i = 0; i < G_N_ELEMENTS(moves); i++) {
    if (moves[i].key != key)
      continue;
    menu->at = CLAMP(menu->at + moves[i].step, 0, MAX(menu_count(menu) - 1, 0));
    return true;
  }
  return false;
}

static int text_columns(const struct menu *menu)
{
  int width = 0;
  for (int i = 0; i < menu_count(menu); i++)
    width = MAX(width, text_width(item_at(menu, i)->text));
  return width + (menu->ticks ? 4 : 2);
}

void menu_wants(const struct menu *menu, int *ret_w, int *ret_h)
{
  int note = 0;
  for (int i = 0; i < menu_count(menu); i++)
    note = MAX(note, text_width(item_at(menu, i)->note));
  *ret_w = text_columns(menu) + (note ? note + 2 : 0) + 1;
  *ret_h = menu_count(menu);
}

static void item_draw(const struct menu *menu, struct canvas *canvas, struct rect row, int i, bool focus)
{
  const struct menu_item *item = item_at(menu, i);
  bool here = i == menu->at;
  int x = canvas_put(canvas, row.x, row.y, ROLE_KEY, here ? "▸ " : "  ");
  if (menu->ticks)
    x = canvas_put(canvas, x, row.y, item->role, item->ticked ? "✓ " : "  ");
  int columns = MIN(text_columns(menu) - (x - row.x) + 2, row.x + row.w - x);
  canvas_put_fit(canvas, x, row.y, columns, item->role, item->text);
  if (*item->note)
    canvas_put_fit(canvas, x + columns + 2, row.y, row.x + row.w - x - columns - 2,
                   item->disabled ? ROLE_DISABLED : ROLE_DIM, item->note);
  if (here && focus)
    canvas_ground(canvas, row, ROLE_CHOICE);
}

void menu_draw(const struct menu *menu, struct canvas *canvas, struct rect rect, bool focus)
{
  int count = menu_count(menu);
  int first = CLAMP(menu->at - rect.h / 2, 0, MAX(count - rect.h, 0));
  for (int i = 0; i < rect.h && first + i < count; i++)
    item_draw(menu, canvas, (struct rect){rect.x, rect.y + i, rect.w, 1}, first + i, focus);
}

void menu_draw_box(const struct menu *menu, struct canvas *canvas, struct rect area, const char *title)
{
  int w, h;
  menu_wants(menu, &w, &h);
  w = MAX(w, text_width(title)) + 4;
  menu_draw(menu, canvas, canvas_box(canvas, layout_centre(area, w, h + 2), title), true);
}
