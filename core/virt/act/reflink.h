/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copies of disk images that share their blocks with the original until one of them is written to. */
#ifndef VIRT_REFLINK_H
#define VIRT_REFLINK_H

#include <stdbool.h>

/* Make the existing empty file TO a copy of the qcow2 image FROM, on which nobody may write meanwhile. False,
 * and TO is still empty: the file system has no shared blocks, or FROM does not stand on its own, holds
 * snapshots, or was not closed well. */
bool reflink_image(const char *from, const char *to);
/* Could it, to a file in FOLDER?  Tried on a file without a name, which is gone when this returns. */
bool reflink_possible(const char *from, const char *folder);

#endif
