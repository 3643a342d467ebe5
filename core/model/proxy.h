/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the time of a disk request goes, as far as it is measured: with the I/O proxy, or behind it. */
#ifndef MODEL_PROXY_H
#define MODEL_PROXY_H

#include "core/model/guest.h"
#include "core/model/span_log.h"

/* Averages over the last reading, in seconds per read or write request. */
struct proxy_split {
  double latency; /* from QEMU taking the request until it is done */
  double ran;     /* CPU time that the proxy's threads used for it */
  double waited;  /* they were runnable and did not run */
  double device;  /* what is left for the host's kernel and device, at least; below 0: not known, for
                   * requests overlap, or the proxy works outside what the latency covers */
};
/* False when one of the figures is not known.  Pure. */
bool proxy_split(const struct guest *guest, struct proxy_split *ret);

/* How long the host's disks worked for each read or write request of GUEST, in seconds, when in a turn of
 * SECONDS they did for it what ROWS (struct span_row) tell.  NAN: not known.  Disks that stand on files are
 * left out: the disk below does their work. */
double proxy_disk_seconds(const struct guest *guest, const GArray *rows, double seconds);

#endif
