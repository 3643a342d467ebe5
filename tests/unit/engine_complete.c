/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Completion of the : command line. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/base/text.h"
#include "core/engine/command.h"
#include "core/engine/complete.h"
#include "tests/fake/fake.h"

static struct engine *engine_with(const char *odd_guest)
{
  const struct fake_options options = {.extra = odd_guest};
  return fake_engine_new(&options);
}

/* What LINE may become, joined by '|'. */
static char *completed(const struct engine *engine, const char *line)
{
  g_auto(GStrv) lines = complete_line(engine, line);
  return g_strjoinv("|", lines);
}

static void becomes(const struct engine *engine, const char *line, const char *expected)
{
  g_autofree char *got = completed(engine, line);
  cr_assert_str_eq(got, expected, "%s: %s", line, got);
}

Test(complete, commands)
{
  struct engine *engine = engine_with(NULL);
  becomes(engine, "lau", "launch ");
  becomes(engine, "page-", "page-down|page-up");
  becomes(engine, "nothing-like-it", "");
  g_auto(GStrv) all = complete_line(engine, "");
  int count;
  command_table(&count);
  cr_assert_eq(g_strv_length(all), (guint)count);
  for (guint i = 1; all[i]; i++)
    cr_assert_lt(strcmp(all[i - 1], all[i]), 0, "sorted, each once: %s, %s", all[i - 1], all[i]);
  engine_free(engine);
}

Test(complete, guests_and_words)
{
  struct engine *engine = engine_with(NULL);
  becomes(engine, "stop tour-", "stop tour-ide|stop tour-virtio");
  becomes(engine, "delete tour-ide keep", "delete tour-ide keep-disks");
  becomes(engine, "clone tour-ide mode=", "clone tour-ide mode=full|clone tour-ide mode=linked");
  becomes(engine, "clone tour-ide mo", "clone tour-ide mode=");
  becomes(engine, "clone tour-ide name=", "");
  becomes(engine, "quit x", "");
  engine_free(engine);
}

Test(complete, a_name_with_blanks_is_quoted)
{
  struct engine *engine = engine_with("my odd guest");
  becomes(engine, "stop my", "stop 'my odd guest'");
  becomes(engine, "stop 'my o", "stop 'my odd guest'");
  becomes(engine, "stop \"my odd g", "stop 'my odd guest'");
  becomes(engine, "stop my\\ odd", "stop 'my odd guest'");
  engine_free(engine);
}

Test(complete, fields_and_values_of_launch)
{
  struct engine *engine = engine_with(NULL);
  becomes(engine, "launch vc", "launch vcpus=");
  becomes(engine, "launch cache=write", "launch cache=writeback|launch cache=writethrough");
  becomes(engine, "launch iothread=", "launch iothread=no|launch iothread=yes");
  becomes(engine, "launch name='a b' accel=t", "launch name='a b' accel=tcg");
  becomes(engine, "launch nonsense=", "");
  engine_free(engine);
}

/* Whatever stands on the line: each offer keeps what was typed before the last word, and is a line of its
 * own. */
Test(complete, random_lines)
{
  static const char *const pieces[] = {"stop",   "launch", " ", "'",   "\"", "\\",
                                       "cache=", "tour",   "é", "set", "=",  "\t"};
  struct engine *engine = engine_with("a'b c");
  g_autoptr(GRand) rand = g_rand_new_with_seed(11);
  for (int round = 0; round < 3000; round++) {
    g_autoptr(GString) line = g_string_new(NULL);
    for (int i = g_rand_int_range(rand, 0, 7); i > 0; i--)
      g_string_append(line, pieces[g_rand_int_range(rand, 0, G_N_ELEMENTS(pieces))]);
    g_auto(GStrv) offers = complete_line(engine, line->str);
    g_auto(GStrv) typed = text_split_words(line->str, NULL);
    for (char **offer = offers; typed && *offer; offer++) {
      g_auto(GStrv) words = text_split_words(*offer, NULL);
      cr_assert_not_null(words, "%s -> %s", line->str, *offer);
      for (guint i = 0; typed[i] && typed[i + 1]; i++)
        cr_assert_str_eq(words[i], typed[i], "%s -> %s", line->str, *offer);
    }
  }
  engine_free(engine);
}
