/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of core/virt know of one another. */
#ifndef VIRT_INTERNAL_H
#define VIRT_INTERNAL_H

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

#include "core/virt/virt.h"

/* A reference to the connection that actions use (never the scanner's own); opened when
 * first asked for, reopened when it was lost.  Release with virConnectClose.  May wait. */
virConnectPtr virt_action_conn(struct virt *virt, GError **err);
const struct virt_options *virt_options(const struct virt *virt);
/* The lab's root folder, NULL when this is not the lab. */
const char *virt_lab_root(const struct virt *virt);
void virt_tell(struct virt *virt, struct event *event); /* takes EVENT */
/* Fill ERR with libvirt's last error of this thread; CODE by its number (refused
 * operations, no memory, lost connections have their own).  Returns false. */
bool virt_error(GError **err, const char *advice, const char *fmt, ...) G_GNUC_PRINTF(3, 4);

/* The lab (lab.c): make ROOT ready (folders, qemu.conf, lock held for the life of the
 * process) and give the URI to open.  Caller frees both. */
struct lab;
struct lab *lab_open(const char *root, GError **err); /* NULL root: the default place */
const char *lab_uri(const struct lab *lab);
const char *lab_root(const struct lab *lab);
void lab_close(struct lab *lab);

#endif
