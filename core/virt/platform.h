/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a connection's host has to offer for a launch: plain facts, read once per job. */
#ifndef VIRT_PLATFORM_H
#define VIRT_PLATFORM_H

#include "core/virt/internal.h"

enum machine { MACHINE_PC, MACHINE_Q35, MACHINES };
extern const char *const machine_names[MACHINES]; /* libvirt's: "pc", "q35" */

struct platform {
  char *type; /* driver: "QEMU"; others cannot launch */
  bool local; /* the host is this machine */
  bool lab;
  char *disk_dir; /* where new disks go; NULL: nowhere, see disk_reason */
  char *disk_reason;
  char *log_dir;      /* serial logs; NULL: none are kept */
  char *linux_dir;    /* where vmlinuz and initrd.img of template linux are used from */
  char *linux_source; /* copied from here before, where QEMU's user cannot read it; NULL: used in place */
  char *pool;         /* storage pool of disk_dir; NULL: files are made by this program */
  char *network;      /* libvirt network for NICs; NULL: user mode */
  char *emulator;     /* for the advice; NULL: not known */
  char *
      *buses[MACHINES]; /* disk buses of the domain capabilities, NULL-terminated; NULL: machine not there */
  char *bus_reason[MACHINES];
  char *kvm_reason; /* why KVM is not to be had; NULL: it is */
  char *soft_kvm;   /* why this KVM runs real-mode code only; NULL: it runs everything */
  char *vf_reason;  /* why no SR-IOV function can be given to a guest */
  char *version;    /* libvirt's, "9.0.0" */
  uint64_t memory_free_bytes, disk_free_bytes; /* 0: not known */
};

/* May wait for libvirt (the first QEMU probe of a lab takes seconds). */
struct platform *platform_read(struct virt *virt, virConnectPtr conn, GError **err);
void platform_free(struct platform *platform);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(virConnect, virConnectClose)
typedef struct platform platform_facts;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(platform_facts, platform_free)

/* The <enum> values of disk buses in domain capabilities XML.  NULL when it cannot be read. */
char **platform_disk_buses(const char *capabilities_xml);
/* Why no SR-IOV virtual function is usable, from SYSFS (normally "/sys").  Caller frees. */
char *platform_vf_reason(const char *sysfs);

#endif
