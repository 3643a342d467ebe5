/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The serial console of a guest.  All keys are the guest's but one, which opens a way out, back to lines that
 * have scrolled off, and to a search among them. */
#include "core/base/error.h"
#include "core/base/text.h"
#include "tui/editor.h"
#include "tui/emulator.h"
#include "tui/views.h"

enum mode { MODE_GUEST, MODE_KEYS, MODE_SEARCH };

struct console {
  struct view view;
  struct target target;
  struct emulator *emulator;
  enum mode mode;
  int key;          /* the one that is not the guest's */
  char *key_name;   /* as it is shown */
  int scroll, page; /* lines back; lines on the screen */
  struct editor pattern;
  char *found_nothing; /* what was looked for in vain, or NULL */
  struct hint hints[8];
};

static void read_guest(struct console *self)
{
  struct app *app = self->view.app;
  bool ended;
  g_autofree char *why = NULL;
  g_autoptr(GBytes) bytes = engine_console_take(app_engine(app), &ended, &why);
  gsize n = 0;
  const void *data = bytes ? g_bytes_get_data(bytes, &n) : NULL;
  if (n)
    emulator_feed(self->emulator, data, n);
  g_autoptr(GBytes) answer = emulator_sent(self->emulator);
  if (answer)
    engine_console_send(app_engine(app), g_bytes_get_data(answer, NULL), g_bytes_get_size(answer));
  if (!ended)
    return;
  g_autofree char *name = app_guest_name(app, &self->target),
                  *safe = text_safe(why ? why : "the guest closed it");
  app_say(app, why != NULL, "console of %s: %s", name, safe);
  app_pop(app, &self->view);
}

static void console_news(struct view *view, unsigned news)
{
  if (news & NEWS_CONSOLE)
    read_guest((struct console *)view);
}

/* ---- keys ---- */

static void scroll_by(struct console *self, int lines)
{
  self->scroll = CLAMP(self->scroll + lines, 0, emulator_scrollback(self->emulator));
}

/* The next line above BACK that holds the pattern becomes the first one on the screen. */
static void search(struct console *self, int back)
{
  const int at = emulator_search(self->emulator, editor_text(&self->pattern), back);
  g_clear_pointer(&self->found_nothing, g_free);
  if (at >= 0)
    self->scroll = at;
  else
    self->found_nothing = text_safe(editor_text(&self->pattern));
}

static void search_key(struct console *self, int key)
{
  if (key == KEYS_ESC || key == KEYS_ENTER)
    self->mode = MODE_KEYS;
  if (key == KEYS_ENTER)
    search(self, MAX(self->scroll - self->page - 1, 0)); /* from the last line on the screen */
  else if (key != KEYS_ESC)
    editor_key(&self->pattern, key);
}

/* The keys that are not the guest's; any other goes back to it. */
static void own_key(struct console *self, int key)
{
  switch (key) {
  case KEYS_UP:
    scroll_by(self, 1);
    return;
  case KEYS_DOWN:
    scroll_by(self, -1);
    return;
  case KEYS_PAGE_UP:
  case 'b':
    scroll_by(self, self->page);
    return;
  case KEYS_PAGE_DOWN:
  case KEYS_SPACE:
    scroll_by(self, -self->page);
    return;
  case KEYS_HOME:
    scroll_by(self, emulator_scrollback(self->emulator));
    return;
  case '/':
    self->mode = MODE_SEARCH;
    return;
  case 'n':
    search(self, self->scroll);
    return;
  case 'q':
    app_pop(self->view.app, &self->view);
    return;
  default:
    break;
  }
  if (key == self->key) {
    app_pop(self->view.app, &self->view);
    return;
  }
  self->mode = MODE_GUEST;
  self->scroll = 0;
}

static bool console_key(struct view *view, int key)
{
  struct console *self = (struct console *)view;
  if (self->mode == MODE_SEARCH) {
    search_key(self, key);
  } else if (self->mode == MODE_KEYS) {
    own_key(self, key);
  } else if (key == self->key) {
    self->mode = MODE_KEYS;
  } else {
    emulator_key(self->emulator, key);
    read_guest(self);
  }
  return true;
}

