/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A thorough look at the host, for the view of the host alone: what its scans leave out.  Rates are made
 * against the look before; what is not finite, or below 0 where it counts, is not known. */
#ifndef MODEL_HOST_LOOK_H
#define MODEL_HOST_LOOK_H

#include <glib.h>
#include <stdint.h>

#include "core/base/ref.h"

struct host_disk {
  char *name;
  uint64_t reads, writes, read_bytes, written_bytes, busy_ms; /* since boot */
  double read_rate, write_rate, requests_rate;                /* bytes, bytes, requests per second */
  double busy_percent;                                        /* of the time it had something to do */
};

struct host_nic {
  char *name;
  uint64_t rx_bytes, tx_bytes, packets, drops; /* since boot; drops: errors included */
  double rx_rate, tx_rate, packets_rate, drops_rate;
};

struct host_space {
  char *folder; /* of guests' disks, raw */
  uint64_t total_bytes, free_bytes;
  char *error; /* why nothing is known of it, or NULL */
};

struct host_node {
  int number;
  char *cpus; /* "0-3" */
  double total_bytes, free_bytes;
};

/* Share of the time, in percent, in which some task, or all, waited; of the last 10, 60 and 300 s. */
struct host_pressure {
  double some[3], full[3];
};
enum { PRESSURE_CPU, PRESSURE_IO, PRESSURE_MEMORY, PRESSURES };

/* What a guest's hypervisor may use at most, by its cgroup. */
struct host_limit {
  char *guest; /* name, raw */
  char *group; /* NULL: ERROR says why */
  char *error;
  double cpus;              /* not finite: no limit */
  double memory_bytes;      /* the same */
  int64_t throttled;        /* how often it was held up for its limit of CPU time; below 0: not known */
  double throttled_seconds; /* so long */
};

/* Immutable once made; shared by reference. */
struct host_look {
  struct refs refs;
  int64_t at_ns;  /* monotonic */
  double seconds; /* since the look before; 0: there was none */
  GArray *mhz;    /* double, of each core; 0: not known */
  double huge_total, huge_free, huge_size_bytes, transparent_huge_bytes, swap_total_bytes;
  struct host_pressure pressure[PRESSURES];
  GArray *disks, *nics, *spaces, *nodes, *limits; /* of the structs above */
};
/* Everything unknown or empty, with one reference. */
struct host_look *host_look_new(int64_t at_ns);
struct host_look *host_look_ref(const struct host_look *look);
void host_look_unref(struct host_look *look); /* NULL is fine */
/* Make LOOK's rates against BEFORE (NULL: none), by name; a counter that fell gives none. */
void host_look_derive(struct host_look *look, const struct host_look *before);

#endif
