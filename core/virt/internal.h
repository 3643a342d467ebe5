/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of core/virt know of one another. */
#ifndef VIRT_INTERNAL_H
#define VIRT_INTERNAL_H

#include "core/virt/conn/libvirt.h"
#include "core/virt/virt.h"

/* A reference to the connection that actions use (never the scanner's own); opened when
 * first asked for, reopened when it was lost.  Release with virConnectClose.  May wait. */
virConnectPtr virt_action_conn(struct virt *virt, GError **err);
const struct virt_options *virt_options(const struct virt *virt);
/* The lab's root folder, NULL when this is not the lab. */
const char *virt_lab_root(const struct virt *virt);
void virt_tell(struct virt *virt, struct event *event); /* takes EVENT */

#endif
