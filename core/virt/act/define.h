/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest's definition changed.  The one before it is kept in the guest's own metadata, wherever it lives, so
 * that undo returns to it, in this session or a later one; undo again, and the change is back. */
#ifndef VIRT_DEFINE_H
#define VIRT_DEFINE_H

#include "core/virt/act/acting.h"

bool define_rename(struct acting *acting, virDomainPtr domain, GError **err);
/* Title, vCPUs, memory and the backend of its disks; of a guest that runs, for its next start. */
bool define_edit(struct acting *acting, virDomainPtr domain, GError **err);
bool define_undo(struct acting *acting, virDomainPtr domain, GError **err);
/* Whatever of what stands behind its disks is written in the definition that stays, is no longer: libvirt
 * then looks at the images themselves.  For those who changed them. */
bool define_forget_backing(const struct acting *acting, virDomainPtr domain, GError **err);
/* SSH reaches it by PORT of this machine, from its next start on. */
bool define_port(const struct acting *acting, virDomainPtr domain, int port, GError **err);
bool define_autostart(struct acting *acting, virDomainPtr domain, GError **err);

#endif
