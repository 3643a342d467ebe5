/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands behind a disk image. */
#ifndef VIRT_BACKING_H
#define VIRT_BACKING_H

#include <glib.h>
#include <stdbool.h>

#include "core/virt/act/acting.h"

/* The backing file that the qcow2 image FILE of this machine names in its header, absolute;
 * NULL: none, no qcow2, or not readable.  Caller frees. */
char *backing_of_file(const char *file);
/* The same, asked of the storage pools of CONN. */
char *backing_of_volume(virConnectPtr conn, const char *path);
/* The backing file of the image PATH of a guest of ACTING's connection, by whichever can know it.  Caller
 * frees. */
char *backing_of_disk(const struct acting *acting, const char *path);
/* Add to the set FILES (paths) everything that stands behind them, as far as the storage pools of ACTING's
 * connection or, if the files are on this machine, their headers tell. */
void backing_close_over(const struct acting *acting, GHashTable *files);
/* The set (paths) of FILES, NULL-terminated (NULL: none), and all behind them.  Caller unrefs. */
GHashTable *backing_closure(const struct acting *acting, char *const *files);

#endif
