/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/canvas.h"

#include <stdarg.h>
#include <string.h>

#include "core/base/text.h"
#include "tui/canvas_internal.h"

/* What the program itself draws, on terminals without UTF-8. */
static const struct {
  gunichar symbol;
  char twin;
} twins[] = {
    {0x2500, '-'}, {0x2502, '|'}, {0x250c, '+'}, {0x2510, '+'}, {0x2514, '+'}, {0x2518, '+'}, {0x251c, '+'},
    {0x2524, '+'}, {0x252c, '+'}, {0x2534, '+'}, {0x00b7, '-'}, {0x2026, '~'}, {0x00b5, 'u'}, {0x03bc, 'u'},
    {0x25b8, '>'}, {0x25be, 'v'}, {0x25b2, '^'}, {0x25bc, 'v'}, {0x2191, '^'}, {0x2193, 'v'}, {0x2190, '<'},
    {0x2192, '>'}, {0x25cf, '*'}, {0x25cb, 'o'}, {0x2713, 'x'}, {0x00d7, 'x'}, {0x2595, '['}, {0x258f, ']'},
    {0x2022, '*'}, {0x2013, '-'}, {0x2014, '-'}, {0x2265, '>'}, {0x2264, '<'}, {0x2588, '#'},
};

static const char *next_char(const char *p)
{
  return p + g_utf8_skip[(guchar)*p];
}

struct canvas *canvas_new(int w, int h, bool utf8, enum graph_style graphs)
{
  struct canvas *canvas = g_new0(struct canvas, 1);
  canvas->utf8 = utf8;
  canvas_set_graphs(canvas, graphs);
  canvas_resize(canvas, w, h);
  return canvas;
}

void canvas_set_graphs(struct canvas *canvas, enum graph_style graphs)
{
  canvas->graphs = canvas->utf8 || graphs == GRAPH_NONE ? graphs : GRAPH_ASCII;
}

void canvas_free(struct canvas *canvas)
{
  if (!canvas)
    return;
  g_free(canvas->cells);
  g_free(canvas);
}

void canvas_resize(struct canvas *canvas, int w, int h)
{
  canvas->w = MAX(w, 1);
  canvas->h = MAX(h, 1);
  g_free(canvas->cells);
  canvas->cells = g_new0(struct cell, (gsize)canvas->w * (gsize)canvas->h);
  canvas_clear(canvas);
}

void canvas_clear(struct canvas *canvas)
{
  const struct cell blank = {' ', ROLE_TEXT, ROLE_TEXT};
  for (int i = 0; i < canvas->w * canvas->h; i++)
    canvas->cells[i] = blank;
  canvas->clip = canvas_area(canvas);
  canvas->cursor = false;
}

struct rect canvas_area(const struct canvas *canvas)
{
  return (struct rect){0, 0, canvas->w, canvas->h};
}

bool canvas_utf8(const struct canvas *canvas)
{
  return canvas->utf8;
}

static struct rect intersect(struct rect a, struct rect b)
{
  int right = MIN(a.x + a.w, b.x + b.w), bottom = MIN(a.y + a.h, b.y + b.h);
  struct rect r = {MAX(a.x, b.x), MAX(a.y, b.y), 0, 0};
  r.w = MAX(right - r.x, 0);
  r.h = MAX(bottom - r.y, 0);
  return r;
}

struct rect canvas_clip(struct canvas *canvas, struct rect rect)
{
  struct rect before = canvas->clip;
  canvas->clip = intersect(rect, canvas_area(canvas));
  return before;
}

static bool visible(const struct canvas *canvas, int x, int y)
{
  const struct rect *c = &canvas->clip;
  return x >= c->x && x < c->x + c->w && y >= c->y && y < c->y + c->h;
}

static struct cell *cell_at(struct canvas *canvas, int x, int y)
{
  return &canvas->cells[(gsize)y * (gsize)canvas->w + (gsize)x];
}

gunichar canvas_symbol(const struct canvas *canvas, gunichar ch)
{
  if (!g_unichar_isprint(ch))
    return '?';
  if (canvas->utf8 || ch < 0x80)
    return ch;
  for (size_t i = 0; i < G_N_ELEMENTS(twins); i++)
    if (twins[i].symbol == ch)
      return (gunichar)twins[i].twin;
  return '?';
}

