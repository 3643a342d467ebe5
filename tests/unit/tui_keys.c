/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys and their names, both ways. */
#include "tests/unit/test.h"

#include <curses.h>

#include "core/engine/settings.h"
#include "tui/judge.h"
#include "tui/keys.h"

static void check_both_ways(const char *name, int key)
{
  g_autofree char *back = keys_name(key);
  cr_assert_eq(keys_find(name), key, "%s is not found", name);
  cr_assert_str_eq(back, name);
}

Test(tui_keys, names_both_ways)
{
  check_both_ways("n", 'n');
  check_both_ways("N", 'N');
  check_both_ways("/", '/');
  check_both_ways("é", 0xe9);
  check_both_ways("^R", 0x12);
  check_both_ways("F5", KEYS_F0 + 5);
  check_both_ways("F24", KEYS_F0 + 24);
  check_both_ways("Enter", KEYS_ENTER);
  check_both_ways("Esc", KEYS_ESC);
  check_both_ways("Tab", KEYS_TAB);
  check_both_ways("Space", KEYS_SPACE);
  check_both_ways("PageDown", KEYS_PAGE_DOWN);
  check_both_ways("BackTab", KEYS_BACKTAB);
}

Test(tui_keys, other_spellings)
{
  cr_assert_eq(keys_find("ctrl-r"), keys_find("^R"));
  cr_assert_eq(keys_find("^r"), keys_find("^R"));
  cr_assert_eq(keys_find("pgdn"), KEYS_PAGE_DOWN);
  cr_assert_eq(keys_find("escape"), KEYS_ESC);
  cr_assert_eq(keys_find("RETURN"), KEYS_ENTER);
  cr_assert_eq(keys_find("f1"), KEYS_F0 + 1);
}

Test(tui_keys, control_keys_that_arrive_as_others)
{
  cr_assert_eq(keys_find("^M"), KEYS_ENTER);
  cr_assert_eq(keys_find("^H"), KEYS_BACKSPACE);
  cr_assert_eq(keys_find("^I"), KEYS_TAB);
  cr_assert_eq(keys_find("^["), KEYS_ESC);
}

Test(tui_keys, no_such_key)
{
  static const char *const bad[] = {"", "F0", "F25", "Meta-x", "^é", "nn", "\xff", "\x01"};
  for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
    cr_assert_eq(keys_find(bad[i]), KEYS_NONE, "\"%s\" is taken for a key", bad[i]);
}

Test(tui_keys, from_curses)
{
  cr_assert_eq(keys_from_curses(KEY_UP, true), KEYS_UP);
  cr_assert_eq(keys_from_curses(KEY_F(10), true), KEYS_F0 + 10);
  cr_assert_eq(keys_from_curses(KEY_NPAGE, true), KEYS_PAGE_DOWN);
  cr_assert_eq(keys_from_curses(KEY_ENTER, true), KEYS_ENTER);
  cr_assert_eq(keys_from_curses('\r', false), KEYS_ENTER);
  cr_assert_eq(keys_from_curses('\n', false), KEYS_ENTER);
  cr_assert_eq(keys_from_curses(0x7f, false), KEYS_BACKSPACE);
  cr_assert_eq(keys_from_curses('j', false), 'j');
  cr_assert_eq(keys_from_curses(KEY_RESIZE, true), KEYS_NONE);
  cr_assert_eq(keys_from_curses(0x110000, false), KEYS_NONE);
}

Test(tui_keys, text)
{
  cr_assert(keys_is_text('a'));
  cr_assert(keys_is_text(0x4e2d));
  cr_assert_not(keys_is_text(KEYS_UP));
  cr_assert_not(keys_is_text(0x1b));
  cr_assert_not(keys_is_text(0x202e));
  cr_assert_not(keys_is_text(KEYS_NONE));
}

/* Configuration and scripts take every key that the screen can tell, by any of its names. */
Test(tui_keys, judged)
{
  static const struct {
    const char *name, *kept;
  } names[] = {{"n", "n"},           {"?", "?"},          {"^R", "^R"},  {"ctrl-r", "^R"}, {"^]", "^]"},
               {"F5", "F5"},         {"f24", "F24"},      {"F25", NULL}, {"^I", "Tab"},    {"PgUp", "PageUp"},
               {"pgdn", "PageDown"}, {"Return", "Enter"}, {"nn", NULL},  {"Foo", NULL},    {"^", "^"},
               {"S-Tab", NULL},      {"Mouse", NULL},     {"", NULL},    {"\xff", NULL}};
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *kept = judge_screen.key(names[i].name);
    cr_assert(g_strcmp0(kept, names[i].kept) == 0, "%s: %s", names[i].name, kept);
  }
  for (int key = 0; key < KEYS_F0 + 25; key++) {
    g_autofree char *name = keys_name(key), *kept = judge_screen.key(name);
    if (key != KEYS_MOUSE && keys_find(name) == key)
      cr_assert_not_null(kept, "a recorded key %s cannot be played", name);
  }
}

/* Every function key has a plain twin, and every key that is shipped exists. */
Test(tui_keys, shipped_bindings)
{
  g_setenv("XDG_CONFIG_HOME", "/nonexistent", TRUE);
  g_autoptr(GPtrArray) complaints = g_ptr_array_new_with_free_func(g_free);
  struct settings *settings = settings_read(NULL, &judge_screen, complaints);
  cr_assert_not_null(settings);
  const GPtrArray *bindings = settings_bindings(settings);
  for (guint i = 0; i < bindings->len; i++) {
    const struct binding *b = g_ptr_array_index(bindings, i);
    cr_assert_neq(keys_find(b->key), KEYS_NONE, "%s is no key", b->key);
    if (keys_find(b->key) < KEYS_F0)
      continue;
    bool twin = false;
    for (guint k = 0; k < bindings->len; k++) {
      const struct binding *other = g_ptr_array_index(bindings, k);
      twin |= keys_find(other->key) < KEYS_SPECIAL && g_str_equal(other->command, b->command);
    }
    cr_assert(twin, "%s (%s) has no plain twin", b->key, b->command);
  }
  settings_free(settings);
}
