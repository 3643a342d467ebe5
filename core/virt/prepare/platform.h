/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a connection's host has to offer for a launch: plain facts, read once per job. */
#ifndef VIRT_PLATFORM_H
#define VIRT_PLATFORM_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/model/backend.h"
#include "core/model/sriov.h"
#include "core/virt/conn/libvirt.h"

enum machine { MACHINE_PC, MACHINE_Q35, MACHINES };
extern const char *const machine_names[MACHINES]; /* libvirt's: "pc", "q35" */

struct platform_network {
  char *name;
  bool active, functions; /* functions: it hands out virtual functions (forward mode hostdev) */
};

struct platform {
  char *type; /* driver: "QEMU"; others cannot launch */
  bool local; /* the host is this machine */
  bool lab;
  char *disk_dir; /* where new disks go; NULL: nowhere, see disk_reason */
  char *disk_reason;
  char *log_dir;          /* serial logs; NULL: none are kept */
  char *linux_dir;        /* where vmlinuz and initrd.img of template linux are used from */
  char *linux_source;     /* copied from here before, where QEMU's user cannot read it; NULL: used in place */
  char *pool;             /* storage pool of disk_dir; NULL: files are made by this program */
  char *network;          /* libvirt network for NICs; NULL: user mode */
  GPtrArray *networks;    /* of struct platform_network; NULL: the driver has none */
  size_t agent_room;      /* bytes that the name of a guest may have whose agent's socket libvirt can make */
  char *passt_reason;     /* why user mode is QEMU's own network; NULL: libvirt has passt for it */
  char **buses[MACHINES]; /* disk buses of the domain capabilities, NULL-terminated; NULL: no such machine */
  char *bus_reason[MACHINES];
  char *kvm_reason;               /* why KVM is not to be had; NULL: it is */
  char *soft_kvm;                 /* why this KVM runs real-mode code only; NULL: it runs everything */
  struct sriov_list *functions;   /* NULL: not known, see vf_reason */
  char *vf_reason[SRIOV_CLASSES]; /* why no SR-IOV function can be given to a guest; NULL: one can */
  char *version;                  /* libvirt's, "9.0.0" */
  uint64_t memory_free_bytes, disk_free_bytes; /* 0: not known */
};

/* Look at the host of CONN, of the lab at LAB_ROOT if that is not NULL.  May wait for libvirt (the first
 * QEMU probe of a lab takes seconds). */
struct platform *platform_read(virConnectPtr conn, const char *lab_root, GError **err);
/* The functions of CONN's host, as its guests (those of the lab at LAB_ROOT, if that is not NULL) could be
 * given them; of another host than this one by what libvirt tells.  NULL and ERR: its driver lists no
 * devices.  May wait.  sriov_list_free. */
struct sriov_list *platform_functions(virConnectPtr conn, const char *lab_root, GError **err);
/* The host of CONN is this machine. */
bool platform_is_local(virConnectPtr conn);
/* Only its type, and where disks and logs go: for guests that are made after one that is there. */
struct platform *platform_places(virConnectPtr conn, const char *lab_root, GError **err);
void platform_free(struct platform *platform);
typedef struct platform platform_facts;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(platform_facts, platform_free)

/* ---- what follows from the facts; pure ---- */
/* The <enum> values of disk buses in domain capabilities XML.  NULL when it cannot be read. */
char **platform_disk_buses(const char *capabilities_xml);
/* The machine that BACKEND's disks are attached to. */
enum machine platform_machine(const struct backend *backend);
/* Why BACKEND cannot take a disk or NIC here; NULL: it can.  Caller frees. */
char *platform_refusal(const struct platform *platform, const struct backend *backend);
/* The class of functions that a direct BACKEND stands for. */
enum sriov_class platform_function_class(const struct backend *backend);
/* Why template linux cannot run here: no kernel; NULL: it can.  Caller frees. */
char *platform_linux_reason(const struct platform *platform);

#endif
