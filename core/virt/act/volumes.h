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

#endif
