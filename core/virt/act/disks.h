/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The disks of a launch: image files in the lab, volumes of a storage pool elsewhere. */
#ifndef VIRT_DISKS_H
#define VIRT_DISKS_H

#include "core/virt/act/acting.h"
#include "core/virt/prepare/blueprint.h"

/* DISK is made by the launch, and is not somebody else's. */
bool disk_is_ours(const struct blueprint_disk *disk);
/* Those files of a launch that are made for it (char *, borrowed).  Caller unrefs. */
GPtrArray *disks_files(const struct blueprint *blueprint);
/* Make the disks of BLUEPRINT that are ours to make; on failure those made are removed.
 * A file that is there already is never touched. */
bool disks_make(const struct acting *acting, const struct blueprint *blueprint,
                const struct platform *platform, GError **err);
/* Remove them again (best effort; on the way out of a failed launch). */
void disks_remove(const struct acting *acting, const struct blueprint *blueprint,
                  const struct platform *platform);
/* Remove one file of a guest's, which may already be gone. */
bool disk_remove(virConnectPtr conn, const char *lab_root, const char *path, GError **err);
/* Nothing is at PATH, as far as this can be seen from here. */
bool disk_path_is_free(const struct acting *acting, const char *path);
/* The format of the existing image PATH, which a new disk is to stand on.  Caller frees. */
char *disk_format(const struct acting *acting, const struct platform *platform, const char *path,
                  GError **err);

#endif
