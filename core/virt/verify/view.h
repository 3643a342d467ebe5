/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A host to be verified: the folder that its files are read below, and what was asked of it.
 * Pure but for reading below ROOT: "/", or a tree that a test made. */
#ifndef VIRT_VIEW_H
#define VIRT_VIEW_H

#include <glib.h>
#include <stdbool.h>

#include "core/virt/verify/facts.h"

struct view {
  const char *root;
  const struct verify_facts *facts;
  char *cpuinfo;   /* /proc/cpuinfo; NULL: not to be read */
  char *container; /* which kind, where this is one; NULL: none */
  bool guest;      /* the machine is virtual */
  bool dom0;       /* it is Xen's first domain, whose kernel runs guests by Xen */
};

void view_open(struct view *ret, const char *root, const struct verify_facts *facts);
void view_close(struct view *view);

/* PATH as it is in the tree, "ROOT/PATH".  Caller frees, as all that follows. */
char *view_path(const struct view *view, const char *path);
bool view_has(const struct view *view, const char *path);
/* Is it a folder with nothing in it, as one where nothing is mounted? */
bool view_is_empty(const struct view *view, const char *path);
/* May this process access it (R_OK, W_OK, X_OK)? */
bool view_may(const struct view *view, const char *path, int mode);
/* Its text without blanks around it; NULL: not to be read. */
char *view_read(const struct view *view, const char *path);
/* What stands behind KEY and ":" in the file at PATH, "VmLck:\t 0 kB"; NULL: no such line. */
char *view_field(const struct view *view, const char *path, const char *key);
/* Has the CPU this flag ("vmx"), as an x86 kernel tells? */
bool view_cpu_flag(const struct view *view, const char *flag);
/* Does /proc/cpuinfo list flags as an x86 kernel does? */
bool view_is_x86(const struct view *view);
/* The word in brackets of a choice such as "always [madvise] never"; NULL: none. */
char *view_chosen(const char *text);

#endif
