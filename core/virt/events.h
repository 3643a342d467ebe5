/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libvirt's domain events: turned into our events, and into "look at this guest again". */
#ifndef VIRT_EVENTS_H
#define VIRT_EVENTS_H

#include <libvirt/libvirt.h>

struct virt;

#define EVENTS_MAX 8

struct event_watch {
  int ids[EVENTS_MAX];
  int count;
};

/* What a lifecycle event says, as virsh words it: "shut off (destroyed)".  Caller frees. */
char *lifecycle_text(int event, int detail);
/* Register for everything we show on CONN; events that this hypervisor does not
 * have are left out.  Callbacks come on the event loop's thread. */
void events_watch(struct event_watch *watch, virConnectPtr conn, struct virt *virt);
void events_unwatch(struct event_watch *watch, virConnectPtr conn);

#endif
