/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scripts: what is wrong in one is named with its line; steps wait for what the last one began. */
#include "tests/unit/test.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/engine/condition.h"
#include "core/engine/play.h"
#include "tests/fake/fake.h"

static char *script_file(const char *text)
{
  char *path = NULL;
  const int fd = g_file_open_tmp("virtlens-play-XXXXXX", &path, NULL);
  cr_assert(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
  close(fd);
  return path;
}

static char *some_key(const char *name)
{
  return strcmp(name, "Pageup") == 0 ? NULL : g_strdup(name);
}

static struct play *read_script(const char *text, GPtrArray *complaints)
{
  g_autofree char *path = script_file(text);
  struct play *play = play_read(path, some_key, complaints);
  g_unlink(path);
  return play;
}

static struct play *good_script(const char *text)
{
  g_autoptr(GPtrArray) complaints = g_ptr_array_new_with_free_func(g_free);
  struct play *play = read_script(text, complaints);
  cr_assert_not_null(play, "%s", complaints->len ? (char *)complaints->pdata[0] : "");
  return play;
}

static const struct {
  const char *line, *complaint;
} faults[] = {
    {"launch name=a", ":1: unknown step \"launch\""},
    {":lunch", ":1: unknown command \"lunch\" (did you mean \"launch\"?"},
    {"key Pageup", ":1: unknown key \"Pageup\""},
    {"key", ":1: key: which?"},
    {"wait", ":1: \"\" begins no condition"},
    {"wait guest a", ":1: the condition on a guest is not complete"},
    {"wait guest a flying", ":1: \"flying\" is neither a state nor a metric"},
    {"wait guest a reads = 1", "by > or <"},
    {"wait guest a reads > much", "much"},
    {"wait guest a running within -1", ":1: "},
    {"expect job perhaps", ":1: \"perhaps\" is no outcome"},
    {"expect text", ":1: text: which?"},
};

Test(play, every_fault_is_named_with_its_line)
{
  for (size_t i = 0; i < G_N_ELEMENTS(faults); i++) {
    g_autoptr(GPtrArray) complaints = g_ptr_array_new_with_free_func(g_free);
    cr_assert_null(read_script(faults[i].line, complaints), "%s", faults[i].line);
    cr_assert_eq(complaints->len, 1);
    cr_assert(strstr(complaints->pdata[0], faults[i].complaint), "%s: %s", faults[i].line,
              (char *)complaints->pdata[0]);
  }
}

/* The next thing that PLAY wants, waits aside. */
static enum play_want want(struct play *play, const struct engine *engine, const char *screen,
                           char **ret_text)
{
  double seconds;
  return play_next(play, engine, screen, ret_text, &seconds);
}

static struct engine *engine_with_guests(void)
{
  static const struct fake_options options = {0};
  struct engine *engine = fake_engine_new(&options);
  fake_step(engine);
  return engine;
}

Test(play, steps_are_handed_over_in_order)
{
  struct engine *engine = engine_with_guests();
  struct play *play = good_script("# a comment\n:events\nkey j F5\n\ntext a b\n:quit\n");
  static const struct {
    enum play_want want;
    const char *text;
  } expected[] = {{PLAY_COMMAND, ":events"},
                  {PLAY_KEY, "j"},
                  {PLAY_KEY, "F5"},
                  {PLAY_TEXT, "a b"},
                  {PLAY_COMMAND, ":quit"}};
  for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
    g_autofree char *text = NULL;
    cr_assert_eq(want(play, engine, NULL, &text), expected[i].want, "step %zu", i);
    cr_assert_str_eq(text, expected[i].text);
  }
  g_autofree char *text = NULL;
  cr_assert_eq(want(play, engine, NULL, &text), PLAY_DONE);
  play_free(play);
  engine_free(engine);
}

Test(play, an_expectation_that_fails_says_where_and_what_was_seen)
{
  struct engine *engine = engine_with_guests();
  struct play *play = good_script("expect guest nobody gone\nexpect guest nobody running\n");
  g_autofree char *text = NULL;
  cr_assert_eq(want(play, engine, NULL, &text), PLAY_FAILED);
  cr_assert(strstr(play_failure(play), ":2: expect guest nobody running: there is no guest nobody"), "%s",
            play_failure(play));
  play_free(play);
  engine_free(engine);
}

Test(play, text_is_looked_for_on_the_screen)
{
  struct engine *engine = engine_with_guests();
  struct play *play = good_script("wait text two words\n:quit\n");
  g_autofree char *text = NULL;
  cr_assert_eq(want(play, engine, "one word", &text), PLAY_WAIT);
  cr_assert_eq(want(play, engine, "here are two words now", &text), PLAY_COMMAND);
  play_free(play);
  engine_free(engine);
}

Test(play, a_refused_command_fails_the_script)
{
  struct engine *engine = engine_with_guests();
  struct play *play = good_script(":start nobody\n:quit\n");
  g_autofree char *text = NULL, *more = NULL;
  g_autoptr(GError) err = NULL;
  cr_assert_eq(want(play, engine, NULL, &text), PLAY_COMMAND);
  error_set(&err, ERROR_GENERAL, NULL, "there is no such guest");
  play_refuse(play, err);
  cr_assert_eq(want(play, engine, NULL, &more), PLAY_FAILED);
  cr_assert(strstr(play_failure(play), ":1: :start nobody: there is no such guest"));
  play_free(play);
  engine_free(engine);
}

Test(play, a_refused_key_fails_its_own_step_and_failures_are_safe_to_print)
{
  struct engine *engine = engine_with_guests();
  struct play *play = good_script(":events\nkey j F5\n");
  g_autoptr(GError) err = NULL;
  for (int i = 0; i < 2; i++) {
    g_autofree char *text = NULL;
    cr_assert_eq(want(play, engine, NULL, &text), i == 0 ? PLAY_COMMAND : PLAY_KEY);
  }
  error_set(&err, ERROR_USAGE, "write the command", "needs a screen");
  play_refuse(play, err);
  cr_assert(strstr(play_failure(play), ":2: key j F5: "), "%s", play_failure(play));
  cr_assert(strstr(play_failure(play), "needs a screen (write the command)"), "%s", play_failure(play));
  play_free(play);
  play = good_script("expect guest \x1b[31m running\n");
  g_autofree char *text = NULL;
  cr_assert_eq(want(play, engine, NULL, &text), PLAY_FAILED);
  cr_assert(text_is_safe(play_failure(play)), "%s", play_failure(play));
  play_free(play);
  engine_free(engine);
}

Test(play, a_snapshot_comes_before_what_destroys_if_asked)
{
  static const char *const expected[] = {
      ":force-off a yes",   ":snapshot 'b c' 'description=before :reset \"b c\" yes'",
      ":reset \"b c\" yes", ":pause a",
      ":delete a yes",      ":force-off a yes"};
  struct engine *engine = engine_with_guests();
  struct play *play =
      good_script(":force-off a yes\n:snapshot auto on\n:reset \"b c\" yes\n:pause a\n:delete a yes\n"
                  ":snapshot auto off\n:force-off a yes\n");
  for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
    g_autofree char *text = NULL;
    cr_assert_eq(want(play, engine, NULL, &text), PLAY_COMMAND, "step %zu", i);
    g_auto(GStrv) words = text_split_words(text, NULL), same = text_split_words(expected[i], NULL);
    cr_assert(g_strv_equal((const char *const *)words, (const char *const *)same), "%s", text);
  }
  play_free(play);
  engine_free(engine);
}
