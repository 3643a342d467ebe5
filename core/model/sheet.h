/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Results of a benchmark as the screen shows them: sheets of rows to be compared, column by column.  Plain
 * data, from core/bench; the figures are not to be calculated with again. */
#ifndef MODEL_SHEET_H
#define MODEL_SHEET_H

#include <glib.h>
#include <stdbool.h>

#include "core/model/backend.h"
#include "core/model/metric.h"

struct sheet_column {
  const char *title, *text; /* static */
  enum metric_unit unit;
};

/* One run of a row. */
struct sheet_run {
  double *value; /* by column; NaN: unknown */
  char *note;    /* what is to be known of it, raw; NULL: nothing */
};
struct sheet_row {
  char *label;
  enum backend_path path;
  const char *backend;          /* static */
  double *value, *low, *high;   /* by column; NaN: unknown */
  double *ratio;                /* by column, to the baseline */
  double ratio_low, ratio_high; /* of the first column */
  char *sentence;               /* what may be said of it */
  GPtrArray *runs;              /* struct sheet_run */
};
struct sheet {
  char *title;     /* safe */
  GArray *columns; /* struct sheet_column; the first is what the work is judged by */
  GPtrArray *rows; /* struct sheet_row */
  int baseline;    /* a row */
};
struct sheet_book {
  char *name;         /* of the file, raw */
  const char *notice; /* what stands over every sheet: "" or that it is a simulation */
  GPtrArray *sheets;  /* struct sheet */
};
struct sheet_book *sheet_book_new(const char *name, const char *notice);
void sheet_book_free(struct sheet_book *book); /* NULL is fine */
/* A new sheet of BOOK, with COLUMNS (taken over); TITLE is copied. */
struct sheet *sheet_add(struct sheet_book *book, const char *title, GArray *columns);
/* A new row, and a new run of a row: all unknown; texts are copied. */
struct sheet_row *sheet_add_row(struct sheet *sheet, const char *label, const char *sentence);
struct sheet_run *sheet_add_run(const struct sheet *sheet, struct sheet_row *row, const char *note);
const struct sheet *sheet_at(const struct sheet_book *book, int i);
const struct sheet_row *sheet_row_at(const struct sheet *sheet, int i);

#endif
