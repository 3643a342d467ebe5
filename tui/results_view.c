/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The results of a benchmark, a sheet for each work: rows sorted by any column and held against a baseline;
 * below them bars with their intervals, and what may be said of the selected row; or the single runs of that
 * row. */
#include <math.h>

#include "core/base/text.h"
#include "tui/figures.h"
#include "tui/lines.h"
#include "tui/views.h"

#define LABEL 22
#define COLUMN 8
#define RATIO 7
#define SENTENCE 3 /* lines */
#define LOW 14     /* lines of a screen that has no room for everything */

struct results_view {
  struct view view;
  char *file;
  char *baseline; /* a backend; NULL: the plan's */
  int sheet;
  int row;    /* the selected one, as it stands in the sheet, whatever the order */
  int column; /* that it is sorted by */
  bool ascending, runs;
  int page;
};

static const struct sheet *sheet_of(const struct results_view *self, const struct sheet_book *book)
{
  return book && book->sheets->len ? sheet_at(book, CLAMP(self->sheet, 0, (int)book->sheets->len - 1)) : NULL;
}

static const struct sheet *shown_sheet(const struct results_view *self)
{
  const char *error;
  return sheet_of(self, engine_results(app_engine(self->view.app), &error));
}

static const struct sheet_column *column_at(const struct sheet *sheet, int i)
{
  return &g_array_index(sheet->columns, struct sheet_column, i);
}

/* ---- order ---- */

/* Whether row A comes before row B: rows without a value come last. */
static bool before(const struct results_view *self, const struct sheet *sheet, int a, int b)
{
  const double x = sheet_row_at(sheet, a)->value[self->column],
               y = sheet_row_at(sheet, b)->value[self->column];
  if (isnan(x) || isnan(y))
    return !isnan(x) && isnan(y);
  return self->ascending ? x < y : x > y;
}

/* The rows as they are shown: int each. */
static GArray *order_of(const struct results_view *self, const struct sheet *sheet)
{
  GArray *order = g_array_new(FALSE, FALSE, sizeof(int));
  for (int i = 0; i < (int)sheet->rows->len; i++) {
    guint at = 0;
    while (at < order->len && !before(self, sheet, i, g_array_index(order, int, at)))
      at++;
    g_array_insert_val(order, at, i);
  }
  return order;
}

static int place_of(const GArray *order, int row)
{
  for (guint i = 0; i < order->len; i++)
    if (g_array_index(order, int, i) == row)
      return (int)i;
  return 0;
}

/* ---- rows ---- */

static void put_value(struct canvas *canvas, int x, int y, enum role role, const struct sheet *sheet,
                      int column, double value)
{
  char buf[24];
  canvas_put_right(canvas, x, y, COLUMN - 1, role, figure_value(buf, column_at(sheet, column)->unit, value));
}

/* The first column that is shown beside that of the judgement, so that the one sorted by is among them. */
static int first_column(const struct results_view *self, int shown)
{
  return MAX(1, self->column - shown + 1);
}

static int columns_shown(struct rect rect)
{
  return MAX((rect.w - LABEL - COLUMN - RATIO - 2) / COLUMN, 1);
}

static enum role head_role(const struct results_view *self, int column)
{
  return column == self->column ? ROLE_HEAD_SORT : ROLE_HEAD;
}

static void draw_heads(const struct results_view *self, struct canvas *canvas, struct rect rect,
                       const struct sheet *sheet, bool with_ratio)
{
  const int shown = columns_shown(rect), first = first_column(self, shown);
  int x = rect.x + LABEL + 1;
  canvas_put_fit(canvas, rect.x + 1, rect.y, LABEL - 1, ROLE_HEAD, with_ratio ? "CELL" : "RUN");
  canvas_put_right(canvas, x, rect.y, COLUMN - 1, head_role(self, 0), column_at(sheet, 0)->title);
  x += COLUMN;
  canvas_put_right(canvas, x, rect.y, RATIO - 1, ROLE_HEAD, with_ratio ? "RATIO" : "");
  x += RATIO;
  for (int i = first; i < first + shown && i < (int)sheet->columns->len; i++, x += COLUMN)
    canvas_put_right(canvas, x, rect.y, COLUMN - 1, head_role(self, i), column_at(sheet, i)->title);
}

