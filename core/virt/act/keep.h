/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What libvirt keeps with a definition: a saved state, autostart.  Handlers of actions take acting and the
 * guest. */
#ifndef VIRT_KEEP_H
#define VIRT_KEEP_H

#include "core/virt/act/acting.h"

bool keep_save(struct acting *acting, virDomainPtr domain, GError **err);
bool keep_save_drop(struct acting *acting, virDomainPtr domain, GError **err);
/* Words: on, off; without one it is turned round. */
bool keep_autostart(struct acting *acting, virDomainPtr domain, GError **err);

#endif