/* ---- drawing ---- */

static void draw_title(struct console *self, struct canvas *canvas, struct rect area)
{
  g_autofree char *name = app_guest_name(self->view.app, &self->target);
  g_autofree char *back = self->scroll ? g_strdup_printf(", %d lines back", self->scroll) : g_strdup("");
  g_autofree char *title =
      g_strdup_printf("Console of %s%s · %s %s leaves", name, back, self->key_name, self->key_name);
  canvas_rule(canvas, area.x, area.y, area.w, title);
}

static void draw_search(struct console *self, struct canvas *canvas, struct rect area)
{
  if (self->mode == MODE_SEARCH) {
    canvas_fill(canvas, area, ROLE_INPUT);
    const int x = canvas_put(canvas, area.x, area.y, ROLE_INPUT, "/");
    editor_draw(&self->pattern, canvas, x, area.y, area.w - 1, ROLE_INPUT, true);
  } else if (self->found_nothing) {
    canvas_fill(canvas, area, ROLE_TEXT);
    canvas_putf(canvas, area.x, area.y, ROLE_WARN, "\"%s\" is not above", self->found_nothing);
  }
}

static void console_draw(struct view *view, struct canvas *canvas, struct rect area)
{
  struct console *self = (struct console *)view;
  const struct rect inside = {area.x, area.y + 1, area.w, area.h - 1};
  self->page = MAX(inside.h - 1, 1);
  emulator_resize(self->emulator, inside.h, inside.w);
  canvas_fill(canvas, area, ROLE_TEXT);
  draw_title(self, canvas, area);
  emulator_draw(self->emulator, canvas, inside, self->scroll);
  draw_search(self, canvas, (struct rect){inside.x, inside.y + inside.h - 1, inside.w, 1});
}

static const struct hint *console_hints(struct view *view, int *ret_count)
{
  struct console *self = (struct console *)view;
  static const struct hint own[] = {{NULL, "leave", "q"},          {NULL, "back", "PageUp"},
                                    {NULL, "forward", "PageDown"}, {NULL, "search", "/"},
                                    {NULL, "again", "n"},          {NULL, "to the guest", "Enter"}};
  static const struct hint searching[] = {{NULL, "search", "Enter"}, {NULL, "leave", "Esc"}};
  if (self->mode == MODE_GUEST) {
    self->hints[0] =
        (struct hint){NULL, "leave, scroll, search; all other keys are the guest's", self->key_name};
    *ret_count = 1;
    return self->hints;
  }
  *ret_count = self->mode == MODE_KEYS ? G_N_ELEMENTS(own) : G_N_ELEMENTS(searching);
  return self->mode == MODE_KEYS ? own : searching;
}

/* ---- its life ---- */

static const struct target *console_guest(const struct view *view)
{
  return &((const struct console *)view)->target;
}

static void console_free(struct view *view)
{
  struct console *self = (struct console *)view;
  engine_console_close(app_engine(view->app));
  emulator_free(self->emulator);
  editor_clear(&self->pattern);
  g_free(self->key_name);
  g_free(self->found_nothing);
  g_free(self);
}

static const struct view_class console_class = {
    .place = "all",
    .shape = VIEW_SCREEN,
    .takes_all_keys = true,
    .draw = console_draw,
    .key = console_key,
    .guest = console_guest,
    .news = console_news,
    .hints = console_hints,
    .free = console_free,
};

struct view *console_new(struct app *app, const struct target *target)
{
  struct console *self = g_new0(struct console, 1);
  self->view = (struct view){&console_class, app};
  self->target = *target;
  self->emulator = emulator_new(24, 80);
  self->key = keys_find(settings_get(app_settings(app), SETTING_CONSOLE_KEY));
  self->key_name = keys_name(self->key);
  editor_init(&self->pattern, "");
  return &self->view;
}
