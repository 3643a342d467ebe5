/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "[section]" and "name = value" lines, with the place of each, so that complaints can say
 * line and column (GLib's key files do not keep them). */
#ifndef BASE_KEYFILE_H
#define BASE_KEYFILE_H

#include <glib.h>
#include <stdbool.h>

struct keyfile_entry {
  const char *section, *name, *value;
  int line, name_column, value_column; /* from 1; columns count characters */
};
/* FAULT is NULL for an entry; else ENTRY only has a place and FAULT says what is wrong there.
 * Strings are valid during the call. */
typedef void (*keyfile_visit)(void *context, const struct keyfile_entry *entry, const char *fault);

/* Visit all entries of TEXT (any bytes) in order.  '#' begins a comment at the start of a line. */
void keyfile_parse(const char *text, size_t length, keyfile_visit visit, void *context);

#endif
