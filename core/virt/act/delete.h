/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Delete: the definition, and those files that were made for this guest alone. */
#ifndef VIRT_DELETE_H
#define VIRT_DELETE_H

#include "core/virt/act/acting.h"

/* Handler of an action; words: keep-disks, force-off. */
bool delete_guest(struct acting *acting, virDomainPtr domain, GError **err);
/* The files that deleting the guest UUID would remove, NULL-terminated (g_strfreev).  May wait. */
char **delete_files(struct hub *hub, const char *uuid, GError **err);

#endif
