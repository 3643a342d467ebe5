/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The real screen over a made-up engine: what the scripts of tests/screen drive where neither libvirt
 * nor a replay can give what they need.  Arguments: hostile, many, empty, opening, failed, readonly,
 * unfinished, lost. */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "core/base/error.h"
#include "tests/fake/fake.h"
#include "tui/screen.h"

#define PAST_TICKS 120 /* for the graphs */

static const char *const worlds[] = {
    [FAKE_PLAIN] = "plain", [FAKE_HOSTILE] = "hostile", [FAKE_MANY] = "many",
    [FAKE_EMPTY] = "empty", [FAKE_OPENING] = "opening", [FAKE_FAILED] = "failed"};

static bool has(int argc, char **argv, const char *word)
{
  for (int i = 1; i < argc; i++)
    if (strcmp(argv[i], word) == 0)
      return true;
  return false;
}

static int run(struct engine *engine, struct settings *settings)
{
  g_autoptr(GError) err = NULL;
  struct script none = {0};
  struct terminal_options options = {.utf8 = settings_get(settings, SETTING_UTF8),
                                     .graphs = settings_get(settings, SETTING_GRAPHS),
                                     .mouse = settings_bool(settings, SETTING_MOUSE)};
  struct terminal *terminal = terminal_new(&options, &err);
  if (!terminal) {
    fprintf(stderr, "fakelens: %s\n", err->message);
    return error_exit_status(err);
  }
  g_autofree char *reason = screen_run(engine, settings, terminal, &none);
  terminal_free(terminal);
  printf("ended: %s\n", reason);
  return 0;
}

int main(int argc, char **argv)
{
  setlocale(LC_ALL, "");
  terminal_block_signals();
  g_autoptr(GPtrArray) complaints = g_ptr_array_new_with_free_func(g_free);
  struct settings *settings = settings_read(NULL, complaints);
  for (guint i = 0; i < complaints->len; i++)
    fprintf(stderr, "%s\n", (const char *)g_ptr_array_index(complaints, i));
  if (!settings)
    return 2;
  struct fake_options options = {.readonly = has(argc, argv, "readonly"),
                                 .unfinished = has(argc, argv, "unfinished"),
                                 .lost = has(argc, argv, "lost")};
  for (size_t i = 0; i < G_N_ELEMENTS(worlds); i++)
    if (has(argc, argv, worlds[i]))
      options.world = (enum fake_world)i;
  struct engine *engine = fake_engine_new(&options);
  for (int i = 0; i < PAST_TICKS; i++)
    fake_step(engine);
  int status = run(engine, settings);
  engine_free(engine);
  settings_free(settings);
  return status;
}
