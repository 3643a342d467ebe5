/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is made of the results of benchmarks: `virtlens report`. */
#ifndef ENGINE_REPORT_H
#define ENGINE_REPORT_H

#include <glib.h>
#include <stdbool.h>

enum report_format { REPORT_FILES, REPORT_TEXT, REPORT_CSV, REPORT_MARKDOWN, REPORT_FORMATS };
/* "text", "csv" or "markdown"; -1: it is none of them. */
int report_format_find(const char *name);

struct report_wish {
  const char *const *files; /* NULL-terminated */
  enum report_format format;
  const char *output; /* REPORT_FILES: where they go; NULL: beside each file */
};
/* The text to be printed: the report in its format, or the names of the files written, one a line.  Caller
 * frees. */
char *report_make(const struct report_wish *wish, GError **err);
/* FIRST held against SECOND.  FAIL_IF (NULL: none) is a limit as core/bench/versus.h has it; *RET_BROKEN: it
 * was passed, which the text says.  Caller frees. */
char *report_compare(const char *first, const char *second, const char *fail_if, bool *ret_broken,
                     GError **err);

#endif
