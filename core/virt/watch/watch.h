/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the scanner of a connection is told by others: by the user what to look at and how often, by libvirt
 * that a guest has changed or the connection is lost.  Any thread; nothing here waits. */
#ifndef VIRT_WATCH_H
#define VIRT_WATCH_H

#include "core/virt/conn/hub.h"

struct watch {
  struct refs refs;
  /* Set once in watch_new. */
  struct hub *hub;
  double budget;   /* share of the tick that heavy calls may take, 0..1 */
  bool record_all; /* every group of every guest each tick, whatever it costs */
  /* Under hub->lock. */
  double interval; /* seconds */
  bool kicked;     /* look at once */
  bool lost;
  char *lost_why;
  GHashTable *attention; /* set of UUIDs: the guests that the user looks at */
  GHashTable *marked;    /* set of UUIDs whose definitions are to be read again */
};

struct watch *watch_new(struct hub *hub, double interval, double budget, bool record_all);
struct watch *watch_ref(struct watch *watch);
void watch_unref(struct watch *watch);

void watch_set_interval(struct watch *watch, double seconds);
/* UUIDS is NULL-terminated (NULL: none) and copied. */
void watch_set_attention(struct watch *watch, const char *const *uuids);
/* Scan now rather than at the next tick. */
void watch_kick(struct watch *watch);
/* The guest UUID changed: read its definition again, and look at once. */
void watch_mark(struct watch *watch, const char *uuid);
/* The connection is lost, and WHY. */
void watch_lose(struct watch *watch, const char *why);

#endif
