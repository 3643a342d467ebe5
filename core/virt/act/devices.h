/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Disks and NICs that come and go: at once in a guest that runs, and in its definition. */
#ifndef VIRT_DEVICES_H
#define VIRT_DEVICES_H

#include "core/virt/act/acting.h"

/* A new image, an image that nobody else uses, or a NIC.  On failure nothing is left. */
bool device_attach(struct acting *acting, virDomainPtr domain, GError **err);
/* The disk of a target name, or the NIC of a MAC; its file stays.  In a guest that runs it has gone only when
 * the guest lets it go: ERROR_GENERAL when that takes too long. */
bool device_detach(struct acting *acting, virDomainPtr domain, GError **err);

#endif
