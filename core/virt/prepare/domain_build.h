/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A blueprint as libvirt's domain XML. */
#ifndef VIRT_DOMAIN_BUILD_H
#define VIRT_DOMAIN_BUILD_H

#include "core/virt/prepare/blueprint.h"

/* Pure.  Caller frees. */
char *domain_build(const struct blueprint *blueprint);
/* One of its devices alone, to be attached to a guest that is there: DISK without a place in the boot order,
 * or the NIC. Caller frees. */
char *domain_build_disk(const struct blueprint *blueprint, const struct blueprint_disk *disk);
char *domain_build_nic(const struct blueprint *blueprint);

#endif
