/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Disk images that are files of this machine, made by qemu-img. */
#ifndef VIRT_IMAGE_H
#define VIRT_IMAGE_H

#include <stdatomic.h>

#include "core/virt/prepare/blueprint.h"

/* Nothing is at PATH, else ERROR_REFUSED: what is there is never overwritten. */
bool image_is_free(const char *path, GError **err);
/* Make DISK at its path, with its content; nothing is left on failure.  CANCEL may be NULL. */
bool image_make(const struct blueprint *blueprint, const struct blueprint_disk *disk,
                const atomic_bool *cancel, GError **err);
/* Fill the existing empty FILE with DISK's content. */
bool image_fill(const struct blueprint *blueprint, const struct blueprint_disk *disk, const char *file,
                const atomic_bool *cancel, GError **err);
/* The format of the image PATH, as qemu-img finds it.  Caller frees. */
char *image_format(const char *path, const atomic_bool *cancel, GError **err);

#endif
