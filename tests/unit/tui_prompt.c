/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The line editor and the command line around it. */
#include "tests/unit/test.h"

#include <string.h>

#include "tui/keys.h"
#include "tui/prompt.h"

static void type(struct editor *editor, const char *text)
{
  for (; *text; text = g_utf8_find_next_char(text, NULL))
    cr_assert(editor_key(editor, (int)g_utf8_get_char(text)));
}

static void press(struct editor *editor, const int *keys, size_t count)
{
  for (size_t i = 0; i < count; i++)
    cr_assert(editor_key(editor, keys[i]));
}

#define PRESS(editor, ...)                                                                                   \
  press(editor, (const int[]){__VA_ARGS__}, sizeof((const int[]){__VA_ARGS__}) / sizeof(int))

Test(tui_editor, edits_at_the_cursor)
{
  struct editor editor;
  editor_init(&editor, "");
  type(&editor, "launch");
  PRESS(&editor, KEYS_HOME);
  type(&editor, "re");
  cr_assert_str_eq(editor_text(&editor), "relaunch");
  PRESS(&editor, KEYS_RIGHT, KEYS_DELETE, KEYS_END, KEYS_BACKSPACE);
  cr_assert_str_eq(editor_text(&editor), "relunc");
  PRESS(&editor, KEYS_CTRL('A'), KEYS_BACKSPACE, KEYS_LEFT, KEYS_CTRL('E'), KEYS_DELETE, KEYS_RIGHT);
  cr_assert_str_eq(editor_text(&editor), "relunc");
  editor_clear(&editor);
}

Test(tui_editor, takes_out_words_and_halves)
{
  struct editor editor;
  editor_init(&editor, "start one two  ");
  PRESS(&editor, KEYS_CTRL('W'));
  cr_assert_str_eq(editor_text(&editor), "start one ");
  PRESS(&editor, KEYS_CTRL('Y'), KEYS_CTRL('A'), KEYS_CTRL('F'), KEYS_CTRL('F'), KEYS_CTRL('K'));
  cr_assert_str_eq(editor_text(&editor), "st");
  PRESS(&editor, KEYS_CTRL('Y'), KEYS_CTRL('U'));
  cr_assert_str_eq(editor_text(&editor), "");
  PRESS(&editor, KEYS_CTRL('Y'));
  cr_assert_str_eq(editor_text(&editor), "start one two  ");
  editor_clear(&editor);
}

Test(tui_editor, moves_by_whole_characters)
{
  struct editor editor;
  /* A wide character, and an e with a combining acute. */
  editor_init(&editor, "a東e\xcc\x81"
                       "b");
  PRESS(&editor, KEYS_LEFT, KEYS_LEFT);
  type(&editor, "|");
  cr_assert_str_eq(editor_text(&editor), "a東|e\xcc\x81"
                                         "b");
  PRESS(&editor, KEYS_BACKSPACE, KEYS_BACKSPACE);
  cr_assert_str_eq(editor_text(&editor), "ae\xcc\x81"
                                         "b");
  PRESS(&editor, KEYS_DELETE);
  cr_assert_str_eq(editor_text(&editor), "ab");
  editor_clear(&editor);
}

Test(tui_editor, leaves_other_keys_and_stays_bounded)
{
  struct editor editor;
  editor_init(&editor, "");
  const int others[] = {KEYS_UP, KEYS_ENTER, KEYS_ESC, KEYS_TAB, KEYS_F0 + 2, KEYS_CTRL('P')};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    cr_assert_not(editor_key(&editor, others[i]));
  for (int i = 0; i < EDITOR_MAX + 100; i++)
    editor_key(&editor, 'x');
  cr_assert_eq(strlen(editor_text(&editor)), EDITOR_MAX);
  editor_clear(&editor);
}

static char **lines(const char *a, const char *b, const char *c)
{
  const char *const all[] = {a, b, c, NULL};
  return g_strdupv((char **)(uintptr_t)all);
}

