/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Clones of a guest that is off, linked to its disks or with copies of them. */
#ifndef VIRT_ACT_CLONE_H
#define VIRT_ACT_CLONE_H

#include "core/virt/act/acting.h"

/* As many as the words ask for, one after the other; none is started.  Of one that fails nothing is left;
 * those made before it stay, and the error names them. */
bool clone_guest(struct acting *acting, virDomainPtr domain, GError **err);

#endif
