/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A job that makes or removes files of a lab's guest leaves a mark while it lasts, so that the next start can
 * clear up after a program that was killed in the middle. */
#ifndef VIRT_LAB_MARK_H
#define VIRT_LAB_MARK_H

#include <glib.h>
#include <stdbool.h>

/* Note that FILES (NULL-terminated) of guest NAME come or go; those that are not below ROOT are left out.
 * ERROR_REFUSED while another job for a guest of this name has its mark.  ROOT NULL: there is no lab, nothing
 * is done. */
bool lab_mark(const char *root, const char *name, const char *const *files, GError **err);
void lab_unmark(const char *root, const char *name);
/* Where libvirt keeps what it knows of SNAPSHOT of guest NAME.  Caller frees. */
char *lab_snapshot_file(const char *root, const char *name, const char *snapshot);
/* Remove the marked files that no definition of a guest or snapshot names and nobody writes to; none where a
 * definition cannot be read.  What stays is noted for the next start.  Returns what there was, a sentence for
 * each file (g_strfreev).  With the lab's lock held. */
char **lab_sweep(const char *root);

#endif
