/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Guests that were deleted with their disks kept can be defined again while the session lasts. */
#ifndef VIRT_UNDELETE_H
#define VIRT_UNDELETE_H

#include "core/virt/act/acting.h"

/* What it takes to define a guest again: its definition, its snapshots, whether it starts with its host. */
struct deleted;
/* Read before DOMAIN is deleted.  NULL and ERR: it cannot be read. */
struct deleted *deleted_read(virDomainPtr domain, GError **err);
void deleted_free(struct deleted *deleted); /* NULL is fine */
/* Keep it with the connection; takes DELETED. */
void deleted_keep(struct hub *hub, struct deleted *deleted);
/* Handler of an action; the word name: which; the one deleted last, when it is left out. */
bool undelete_guest(struct acting *acting, GError **err);

#endif
