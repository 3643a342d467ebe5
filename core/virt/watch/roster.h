/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guests of a connection as its scanner knows them from tick to tick.  For the
 * scanner's thread only. */
#ifndef VIRT_ROSTER_H
#define VIRT_ROSTER_H

#include "core/model/scan.h"
#include "core/virt/conn/libvirt.h"
#include "core/virt/watch/threads.h"

struct member {
  char uuid[37];
  struct guest_info *info;
  struct inside *inside; /* as it was told in this run, or NULL */
  bool info_read;        /* INFO is from its definition, not only its name */
  bool info_old;         /* the definition must be read again */
  virDomainPtr dom;      /* of the scanner's connection; NULL after a loss */
  uint64_t seen;         /* the light look that saw it last */
  int64_t run;
  int64_t run_began_ns;     /* when we saw that: answers from before are the former run's */
  const struct guest *last; /* in the scan published last, NULL: none */
  struct guest *now;        /* being made */
  struct threads *threads;  /* if it runs here and was found */
  int seek_after,
      seek_gap; /* looks until its process is looked for again, and how many they were last time */
  /* heavy groups */
  int64_t answered_ns; /* when it was last asked with success, and ... */
  int64_t cpu_ns;      /* ... what its vCPU threads had used before that, ns; -1: not known */
  int64_t asked_ns;
  int64_t asked_cpu_ns; /* as CPU_NS, of the question that may not be answered yet */
  double cost;
  int64_t held_since_ns; /* a call about it was given up, and is still under way; 0: none */
  int64_t cleared_ns;    /* ... but the one that began then is not its fault */
  bool held, stuck;
};

struct roster {
  GHashTable *members; /* by UUID */
  uint64_t look;       /* counts light looks */
  guint turn;          /* whose definition is read again next, in idle times */
  struct thread_files files;
};

struct roster *roster_new(void);
void roster_free(struct roster *roster);
struct member *roster_find(struct roster *roster, const char *uuid);
/* A new look begins; then every guest seen is told; at the end those not seen are dropped. */
void roster_begin(struct roster *roster);
/* The guest behind DOM (referenced): its member with NOW made. */
struct member *roster_seen(struct roster *roster, virDomainPtr dom, enum guest_state state);
void roster_end(struct roster *roster);
/* The guest UUID told INSIDE (referenced) in the run of libvirt's ID; nothing happens if another one runs by
 * now. */
void roster_told(struct roster *roster, const char *uuid, int id, const struct inside *inside);
/* Read definitions that are new or marked, for at most SECONDS, and one other in turn.
 * True if some are still to be read. */
bool roster_read_infos(struct roster *roster, double seconds);
/* All NOWs, derived against the last scan, into SCAN; then they are the last. */
void roster_publish(struct roster *roster, struct conn_scan *scan);
/* The connection is gone: its handles too. */
void roster_forget_conn(struct roster *roster);

#endif
