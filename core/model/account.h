/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a disk request of a guest costs, all told, and why it costs more than another guest's.  Pure. */
#ifndef MODEL_ACCOUNT_H
#define MODEL_ACCOUNT_H

#include "core/model/scan.h"

enum account_item {
  ACCOUNT_REQUESTS, /* per second */
  ACCOUNT_BYTES,    /* of one */
  ACCOUNT_EXITS,    /* for one */
  ACCOUNT_TO_QEMU,  /* of these, those that QEMU settles while the vCPU waits */
  ACCOUNT_VCPU,     /* CPU seconds for one, of the vCPU threads: the guest's own work and that of its exits */
  ACCOUNT_PROXY,    /* CPU seconds for one, of QEMU beside the vCPUs */
  ACCOUNT_LATENCY,  /* seconds from QEMU taking one until it is done */
  ACCOUNT_ITEMS
};
/* What an item is called, and its unit. */
const char *account_title(enum account_item item);
enum metric_unit account_unit(enum account_item item);

/* Each a value, or not finite: not known. */
struct account {
  double item[ACCOUNT_ITEMS];
};
void account_of(const struct guest *guest, struct account *ret);

/* A running guest of SCAN whose disk lies on another path and works, to hold beside GUEST; NULL: none. */
const struct guest *account_other(const struct scan *scan, const struct guest *guest);

/* Why a request of GUEST costs what it costs, in plain words, by how its disk is attached and what ACCOUNT
 * shows; one sentence or more for each Ith reason, NULL: there are no more. */
const char *account_reason(const struct guest *guest, const struct account *account, int i);

#endif
