/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A volume made as a copy of another one. */
#ifndef VIRT_VOLUME_COPY_H
#define VIRT_VOLUME_COPY_H

#include "core/virt/act/acting.h"

/* Make the volume of XML in POOL, named NAME there, as a copy of SOURCE; its growth is the job's progress.
 * libvirt does not end a copy before its time: one that was cancelled is waited for and removed.  Nothing is
 * left on failure, but where the connection was lost meanwhile.  virStorageVolFree. */
virStorageVolPtr volume_copy(const struct acting *acting, virStoragePoolPtr pool, const char *name,
                             const char *xml, virStorageVolPtr source, GError **err);

#endif