/* Overwriting one half of a wide character leaves no half behind. */
static void break_wide(struct canvas *canvas, int x, int y)
{
  struct cell *cell = cell_at(canvas, x, y);
  if (cell->ch == 0 && x > 0)
    cell[-1].ch = ' ';
  if (x + 1 < canvas->w && cell[1].ch == 0)
    cell[1].ch = ' ';
}

void canvas_set(struct canvas *canvas, int x, int y, gunichar ch, enum role role)
{
  if (!visible(canvas, x, y))
    return;
  break_wide(canvas, x, y);
  struct cell *cell = cell_at(canvas, x, y);
  cell->ch = ch;
  cell->role = (guint16)role;
}

static void set_wide(struct canvas *canvas, int x, int y, gunichar ch, enum role role)
{
  if (!visible(canvas, x, y) || !visible(canvas, x + 1, y)) {
    canvas_set(canvas, x, y, ' ', role);
    canvas_set(canvas, x + 1, y, ' ', role);
    return;
  }
  canvas_set(canvas, x, y, ch, role);
  canvas_set(canvas, x + 1, y, ' ', role);
  cell_at(canvas, x + 1, y)->ch = 0;
}

int canvas_put(struct canvas *canvas, int x, int y, enum role role, const char *text)
{
  g_return_val_if_fail(g_utf8_validate(text, -1, NULL), x);
  for (const char *p = text; *p; p = next_char(p)) {
    gunichar ch = g_utf8_get_char(p), symbol = canvas_symbol(canvas, ch);
    bool wide = ch >= 0x80 && g_unichar_iswide(ch);
    if (g_unichar_iszerowidth(ch) && ch >= 0xa0)
      continue;
    if (wide && symbol == ch) {
      set_wide(canvas, x, y, ch, role);
    } else {
      canvas_set(canvas, x, y, symbol, role);
      if (wide)
        canvas_set(canvas, x + 1, y, symbol, role);
    }
    x += wide ? 2 : 1;
  }
  return x;
}

int canvas_putf(struct canvas *canvas, int x, int y, enum role role, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  return canvas_put(canvas, x, y, role, text);
}

static void put_blanks(struct canvas *canvas, int x, int end, int y, enum role role)
{
  for (; x < end; x++)
    canvas_set(canvas, x, y, ' ', role);
}

int canvas_put_fit(struct canvas *canvas, int x, int y, int w, enum role role, const char *text)
{
  if (w <= 0)
    return x;
  g_autofree char *fit = text_fit(text, w, !canvas->utf8);
  put_blanks(canvas, canvas_put(canvas, x, y, role, fit), x + w, y, role);
  return x + w;
}

int canvas_put_right(struct canvas *canvas, int x, int y, int w, enum role role, const char *text)
{
  if (w <= 0)
    return x;
  g_autofree char *fit = text_fit(text, w, !canvas->utf8);
  int start = x + w - text_width(fit);
  put_blanks(canvas, x, start, y, role);
  canvas_put(canvas, start, y, role, fit);
  return x + w;
}

int canvas_put_wrapped(struct canvas *canvas, struct rect rect, enum role role, const char *text)
{
  int lines = 0;
  while (*text && rect.w > 0) {
    const size_t length = text_break(text, rect.w);
    g_autofree char *line = g_strndup(text, length);
    if (lines < rect.h)
      canvas_put_fit(canvas, rect.x, rect.y + lines, rect.w, role, line);
    lines++;
    text += length;
    text += strspn(text, " \n");
  }
  return lines;
}

void canvas_fill(struct canvas *canvas, struct rect rect, enum role role)
{
  struct rect r = intersect(rect, canvas->clip);
  for (int y = r.y; y < r.y + r.h; y++)
    put_blanks(canvas, r.x, r.x + r.w, y, role);
  canvas_ground(canvas, rect, role);
}

void canvas_ground(struct canvas *canvas, struct rect rect, enum role role)
{
  struct rect r = intersect(rect, canvas->clip);
  for (int y = r.y; y < r.y + r.h; y++)
    for (int x = r.x; x < r.x + r.w; x++)
      cell_at(canvas, x, y)->ground = (guint16)role;
}

