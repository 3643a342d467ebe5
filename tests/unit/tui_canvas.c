/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Drawing, read back as text. */
#include "tests/unit/test.h"

#include <math.h>
#include <string.h>

#include "tui/canvas.h"

static void check_row(const struct canvas *canvas, int y, const char *expected)
{
  g_autofree char *row = canvas_row_text(canvas, y);
  cr_assert_str_eq(row, expected, "row %d is \"%s\"", y, row);
}

Test(tui_canvas, put_and_clip)
{
  struct canvas *c = canvas_new(10, 3, true, GRAPH_BRAILLE);
  cr_assert_eq(canvas_put(c, 7, 0, ROLE_TEXT, "hello"), 12);
  check_row(c, 0, "       hel");
  canvas_put(c, -2, 1, ROLE_TEXT, "hello");
  check_row(c, 1, "llo");
  canvas_put(c, 0, 3, ROLE_TEXT, "below");
  canvas_put(c, 0, -1, ROLE_TEXT, "above");
  struct rect before = canvas_clip(c, (struct rect){2, 2, 3, 1});
  canvas_put(c, 0, 2, ROLE_WRONG, "0123456789");
  canvas_clip(c, before);
  check_row(c, 2, "  234");
  cr_assert_eq(canvas_row(c, 2)[3].role, ROLE_WRONG);
  cr_assert_eq(canvas_row(c, 2)[6].role, ROLE_TEXT);
  canvas_free(c);
}

Test(tui_canvas, wide_characters)
{
  struct canvas *c = canvas_new(8, 2, true, GRAPH_BRAILLE);
  cr_assert_eq(canvas_put(c, 0, 0, ROLE_TEXT, "中文x"), 5);
  check_row(c, 0, "中文x");
  /* Half a character is none. */
  canvas_put(c, 1, 0, ROLE_TEXT, "a");
  check_row(c, 0, " a文x");
  canvas_put(c, 7, 1, ROLE_TEXT, "中");
  check_row(c, 1, "");
  canvas_free(c);
}

Test(tui_canvas, nothing_that_a_terminal_acts_on)
{
  struct canvas *c = canvas_new(20, 1, true, GRAPH_BRAILLE);
  canvas_put(c, 0, 0, ROLE_TEXT, "a\x1b[31mb\u202e\u0301c\x07");
  g_autofree char *row = canvas_row_text(c, 0);
  for (const char *p = row; *p; p++)
    cr_assert((unsigned char)*p >= 0x20 && *p != 0x7f);
  cr_assert_null(strstr(row, "\u202e"));
  canvas_free(c);
}

Test(tui_canvas, figures_to_the_right)
{
  struct canvas *c = canvas_new(12, 2, true, GRAPH_BRAILLE);
  cr_assert_eq(canvas_put_right(c, 0, 0, 6, ROLE_TEXT, "38µ"), 6);
  check_row(c, 0, "   38µ");
  canvas_put_right(c, 0, 1, 6, ROLE_TEXT, "123456789");
  check_row(c, 1, "12345…");
  canvas_free(c);
}

Test(tui_canvas, fit_overwrites)
{
  struct canvas *c = canvas_new(12, 1, true, GRAPH_BRAILLE);
  canvas_put(c, 0, 0, ROLE_TEXT, "xxxxxxxxxxxx");
  canvas_put_fit(c, 2, 0, 6, ROLE_TEXT, "ab");
  check_row(c, 0, "xxab    xxxx");
  canvas_put_fit(c, 2, 0, 6, ROLE_TEXT, "tour-virtio");
  check_row(c, 0, "xxtour-…xxxx");
  canvas_free(c);
}

Test(tui_canvas, ascii_twins)
{
  struct canvas *c = canvas_new(20, 3, false, GRAPH_BRAILLE);
  canvas_put(c, 0, 0, ROLE_TEXT, "38µ · … ▸ ↓ 中é");
  check_row(c, 0, "38u - ~ > v ???");
  canvas_rule(c, 0, 1, 20, "tour");
  check_row(c, 1, "-- tour ------------");
  canvas_put_fit(c, 0, 2, 6, ROLE_TEXT, "tour-virtio");
  check_row(c, 2, "tour-~");
  g_autofree char *all = canvas_text(c);
  for (const char *p = all; *p; p++)
    cr_assert((unsigned char)*p < 0x80);
  canvas_free(c);
}

Test(tui_canvas, wrapped)
{
  struct canvas *c = canvas_new(12, 4, true, GRAPH_BRAILLE);
  cr_assert_eq(canvas_put_wrapped(c, (struct rect){1, 0, 10, 4}, ROLE_TEXT, "internal error: no such thing"),
               3);
  check_row(c, 0, " internal");
  check_row(c, 1, " error: no");
  check_row(c, 2, " such thing");
  canvas_clear(c);
  cr_assert_eq(canvas_put_wrapped(c, (struct rect){0, 0, 4, 1}, ROLE_TEXT, "abcdefghij"), 3);
  check_row(c, 0, "abcd");
  check_row(c, 1, "");
  cr_assert_eq(canvas_put_wrapped(c, (struct rect){0, 0, 1, 4}, ROLE_TEXT, "中文"), 2);
  cr_assert_eq(canvas_put_wrapped(c, (struct rect){0, 0, 4, 4}, ROLE_TEXT, "e\u0301te\u0301s"), 1,
               "marks take no column");
  canvas_free(c);
}

