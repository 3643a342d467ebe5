/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Snapshots: inside the disk images (internal), or in files before them (external).  What cannot work is
 * refused before libvirt is asked. */
#ifndef VIRT_SNAPSHOTS_H
#define VIRT_SNAPSHOTS_H

#include "core/model/snapshot.h"
#include "core/virt/act/acting.h"

/* The snapshots of the guest UUID, and what would be taken now.  May wait. */
struct snapshot_list *snapshots_of(struct hub *hub, const char *uuid, GError **err);

/* Handlers of actions; words: name=, description=, kind=, memory=, force, rename=, children, children-only.
 */
bool snapshot_take(struct acting *acting, virDomainPtr domain, GError **err);
bool snapshot_revert(struct acting *acting, virDomainPtr domain, GError **err);
bool snapshot_edit(struct acting *acting, virDomainPtr domain, GError **err);
bool snapshot_delete(struct acting *acting, virDomainPtr domain, GError **err);

#endif
