/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SR-IOV: what there is on a host, and whether it can be given to a guest.  Pure: facts come from pci.h. */
#ifndef VIRT_SRIOV_H
#define VIRT_SRIOV_H

#include <stdint.h>

#include "core/model/sriov.h"
#include "core/virt/prepare/pci.h"

/* Where, and for whom. */
struct sriov_place {
  const struct pci_host *host;
  GHashTable *holders;     /* the guests that have a device, name by address; NULL: not known */
  const char *no_rights;   /* why QEMU may not take a device from the host; NULL: it may */
  uint64_t lockable_bytes; /* what QEMU may lock in memory, as vfio does with all of the guest's;
                              UINT64_MAX: without limit */
  uint64_t memory_bytes;   /* of the guest; 0: not known yet */
};

/* The physical functions, of struct sriov_pf, by address, with the pre-flight of each function; empty where
 * there is none.  Caller unrefs. */
GPtrArray *sriov_scan(const struct sriov_place *place);
/* The pre-flight of VF (NULL: what the host is to have, alone), of struct sriov_check by enum
 * sriov_condition.  Caller unrefs. */
GPtrArray *sriov_preflight(const struct sriov_place *place, const char *vf);

/* Why no function of CLASS on LIST is usable; NULL: one is.  Caller frees. */
char *sriov_reason(const struct sriov_list *list, enum sriov_class class);

#endif
