/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether QEMU, or one of its tools, has an image open to write to it. */
#ifndef VIRT_IMAGE_LOCK_H
#define VIRT_IMAGE_LOCK_H

#include <stdbool.h>

/* By the lock on the file PATH of this machine; false also where it cannot be opened. */
bool image_is_written(const char *path);

#endif
