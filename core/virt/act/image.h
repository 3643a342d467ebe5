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
/* Make the overlay PATH of FORMAT stand on the image BASE of BASE_FORMAT instead, holding what it held;
 * nobody may have it open.  Interrupted, it stands where it stood. */
bool image_rebase(const struct acting *acting, const char *path, const char *format, const char *base,
                  const char *base_format, GError **err);
/* What qemu-img finds PATH to be; also while a guest has it open. */
struct image_facts {
  char *format;                      /* g_free */
  int64_t virtual_bytes, real_bytes; /* -1: not told */
};
bool image_facts(const struct acting *acting, const char *path, struct image_facts *ret, GError **err);
/* Its format alone.  Caller frees. */
char *image_format(const struct acting *acting, const char *path, GError **err);
/* A qcow2 copy of all that the image PATH of FORMAT holds would share its blocks with it in FOLDER, and take
 * no room (reflink.h). */
bool image_can_share(const char *path, const char *format, const char *folder);
/* The bytes that a qcow2 copy of all that the image PATH of FORMAT holds would take. */
bool image_measure(const struct acting *acting, const char *path, const char *format, uint64_t *ret_bytes,
                   GError **err);
/* How far qemu-img says it is ("    (42.00/100%)", the last one in TEXT): 0 to 1; negative: it does not say.
 */
double image_progress(const char *text);

#endif
