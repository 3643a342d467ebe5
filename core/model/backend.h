/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a disk or NIC can be attached: the one table behind the backend picker,
 * the launcher, the columns, the manual and the export. */
#ifndef MODEL_BACKEND_H
#define MODEL_BACKEND_H

#include <stdbool.h>

enum backend_class { BACKEND_DISK, BACKEND_NIC };
/* How I/O leaves the guest (DESIGN section 1). */
enum backend_path { PATH_EMULATED, PATH_PARAVIRTUAL, PATH_DIRECT };

struct backend {
  const char *name; /* "virtio-blk", "ide", "sr-iov-vf": what is typed, drawn and exported */
  enum backend_class class;
  enum backend_path path;
  const char *bus;        /* libvirt: disk <target bus=>; NIC <model type=>; NULL for passthrough */
  const char *controller; /* libvirt: model of the <controller> it needs, or NULL */
  const char *prefix;     /* target names: "vd", "sd", "hd"; NULL for NICs */
  int max_disks;          /* what its default controller takes */
  const char *text;       /* one line for the picker */
};

/* Rows: disks virtio-blk, virtio-scsi, scsi-lsi, ide, sata, usb, nvme (not offered by
 * libvirt 9.0), sr-iov-nvme (direct); NICs virtio-net, e1000, e1000e, rtl8139, sr-iov-vf (direct). */
const struct backend *backend_table(int *ret_count);
/* The backend NAME of CLASS, or NULL. */
const struct backend *backend_find(enum backend_class class, const char *name);
/* The backend of a disk or NIC as libvirt describes it (BUS or model, CONTROLLER
 * model or NULL), or NULL when the table has no such row. */
const struct backend *backend_of(enum backend_class class, const char *bus, const char *controller);
/* The name of the disk NUMBER (from 0) among those with PREFIX, as libvirt and Linux count: "vda" to "vdz",
 * "vdaa" ...  Caller frees. */
char *backend_disk_name(const char *prefix, int number);
const char *backend_path_name(enum backend_path path); /* "emulated", "paravirtual", "direct" */

#endif
