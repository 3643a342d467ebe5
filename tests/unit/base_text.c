/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text safety, widths, words. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"

static void safe_is(const char *raw, const char *expected)
{
  g_autofree char *safe = text_safe(raw);
  cr_assert_str_eq(safe, expected, "got: %s", safe);
  cr_assert_eq(text_is_safe(raw), !raw || !strcmp(raw, expected), "%s", expected);
}

Test(text, safe_leaves_harmless_text_alone)
{
  safe_is(NULL, "");
  safe_is("", "");
  safe_is("tour-virtio", "tour-virtio");
  safe_is("a\\b \\x1b {}~", "a\\b \\x1b {}~");
  safe_is("Zürich ĳ 東京 🦆 é", "Zürich ĳ 東京 🦆 é");
}

Test(text, safe_encodes_what_a_terminal_acts_on)
{
  safe_is("\x1b[31mred", "\\x1b[31mred");
  safe_is("a\tb\r\n\x01\x7f", "a\\x09b\\x0d\\x0a\\x01\\x7f");
  safe_is("\xc2\x9b"
          "31m",
          "\\u{009b}31m"); /* C1 CSI as a character */
  safe_is("\x9b"
          "31m",
          "\\x9b"
          "31m");                                /* and as a byte */
  safe_is("\u2028\u2029", "\\u{2028}\\u{2029}"); /* separators */
  safe_is("\u061c\u200e\u200f\u202a\u202e\u2066\u2069",
          "\\u{061c}\\u{200e}\\u{200f}\\u{202a}\\u{202e}\\u{2066}\\u{2069}");
  safe_is("\u200b\u200c\u200d\u2060\ufeff\u00ad", "\\u{200b}\\u{200c}\\u{200d}\\u{2060}\\u{feff}\\u{00ad}");
  safe_is("\U000e0001\U000e0041\U000e0100", "\\u{e0001}\\u{e0041}\\u{e0100}");
}

Test(text, safe_encodes_invalid_bytes)
{
  safe_is("a\xff"
          "b\xc3",
          "a\\xffb\\xc3");
  safe_is("\xc0\x9b", "\\xc0\\x9b");                   /* overlong ESC-like */
  safe_is("\xed\xa0\x80", "\\xed\\xa0\\x80");          /* a surrogate */
  safe_is("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"); /* beyond U+10FFFF */
  safe_is("\xe2\x82", "\\xe2\\x82");                   /* cut short */
}

/* Is one character of a string that text_safe gave fit for a terminal?  Written from the
 * list of DESIGN section 8, apart from the code under test. */
static bool fit_for_terminal(gunichar c)
{
  static const gunichar ranges[][2] = {{0, 0x1f},        {0x7f, 0x9f},     {0xad, 0xad},
                                       {0x61c, 0x61c},   {0x180e, 0x180e}, {0x200b, 0x200f},
                                       {0x2028, 0x202e}, {0x2060, 0x206f}, {0xd800, 0xdfff},
                                       {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe0fff}};
  for (size_t i = 0; i < G_N_ELEMENTS(ranges); i++)
    if (c >= ranges[i][0] && c <= ranges[i][1])
      return false;
  return true;
}

Test(text, safe_holds_for_every_character)
{
  for (gunichar c = 1; c <= 0x10ffff; c++) {
    char raw[8] = {0};
    if (c >= 0xd800 && c <= 0xdfff)
      continue;
    raw[g_unichar_to_utf8(c, raw)] = 0;
    g_autofree char *safe = text_safe(raw);
    for (const char *p = safe; *p; p += g_utf8_skip[(unsigned char)*p])
      cr_assert(fit_for_terminal(g_utf8_get_char(p)), "U+%04X", c);
  }
}

Test(text, safe_holds_for_random_bytes)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(1);
  for (int round = 0; round < 20000; round++) {
    char raw[24] = {0};
    int n = g_rand_int_range(rand, 0, sizeof raw);
    for (int i = 0; i < n; i++)
      raw[i] =
          (char)(g_rand_boolean(rand) ? g_rand_int_range(rand, 1, 256) : g_rand_int_range(rand, 0x80, 0xf8));
    g_autofree char *safe = text_safe(raw);
    cr_assert(g_utf8_validate(safe, -1, NULL));
    cr_assert(text_is_safe(safe));
    g_autofree char *twice = text_safe(safe);
    cr_assert_str_eq(twice, safe);
    for (const char *p = safe; *p; p += g_utf8_skip[(unsigned char)*p])
      cr_assert(fit_for_terminal(g_utf8_get_char(p)));
  }
}

