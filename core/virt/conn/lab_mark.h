/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A job that makes files for a new guest of the lab leaves a mark while it lasts, so that the next start
 * can clear up after a program that was killed in the middle. */
#ifndef VIRT_LAB_MARK_H
#define VIRT_LAB_MARK_H

#include <glib.h>
#include <stdbool.h>

/* Note that FILES (NULL-terminated, all below ROOT) are about to be made for guest NAME.  ERROR_REFUSED when
 * a job makes one of this name already. */
bool lab_mark(const char *root, const char *name, const char *const *files, GError **err);
void lab_unmark(const char *root, const char *name);
/* Remove what marked jobs left that never came to a definition.  With the lab's lock held. */
void lab_sweep(const char *root);

#endif
