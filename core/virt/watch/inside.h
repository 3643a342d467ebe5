/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a guest tells of itself from inside: asked of its agent, and where there is none what the host knows
 * of its addresses. */
#ifndef VIRT_INSIDE_H
#define VIRT_INSIDE_H

#include "core/model/inside.h"
#include "core/virt/conn/libvirt.h"

/* Ask the guest DOMAIN, which runs; what it does not tell has its reason.  Waits for the agent, a few seconds
 * at most: never on the scanner's thread.  inside_unref. */
struct inside *inside_ask(virDomainPtr domain);
/* Take what libvirt was told into RET, for inside_ask and its tests; more than INSIDE_MAX is left out. */
void inside_take_interfaces(struct inside *ret, virDomainInterfacePtr *interfaces, int count);
void inside_take_file_systems(struct inside *ret, virTypedParameterPtr params, int count);

#endif
