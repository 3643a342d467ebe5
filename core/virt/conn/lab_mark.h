/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A job that makes files for a guest of the lab, new or reverted, leaves a mark while it lasts, so that the
 * next start can clear up after a program that was killed in the middle. */
#ifndef VIRT_LAB_MARK_H
#define VIRT_LAB_MARK_H

#include <glib.h>
#include <stdbool.h>

/* Note that FILES (NULL-terminated, all below ROOT) are about to be made for guest NAME.  ERROR_REFUSED when
 * a job makes some for that one already. */
bool lab_mark(const char *root, const char *name, const char *const *files, GError **err);
void lab_unmark(const char *root, const char *name);
/* Where libvirt keeps what it knows of SNAPSHOT of guest NAME.  Caller frees. */
char *lab_snapshot_file(const char *root, const char *name, const char *snapshot);
/* Remove what marked jobs left that never came to where a definition names one of their files.  With the
 * lab's lock held. */
void lab_sweep(const char *root);

#endif