Test(text, width_counts_columns)
{
  cr_assert_eq(text_width(""), 0);
  cr_assert_eq(text_width("abc"), 3);
  cr_assert_eq(text_width("é"), 1);
  cr_assert_eq(text_width("e\u0301"), 1);
  cr_assert_eq(text_width("東京"), 4);
  cr_assert_eq(text_width("🦆"), 2);
  cr_assert_eq(text_width("▕⣿▏"), 3);
  cr_assert_eq(text_width("a\xff"), 2);
}

Test(text, fit_cuts_to_columns)
{
  static const struct {
    const char *s;
    int cols;
    bool ascii;
    const char *expected;
  } rows[] = {
      {"abc", 3, false, "abc"},
      {"abcd", 3, false, "ab…"},
      {"abcd", 3, true, "ab~"},
      {"abcd", 1, false, "…"},
      {"abcd", 0, false, ""},
      {"abcd", -2, false, ""},
      {"", 3, false, ""},
      {"東京", 4, false, "東京"},
      {"東京都", 4, false, "東…"},
      {"東京", 3, true, "東~"},
      {"東京", 2, true, "~"},
      {"e\u0301x", 2, true, "e\u0301x"},
      {"e\u0301xy", 2, true, "e\u0301~"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *fit = text_fit(rows[i].s, rows[i].cols, rows[i].ascii);
    cr_assert_str_eq(fit, rows[i].expected, "%s in %d: %s", rows[i].s, rows[i].cols, fit);
  }
}

Test(text, fit_never_exceeds_its_columns)
{
  static const char *const pieces[] = {"a", "é", "東", "e\u0301", "🦆", " ", "⣿", "\xff"};
  g_autoptr(GRand) rand = g_rand_new_with_seed(2);
  for (int round = 0; round < 5000; round++) {
    g_autoptr(GString) s = g_string_new(NULL);
    for (int i = g_rand_int_range(rand, 0, 12); i > 0; i--)
      g_string_append(s, pieces[g_rand_int_range(rand, 0, G_N_ELEMENTS(pieces))]);
    int cols = g_rand_int_range(rand, 0, 16);
    g_autofree char *fit = text_fit(s->str, cols, g_rand_boolean(rand));
    cr_assert_leq(text_width(fit), cols, "%s in %d", s->str, cols);
    cr_assert_geq(text_width(fit), MIN(cols - 1, text_width(s->str)), "%s in %d: %s", s->str, cols, fit);
  }
}

Test(text, ascii_replaces_each_character)
{
  g_autofree char *ascii = text_ascii("aé東\xffz");
  cr_assert_str_eq(ascii, "a???z");
}

Test(text, names)
{
  g_autofree char *long_name = g_strnfill(201, 'a'), *longest = g_strnfill(200, 'a');
  const char *good[] = {"pulse-02", "--help", "42", "東京", "a b", "...", "a.b_c", longest};
  const char *bad[] = {"",         ".",  "..", "a/b",   "/",       "a\nb",    "\x1b[0m", "a\u202eb",
                       "a\u200bb", " a", "a ", "a\xff", "\u00a0a", "a\u3000", long_name};
  for (size_t i = 0; i < G_N_ELEMENTS(good); i++)
    cr_assert(text_name_ok(good[i], NULL), "%s", good[i]);
  for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autoptr(GError) err = NULL;
    cr_assert_not(text_name_ok(bad[i], &err), "bad name %zu", i);
    cr_assert(g_error_matches(err, ERROR_DOMAIN, ERROR_USAGE));
    g_autofree char *what = error_what(err);
    cr_assert(text_is_safe(what), "bad name %zu: %s", i, what);
    cr_assert_not_null(error_advice(err));
  }
}

static void words_are(const char *line, const char *joined)
{
  g_auto(GStrv) words = text_split_words(line, NULL);
  cr_assert_not_null(words, "%s", line);
  g_autofree char *got = g_strjoinv("|", words);
  cr_assert_str_eq(got, joined, "%s: %s", line, got);
}

Test(text, words)
{
  words_are("", "");
  words_are("   ", "");
  words_are("launch  name=a  b", "launch|name=a|b");
  words_are("'a b' \"c d\"", "a b|c d");
  words_are("name='my guest'x", "name=my guestx");
  words_are("a\\ b \\'", "a b|'");
  words_are("\"a\\\"b\" 'a\\b'", "a\"b|a\\b");
  words_are("'' \"\"", "|");
  for (const char *const *bad = (const char *const[]){"'a", "\"a", "a\\", "x \"a\\\"", NULL}; *bad; bad++) {
    g_autoptr(GError) err = NULL;
    cr_assert_null(text_split_words(*bad, &err), "%s", *bad);
    cr_assert(g_error_matches(err, ERROR_DOMAIN, ERROR_USAGE));
  }
}

