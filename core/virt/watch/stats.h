/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libvirt's typed statistics, put into a guest's figures.  Pure. */
#ifndef VIRT_STATS_H
#define VIRT_STATS_H

#include <glib.h>

#include "core/model/guest.h"
#include "core/virt/conn/libvirt.h"

#define STATS_ROWS_MAX 1024 /* disks, vCPUs, NICs beyond are not taken: no guest has them */

/* What one answer about one guest holds. */
struct stats_found {
  unsigned groups; /* bits 1 << GROUP_x that were read in full */
  bool missed;     /* the hypervisor process was not asked (NOWAIT: someone else's call held it) */
};

/* Put the COUNT parameters at PARAMS, read at AT_NS (monotonic), into GUEST.  ASKED are the
 * groups that were asked for; a group that did not come, or only in part because
 * of NOWAIT, keeps its old values and its old time.  Nothing is derived. */
struct stats_found stats_apply(struct guest *guest, const virTypedParameter *params, int count, int64_t at_ns,
                               unsigned asked);
/* state.state, or GUEST_NOSTATE when it is not there. */
enum guest_state stats_state(const virTypedParameter *params, int count);
/* Forget all figures (the guest is not running, or runs anew). */
void stats_clear(struct guest *guest);

#endif