Test(tui_prompt, tab_completes_what_is_common_first)
{
  struct prompt prompt;
  prompt_init(&prompt, "re", NULL);
  prompt_offer(&prompt, lines("replay-jump ", "replay-pause", "replay-step "));
  cr_assert(prompt_complete(&prompt, 1), "the line changed: its choices are to be asked for anew");
  cr_assert_str_eq(prompt_text(&prompt), "replay-");
  prompt_clear(&prompt);
}

Test(tui_prompt, tab_goes_round_and_back_to_what_was_typed)
{
  struct prompt prompt;
  prompt_init(&prompt, "s", NULL);
  prompt_offer(&prompt, lines("set ", "sort ", "start "));
  static const char *const expected[] = {"set ", "sort ", "start ", "s", "set "};
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
    cr_assert_not(prompt_complete(&prompt, 1));
    cr_assert_str_eq(prompt_text(&prompt), expected[i]);
  }
  prompt_complete(&prompt, -1);
  cr_assert_str_eq(prompt_text(&prompt), "s");
  prompt_complete(&prompt, -1);
  cr_assert_str_eq(prompt_text(&prompt), "start ");
  prompt_clear(&prompt);
}

Test(tui_prompt, common_part_never_splits_a_character)
{
  struct prompt prompt;
  prompt_init(&prompt, "start ", NULL);
  prompt_offer(&prompt, lines("start x\xe6\x9d\xb1", "start x\xe6\x9d\xb2", NULL));
  prompt_complete(&prompt, 1);
  cr_assert_str_eq(prompt_text(&prompt), "start x");
  prompt_clear(&prompt);
}

Test(tui_prompt, nothing_to_complete_leaves_the_line)
{
  struct prompt prompt;
  prompt_init(&prompt, "xyz", NULL);
  prompt_offer(&prompt, NULL);
  cr_assert_not(prompt_complete(&prompt, 1));
  prompt_offer(&prompt, lines(NULL, NULL, NULL));
  cr_assert_not(prompt_complete(&prompt, -1));
  cr_assert_str_eq(prompt_text(&prompt), "xyz");
  prompt_clear(&prompt);
}

Test(tui_prompt, history_keeps_the_draft)
{
  g_autoptr(GPtrArray) history = g_ptr_array_new();
  static char first[] = "sort cpu%", second[] = "start a", third[] = "quit";
  g_ptr_array_add(history, first);
  g_ptr_array_add(history, second);
  g_ptr_array_add(history, third);
  struct prompt prompt;
  prompt_init(&prompt, "", history);
  prompt_recall(&prompt, 1);
  cr_assert_str_eq(prompt_text(&prompt), "quit");
  prompt_recall(&prompt, 1);
  prompt_recall(&prompt, 1);
  prompt_recall(&prompt, 1);
  cr_assert_str_eq(prompt_text(&prompt), "sort cpu%", "it stays at the oldest line");
  prompt_recall(&prompt, -1);
  cr_assert_str_eq(prompt_text(&prompt), "start a");
  prompt_recall(&prompt, -1);
  prompt_recall(&prompt, -1);
  cr_assert_str_eq(prompt_text(&prompt), "");
  prompt_recall(&prompt, -1);
  cr_assert_str_eq(prompt_text(&prompt), "");
  prompt_clear(&prompt);
}

Test(tui_prompt, history_goes_by_what_was_typed)
{
  g_autoptr(GPtrArray) history = g_ptr_array_new();
  static char first[] = "sort cpu%", second[] = "quit", third[] = "start a";
  g_ptr_array_add(history, first);
  g_ptr_array_add(history, second);
  g_ptr_array_add(history, third);
  struct prompt prompt;
  prompt_init(&prompt, "s", history);
  prompt_recall(&prompt, 1);
  cr_assert_str_eq(prompt_text(&prompt), "start a");
  prompt_recall(&prompt, 1);
  cr_assert_str_eq(prompt_text(&prompt), "sort cpu%");
  prompt_recall(&prompt, -1);
  prompt_recall(&prompt, -1);
  cr_assert_str_eq(prompt_text(&prompt), "s");
  prompt_clear(&prompt);
}
