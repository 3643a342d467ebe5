/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scripts drive the same program as keys do, and keys can be kept as a script. */
#include <string.h>

#include "core/base/error.h"
#include "core/engine/play.h"
#include "tui/app_private.h"
#include "tui/canvas.h"
#include "tui/keys.h"

/* What the script did goes to the screen before the next step looks at it. */
static void end_failed(struct app *app)
{
  g_autofree char *screen = canvas_text(app->canvas);
  app->failure = g_strdup_printf("%s\n%s", play_failure(app->script->play), screen);
  app_quit(app, "the script failed");
}

static void play_command(struct app *app, const char *line)
{
  g_autoptr(GError) err = NULL;
  if (!app_do(app, line, &err))
    play_refuse(app->script->play, err);
}

static void play_text(struct app *app, const char *text)
{
  g_autofree gunichar *keys = g_utf8_to_ucs4_fast(text, -1, NULL);
  for (int i = 0; keys[i] && !app->done; i++)
    app_take_key(app, (int)keys[i]);
}

/* One step of the script, if it is ready.  RET_MS: when to come again at the latest; negative: no need. */
void app_play(struct app *app, int *ret_ms)
{
  *ret_ms = -1;
  if (!app->script || !app->script->play || app->played || app->done)
    return;
  g_autofree char *screen = canvas_text(app->canvas), *text = NULL;
  double seconds = 0;
  switch (play_next(app->script->play, app->engine, screen, &text, &seconds)) {
  case PLAY_WAIT:
    *ret_ms = (int)(seconds * 1000);
    return;
  case PLAY_COMMAND:
    play_command(app, text);
    break;
  case PLAY_KEY:
    app_take_key(app, keys_find(text));
    break;
  case PLAY_TEXT:
    play_text(app, text);
    break;
  case PLAY_FAILED:
    end_failed(app);
    return;
  case PLAY_DONE:
    app->played = true;
    return;
  }
  app->changed = true;
  *ret_ms = 0;
}

void app_record_key(const struct app *app, int key)
{
  if (!app->script || !app->script->record)
    return;
  g_autofree char *name = keys_name(key);
  fprintf(app->script->record, "key %s\n", name);
  fflush(app->script->record);
}
