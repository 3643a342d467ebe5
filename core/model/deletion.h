/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What deleting a guest comes to, found out beforehand. */
#ifndef MODEL_DELETION_H
#define MODEL_DELETION_H

#include <glib.h>
#include <stdbool.h>

struct deletion_file {
  char *path;
  char *stays; /* why it is not removed ("needed by b, c ..."); NULL: it goes */
};
struct deletion {
  GPtrArray *files; /* struct deletion_file *: all that the guest can write to */
  int snapshots;    /* go with its definition */
  bool saved;       /* so does its saved memory */
};

struct deletion *deletion_new(void);
void deletion_free(struct deletion *deletion); /* NULL is fine */
struct deletion *deletion_copy(const struct deletion *deletion);
/* One more file, at the end, unless it is there; both texts are copied. */
void deletion_add(struct deletion *deletion, const char *path, const char *stays);
/* "2 snapshots and its saved memory"; NULL: nothing of the kind.  Caller frees. */
char *deletion_more(const struct deletion *deletion);

#endif
