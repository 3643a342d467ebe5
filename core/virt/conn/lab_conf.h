/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lab's qemu.conf, which says as whom its QEMU runs. */
#ifndef VIRT_LAB_CONF_H
#define VIRT_LAB_CONF_H

#include <glib.h>
#include <stdbool.h>

/* Bring ROOT/etc/qemu.conf up to date, or, where it is the user's own, add what a lab cannot do without. */
bool lab_conf_write(const char *root, GError **err);
/* The user that QEMU runs as on this host, by ROOT's qemu.conf (NULL: libvirt's default).
 * NULL: not known.  Caller frees. */
char *lab_qemu_user(const char *root);
/* The group that its qemu.conf gives to QEMU; NULL: none. */
char *lab_qemu_group(const char *root);

#endif
