/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A results file as sheets for the screen. */
#ifndef BENCH_SHEETS_H
#define BENCH_SHEETS_H

#include "core/model/sheet.h"

/* FILE read and analysed, which takes a while; BASELINE is the backend that others are held against, NULL:
 * that of its plan.  Errors as of bench_results_read. */
struct sheet_book *bench_sheets_read(const char *file, const char *baseline, GError **err);

#endif
