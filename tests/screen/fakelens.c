/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The real screen over a made-up engine: what the scripts of tests/screen drive where neither libvirt
 * nor a replay can give what they need.  Arguments: hostile, many, empty, opening, failed, readonly,
 * unfinished, lost, sink; noisy: at each SIGUSR1 a child speaks on standard error, and at the end we do. */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/path.h"
#include "tests/fake/fake.h"
#include "tui/judge.h"
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

static void *make_noise(void *set)
{
  for (int number; sigwait(set, &number) == 0;)
    g_spawn_command_line_sync("/bin/sh -c 'echo noise of a child >&2'", NULL, NULL, NULL, NULL);
  return NULL;
}

/* Before other threads start. */
static void be_noisy(sigset_t *set)
{
  pthread_t thread;
  sigemptyset(set);
  sigaddset(set, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, set, NULL);
  if (pthread_create(&thread, NULL, make_noise, set) == 0)
    pthread_detach(thread);
}

static int run(struct engine *engine, struct settings *settings)
{
  g_autoptr(GError) err = NULL;
  struct script none = {0};
  struct terminal_options options = {.utf8 = settings_get(settings, SETTING_UTF8),
                                     .graphs = settings_get(settings, SETTING_GRAPHS),
                                     .mouse = settings_bool(settings, SETTING_MOUSE)};
  g_autofree char *state = path_state(), *log = g_build_filename(state, "virtlens.log", NULL);
  if (!path_make(state, &err) || !log_to_file(log, &options.log_fd, &err)) {
    fprintf(stderr, "fakelens: %s\n", err->message);
    return error_exit_status(err);
  }
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
  struct settings *settings = settings_read(NULL, &judge_screen, complaints);
  for (guint i = 0; i < complaints->len; i++)
    fprintf(stderr, "%s\n", (const char *)g_ptr_array_index(complaints, i));
  if (!settings)
    return 2;
  struct fake_options options = {.readonly = has(argc, argv, "readonly"),
                                 .unfinished = has(argc, argv, "unfinished"),
                                 .lost = has(argc, argv, "lost"),
                                 .sink = has(argc, argv, "sink")};
  for (size_t i = 0; i < G_N_ELEMENTS(worlds); i++)
    if (has(argc, argv, worlds[i]))
      options.world = (enum fake_world)i;
  struct engine *engine = fake_engine_new(&options);
  for (int i = 0; i < PAST_TICKS; i++)
    fake_step(engine);
  sigset_t noise;
  if (has(argc, argv, "noisy"))
    be_noisy(&noise);
  int status = run(engine, settings);
  if (has(argc, argv, "noisy"))
    fprintf(stderr, "our last words\n");
  engine_free(engine);
  settings_free(settings);
  return status;
}
