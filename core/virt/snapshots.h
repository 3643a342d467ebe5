/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VIRT_SNAPSHOTS_H
#define VIRT_SNAPSHOTS_H

#include "core/virt/acting.h"

/* Handlers of actions; words: name=, description=, children. */
bool snapshot_take(struct acting *acting, virDomainPtr domain, GError **err);
bool snapshot_revert(struct acting *acting, virDomainPtr domain, GError **err);
bool snapshot_delete(struct acting *acting, virDomainPtr domain, GError **err);

#endif
