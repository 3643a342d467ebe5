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
/* Add to the set FILES (paths) everything that stands behind them, as far as the storage pools of CONN (NULL:
 * there are none) or, if the files are on THIS_MACHINE, their headers tell. */
void backing_close_over(GHashTable *files, virConnectPtr conn, bool this_machine);

#endif