Test(tui_canvas, bars)
{
  struct canvas *c = canvas_new(12, 5, true, GRAPH_BRAILLE);
  canvas_bar(c, 0, 0, 10, 0.5, ROLE_BAR);
  check_row(c, 0, "▕████    ▏");
  canvas_bar(c, 0, 1, 10, 0.001, ROLE_BAR);
  check_row(c, 1, "▕▏       ▏");
  canvas_bar(c, 0, 2, 10, (double)NAN, ROLE_BAR);
  check_row(c, 2, "▕        ▏");
  canvas_bar(c, 0, 3, 10, 7, ROLE_BAR);
  check_row(c, 3, "▕████████▏");
  canvas_bar(c, 0, 4, 2, 1, ROLE_BAR);
  check_row(c, 4, "");
  canvas_free(c);
}

Test(tui_canvas, block_graph)
{
  struct canvas *c = canvas_new(8, 2, true, GRAPH_BLOCK);
  const double values[] = {0, 1, 2, 4, 8, (double)NAN, 8};
  canvas_graph(c, (struct rect){0, 0, 8, 1}, values, 7, 8, ROLE_TEXT);
  check_row(c, 0, "  ▁▂▄█ █");
  /* The newest stay, scaled to the largest of them. */
  canvas_graph(c, (struct rect){0, 1, 3, 1}, values, 4, 0, ROLE_TEXT);
  check_row(c, 1, "▂▄█");
  canvas_free(c);
}

Test(tui_canvas, braille_graph)
{
  struct canvas *c = canvas_new(4, 2, true, GRAPH_BRAILLE);
  const double values[] = {1, 2, 3, 4, 0.0001};
  cr_assert_eq(canvas_graph_values(c, 4), 8);
  canvas_graph(c, (struct rect){0, 0, 4, 1}, values, 5, 4, ROLE_TEXT);
  check_row(c, 0, " ⢀⣴⣇");
  canvas_graph(c, (struct rect){0, 0, 4, 2}, values, 4, 4, ROLE_TEXT);
  check_row(c, 0, "   ⣼");
  check_row(c, 1, "  ⣼⣿");
  canvas_free(c);
}

Test(tui_canvas, ascii_graph)
{
  struct canvas *c = canvas_new(4, 2, false, GRAPH_BRAILLE);
  const double values[] = {0, 0.001, 4, 8};
  canvas_graph(c, (struct rect){0, 0, 4, 1}, values, 4, 8, ROLE_TEXT);
  check_row(c, 0, " _=#");
  canvas_graph(c, (struct rect){0, 0, 4, 2}, values, 4, 8, ROLE_TEXT);
  check_row(c, 0, "   #");
  check_row(c, 1, " _##");
  canvas_free(c);
}

Test(tui_canvas, empty_graphs)
{
  struct canvas *c = canvas_new(4, 1, true, GRAPH_BRAILLE);
  const double none[] = {(double)NAN, (double)NAN, 0, -3};
  canvas_graph(c, (struct rect){0, 0, 4, 1}, none, 4, 0, ROLE_TEXT);
  check_row(c, 0, "");
  canvas_graph(c, (struct rect){0, 0, 4, 1}, none, 0, 0, ROLE_TEXT);
  canvas_graph(c, (struct rect){0, 0, 0, 1}, none, 4, 0, ROLE_TEXT);
  check_row(c, 0, "");
  canvas_free(c);
}

Test(tui_canvas, box_and_ground)
{
  struct canvas *c = canvas_new(12, 3, true, GRAPH_BRAILLE);
  struct rect inside = canvas_box(c, (struct rect){0, 0, 12, 3}, "Sort");
  check_row(c, 0, "┌─ Sort ───┐");
  check_row(c, 2, "└──────────┘");
  cr_assert_eq(inside.w, 8);
  cr_assert_eq(inside.h, 1);
  canvas_ground(c, inside, ROLE_CHOICE);
  cr_assert_eq(canvas_row(c, 1)[2].ground, ROLE_CHOICE);
  cr_assert_eq(canvas_row(c, 1)[0].ground, ROLE_DIALOG);
  canvas_free(c);
}

Test(tui_canvas, cursor)
{
  struct canvas *c = canvas_new(4, 2, true, GRAPH_BRAILLE);
  int x, y;
  cr_assert_not(canvas_get_cursor(c, &x, &y));
  canvas_cursor(c, 3, 1);
  cr_assert(canvas_get_cursor(c, &x, &y));
  cr_assert_eq(x, 3);
  canvas_clear(c);
  cr_assert_not(canvas_get_cursor(c, &x, &y));
  canvas_cursor(c, 9, 1);
  cr_assert_not(canvas_get_cursor(c, &x, &y));
  canvas_free(c);
}
