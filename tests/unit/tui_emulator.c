/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The terminal behind a guest's console: what it draws, keeps and sends. */
#include "tests/unit/test.h"

#include <string.h>

#include "tui/emulator.h"
#include "tui/keys.h"

static void feed(struct emulator *emulator, const char *text)
{
  emulator_feed(emulator, text, strlen(text));
}

static char *drawn(const struct emulator *emulator, int scroll)
{
  struct canvas *canvas = canvas_new(20, 3, true, GRAPH_NONE);
  emulator_draw(emulator, canvas, (struct rect){0, 0, 20, 3}, scroll);
  char *text = canvas_text(canvas);
  canvas_free(canvas);
  return text;
}

static void expect(const struct emulator *emulator, int scroll, const char *expected)
{
  g_autofree char *text = drawn(emulator, scroll);
  cr_assert_str_eq(text, expected);
}

Test(emulator, text_moves_and_colours)
{
  struct emulator *emulator = emulator_new(3, 20);
  feed(emulator, "one\r\n\033[1;31mtwo\033[0m\033[3;5Hthree\303\244");
  expect(emulator, 0, "one\ntwo\n    three\303\244\n");
  emulator_free(emulator);
}

Test(emulator, what_is_hostile_goes_nowhere)
{
  static const char *const hostile[] = {"\033]0;title\007",
                                        "\033]52;c;ZXZpbA==\007",
                                        "\033P+q544e\033\\",
                                        "\033[?1000h",
                                        "\033[8;500;500t",
                                        "\033^private\033\\",
                                        "\x9b"
                                        "31m",
                                        "\033[99999999;1H\033[H",
                                        "\033[2147483647b\033[H\033[2J",
                                        "\033#8\033[H\033[2J",
                                        "\xc2\x9b"
                                        "5n",
                                        "\016\017"};
  struct emulator *emulator = emulator_new(3, 20);
  for (size_t i = 0; i < G_N_ELEMENTS(hostile); i++) {
    feed(emulator, hostile[i]);
    g_autofree char *text = drawn(emulator, 0);
    for (const char *c = text; *c; c++)
      cr_assert((unsigned char)*c >= 0x20 || *c == '\n', "control %d of %zu reaches the canvas", *c, i);
  }
  feed(emulator, "\033c\xe2\x80\xae"
                 "gnp\xe2\x80\x8b"
                 "x");
  g_autofree char *text = drawn(emulator, 0);
  cr_assert_null(strstr(text, "\xe2\x80\xae"), "a mark that turns text round: %s", text);
  emulator_free(emulator);
}

Test(emulator, any_bytes_at_all)
{
  struct emulator *emulator = emulator_new(3, 20);
  g_autoptr(GRand) rand = g_rand_new_with_seed(7);
  for (int i = 0; i < 20000; i++) {
    char bytes[64];
    for (size_t k = 0; k < sizeof bytes; k++)
      bytes[k] = (char)(g_rand_int_range(rand, 0, 4) ? g_rand_int_range(rand, 0x1b, 0x80)
                                                     : g_rand_int_range(rand, 0, 256));
    emulator_feed(emulator, bytes, sizeof bytes);
    if (i % 100 == 0)
      emulator_resize(emulator, g_rand_int_range(rand, 1, 60), g_rand_int_range(rand, 2, 200));
    g_autoptr(GBytes) sent = emulator_sent(emulator);
  }
  g_autofree char *text = drawn(emulator, emulator_scrollback(emulator));
  cr_assert_not_null(text);
  cr_assert_leq(emulator_scrollback(emulator), EMULATOR_SCROLLBACK);
  emulator_free(emulator);
}

Test(emulator, lines_that_scrolled_off_are_kept_and_found)
{
  struct emulator *emulator = emulator_new(3, 20);
  for (int i = 1; i <= EMULATOR_SCROLLBACK + 500; i++) {
    g_autofree char *line = g_strdup_printf("line %d\r\n", i);
    feed(emulator, line);
  }
  cr_assert_eq(emulator_scrollback(emulator), EMULATOR_SCROLLBACK);
  expect(emulator, 0, "line 2499\nline 2500\n\n");
  expect(emulator, 2, "line 2497\nline 2498\nline 2499\n");
  const int at = emulator_search(emulator, "LINE 2400", 0);
  cr_assert_gt(at, 0);
  g_autofree char *text = drawn(emulator, at);
  cr_assert(g_str_has_prefix(text, "line 2400\n"), "%s", text);
  cr_assert_eq(emulator_search(emulator, "line 2400", at), -1, "not above itself");
  emulator_free(emulator);
}

static void expect_sent(struct emulator *emulator, int key, const char *expected)
{
  emulator_key(emulator, key);
  g_autoptr(GBytes) sent = emulator_sent(emulator);
  gsize n = 0;
  const char *bytes = sent ? g_bytes_get_data(sent, &n) : "";
  cr_assert(n == strlen(expected) && !memcmp(bytes, expected, n), "key %d sent %.*s", key, (int)n, bytes);
}

Test(emulator, keys_as_a_terminal_sends_them)
{
  struct emulator *emulator = emulator_new(3, 20);
  expect_sent(emulator, 'a', "a");
  expect_sent(emulator, 0xe4, "\303\244");
  expect_sent(emulator, KEYS_ENTER, "\r");
  expect_sent(emulator, KEYS_CTRL('C'), "\003");
  expect_sent(emulator, KEYS_CTRL('D'), "\004");
  expect_sent(emulator, KEYS_CTRL('Z'), "\032");
  expect_sent(emulator, KEYS_TAB, "\t");
  expect_sent(emulator, KEYS_ESC, "\033");
  expect_sent(emulator, KEYS_BACKSPACE, "\177");
  expect_sent(emulator, KEYS_UP, "\033[A");
  expect_sent(emulator, KEYS_F0 + 1, "\033OP");
  expect_sent(emulator, KEYS_MOUSE, "");
  emulator_free(emulator);
}

Test(emulator, a_question_of_the_guest_is_answered)
{
  struct emulator *emulator = emulator_new(3, 20);
  feed(emulator, "ab\033[6n");
  g_autoptr(GBytes) sent = emulator_sent(emulator);
  cr_assert_eq(g_bytes_get_size(sent), strlen("\033[1;3R"));
  emulator_free(emulator);
}
