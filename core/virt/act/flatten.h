/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Disks that stand on other images made to stand on their own. */
#ifndef VIRT_FLATTEN_H
#define VIRT_FLATTEN_H

#include "core/virt/act/acting.h"

/* All of the guest's writable disks, whether it runs or not.  Cancelled or failed, each disk stands as it
 * stood or on its own, and can be flattened again. */
bool flatten_guest(struct acting *acting, virDomainPtr domain, GError **err);

#endif
