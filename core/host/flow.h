/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The flow through a changing set of devices (disks, NICs), from their counters. */
#ifndef HOST_FLOW_H
#define HOST_FLOW_H

#include <stdbool.h>
#include <stdint.h>

struct flow;
struct flow *flow_new(void);
void flow_free(struct flow *flow);
/* Begin a round read at NOW_NS (monotonic); then flow_add each device; then flow_end. */
void flow_begin(struct flow *flow, int64_t now_ns);
void flow_add(struct flow *flow, const char *name, uint64_t in, uint64_t out);
/* Bytes per second since the round before, of the devices in both rounds whose counters did
 * not fall: one that comes, goes or starts anew makes no spike.  False in the first round and
 * when there is no device. */
bool flow_end(struct flow *flow, double *ret_in, double *ret_out);

#endif
