/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the scanner of a connection is told by others: by the user what to look at and how often, by libvirt
 * that a guest has changed or the connection is lost.  Any thread; nothing here waits but where it says so.
 */
#ifndef VIRT_WATCH_H
#define VIRT_WATCH_H

#include "core/model/inside.h"
#include "core/virt/conn/hub.h"

struct watch {
  struct refs refs;
  /* Set once in watch_new. */
  struct hub *hub;
  double budget;   /* share of the tick that heavy calls may take, 0..1 */
  bool record_all; /* every group of every guest each tick, whatever it costs */
  /* Under hub->lock. */
  double interval;    /* seconds */
  bool kicked;        /* look at once */
  virConnectPtr conn; /* the scanner's, borrowed; NULL: none is open */
  bool lost;          /* that one, and why */
  char *lost_why;
  GHashTable *attention; /* set of UUIDs: the guests that the user looks at */
  GHashTable *marked;    /* set of UUIDs whose definitions are to be read again */
  GHashTable *told;      /* of UUIDs: struct told, what guests told of themselves since the last tick */
};

struct told {
  struct inside *inside;
  int id; /* libvirt's, of the run that it is about */
};

struct watch *watch_new(struct hub *hub, double interval, double budget, bool record_all);
struct watch *watch_ref(struct watch *watch);
void watch_unref(struct watch *watch);

void watch_set_interval(struct watch *watch, double seconds);
/* UUIDS is NULL-terminated (NULL: none) and copied. */
void watch_set_attention(struct watch *watch, const char *const *uuids);
/* The user looks at the guest UUID. */
bool watch_wants(struct watch *watch, const char *uuid);
/* Scan now rather than at the next tick. */
void watch_kick(struct watch *watch);
/* The guest UUID changed: read its definition again, and look at once. */
void watch_mark(struct watch *watch, const char *uuid);
/* Ask the running guest UUID what it is inside; the next scan has it.  Waits: worker thread. */
bool watch_look_inside(struct watch *watch, const char *uuid, GError **err);
/* The scanner's connection is CONN from now on, and not lost; NULL: it has none. */
void watch_set_conn(struct watch *watch, virConnectPtr conn);
/* CONN is lost, and WHY; nothing happens if the scanner has another one by now. */
void watch_lose(struct watch *watch, virConnectPtr conn, const char *why);

#endif
