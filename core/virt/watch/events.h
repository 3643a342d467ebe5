/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What libvirt tells of a connection unasked: guests' events, turned into our events and into "look at this
 * guest again", and its loss. */
#ifndef VIRT_EVENTS_H
#define VIRT_EVENTS_H

#include "core/virt/watch/watch.h"

#define EVENTS_MAX 8

struct event_watch {
  struct watch *watch;
  int ids[EVENTS_MAX];
  int count;
  bool close_watched;
};

/* What a lifecycle event says, as virsh words it: "shut off (destroyed)".  Caller frees. */
char *lifecycle_text(int event, int detail);
/* Register for everything we show on CONN; events that this hypervisor does not
 * have are left out.  Callbacks come on the event loop's thread. */
void events_watch(struct event_watch *ret, virConnectPtr conn, struct watch *watch);
/* May wait for the peer. */
void events_unwatch(struct event_watch *events, virConnectPtr conn);

#endif
