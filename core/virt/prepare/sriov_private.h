/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of sriov.h share: PCI devices as sysfs shows them. */
#ifndef VIRT_SRIOV_PRIVATE_H
#define VIRT_SRIOV_PRIVATE_H

#include "core/virt/prepare/sriov.h"

/* The names in FOLDER, sorted; empty when it cannot be read. */
GPtrArray *entries_of(const char *folder);

/* The attribute NAME of DEVICE: its path, its text without blanks around (NULL: none), its number (-1:
 * none), and the last part of what it points at (NULL: no such link). */
char *pci_path(const char *sysfs, const char *device, const char *name);
char *pci_word(const char *sysfs, const char *device, const char *name);
int pci_number(const char *sysfs, const char *device, const char *name);
char *pci_target(const char *sysfs, const char *device, const char *name);

enum sriov_class sriov_class_of(const char *sysfs, const char *device);
/* What sysfs tells of the function at ADDRESS, without holder and pre-flight. */
struct sriov_vf *sriov_read_vf(const char *sysfs, const char *address);

#endif