Test(text, quoted_words_come_back)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(3);
  static const char letters[] = "ab \t'\"\\é-=";
  for (int round = 0; round < 5000; round++) {
    g_autoptr(GString) line = g_string_new(NULL);
    char *words[4] = {0};
    int n = g_rand_int_range(rand, 1, 4);
    for (int i = 0; i < n; i++) {
      char word[8] = {0};
      for (int j = g_rand_int_range(rand, 0, 7); j > 0; j--)
        word[j - 1] = letters[g_rand_int_range(rand, 0, sizeof letters - 1)];
      words[i] = g_strdup(word);
      g_autofree char *quoted = text_quote_word(word);
      g_string_append_printf(line, "%s%s", i ? " " : "", quoted);
    }
    g_auto(GStrv) back = text_split_words(line->str, NULL);
    cr_assert_not_null(back);
    cr_assert_eq(g_strv_length(back), (guint)n, "%s", line->str);
    for (int i = 0; i < n; i++) {
      cr_assert_str_eq(back[i], words[i], "%s", line->str);
      g_free(words[i]);
    }
  }
}

Test(text, matches_without_case)
{
  cr_assert(text_matches("Tour-Virtio", "virtio"));
  cr_assert(text_matches("anything", ""));
  cr_assert_not(text_matches("tour-ide", "virtio"));
  cr_assert(text_matches("ZÜRICH", "zürich"));
  cr_assert(text_matches("Zu\u0308rich", "zür"));
  cr_assert_not(text_matches("Zürich", "x"));
  cr_assert(text_matches("a\xff"
                         "b",
                         "B"));
}

Test(text, broken_into_lines)
{
  static const struct {
    const char *s;
    int cols;
    size_t length;
  } rows[] = {{"", 5, 0},           {"five", 5, 4},      {"fives", 5, 5}, {"two words", 5, 3},
              {"two words", 3, 3},  {"two words", 2, 2}, {"\none", 5, 0}, {"a\nb", 5, 1},
              {"  indented", 5, 5}, {"中文", 1, 3},      {"中文", 3, 3},  {"e\u0301te\u0301s", 4, 8},
              {"a b c d e", 5, 5},  {"x\u0301yz", 1, 3}, {"   ", 2, 3}};
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
    cr_assert_eq(text_break(rows[i].s, rows[i].cols), rows[i].length, "\"%s\" on %d: %zu", rows[i].s,
                 rows[i].cols, text_break(rows[i].s, rows[i].cols));
}

Test(text, closest_suggests_only_the_near)
{
  static const char *const words[] = {"launch", "start", "stop", "pause", "tcg", "ide", NULL};
  cr_assert_str_eq(text_closest("lanch", words), "launch");
  cr_assert_str_eq(text_closest("statr", words), "start");
  cr_assert_str_eq(text_closest("STOP", words), "stop");
  cr_assert_str_eq(text_closest("tgc", words), "tcg");
  cr_assert_null(text_closest("benchmark", words));
  cr_assert_null(text_closest("stone", words), "two slips in five letters are another word");
  cr_assert_null(text_closest("", words));
  cr_assert_null(text_closest("x", words));
}

Test(text, a_line_has_no_breaks)
{
  g_autofree char *line = text_line("what: why\nTry \033that."), *none = text_line(NULL);
  cr_assert_str_eq(line, "what: why. Try \\x1bthat.");
  g_autofree char *ended = text_line("why?\nThis\n");
  cr_assert_str_eq(ended, "why? This");
  cr_assert_str_eq(none, "");
}

Test(text, the_last_word_is_where_splitting_has_it)
{
  static const struct {
    const char *line, *word;
    int at;
  } lines[] = {
      {"", "", 0},           {"  ", "", 2},           {"stop", "stop", 0},       {"stop ", "", 5},
      {"stop a", "a", 5},    {"stop 'a b", "a b", 5}, {"a \"b c\"d", "b cd", 2}, {"a b\\ c", "b c", 2},
      {"a 'b' c\\", "c", 6}, {"a b'", "b", 2}};
  for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
    g_autofree char *word = NULL;
    cr_assert_eq(text_last_word(lines[i].line, &word) - lines[i].line, lines[i].at, "%s", lines[i].line);
    cr_assert_str_eq(word, lines[i].word, "%s", lines[i].line);
  }
}
