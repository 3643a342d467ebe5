/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A scan: one immutable picture of every connection, guest, device and the host
 * at one tick.  conn_scan and host_scan are made by their own threads and shared by
 * reference; a scan binds the newest of each. */
#ifndef MODEL_SCAN_H
#define MODEL_SCAN_H

#include <glib.h>

#include "core/model/guest.h"

enum conn_state { CONN_OPENING, CONN_OPEN, CONN_LOST, CONN_FAILED, CONN_CLOSED, CONN_STATES };
const char *conn_state_name(enum conn_state state);

/* Immutable once published; atomic reference count. */
struct conn_scan {
  struct refs refs;
  char *uri;
  char *label; /* "lab", or the URI shortened for the top line */
  enum conn_state state;
  char *error;    /* while not open: what and libvirt's own text, then after '\n' what to try; else NULL */
  int error_code; /* enum error_code of ERROR; 0: none, or not known (it is not recorded) */
  char *progress; /* while opening: "asking QEMU what it can do (once, about 4 s)", else NULL */
  bool readonly, local;
  uint64_t tick;
  int64_t wall_ns, mono_ns; /* when the light call returned */
  double cost_seconds;      /* what this tick's calls took, wall clock */
  int guest_count;
  struct guest **guests; /* sorted by name */
};
/* Opening, everything else empty; LABEL as URI. */
struct conn_scan *conn_scan_new(const char *uri);
struct conn_scan *conn_scan_ref(const struct conn_scan *scan);
void conn_scan_unref(struct conn_scan *scan);
void conn_scan_take_guests(struct conn_scan *scan, GPtrArray *guests); /* owns; sorts by name, then UUID */

struct host_scan {
  struct refs refs;
  char *hostname, *source; /* source: "libstatgrab and /proc" or the URI whose node calls gave the figures */
  int64_t wall_ns, mono_ns;
  struct readings r; /* SCOPE_HOST */
  int core_count;
  struct readings *cores; /* SCOPE_CORE */
};
struct host_scan *host_scan_new(const char *hostname, int cores);
struct host_scan *host_scan_ref(const struct host_scan *scan);
void host_scan_unref(struct host_scan *scan);

struct scan {
  struct refs refs;
  uint64_t tick; /* counts from 1 in each session */
  int64_t wall_ns, mono_ns;
  double interval_seconds; /* the tick asked for */
  struct host_scan *host;  /* NULL: not known yet */
  int conn_count;
  struct conn_scan **conns;
};
struct scan *scan_new(int conns); /* conns[] NULL: put references in; host likewise */
struct scan *scan_ref(const struct scan *scan);
void scan_unref(struct scan *scan);
/* The guest with UUID in connection CONN (index; -1: any), or NULL; RET_CONN may be NULL. */
const struct guest *scan_find_uuid(const struct scan *scan, int conn, const char *uuid, int *ret_conn);
/* The guest called NAME, else the one whose name is shown so (text_safe: what completion and the screen
 * give).  NULL if there is none, or more than one (*RET_MATCHES says). */
const struct guest *scan_find_name(const struct scan *scan, const char *name, int *ret_conn,
                                   int *ret_matches);
int scan_guest_count(const struct scan *scan, bool active_only);

#endif
