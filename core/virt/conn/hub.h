/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One libvirt connection as its threads share it: how it is opened, who runs, and where they deliver.
 * Locks are pthreads', not GLib's: the thread sanitizer must see them. */
#ifndef VIRT_HUB_H
#define VIRT_HUB_H

#include <pthread.h>

#include "core/base/ref.h"
#include "core/model/sink.h"
#include "core/virt/conn/lab.h"
#include "core/virt/conn/libvirt.h"

struct hub {
  struct refs refs;
  /* Set once in hub_new. */
  char *asked; /* the URI as the user gave it; NULL: libvirt's choice, or the lab */
  char *uri;   /* as it is opened */
  char *label; /* as it is shown */
  bool readonly;
  struct lab *lab; /* NULL: not the lab */
  struct sink sink;
  int conn; /* its number there */

  pthread_mutex_t deliver; /* held while the sink is called */
  bool silent;             /* under deliver: nothing may be delivered any more */

  pthread_mutex_t open_lock;   /* held while the lab is opened: its driver starts up inside the first open */
  pthread_mutex_t action_lock; /* held while the actions' connection is opened */
  virConnectPtr action;

  pthread_mutex_t lock; /* everything below, and what its threads tell one another */
  pthread_cond_t wake;  /* any of that has changed */
  int threads;          /* that run now */
  GPtrArray *deleted;   /* what can be defined again (core/virt/act/undelete.h); NULL: nothing */
  bool stopping;
  virConnectPtr shared; /* drivers whose every connection is a world of its own: the only one; else NULL */
};

/* For URI (NULL: libvirt's choice), or for LAB (taken; NULL: not a lab); nothing is opened yet. */
struct hub *hub_new(const char *uri, struct lab *lab, bool readonly, const struct sink *sink, int conn);
struct hub *hub_ref(struct hub *hub);
void hub_unref(struct hub *hub);
/* Deliver nothing more, wake all threads and wait for their end, at most DEADLINE_SECONDS; returns how many
 * are left, in a call of libvirt that does not come back. */
int hub_stop(struct hub *hub, double deadline_seconds);
/* The lab's root folder, NULL when this is not the lab. */
const char *hub_lab_root(const struct hub *hub);

/* ---- threads ---- */
/* A detached thread NAME (at most 15 bytes) that runs FN(hub, arg), all signals blocked,
 * counted by hub_stop.  False when there is none to be had; FN was not called then. */
bool hub_thread(struct hub *hub, const char *name, void (*fn)(struct hub *hub, void *arg), void *arg);
/* Wait on hub->wake, with the lock held, until DEADLINE_NS (monotonic); false at the deadline. */
bool hub_wait(struct hub *hub, int64_t deadline_ns);
bool hub_stopping(struct hub *hub);

/* ---- delivery: to the sink, unless the end has come; all take what they are given ---- */
void hub_publish(struct hub *hub, struct conn_scan *scan);
void hub_publish_host(struct hub *hub, struct host_scan *scan);
void hub_tell(struct hub *hub, struct event *event);
void hub_console_news(struct hub *hub);
void hub_say(struct hub *hub, enum event_kind kind, const char *text); /* TEXT stays the caller's */

/* ---- opening (hub_open.c) ---- */
/* Open one more connection with keepalive (waits). */
virConnectPtr hub_open(struct hub *hub, GError **err);
/* Close CONN without waiting for it: a dead daemon may not answer. */
void hub_close_later(struct hub *hub, virConnectPtr conn);
/* A reference to the connection that actions use (never the scanner's own); opened when
 * first asked for, reopened when it was lost.  Release with virConnectClose.  May wait. */
virConnectPtr hub_action_conn(struct hub *hub, GError **err);
/* If each connection to CONN's driver would be a world of its own: from now on hub_open gives CONN,
 * until hub_end_sharing. */
void hub_share_if_world(struct hub *hub, virConnectPtr conn);
void hub_end_sharing(struct hub *hub);

#endif
