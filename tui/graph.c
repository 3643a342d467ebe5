/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bars and graphs of a canvas. */
#include <math.h>

#include "tui/canvas_internal.h"

#define FULL_BLOCK 0x2588
#define BRAILLE 0x2800

/* Rising levels of one cell; the first is "a trace", which stands for anything above 0. */
static const gunichar block_levels[] = {0x2581, 0x2582, 0x2583, 0x2584, 0x2585, 0x2586, 0x2587, 0x2588};
static const char ascii_levels[] = "_.-=+*%#";
#define LEVELS 8

/* Dots of a braille cell from the bottom up, left and right column (Unicode 8 dot pattern). */
static const unsigned char left_dots[] = {0x40, 0x04, 0x02, 0x01};
static const unsigned char right_dots[] = {0x80, 0x20, 0x10, 0x08};
#define DOTS 4

static double clamp_fraction(double fraction)
{
  if (!(fraction > 0))
    return 0;
  return fraction < 1 ? fraction : 1;
}

/* 0 for nothing, else 1..STEPS. */
static int steps_of(double fraction, int steps)
{
  if (!(fraction > 0))
    return 0;
  int n = (int)lround(clamp_fraction(fraction) * steps);
  return MAX(n, 1);
}

static bool cells_only(const struct canvas *canvas)
{
  return canvas->graphs == GRAPH_ASCII || !canvas->utf8;
}

static gunichar level_symbol(const struct canvas *canvas, int level)
{
  if (level <= 0)
    return ' ';
  return cells_only(canvas) ? (gunichar)ascii_levels[level - 1] : block_levels[level - 1];
}

static double largest(const double *values, int n)
{
  double max = 0;
  for (int i = 0; i < n; i++)
    if (values[i] > max)
      max = values[i];
  return max;
}

/* From few to many. */
static const gunichar shades[] = {0x2591, 0x2592, 0x2593, 0x2588};
static const char ascii_shades[] = ".:*#";

void canvas_heat(struct canvas *canvas, int x, int y, const double *counts, int n, enum role role)
{
  const double max = MAX(largest(counts, n), 1);
  for (int i = 0; i < n; i++) {
    const int step = steps_of(counts[i] / max, G_N_ELEMENTS(shades));
    canvas_set(canvas, x + i, y,
               step == 0            ? ' '
               : cells_only(canvas) ? (gunichar)ascii_shades[step - 1]
                                    : shades[step - 1],
               role);
  }
}

void canvas_level(struct canvas *canvas, int x, int y, double fraction, enum role role)
{
  canvas_set(canvas, x, y, level_symbol(canvas, steps_of(fraction, LEVELS)), role);
}

/* Eighths of a cell filled from the left; ASCII knows whole cells only. */
static gunichar bar_symbol(const struct canvas *canvas, int eighths)
{
  if (eighths <= 0)
    return ' ';
  if (cells_only(canvas))
    return eighths >= 4 ? '#' : ' ';
  return (gunichar)(FULL_BLOCK + 8 - MIN(eighths, 8));
}

void canvas_bar(struct canvas *canvas, int x, int y, int w, double fraction, enum role role)
{
  int inside = w - 2;
  if (inside < 1)
    return;
  int eighths = steps_of(fraction, inside * 8);
  canvas_set(canvas, x, y, canvas_symbol(canvas, 0x2595), ROLE_RULE);
  for (int i = 0; i < inside; i++)
    canvas_set(canvas, x + 1 + i, y, bar_symbol(canvas, eighths - i * 8), role);
  canvas_set(canvas, x + w - 1, y, canvas_symbol(canvas, 0x258f), ROLE_RULE);
}

int canvas_graph_values(const struct canvas *canvas, int w)
{
  return canvas->graphs == GRAPH_BRAILLE ? 2 * w : w;
}

static unsigned column_dots(const unsigned char dots[DOTS], int filled)
{
  unsigned mask = 0;
  for (int i = 0; i < DOTS && i < filled; i++)
    mask |= dots[i];
  return mask;
}

/* One cell of a braille graph: FROM is how many dots lie below it. */
static gunichar braille_symbol(double left, double right, double max, int height, int from)
{
  unsigned mask = column_dots(left_dots, steps_of(left / max, height) - from) |
                  column_dots(right_dots, steps_of(right / max, height) - from);
  return mask ? BRAILLE + mask : ' ';
}

/* What one graph draws: value I stands at place OFFSET + I, counted from the left. */
struct plot {
  const double *values;
  int n, offset, rows;
  double max;
};

static double value_at(const struct plot *plot, int place)
{
  int i = place - plot->offset;
  return i >= 0 && i < plot->n ? plot->values[i] : (double)NAN;
}

static gunichar plot_symbol(const struct canvas *canvas, const struct plot *plot, int x, int row)
{
  if (canvas->graphs == GRAPH_BRAILLE)
    return braille_symbol(value_at(plot, 2 * x), value_at(plot, 2 * x + 1), plot->max, plot->rows * DOTS,
                          row * DOTS);
  int steps = steps_of(value_at(plot, x) / plot->max, plot->rows * LEVELS) - row * LEVELS;
  return level_symbol(canvas, MIN(steps, LEVELS));
}

void canvas_graph(struct canvas *canvas, struct rect rect, const double *values, int n, double max,
                  enum role role)
{
  int room = canvas_graph_values(canvas, rect.w);
  int skip = MAX(n - room, 0);
  struct plot plot = {values + skip, n - skip, room - (n - skip), rect.h, max};
  if (canvas->graphs == GRAPH_NONE)
    return;
  if (!(plot.max > 0))
    plot.max = largest(plot.values, plot.n);
  if (!(plot.max > 0))
    plot.max = 1;
  for (int row = 0; row < rect.h; row++)
    for (int x = 0; x < rect.w; x++)
      canvas_set(canvas, rect.x + x, rect.y + rect.h - 1 - row, plot_symbol(canvas, &plot, x, row), role);
}
