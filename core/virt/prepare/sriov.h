/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SR-IOV: devices of this host that can be given to a guest whole, by sysfs. */
#ifndef VIRT_SRIOV_H
#define VIRT_SRIOV_H

/* Why no SR-IOV virtual function is usable, from SYSFS (normally "/sys").  Caller frees. */
char *sriov_reason(const char *sysfs);

#endif
