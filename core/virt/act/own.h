/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The images that are a guest's own beside those of its disks: of its snapshots, and former ones. */
#ifndef VIRT_OWN_H
#define VIRT_OWN_H

#include <stdbool.h>

#include "core/virt/conn/libvirt.h"

/* The files that the snapshots of DOMAIN began, or stand on, NULL-terminated and possibly empty.  Caller
 * frees. */
char **own_of_snapshots(virDomainPtr domain);

/* A former image is one that the guest wrote to once, or that was left to it when the guest that did was
 * deleted; its disks stand on it now, and no snapshot tells of it: its definition does. */

/* Those that the definition XML tells of, NULL-terminated; NULL: none.  Caller frees. */
char **own_former(const char *xml);
/* Let the definition of DOMAIN tell of FILES (a set of paths), and of no others.  A transient guest has no
 * definition that stays: nothing is done. */
bool own_set_former(virDomainPtr domain, GHashTable *files, GError **err);

#endif
