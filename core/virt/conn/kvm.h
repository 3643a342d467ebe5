/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether KVM is to be had by the QEMU of this host, and what it can run. */
#ifndef VIRT_KVM_H
#define VIRT_KVM_H

#include <glib.h>

/* 0 when this process can open /dev/kvm, else why not (errno). */
int kvm_open_errno(void);
/* Why USER may not open /dev/kvm, by its owner and mode; NULL: the user may, or that cannot be known.  GROUP
 * is one more group of that QEMU's, see below.  Caller frees. */
char *kvm_user_reason(const char *user, const char *group);
/* Why USER, as whom QEMU runs (NULL: not known), cannot open /dev/kvm; NULL: it can.  GROUP is what
 * qemu.conf gives it beside its own ("kvm", "+107"; NULL: nothing).  Caller frees. */
char *kvm_device_reason(const char *user, const char *group);
/* The group that QEMU must have to open /dev/kvm when its user USER may not by itself, as qemu.conf takes it
 * ("+0"); NULL: none is needed, or none would do.  Caller frees.
 *
 * Without access libvirt (9.0.0) is not only without KVM: as root it probes QEMU with
 * CAP_DAC_OVERRIDE, finds KVM, then finds that the user has none, and so throws its capabilities
 * away and probes again, for 4 s, at each call. */
char *kvm_group_needed(const char *user);
/* Why KVM here runs real-mode code but no operating system; NULL: it runs everything.
 * CPUINFO as /proc/cpuinfo, MODULES as /sys/module.  Caller frees. */
char *kvm_software_reason(const char *cpuinfo, const char *modules);

#endif
