/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/engine/batch_play.h"

#include "core/base/error.h"
#include "core/base/units.h"
#include "core/engine/command.h"
#include "core/engine/run.h"

static bool do_quit(G_GNUC_UNUSED struct engine *engine, G_GNUC_UNUSED char **words,
                    G_GNUC_UNUSED GError **err)
{
  return true;
}

static bool do_export(struct engine *engine, char **words, G_GNUC_UNUSED GError **err)
{
  engine_export_now(engine, words[0]);
  return true;
}

static bool do_tick(struct engine *engine, char **words, GError **err)
{
  double seconds;
  if (!words[0])
    return error_set(err, ERROR_USAGE, NULL, "tick: how many seconds?");
  return units_parse_seconds(words[0], SETTINGS_INTERVAL_MIN, SETTINGS_INTERVAL_MAX, &seconds, err) &&
         engine_set_interval(engine, seconds, err);
}

static bool do_refresh(struct engine *engine, G_GNUC_UNUSED char **words, G_GNUC_UNUSED GError **err)
{
  engine_refresh(engine);
  return true;
}

/* The screen's commands that make sense without one. */
static const struct {
  enum command_id id;
  bool (*run)(struct engine *engine, char **words, GError **err);
} commands[] = {{COMMAND_QUIT, do_quit},
                {COMMAND_EXPORT, do_export},
                {COMMAND_TICK, do_tick},
                {COMMAND_REFRESH, do_refresh}};

static bool run_command(struct engine *engine, const char *text, bool *ret_quit, GError **err)
{
  struct command_line *line = command_parse(text, err);
  bool ok = line && line->command->action >= 0 && engine_run(engine, line, NULL, err);
  for (size_t i = 0; line && line->command->action < 0 && i < G_N_ELEMENTS(commands); i++)
    if ((int)commands[i].id == line->command->screen)
      ok = commands[i].run(engine, line->words, err);
  if (line && !ok && !*err)
    error_set(err, ERROR_USAGE, "leave out --batch", "%s needs a screen", line->command->name);
  *ret_quit = ok && line->command->screen == COMMAND_QUIT;
  command_line_free(line);
  return ok;
}

static bool failed(const struct play *play, GError **err)
{
  return error_set(err, ERROR_GENERAL, NULL, "the script failed: %s", play_failure(play));
}

bool batch_play(struct engine *engine, struct play *play, int *ret_ms, GError **err)
{
  for (;;) {
    g_autofree char *text = NULL;
    g_autoptr(GError) why = NULL;
    double seconds;
    bool quit = false;
    switch (play_next(play, engine, NULL, &text, &seconds)) {
    case PLAY_WAIT:
      *ret_ms = (int)(seconds * 1000);
      return true;
    case PLAY_COMMAND:
      if (!run_command(engine, text, &quit, &why))
        play_refuse(play, why);
      if (quit)
        return false;
      *ret_ms = 0; /* the jobs that it began show themselves at the next poll */
      return true;
    case PLAY_KEY:
    case PLAY_TEXT:
      error_set(&why, ERROR_USAGE, NULL, "needs a screen; write the : command instead");
      play_refuse(play, why);
      break;
    case PLAY_FAILED:
      return failed(play, err);
    case PLAY_DONE:
      return false;
    }
  }
}
