/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The local host's figures, by libstatgrab, and /proc for what it does not know
 * (per-core times, pressure). */
#ifndef HOST_HOST_H
#define HOST_HOST_H

#include <glib.h>

#include "core/model/sink.h"

struct host;
/* Begin to sample every INTERVAL_SECONDS on a thread of its own, delivering to SINK. */
struct host *host_new(double interval_seconds, const struct sink *sink, GError **err);
void host_set_interval(struct host *host, double seconds);
void host_free(struct host *host);

#endif
