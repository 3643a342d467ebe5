/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text files of conf/ that are compiled in. */
#ifndef CONF_EMBEDDED_H
#define CONF_EMBEDDED_H

#include <stddef.h>

struct embedded {
  const char *name; /* "virtlens.conf", "default.theme" */
  const char *text; /* with a 0 byte behind */
  size_t length;
};
extern const struct embedded embedded_table[]; /* ends with a NULL name */
const struct embedded *embedded_find(const char *name);

#endif
