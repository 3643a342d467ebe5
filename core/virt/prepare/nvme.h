/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The virtual functions of an NVMe drive as the drive itself manages them (NVM Express base
 * specification 1.4, sections 5.15.2 and 5.22): each is a secondary controller, which needs queues and
 * interrupts and is to be set online before it answers a driver.  Asks the drive by its character device
 * ("/dev/nvme0"), which takes root and may wait: in a worker. */
#ifndef VIRT_NVME_H
#define VIRT_NVME_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define NVME_PAGE_BYTES 4096 /* what an Identify command returns */

struct nvme_secondary {
  int id; /* of the controller */
  int vf; /* number of its virtual function, from 1; 0: none */
  bool online;
  int queues, interrupts; /* that it was given */
};

/* What a drive can share out among its secondary controllers. */
struct nvme_shares {
  int queues, interrupts;         /* in all */
  int queues_max, interrupts_max; /* for each */
};

/* The secondary controllers of DEVICE, of struct nvme_secondary.  Caller unrefs. */
GArray *nvme_secondaries(const char *device, GError **err);
/* That of the virtual function VF, or NULL. */
const struct nvme_secondary *nvme_secondary_of(const GArray *list, int vf);
/* Give the first COUNT functions of DEVICE equal shares of all queues and interrupts, and set them online. */
bool nvme_set_online(const char *device, int count, GError **err);
/* Set all of DEVICE offline, as is to be done before its functions go. */
bool nvme_set_offline(const char *device, GError **err);

/* ---- what an Identify page says; pure ---- */
GArray *nvme_parse_secondaries(const uint8_t page[NVME_PAGE_BYTES]);
struct nvme_shares nvme_parse_shares(const uint8_t page[NVME_PAGE_BYTES]);

#endif
