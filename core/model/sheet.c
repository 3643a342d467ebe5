/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/sheet.h"

#include <math.h>

static void free_run(gpointer pointer)
{
  struct sheet_run *run = pointer;
  g_free(run->value);
  g_free(run->note);
  g_free(run);
}

static void free_row(gpointer pointer)
{
  struct sheet_row *row = pointer;
  g_ptr_array_unref(row->runs);
  g_free(row->label);
  g_free(row->sentence);
  g_free(row->value);
  g_free(row->low);
  g_free(row->high);
  g_free(row->ratio);
  g_free(row);
}

static void free_sheet(gpointer pointer)
{
  struct sheet *sheet = pointer;
  g_ptr_array_unref(sheet->rows);
  g_array_unref(sheet->columns);
  g_free(sheet->title);
  g_free(sheet);
}

struct sheet_book *sheet_book_new(const char *name, const char *notice)
{
  struct sheet_book *book = g_new0(struct sheet_book, 1);
  *book = (struct sheet_book){g_strdup(name), notice, g_ptr_array_new_with_free_func(free_sheet)};
  return book;
}

void sheet_book_free(struct sheet_book *book)
{
  if (!book)
    return;
  g_ptr_array_unref(book->sheets);
  g_free(book->name);
  g_free(book);
}

struct sheet *sheet_add(struct sheet_book *book, const char *title, GArray *columns)
{
  struct sheet *sheet = g_new0(struct sheet, 1);
  *sheet = (struct sheet){g_strdup(title), columns, g_ptr_array_new_with_free_func(free_row), 0};
  g_ptr_array_add(book->sheets, sheet);
  return sheet;
}

static double *unknown(const struct sheet *sheet)
{
  double *values = g_new(double, MAX(sheet->columns->len, 1));
  for (guint i = 0; i < sheet->columns->len; i++)
    values[i] = NAN;
  return values;
}

struct sheet_row *sheet_add_row(struct sheet *sheet, const char *label, const char *sentence)
{
  struct sheet_row *row = g_new0(struct sheet_row, 1);
  *row = (struct sheet_row){.label = g_strdup(label),
                            .sentence = g_strdup(sentence),
                            .value = unknown(sheet),
                            .low = unknown(sheet),
                            .high = unknown(sheet),
                            .ratio = unknown(sheet),
                            .ratio_low = NAN,
                            .ratio_high = NAN,
                            .runs = g_ptr_array_new_with_free_func(free_run)};
  g_ptr_array_add(sheet->rows, row);
  return row;
}

struct sheet_run *sheet_add_run(const struct sheet *sheet, struct sheet_row *row, const char *note)
{
  struct sheet_run *run = g_new0(struct sheet_run, 1);
  *run = (struct sheet_run){unknown(sheet), g_strdup(note)};
  g_ptr_array_add(row->runs, run);
  return run;
}

const struct sheet *sheet_at(const struct sheet_book *book, int i)
{
  return g_ptr_array_index(book->sheets, i);
}

const struct sheet_row *sheet_row_at(const struct sheet *sheet, int i)
{
  return g_ptr_array_index(sheet->rows, i);
}
