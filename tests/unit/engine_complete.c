/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Completion of the : command line. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/base/text.h"
#include "core/engine/command.h"
#include "tests/unit/fake_engine.h"

struct world {
  struct engine *engine;
  struct settings *settings;
};

static struct world world_new(const char *odd_guest)
{
  g_autoptr(GPtrArray) complaints = g_ptr_array_new_with_free_func(g_free);
  struct world world = {.settings = settings_read("/dev/null", complaints)};
  cr_assert_not_null(world.settings);
  const struct fake_options options = {.hostile = odd_guest};
  world.engine = fake_engine_new(&options, world.settings);
  fake_step(world.engine);
  return world;
}

static void world_free(struct world *world)
{
  engine_free(world->engine);
  settings_free(world->settings);
}

/* What LINE may become, joined by '|'. */
static char *completed(const struct world *world, const char *line)
{
  g_auto(GStrv) lines = command_complete(world->engine, line);
  return g_strjoinv("|", lines);
}

static void becomes(const struct world *world, const char *line, const char *expected)
{
  g_autofree char *got = completed(world, line);
  cr_assert_str_eq(got, expected, "%s: %s", line, got);
}

Test(complete, commands)
{
  struct world world = world_new(NULL);
  becomes(&world, "lau", "launch ");
  becomes(&world, "page-", "page-down|page-up");
  becomes(&world, "nothing-like-it", "");
  g_auto(GStrv) all = command_complete(world.engine, "");
  int count;
  command_table(&count);
  cr_assert_eq(g_strv_length(all), (guint)count);
  for (guint i = 1; all[i]; i++)
    cr_assert_lt(strcmp(all[i - 1], all[i]), 0, "sorted, each once: %s, %s", all[i - 1], all[i]);
  world_free(&world);
}

Test(complete, guests_and_words)
{
  struct world world = world_new(NULL);
  becomes(&world, "stop tour-", "stop tour-ide|stop tour-virtio");
  becomes(&world, "delete tour-ide keep", "delete tour-ide keep-disks");
  becomes(&world, "quit x", "");
  world_free(&world);
}

Test(complete, a_name_with_blanks_is_quoted)
{
  struct world world = world_new("my odd guest");
  becomes(&world, "stop my", "stop 'my odd guest'");
  becomes(&world, "stop 'my o", "stop 'my odd guest'");
  becomes(&world, "stop \"my odd g", "stop 'my odd guest'");
  becomes(&world, "stop my\\ odd", "stop 'my odd guest'");
  world_free(&world);
}

Test(complete, fields_and_values_of_launch)
{
  struct world world = world_new(NULL);
  becomes(&world, "launch vc", "launch vcpus=");
  becomes(&world, "launch cache=write", "launch cache=writeback|launch cache=writethrough");
  becomes(&world, "launch iothread=", "launch iothread=no|launch iothread=yes");
  becomes(&world, "launch name='a b' accel=t", "launch name='a b' accel=tcg");
  becomes(&world, "launch nonsense=", "");
  world_free(&world);
}

/* Whatever stands on the line: each offer keeps what was typed before the last word, and is a line of its
 * own. */
Test(complete, random_lines)
{
  static const char *const pieces[] = {"stop",   "launch", " ", "'",   "\"", "\\",
                                       "cache=", "tour",   "é", "set", "=",  "\t"};
  struct world world = world_new("a'b c");
  g_autoptr(GRand) rand = g_rand_new_with_seed(11);
  for (int round = 0; round < 3000; round++) {
    g_autoptr(GString) line = g_string_new(NULL);
    for (int i = g_rand_int_range(rand, 0, 7); i > 0; i--)
      g_string_append(line, pieces[g_rand_int_range(rand, 0, G_N_ELEMENTS(pieces))]);
    g_auto(GStrv) offers = command_complete(world.engine, line->str);
    g_auto(GStrv) typed = text_split_words(line->str, NULL);
    for (char **offer = offers; typed && *offer; offer++) {
      g_auto(GStrv) words = text_split_words(*offer, NULL);
      cr_assert_not_null(words, "%s -> %s", line->str, *offer);
      for (guint i = 0; typed[i] && typed[i + 1]; i++)
        cr_assert_str_eq(words[i], typed[i], "%s -> %s", line->str, *offer);
    }
  }
  world_free(&world);
}
