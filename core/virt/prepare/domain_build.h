/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A blueprint as libvirt's domain XML. */
#ifndef VIRT_DOMAIN_BUILD_H
#define VIRT_DOMAIN_BUILD_H

#include "core/virt/prepare/blueprint.h"

/* Pure.  Caller frees. */
char *domain_build(const struct blueprint *blueprint);

#endif
