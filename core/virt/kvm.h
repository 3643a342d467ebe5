/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether KVM is to be had by the QEMU of this host, and what it can run; and SR-IOV. */
#ifndef VIRT_KVM_H
#define VIRT_KVM_H

#include <glib.h>

/* Why the user that QEMU runs as (by LAB_ROOT's qemu.conf when that is not NULL) cannot
 * open /dev/kvm; NULL: it can.  Caller frees. */
char *kvm_device_reason(const char *lab_root);
/* Why KVM here runs real-mode code but no operating system; NULL: it runs everything.
 * CPUINFO as /proc/cpuinfo, MODULES as /sys/module.  Caller frees. */
char *kvm_software_reason(const char *cpuinfo, const char *modules);

#endif
