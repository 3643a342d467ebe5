/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Delete: the definition, and those files that were made for this guest alone. */
#ifndef VIRT_DELETE_H
#define VIRT_DELETE_H

#include "core/model/deletion.h"
#include "core/virt/act/acting.h"

/* Handler of an action; words: keep-disks, force-off. */
bool delete_guest(struct acting *acting, virDomainPtr domain, GError **err);
/* What deleting the guest UUID comes to; NULL and ERR: it would be refused.  May wait.  deletion_free. */
struct deletion *delete_plan(struct hub *hub, const char *uuid, GError **err);

#endif
