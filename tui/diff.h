/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What differs between two texts, line by line.  Pure. */
#ifndef TUI_DIFF_H
#define TUI_DIFF_H

#include <glib.h>
#include <stdbool.h>

struct diff_line {
  char mark;  /* '-' only in the first, '+' only in the second, ' ' in both, '~' lines of both left out */
  char *text; /* as it came; "" where lines are left out */
};

/* The lines that differ, with up to CONTEXT lines of both around them (struct diff_line; g_array_unref frees
 * all); empty: the texts are the same.  Texts of many thousand different lines are told as wholly replaced.
 */
GArray *diff_texts(const char *first, const char *second, int context);

#endif
