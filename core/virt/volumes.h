/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Disks as volumes of a libvirt storage pool, for connections that are not the lab. */
#ifndef VIRT_VOLUMES_H
#define VIRT_VOLUMES_H

#include "core/virt/acting.h"

/* Make DISK as a volume, with its content uploaded.  Nothing is left on failure. */
bool volume_make(const struct acting *acting, const struct blueprint *blueprint,
                 const struct blueprint_disk *disk, const struct platform *platform, GError **err);
/* Remove the volume at PATH; one that is gone already is fine. */
bool volume_remove(virConnectPtr conn, const char *path, GError **err);
/* Fill the existing empty FILE of this machine with DISK's content (disks.c). */
bool disk_fill(const struct blueprint *blueprint, const struct blueprint_disk *disk, const char *file,
               const atomic_bool *cancel, GError **err);

#endif
