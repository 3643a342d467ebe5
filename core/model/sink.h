/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a source delivers.  Calls come from the source's own threads; they return
 * at once and take ownership of what they are given. */
#ifndef MODEL_SINK_H
#define MODEL_SINK_H

#include "core/model/event.h"
#include "core/model/scan.h"

struct sink {
  void *context;
  void (*conn)(void *context, int conn, struct conn_scan *scan);
  void (*host)(void *context, struct host_scan *scan);
  void (*event)(void *context, struct event *event);
  void (*console)(void *context, int conn); /* a guest's console has said something, or ended; may be NULL */
};

/* Drops all of it: of a source that is to act, and whose scans nobody wants. */
extern const struct sink sink_nobody;

#endif
