/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/script.h"

#include "tui/keys.h"

/* What the script did goes to the screen before the next step looks at it. */
static void fail(struct script *script, struct app *app, const char *screen)
{
  script->failure = g_strdup_printf("%s\n%s", play_failure(script->play), screen);
  app_quit(app, "the script failed");
}

static void do_command(struct script *script, struct app *app, const char *line)
{
  g_autoptr(GError) err = NULL;
  if (!app_do(app, line, &err))
    play_refuse(script->play, err);
}

static void type(struct app *app, const char *text)
{
  g_autofree gunichar *keys = g_utf8_to_ucs4_fast(text, -1, NULL);
  for (int i = 0; keys[i] && !app_ended(app); i++)
    app_take_key(app, (int)keys[i]);
}

bool script_step(struct script *script, struct app *app, const struct canvas *canvas, int *ret_ms)
{
  *ret_ms = -1;
  if (!script->play || script->ended || app_ended(app))
    return false;
  g_autofree char *screen = canvas_text(canvas), *text = NULL;
  double seconds = 0;
  switch (play_next(script->play, app_engine(app), screen, &text, &seconds)) {
  case PLAY_WAIT:
    *ret_ms = (int)(seconds * 1000);
    return false;
  case PLAY_COMMAND:
    do_command(script, app, text);
    break;
  case PLAY_KEY:
    app_take_key(app, keys_find(text));
    break;
  case PLAY_TEXT:
    type(app, text);
    break;
  case PLAY_FAILED:
    fail(script, app, screen);
    break;
  case PLAY_DONE:
    script->ended = true;
    return false;
  }
  return true;
}

void script_keep_key(const struct script *script, int key)
{
  if (!script->record)
    return;
  g_autofree char *name = keys_name(key);
  fprintf(script->record, "key %s\n", name);
  fflush(script->record);
}

void script_clear(struct script *script)
{
  play_free(script->play);
  if (script->record)
    fclose(script->record);
  g_free(script->failure);
}
