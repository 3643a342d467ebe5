/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Questions asked faster than they are answered: only the newest counts, and nobody looks at an answer that
 * is gone. */
#include "tests/unit/test.h"

#include <poll.h>

#include "core/base/error.h"
#include "core/engine/engine.h"
#include "tests/unit/session_dir.h"

#define ROUNDS 100
#define AT_ONCE 8
#define NOBODY "00000000-0000-0000-0000-000000000000"

static const char *answered(struct engine *engine)
{
  const char *why = NULL;
  struct pollfd fd = {engine_wake_fd(engine), POLLIN, 0};
  while (!why) {
    cr_assert_gt(poll(&fd, 1, 60000), 0, "no answer came");
    engine_poll(engine);
    engine_chain(engine, NOBODY, &why);
  }
  return why;
}

Test(engine_ask, an_answer_that_nobody_waits_for_any_more_goes_at_once, .timeout = 120)
{
  struct session_dir dir;
  session_dir_init(&dir);
  g_setenv("XDG_STATE_HOME", dir.path, TRUE);
  const char *const uris[] = {"test:///default", NULL};
  GPtrArray *complaints = g_ptr_array_new_with_free_func(g_free);
  struct settings *settings = settings_read("/dev/null", NULL, complaints);
  const struct engine_options options = {.uris = uris, .settings = settings};
  GError *fault = NULL;
  struct engine *engine = engine_new(&options, &fault);
  cr_assert_not_null(engine, "%s", fault ? fault->message : "");
  for (int round = 0; round < ROUNDS; round++) {
    for (int i = 0; i < AT_ONCE; i++)
      engine_ask_chain(engine, 0, NOBODY);
    cr_assert_not_null(strstr(answered(engine), "guest"));
  }
  char *export = NULL;
  cr_assert(engine_finish(engine, &export, &fault), "%s", fault ? fault->message : "");
  g_free(export);
  engine_free(engine);
  settings_free(settings);
  g_ptr_array_unref(complaints);
  session_dir_clear(&dir);
}
