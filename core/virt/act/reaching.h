/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The port by which SSH reaches a guest, when the guest is started. */
#ifndef VIRT_REACHING_H
#define VIRT_REACHING_H

#include "core/base/port.h"
#include "core/virt/act/acting.h"

/* Hold the port that the definition of DOMAIN has, until QEMU listens at it; none is fine.  If somebody else
 * has it, the definition gets another one, which the act's result tells; ERROR_REFUSED for a guest with a
 * saved state, where that cannot be. */
bool reaching_hold(struct acting *acting, virDomainPtr domain, struct port_held *held, GError **err);

#endif
