/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/diff.h"

#include <string.h>

/* More than this are not compared each with each. */
#define CELLS_MAX (4 << 20)

/* Lines of both texts, of which those before BEGIN and those behind the ends are common. */
struct pair {
  char **a, **b;
  int begin, a_end, b_end, a_count, b_count;
};

static void line_clear(void *data)
{
  g_free(((struct diff_line *)data)->text);
}

static void add(GArray *lines, char mark, const char *text)
{
  struct diff_line line = {mark, g_strdup(text)};
  g_array_append_val(lines, line);
}

static void trim(struct pair *pair)
{
  pair->a_end = pair->a_count = (int)g_strv_length(pair->a);
  pair->b_end = pair->b_count = (int)g_strv_length(pair->b);
  while (pair->begin < MIN(pair->a_end, pair->b_end) && !strcmp(pair->a[pair->begin], pair->b[pair->begin]))
    pair->begin++;
  while (MIN(pair->a_end, pair->b_end) > pair->begin &&
         !strcmp(pair->a[pair->a_end - 1], pair->b[pair->b_end - 1])) {
    pair->a_end--;
    pair->b_end--;
  }
}

/* For each pair of lines: how many lines from there on the longest common sequence has. */
static int *common_lengths(const struct pair *pair)
{
  const int rows = pair->a_end - pair->begin, width = pair->b_end - pair->begin + 1;
  int *length = g_new0(int, (gsize)(rows + 1) * (gsize)width);
  for (int i = rows - 1; i >= 0; i--)
    for (int j = width - 2; j >= 0; j--) {
      const int *here = &length[i * width + j];
      length[i * width + j] = !strcmp(pair->a[pair->begin + i], pair->b[pair->begin + j])
                                  ? here[width + 1] + 1
                                  : MAX(here[width], here[1]);
    }
  return length;
}

/* LENGTH NULL: nothing is common. */
static void add_middle(GArray *lines, const struct pair *pair, const int *length)
{
  const int width = pair->b_end - pair->begin + 1;
  int i = pair->begin, j = i;
  while (i < pair->a_end || j < pair->b_end) {
    const int *here = length ? &length[(i - pair->begin) * width + j - pair->begin] : NULL;
    const bool both = i < pair->a_end && j < pair->b_end;
    if (both && here && !strcmp(pair->a[i], pair->b[j])) {
      add(lines, ' ', pair->a[i++]);
      j++;
    } else if (i < pair->a_end && (!both || !here || here[width] >= here[1])) {
      add(lines, '-', pair->a[i++]);
    } else {
      add(lines, '+', pair->b[j++]);
    }
  }
}

static GArray *all_lines(struct pair *pair)
{
  GArray *lines = g_array_new(FALSE, FALSE, sizeof(struct diff_line));
  g_array_set_clear_func(lines, line_clear);
  trim(pair);
  const gint64 cells = (gint64)(pair->a_end - pair->begin + 1) * (pair->b_end - pair->begin + 1);
  g_autofree int *length = cells <= CELLS_MAX ? common_lengths(pair) : NULL;
  for (int i = 0; i < pair->begin; i++)
    add(lines, ' ', pair->a[i]);
  add_middle(lines, pair, length);
  for (int i = pair->a_end; i < pair->a_count; i++)
    add(lines, ' ', pair->a[i]);
  return lines;
}

static bool is_near(const GArray *lines, int at, int context)
{
  for (int i = MAX(at - context, 0); i <= MIN(at + context, (int)lines->len - 1); i++)
    if (g_array_index(lines, struct diff_line, i).mark != ' ')
      return true;
  return false;
}

/* Only what differs, with what is around it. */
static GArray *shortened(const GArray *lines, int context)
{
  GArray *few = g_array_new(FALSE, FALSE, sizeof(struct diff_line));
  g_array_set_clear_func(few, line_clear);
  bool gap = false;
  for (int i = 0; i < (int)lines->len; i++) {
    const struct diff_line *line = &g_array_index(lines, struct diff_line, i);
    const bool near = is_near(lines, i, context);
    if (near && gap && few->len)
      add(few, '~', "");
    if (near)
      add(few, line->mark, line->text);
    gap = !near;
  }
  return few;
}

GArray *diff_texts(const char *first, const char *second, int context)
{
  g_auto(GStrv) a = g_strsplit(first, "\n", -1), b = g_strsplit(second, "\n", -1);
  struct pair pair = {.a = a, .b = b};
  g_autoptr(GArray) lines = all_lines(&pair);
  return shortened(lines, context);
}
