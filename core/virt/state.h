/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One connection's shared state.  Locks are pthreads', not GLib's: the thread
 * sanitizer must see them. */
#ifndef VIRT_STATE_H
#define VIRT_STATE_H

#include <pthread.h>

#include "core/virt/internal.h"

struct virt {
  atomic_int refs;
  /* Set once in virt_new. */
  struct virt_options options; /* its strings are the next two */
  char *asked_uri, *asked_root;
  char *uri; /* as it is opened; NULL: libvirt's choice */
  char *label;
  struct sink sink;
  int conn;
  struct lab *lab;

  pthread_mutex_t deliver; /* held while the sink is called */
  bool silent;             /* under deliver: nothing may be delivered any more */

  pthread_mutex_t open_lock;   /* held while the lab is opened: its driver starts up inside the first open */
  pthread_mutex_t action_lock; /* held while the actions' connection is opened */
  virConnectPtr action;

  pthread_mutex_t lock; /* everything below */
  pthread_cond_t wake;
  int threads; /* that run now */
  bool stopping, kicked, lost;
  char *lost_why;
  double interval;
  GHashTable *attention; /* set of UUIDs */
  GHashTable *processes; /* UUID -> struct process of this machine */
  GHashTable *marked;    /* set of UUIDs whose definitions are to be read again */
  virConnectPtr shared;  /* drivers whose every connection is a world of its own: the only one; else NULL */
  GPtrArray *results;    /* struct answer: what readers brought */
  GPtrArray *readers;    /* struct reader; the list itself is the scanner's alone */
};

struct virt *virt_ref(struct virt *virt);
void virt_unref(struct virt *virt);
void virt_unref_opaque(void *virt); /* for libvirt's free callbacks */

/* A detached thread NAME (at most 15 bytes) that runs FN(virt, arg), all signals blocked,
 * counted by virt_free.  False when there is none to be had; FN was not called then. */
bool virt_thread(struct virt *virt, const char *name, void (*fn)(struct virt *virt, void *arg), void *arg);
/* Wait on virt->wake, with the lock held, until DEADLINE_NS (monotonic); false at the deadline. */
bool virt_wait(struct virt *virt, int64_t deadline_ns);
bool virt_stopping(struct virt *virt);

/* To the sink, unless the end has come; both take what they are given. */
void virt_publish(struct virt *virt, struct conn_scan *scan);
void virt_publish_host(struct virt *virt, struct host_scan *scan);
void virt_say(struct virt *virt, enum event_kind kind, const char *text);
/* The guest UUID changed: read its definition again, and look at once. */
void virt_mark(struct virt *virt, const char *uuid);

/* Open one more connection with keepalive (waits). */
virConnectPtr virt_open(struct virt *virt, GError **err);
/* Close CONN without waiting for it: a dead daemon may not answer. */
void virt_close_later(struct virt *virt, virConnectPtr conn);

void scanner_main(struct virt *virt, void *arg);

#endif
