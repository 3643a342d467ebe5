/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/bench/chart_draw.h"

#include <math.h>
#include <pango/pangocairo.h>

/* Okabe and Ito's colours (Color Universal Design, 2008), those next to one another of different lightness.
 */
static const double colours[][3] = {{0.00, 0.45, 0.70}, {0.90, 0.62, 0.00}, {0.00, 0.62, 0.45},
                                    {0.80, 0.47, 0.65}, {0.34, 0.71, 0.91}, {0.84, 0.37, 0.00},
                                    {0.20, 0.20, 0.20}, {0.94, 0.89, 0.26}};
#define COLOURS G_N_ELEMENTS(colours)
#define HATCH 6.0 /* between two strokes of a pattern */
#define MARK 4.0

static const char *const fonts[] = {
    [CHART_SMALL] = "Sans 8", [CHART_NORMAL] = "Sans 10", [CHART_TITLE] = "Sans Bold 13"};

static PangoLayout *layout_new(cairo_t *cr, enum chart_size size, const char *text)
{
  PangoLayout *layout = pango_cairo_create_layout(cr);
  PangoFontDescription *font = pango_font_description_from_string(fonts[size]);
  pango_layout_set_font_description(layout, font);
  pango_font_description_free(font);
  pango_layout_set_text(layout, text, -1);
  return layout;
}

void chart_text(cairo_t *cr, double x, double y, double width, enum chart_align align, enum chart_size size,
                const char *text)
{
  PangoLayout *layout = layout_new(cr, size, text);
  int w, h;
  if (width > 0) {
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    pango_layout_set_alignment(layout, align == CHART_RIGHT    ? PANGO_ALIGN_RIGHT
                                       : align == CHART_CENTRE ? PANGO_ALIGN_CENTER
                                                               : PANGO_ALIGN_LEFT);
  }
  pango_layout_get_pixel_size(layout, &w, &h);
  const double taken = width > 0 ? width : w;
  cairo_move_to(cr,
                align == CHART_RIGHT    ? x - taken
                : align == CHART_CENTRE ? x - taken / 2
                                        : x,
                y - h / 2.0);
  pango_cairo_show_layout(cr, layout);
  g_object_unref(layout);
}

double chart_paragraph(cairo_t *cr, double x, double y, double width, enum chart_size size, const char *text)
{
  PangoLayout *layout = layout_new(cr, size, text);
  int h;
  pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
  pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_get_pixel_size(layout, NULL, &h);
  cairo_move_to(cr, x, y);
  pango_cairo_show_layout(cr, layout);
  g_object_unref(layout);
  return y + h;
}

void chart_ink(cairo_t *cr, double grey)
{
  cairo_set_source_rgb(cr, grey, grey, grey);
}

static void colour(cairo_t *cr, guint index)
{
  const double *c = colours[index % COLOURS];
  cairo_set_source_rgb(cr, c[0], c[1], c[2]);
}

/* Strokes at AREA, of one slant or both, or none: 0 to 3. */
static void hatch(cairo_t *cr, struct chart_area area, guint pattern)
{
  const double reach = area.w + area.h;
  cairo_save(cr);
  cairo_rectangle(cr, area.x, area.y, area.w, area.h);
  cairo_clip(cr);
  cairo_set_line_width(cr, 1);
  cairo_set_source_rgba(cr, 1, 1, 1, 0.8);
  for (double at = 0; at < reach; at += HATCH) {
    if (pattern & 1) {
      cairo_move_to(cr, area.x + at, area.y);
      cairo_rel_line_to(cr, -area.h, area.h);
    }
    if (pattern & 2) {
      cairo_move_to(cr, area.x + at - area.h, area.y);
      cairo_rel_line_to(cr, area.h, area.h);
    }
  }
  cairo_stroke(cr);
  cairo_restore(cr);
}

void chart_bar(cairo_t *cr, struct chart_area area, guint index)
{
  colour(cr, index);
  cairo_rectangle(cr, area.x, area.y, area.w, area.h);
  cairo_fill(cr);
  hatch(cr, area, index % 4);
  chart_ink(cr, 0.2);
  cairo_set_line_width(cr, 0.8);
  cairo_rectangle(cr, area.x, area.y, area.w, area.h);
  cairo_stroke(cr);
}

void chart_line_style(cairo_t *cr, guint index)
{
  static const struct {
    double dashes[4];
    int count;
  } styles[] = {{{0}, 0}, {{7, 3}, 2}, {{2, 2}, 2}, {{8, 2, 2, 2}, 4}};
  const guint style = index % G_N_ELEMENTS(styles);
  colour(cr, index);
  cairo_set_line_width(cr, 1.8);
  cairo_set_dash(cr, styles[style].dashes, styles[style].count, 0);
}

/* A polygon of CORNERS, of many: a circle. */
static void polygon(cairo_t *cr, double x, double y, guint corners, double turn)
{
  for (guint i = 0; i < corners; i++) {
    const double angle = turn + 2 * G_PI * i / corners;
    cairo_line_to(cr, x + MARK * cos(angle), y + MARK * sin(angle));
  }
  cairo_close_path(cr);
}

void chart_mark(cairo_t *cr, double x, double y, guint index)
{
  static const struct {
    guint corners;
    double turn; /* in parts of a circle */
  } marks[] = {{24, 0}, {4, 0.125}, {3, -0.25}, {4, 0}, {3, 0.25}, {5, -0.25}};
  const guint mark = index % G_N_ELEMENTS(marks);
  cairo_set_dash(cr, NULL, 0, 0);
  cairo_new_path(cr);
  polygon(cr, x, y, marks[mark].corners, 2 * G_PI * marks[mark].turn);
  colour(cr, index);
  cairo_fill_preserve(cr);
  chart_ink(cr, 0.1);
  cairo_set_line_width(cr, 0.8);
  cairo_stroke(cr);
}

void chart_whisker(cairo_t *cr, double low, double high, double across, bool vertical)
{
  static const double end = 4;
  if (!isfinite(low) || !isfinite(high))
    return;
  chart_ink(cr, 0);
  cairo_set_dash(cr, NULL, 0, 0);
  cairo_set_line_width(cr, 1.3);
  const double ends[] = {low, high};
  cairo_move_to(cr, vertical ? across : low, vertical ? low : across);
  cairo_line_to(cr, vertical ? across : high, vertical ? high : across);
  for (int i = 0; i < 2; i++) {
    cairo_move_to(cr, vertical ? across - end : ends[i], vertical ? ends[i] : across - end);
    cairo_line_to(cr, vertical ? across + end : ends[i], vertical ? ends[i] : across + end);
  }
  cairo_stroke(cr);
}

double chart_step(double most)
{
  const double power = pow(10, floor(log10(most / 4)));
  const double parts = most / 4 / power;
  return power * (parts >= 5 ? 5 : parts >= 2 ? 2 : 1);
}
