/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which port of this host SSH reaches a guest by: REACH_FIRST_PORT, or the next that nobody listens at and no
 * other guest's definition has. */
#ifndef VIRT_PORTS_H
#define VIRT_PORTS_H

#include "core/base/port.h"
#include "core/virt/conn/libvirt.h"
#include "core/virt/prepare/blueprint.h"

#define REACH_FIRST_PORT 2222

/* Hold one for a new guest of CONN, or for DOMAIN (may be NULL: new) in place of the one it has.  May wait
 * for libvirt. */
bool ports_hold(virConnectPtr conn, virDomainPtr domain, struct port_held *held, GError **err);
/* The one that ports_hold would give a new guest now; 0: none is left. */
int ports_next(virConnectPtr conn);
/* What BLUEPRINT needs of one that SSH is to reach, by PORT. */
void ports_give(struct blueprint *blueprint, int port);

#endif
