/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Disks as volumes of a libvirt storage pool, for connections that are not the lab. */
#ifndef VIRT_VOLUMES_H
#define VIRT_VOLUMES_H

#include "core/virt/act/acting.h"
#include "core/virt/prepare/blueprint.h"

/* Make DISK as a volume, with its content uploaded.  Nothing is left on failure. */
bool volume_make(const struct acting *acting, const struct blueprint *blueprint,
                 const struct blueprint_disk *disk, const struct platform *platform, GError **err);
/* Remove the volume at PATH; one that is gone already is fine. */
bool volume_remove(virConnectPtr conn, const char *path, GError **err);
/* Find the paths of those of DISKS (struct clone_disk *) that are volumes of pools of CONN. */
bool volumes_resolve(virConnectPtr conn, GPtrArray *disks, GError **err);
/* The description of the volume at PATH, or NULL.  Caller frees. */
char *volume_xml_at(virConnectPtr conn, const char *path);
/* What XPATH finds first in the description of the volume at PATH, or NULL.  Caller frees. */
char *volume_text(virConnectPtr conn, const char *path, const char *xpath);
/* The path of the volume NAME of POOL, or NULL.  Caller frees. */
char *volume_path(virConnectPtr conn, const char *pool, const char *name);

/* Is there a volume with this path? */
bool volume_is_there(virConnectPtr conn, const char *path);
/* Is PATH in the folder of a storage pool? */
bool volumes_have_folder(virConnectPtr conn, const char *path);
/* Let the pool in whose folder PATH is look again at what is there; false: there is none, or it cannot. */
bool volumes_refresh(virConnectPtr conn, const char *path);

#endif