static void draw_values(const struct results_view *self, struct canvas *canvas, struct rect rect,
                        const struct sheet *sheet, const double *value, const char *ratio, enum role role)
{
  const int shown = columns_shown(rect), first = first_column(self, shown);
  int x = rect.x + LABEL + 1;
  put_value(canvas, x, rect.y, role, sheet, 0, value[0]);
  x += COLUMN;
  canvas_put_right(canvas, x, rect.y, RATIO - 1, role, ratio);
  x += RATIO;
  for (int i = first; i < first + shown && i < (int)sheet->columns->len; i++, x += COLUMN)
    put_value(canvas, x, rect.y, role, sheet, i, value[i]);
}

static void draw_row(const struct results_view *self, struct canvas *canvas, struct rect rect,
                     const struct sheet *sheet, int number)
{
  const struct sheet_row *row = sheet_row_at(sheet, number);
  const bool base = number == sheet->baseline;
  char ratio[24] = "-";
  if (base)
    g_strlcpy(ratio, "1", sizeof ratio);
  else if (isfinite(row->ratio[0]))
    g_snprintf(ratio, sizeof ratio, row->ratio[0] < 9.995 ? "%.2fx" : "%.1fx", row->ratio[0]);
  canvas_put_fit(canvas, rect.x + 1, rect.y, LABEL - 1, figure_path_role(row->path), row->label);
  draw_values(self, canvas, rect, sheet, row->value, ratio, ROLE_TEXT);
}

static void draw_rows(struct results_view *self, struct canvas *canvas, struct rect rect,
                      const struct sheet *sheet)
{
  g_autoptr(GArray) order = order_of(self, sheet);
  const int at = place_of(order, self->row), count = (int)order->len;
  const int first = CLAMP(at - rect.h / 2, 0, MAX(count - rect.h, 0));
  self->page = rect.h;
  for (int i = 0; i < rect.h && first + i < count; i++) {
    const struct rect line = {rect.x, rect.y + i, rect.w, 1};
    draw_row(self, canvas, line, sheet, g_array_index(order, int, first + i));
    if (first + i == at)
      canvas_ground(canvas, line, ROLE_SELECTED);
  }
}

/* ---- bars ---- */

static double most_of(const struct sheet *sheet, int column)
{
  double most = 0;
  for (int i = 0; i < (int)sheet->rows->len; i++)
    most = fmax(most, fmax(sheet_row_at(sheet, i)->value[column], sheet_row_at(sheet, i)->high[column]));
  return most > 0 ? most : 1;
}

/* What it is, and its 95 % interval in figures behind it. */
static void draw_bar(struct canvas *canvas, struct rect rect, const struct sheet *sheet,
                     const struct sheet_row *row, int column, double most)
{
  const enum metric_unit unit = column_at(sheet, column)->unit;
  const int bar = MAX(rect.w - LABEL - 17, 4);
  char low[24], high[24];
  canvas_put_fit(canvas, rect.x + 1, rect.y, LABEL - 1, ROLE_DIM, row->label);
  canvas_bar(canvas, rect.x + LABEL, rect.y, bar, row->value[column] / most, ROLE_BAR);
  if (isfinite(row->low[column]))
    canvas_putf(canvas, rect.x + LABEL + bar + 1, rect.y, ROLE_DIM, "%s to %s",
                figure_value(low, unit, row->low[column]), figure_value(high, unit, row->high[column]));
}

