/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From keys to command lines. */
#include <string.h>

#include "tui/app_private.h"
#include "tui/terminal.h"

#define WHEEL_ROWS 3

/* The command bound to KEY in PLACE; NULL: none.  "none" takes a key away. */
static const char *bound(const struct app *app, const char *place, int key)
{
  const GPtrArray *bindings = settings_bindings(app->settings);
  for (guint i = bindings->len; i > 0; i--) {
    const struct binding *b = g_ptr_array_index(bindings, i - 1);
    if (strcmp(b->place, place) == 0 && keys_find(b->key) == key)
      return b->command;
  }
  return NULL;
}

static const char *find_command(const struct app *app, int key)
{
  const char *command = bound(app, app_top(app)->class->place, key);
  if (!command)
    command = bound(app, "all", key);
  return command && strcmp(command, "none") != 0 ? command : NULL;
}

/* The first key of a command is the one to show; plain letters before function keys, which some
 * terminals keep for themselves. */
static char *shown_key(const struct app *app, const char *place, const char *command)
{
  const GPtrArray *bindings = settings_bindings(app->settings);
  const char *best = NULL;
  for (guint i = 0; i < bindings->len; i++) {
    const struct binding *b = g_ptr_array_index(bindings, i);
    if (strcmp(b->place, place) != 0 || strcmp(b->command, command) != 0)
      continue;
    bool letter = g_utf8_strlen(b->key, -1) == 1;
    if (!best || (letter && g_utf8_strlen(best, -1) > 1))
      best = b->key;
  }
  return best ? g_strdup(best) : NULL;
}

char *app_key_of(const struct app *app, const char *place, const char *command)
{
  char *key = shown_key(app, place, command);
  if (key)
    return key;
  key = shown_key(app, "all", command);
  /* A key of the place hides the same key of "all". */
  const char *here = key ? bound(app, place, keys_find(key)) : NULL;
  if (here && strcmp(here, command) != 0)
    g_clear_pointer(&key, g_free);
  return key;
}

static void run_key_command(struct app *app, const char *command)
{
  g_autoptr(GError) err = NULL;
  app->from_key = true;
  if (!app_do(app, command, &err))
    app_say_error(app, err);
  app->from_key = false;
}

static bool take_wheel(struct app *app)
{
  int x, y, wheel;
  if (!terminal_mouse(app->terminal, &x, &y, &wheel) || wheel == 0)
    return false;
  for (int i = 0; i < WHEEL_ROWS; i++)
    run_key_command(app, wheel < 0 ? "up" : "down");
  return true;
}

static void say_unbound(struct app *app, int key)
{
  g_autofree char *name = keys_name(key);
  g_autofree char *help = app_key_of(app, app_top(app)->class->place, "help");
  if (help)
    app_say(app, false, "%s does nothing here; %s shows the keys", name, help);
}

static void deal_with(struct app *app, int key)
{
  struct view *top = app_top(app);
  if (top->class->takes_all_keys && top->class->key(top, key)) {
    return;
  } else if (key == KEYS_CTRL('C')) {
    app_quit(app, "SIGINT");
  } else if (key == KEYS_CTRL('Z')) {
    terminal_suspend(app->terminal);
  } else if (key == KEYS_MOUSE && take_wheel(app)) {
    return;
  } else if (!top->class->key || !top->class->key(top, key)) {
    const char *command = find_command(app, key);
    if (command)
      run_key_command(app, command);
    else if (key != KEYS_MOUSE)
      say_unbound(app, key);
  }
}

void app_take_key(struct app *app, int key)
{
  g_clear_pointer(&app->said, g_free);
  app->notice_read = true;
  deal_with(app, key);
  app_free_leaving(app);
}