void canvas_rule(struct canvas *canvas, int x, int y, int w, const char *title)
{
  gunichar line = canvas_symbol(canvas, 0x2500);
  for (int i = 0; i < w; i++)
    canvas_set(canvas, x + i, y, line, ROLE_RULE);
  if (!title || w < 8)
    return;
  g_autofree char *fit = text_fit(title, w - 6, !canvas->utf8);
  int end = canvas_put(canvas, x + 3, y, ROLE_RULE_TITLE, fit);
  canvas_set(canvas, x + 2, y, ' ', ROLE_RULE);
  canvas_set(canvas, end, y, ' ', ROLE_RULE);
}

static void box_sides(struct canvas *canvas, struct rect r)
{
  gunichar side = canvas_symbol(canvas, 0x2502);
  for (int y = r.y + 1; y < r.y + r.h - 1; y++) {
    canvas_set(canvas, r.x, y, side, ROLE_RULE);
    canvas_set(canvas, r.x + r.w - 1, y, side, ROLE_RULE);
  }
  canvas_set(canvas, r.x, r.y, canvas_symbol(canvas, 0x250c), ROLE_RULE);
  canvas_set(canvas, r.x + r.w - 1, r.y, canvas_symbol(canvas, 0x2510), ROLE_RULE);
  canvas_set(canvas, r.x, r.y + r.h - 1, canvas_symbol(canvas, 0x2514), ROLE_RULE);
  canvas_set(canvas, r.x + r.w - 1, r.y + r.h - 1, canvas_symbol(canvas, 0x2518), ROLE_RULE);
}

struct rect canvas_box(struct canvas *canvas, struct rect rect, const char *title)
{
  canvas_fill(canvas, rect, ROLE_DIALOG);
  canvas_rule(canvas, rect.x, rect.y, rect.w, NULL);
  canvas_rule(canvas, rect.x, rect.y + rect.h - 1, rect.w, NULL);
  box_sides(canvas, rect);
  if (title && rect.w > 8) {
    g_autofree char *fit = text_fit(title, rect.w - 6, !canvas->utf8);
    canvas_put(canvas, rect.x + 2, rect.y, ROLE_DIALOG_TITLE, " ");
    int end = canvas_put(canvas, rect.x + 3, rect.y, ROLE_DIALOG_TITLE, fit);
    canvas_put(canvas, end, rect.y, ROLE_DIALOG_TITLE, " ");
  }
  return (struct rect){rect.x + 2, rect.y + 1, MAX(rect.w - 4, 0), MAX(rect.h - 2, 0)};
}

struct rect canvas_page(struct canvas *canvas, struct rect rect, const char *title)
{
  canvas_fill(canvas, rect, ROLE_TEXT);
  canvas_rule(canvas, rect.x, rect.y, rect.w, title);
  return (struct rect){rect.x + 1, rect.y + 1, rect.w - 2, rect.h - 1};
}

void canvas_put_unknown(struct canvas *canvas, struct rect rect, const char *waiting, const char *error)
{
  g_autofree char *safe = text_safe(error ? error : waiting);
  canvas_put_wrapped(canvas, rect, error ? ROLE_WRONG : ROLE_DIM, safe);
}

void canvas_cursor(struct canvas *canvas, int x, int y)
{
  canvas->cursor = visible(canvas, x, y);
  canvas->cursor_x = x;
  canvas->cursor_y = y;
}

bool canvas_get_cursor(const struct canvas *canvas, int *ret_x, int *ret_y)
{
  *ret_x = canvas->cursor_x;
  *ret_y = canvas->cursor_y;
  return canvas->cursor;
}

void canvas_copy(struct canvas *to, const struct canvas *from)
{
  g_return_if_fail(to->w == from->w && to->h == from->h);
  memcpy(to->cells, from->cells, sizeof(struct cell) * (gsize)to->w * (gsize)to->h);
}

const struct cell *canvas_row(const struct canvas *canvas, int y)
{
  return &canvas->cells[(gsize)y * (gsize)canvas->w];
}

char *canvas_row_text(const struct canvas *canvas, int y)
{
  GString *text = g_string_new(NULL);
  const struct cell *row = canvas_row(canvas, y);
  for (int x = 0; x < canvas->w; x++)
    if (row[x].ch)
      g_string_append_unichar(text, row[x].ch);
  return g_strchomp(g_string_free(text, FALSE));
}

char *canvas_text(const struct canvas *canvas)
{
  GString *text = g_string_new(NULL);
  for (int y = 0; y < canvas->h; y++) {
    g_autofree char *row = canvas_row_text(canvas, y);
    g_string_append_printf(text, "%s\n", row);
  }
  return g_string_free(text, FALSE);
}