static void draw_bars(const struct results_view *self, struct canvas *canvas, struct rect rect,
                      const struct sheet *sheet)
{
  g_autoptr(GArray) order = order_of(self, sheet);
  const double most = most_of(sheet, self->column);
  const struct sheet_column *column = column_at(sheet, self->column);
  g_autofree char *title = g_strdup_printf("%s: %s; 95 %% intervals", column->title, column->text);
  canvas_rule(canvas, rect.x, rect.y, rect.w, title);
  for (int i = 0; i + 1 < rect.h && i < (int)order->len; i++)
    draw_bar(canvas, (struct rect){rect.x, rect.y + 1 + i, rect.w, 1}, sheet,
             sheet_row_at(sheet, g_array_index(order, int, i)), self->column, most);
}

/* ---- single runs ---- */

static void draw_runs(const struct results_view *self, struct canvas *canvas, struct rect rect,
                      const struct sheet *sheet)
{
  const struct sheet_row *row = sheet_row_at(sheet, self->row);
  g_autofree char *title = g_strdup_printf("%s, run by run", row->label);
  canvas_rule(canvas, rect.x, rect.y, rect.w, title);
  draw_heads(self, canvas, (struct rect){rect.x, rect.y + 1, rect.w, 1}, sheet, false);
  int y = rect.y + 2;
  for (guint i = 0; i < row->runs->len && y < rect.y + rect.h; i++, y++) {
    const struct sheet_run *run = g_ptr_array_index(row->runs, i);
    const enum role role = run->note ? ROLE_WARN : ROLE_TEXT;
    g_autofree char *note = run->note ? text_line(run->note) : NULL;
    canvas_putf(canvas, rect.x + 1, y, role, "%u", i + 1);
    draw_values(self, canvas, (struct rect){rect.x, y, rect.w, 1}, sheet, run->value, "", role);
    if (note && y + 1 < rect.y + rect.h)
      canvas_put_fit(canvas, rect.x + 4, ++y, rect.w - 4, role, note);
  }
}

/* ---- the whole ---- */

static void draw_sheet(struct results_view *self, struct canvas *canvas, struct rect area,
                       const struct sheet *sheet)
{
  const bool low = area.h < LOW; /* then rows come first, and bars where there is room left */
  const int count = (int)sheet->rows->len, said = low ? 2 : SENTENCE;
  const int most = low && !self->runs ? area.h - 2 - said : (area.h - 2 - said) / 2;
  const int rows = CLAMP(count, 1, MAX(most, 1));
  self->row = CLAMP(self->row, 0, count - 1);
  self->column = CLAMP(self->column, 0, (int)sheet->columns->len - 1);
  canvas_put_fit(canvas, area.x + 1, area.y, area.w - 1, ROLE_RULE_TITLE, sheet->title);
  draw_heads(self, canvas, (struct rect){area.x, area.y + 1, area.w, 1}, sheet, true);
  draw_rows(self, canvas, (struct rect){area.x, area.y + 2, area.w, rows}, sheet);
  const struct rect below = {area.x, area.y + 2 + rows, area.w, area.h - 2 - rows - said};
  if (self->runs)
    draw_runs(self, canvas, below, sheet);
  else if (below.h > 1)
    draw_bars(self, canvas, below, sheet);
  canvas_put_wrapped(canvas, (struct rect){area.x + 1, area.y + area.h - said, area.w - 2, said}, ROLE_TEXT,
                     sheet_row_at(sheet, self->row)->sentence);
}

static void results_draw(struct view *view, struct canvas *canvas, struct rect area)
{
  struct results_view *self = (struct results_view *)view;
  const char *error;
  const struct sheet_book *book = engine_results(app_engine(view->app), &error);
  const struct sheet *sheet = sheet_of(self, book);
  g_autofree char *last = self->file ? g_path_get_basename(self->file) : g_strdup("the newest"),
                  *name = text_line(last);
  g_autofree char *title = g_strdup_printf("Results: %s", name);
  if (book) {
    g_free(title);
    title = g_strdup_printf("Results %d of %u  %s%s%s", self->sheet + 1, MAX(book->sheets->len, 1),
                            book->notice, *book->notice ? "  " : "", name);
  }
  const struct rect inside = canvas_page(canvas, area, title);
  if (sheet)
    draw_sheet(self, canvas, inside, sheet);
  else
    canvas_put_unknown(canvas, inside, "reading and calculating ...",
                       book ? "no cell of this benchmark has a run that counts" : error);
}

