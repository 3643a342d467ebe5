/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A disk that stands on one image made to stand on another. */
#ifndef VIRT_REBASE_H
#define VIRT_REBASE_H

#include "core/virt/act/acting.h"

/* Handler of an action; words: base=, disk=.  The disk holds the same as before; cancelled or failed, it
 * stands where it stood. */
bool rebase_guest(struct acting *acting, virDomainPtr domain, GError **err);

#endif
