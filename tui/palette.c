/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/palette.h"

#include <string.h>

struct palette {
  int colours;
  struct look look[ROLE_COUNT];
  short pair[ROLE_COUNT][ROLE_COUNT]; /* [role][ground] */
  attr_t attributes[ROLE_COUNT][ROLE_COUNT];
};

static int usable_colours(void)
{
  if (theme_refused() || !has_colors() || start_color() != OK || COLORS < 8)
    return 0;
  use_default_colors();
  return COLORS >= 256 ? 256 : COLORS >= 16 ? 16 : 8;
}

struct palette *palette_new(void)
{
  struct palette *palette = g_new0(struct palette, 1);
  palette->colours = usable_colours();
  return palette;
}

void palette_free(struct palette *palette)
{
  g_free(palette);
}

int palette_colours(const struct palette *palette)
{
  return palette->colours;
}

/* Where there are only 8 colours, a bright one is its bold twin. */
static short reduce(const struct palette *palette, short colour, attr_t *bold)
{
  if (palette->colours > 8 || colour < 8)
    return colour;
  *bold |= A_BOLD;
  return (short)(colour - 8);
}

static attr_t attributes_of(unsigned look)
{
  attr_t a = A_NORMAL;
  if (look & LOOK_BOLD)
    a |= A_BOLD;
  if (look & LOOK_DIM)
    a |= A_DIM;
  if (look & LOOK_UNDERLINE)
    a |= A_UNDERLINE;
  if (look & LOOK_REVERSE)
    a |= A_REVERSE;
  if (look & LOOK_ITALIC)
    a |= A_ITALIC;
  return a;
}

/* The number of the pair FG on BG, made when new.  PAIRS holds fg and bg of those made so far. */
static short pair_for(short (*pairs)[2], int *count, short fg, short bg)
{
  if (fg < 0 && bg < 0)
    return 0;
  for (int i = 1; i <= *count; i++)
    if (pairs[i][0] == fg && pairs[i][1] == bg)
      return (short)i;
  if (*count + 1 >= MIN(COLOR_PAIRS, ROLE_COUNT * ROLE_COUNT) || init_pair((short)(*count + 1), fg, bg) != OK)
    return 0;
  ++*count;
  pairs[*count][0] = fg;
  pairs[*count][1] = bg;
  return (short)*count;
}

/* The colour that holds on this terminal. */
static short fg_of(const struct palette *palette, const struct look *look)
{
  return palette->colours == 256 ? look->fg : look->fg16;
}

static short bg_of(const struct palette *palette, const struct look *look)
{
  return palette->colours == 256 ? look->bg : look->bg16;
}

/* What a theme leaves open is as ordinary text.  A foreground that the ground brings wins, so that a
 * selected row stays readable. */
static void mix(struct palette *palette, int role, int ground, short (*pairs)[2], int *count)
{
  const struct look *text = &palette->look[ROLE_TEXT], *front = &palette->look[role],
                    *back = &palette->look[ground];
  bool on_text = ground == ROLE_TEXT;
  attr_t *a = &palette->attributes[role][ground];
  *a = attributes_of(front->attributes | (on_text ? 0 : back->attributes));
  if (palette->colours == 0)
    return;
  const struct look *ink = !on_text && fg_of(palette, back) >= 0 ? back : front;
  if (fg_of(palette, ink) < 0)
    ink = text;
  const struct look *paper = on_text ? front : back;
  if (bg_of(palette, paper) < 0)
    paper = text;
  attr_t bold = 0, ignored = 0;
  short fg = reduce(palette, fg_of(palette, ink), &bold),
        bg = reduce(palette, bg_of(palette, paper), &ignored);
  *a |= bold;
  palette->pair[role][ground] = pair_for(pairs, count, fg, bg);
}

void palette_set_theme(struct palette *palette, const struct theme *theme)
{
  short pairs[ROLE_COUNT * ROLE_COUNT][2];
  int count = 0;
  memcpy(palette->look, theme->look, sizeof palette->look);
  for (int ground = 0; ground < ROLE_COUNT; ground++)
    for (int role = 0; role < ROLE_COUNT; role++)
      mix(palette, role, ground, pairs, &count);
}

void palette_look(const struct palette *palette, int role, int ground, attr_t *ret_attributes,
                  short *ret_pair)
{
  *ret_attributes = palette->attributes[role][ground];
  *ret_pair = palette->pair[role][ground];
}