/* ---- commands ---- */

static void move(struct results_view *self, const struct sheet *sheet, int step)
{
  g_autoptr(GArray) order = order_of(self, sheet);
  const int to = CLAMP(place_of(order, self->row) + CLAMP(step, -10000, 10000), 0, (int)order->len - 1);
  self->row = g_array_index(order, int, to);
}

static void next_sheet(struct results_view *self)
{
  const char *error;
  const struct sheet_book *book = engine_results(app_engine(self->view.app), &error);
  self->sheet = (self->sheet + 1) % (int)MAX(book ? book->sheets->len : 1, 1);
  self->row = self->column = 0;
}

static bool sort_by(struct results_view *self, const struct sheet *sheet, const struct command_line *line)
{
  for (int i = 0; line->words[0] && i < (int)sheet->columns->len; i++)
    if (g_ascii_strcasecmp(column_at(sheet, i)->title, line->words[0]) == 0) {
      self->column = i;
      self->ascending = line->words[1] && g_ascii_strcasecmp(line->words[1], "up") == 0;
      return true;
    }
  return false;
}

static enum view_answer results_command(struct view *view, const struct command_line *line,
                                        G_GNUC_UNUSED GError **err)
{
  struct results_view *self = (struct results_view *)view;
  const struct sheet *sheet = shown_sheet(self);
  const int step = lines_step(line->command, self->page);
  if (!sheet)
    return VIEW_PASS;
  if (step)
    move(self, sheet, step);
  else if (line->command->screen == COMMAND_LEFT || line->command->screen == COMMAND_RIGHT)
    self->column = CLAMP(self->column + (line->command->screen == COMMAND_LEFT ? -1 : 1), 0,
                         (int)sheet->columns->len - 1);
  else if (line->command->screen == COMMAND_REVERSE)
    self->ascending = !self->ascending;
  else if (line->command->screen == COMMAND_ENTER)
    self->runs = !self->runs;
  else if (line->command->screen == COMMAND_NEXT_PANE)
    next_sheet(self);
  else if (line->command->screen == COMMAND_BACK && self->runs)
    self->runs = false;
  else if (line->command->screen != COMMAND_SORT || !sort_by(self, sheet, line))
    return VIEW_PASS;
  return VIEW_TAKEN;
}

/* b: the selected row's backend becomes what the others are held against. */
static bool results_key(struct view *view, int key)
{
  struct results_view *self = (struct results_view *)view;
  const struct sheet *sheet = key == 'b' ? shown_sheet(self) : NULL;
  if (!sheet)
    return false;
  g_free(self->baseline);
  self->baseline = g_strdup(sheet_row_at(sheet, self->row)->backend);
  engine_ask_results(app_engine(view->app), self->file, self->baseline);
  return true;
}

static const struct hint *results_hints(G_GNUC_UNUSED struct view *view, int *ret_count)
{
  static const struct hint hints[] = {{"back", "back", NULL},     {"enter", "runs", NULL},
                                      {"right", "sort by", NULL}, {"reverse", "reverse", NULL},
                                      {NULL, "baseline", "b"},    {"next-pane", "next work", NULL},
                                      {"help", "help", NULL}};
  *ret_count = G_N_ELEMENTS(hints);
  return hints;
}

static void results_free(struct view *view)
{
  struct results_view *self = (struct results_view *)view;
  g_free(self->file);
  g_free(self->baseline);
  g_free(self);
}

static const struct view_class results_class = {
    .place = "results",
    .shape = VIEW_SCREEN,
    .draw = results_draw,
    .key = results_key,
    .command = results_command,
    .hints = results_hints,
    .free = results_free,
};

struct view *results_view_new(struct app *app, const char *file)
{
  struct results_view *self = g_new0(struct results_view, 1);
  self->view = (struct view){&results_class, app};
  self->file = g_strdup(file);
  engine_ask_results(app_engine(app), file, NULL);
  return &self->view;
}
