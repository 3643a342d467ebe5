/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A qemu.conf, which says as whom libvirt's daemon runs QEMU. */
#ifndef VIRT_QEMU_CONF_H
#define VIRT_QEMU_CONF_H

#include <glib.h>

#define QEMU_CONF_USER "libvirt-qemu" /* where the file names none: Debian's libvirt */

/* The value of KEY in the TEXT of a qemu.conf, or NULL.  Caller frees. */
char *qemu_conf_value(const char *text, const char *key);

#endif
