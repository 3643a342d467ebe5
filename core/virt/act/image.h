/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Disk images that are files of this machine, made by qemu-img. */
#ifndef VIRT_IMAGE_H
#define VIRT_IMAGE_H

#include "core/virt/act/acting.h"
#include "core/virt/prepare/blueprint.h"

/* Nothing is at PATH, else ERROR_REFUSED: what is there is never overwritten. */
bool image_is_free(const char *path, GError **err);
/* Make DISK at its path, with its content; nothing is left on failure. */
bool image_make(const struct acting *acting, const struct blueprint *blueprint,
                const struct blueprint_disk *disk, GError **err);
/* Fill the existing empty FILE with DISK's content. */
bool image_fill(const struct acting *acting, const struct blueprint *blueprint,
                const struct blueprint_disk *disk, const char *file, GError **err);
/* Copy into the overlay PATH of FORMAT what it has from the images behind it, so that it stands on its own;
 * nobody may have it open.  Interrupted, it stands where it stood. */
bool image_flatten(const struct acting *acting, const char *path, const char *format, GError **err);
/* The format of the image PATH, as qemu-img finds it.  Caller frees. */
char *image_format(const struct acting *acting, const char *path, GError **err);
/* The bytes that a qcow2 copy of all that the image PATH of FORMAT holds would take. */
bool image_measure(const struct acting *acting, const char *path, const char *format, uint64_t *ret_bytes,
                   GError **err);
/* How far qemu-img says it is ("    (42.00/100%)", the last one in TEXT): 0 to 1; negative: it does not say.
 */
double image_progress(const char *text);

#endif
