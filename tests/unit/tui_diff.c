/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What differs between two texts. */
#include "tests/unit/test.h"

#include "tui/diff.h"

static char *told(const char *first, const char *second, int context)
{
  g_autoptr(GArray) lines = diff_texts(first, second, context);
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < lines->len; i++) {
    const struct diff_line *line = &g_array_index(lines, struct diff_line, i);
    g_string_append_printf(text, "%c%s|", line->mark, line->text);
  }
  return g_string_free(text, FALSE);
}

static const struct {
  const char *first, *second;
  int context;
  const char *told;
} rows[] = {
    {"", "", 1, ""},
    {"a\nb", "a\nb", 1, ""},
    {"a\nb\nc", "a\nx\nc", 1, " a|-b|+x| c|"},
    {"a\nb\nc", "a\nx\nc", 0, "-b|+x|"},
    {"a\nb\nc\nd\ne", "a\nB\nc\nd\nE", 0, "-b|+B|~|-e|+E|"},
    {"a\nb", "a\nb\nc", 1, " b|+c|"},
    {"a\nb\nc", "c", 9, "-a|-b| c|"},
    {"1\na\n2\nb\n3", "a\nb\n3\n4", 9, "-1| a|-2| b| 3|+4|"},
    {"a", "", 1, "-a|"},
};

Test(diff, lines)
{
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *text = told(rows[i].first, rows[i].second, rows[i].context);
    cr_assert_str_eq(text, rows[i].told, "row %zu: %s", i, text);
  }
}

/* Too many to compare each with each: told as replaced, and at once. */
Test(diff, very_long_texts)
{
  GString *first = g_string_new(NULL), *second = g_string_new(NULL);
  for (int i = 0; i < 5000; i++) {
    g_string_append_printf(first, "a%d\n", i);
    g_string_append_printf(second, "b%d\n", i);
  }
  g_autoptr(GArray) lines = diff_texts(first->str, second->str, 3);
  cr_assert_eq(lines->len, 10001, "%u", lines->len); /* and the end, which both have */
  g_string_free(first, TRUE);
  g_string_free(second, TRUE);
}
