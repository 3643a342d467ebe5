/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much memory the snapshots inside a disk image hold. */
#ifndef VIRT_STATE_SIZE_H
#define VIRT_STATE_SIZE_H

#include <stdint.h>

/* Bytes of the guest's memory in snapshot NAME of the qcow2 image FILE of this machine; negative: it is not
 * there, or cannot be read. */
int64_t state_size(const char *file, const char *name);

#endif
