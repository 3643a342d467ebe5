/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A host's PCI devices as far as SR-IOV is concerned, plain data from either of two sources: sysfs of this
 * machine, or libvirt's node devices of any.  Addresses are sysfs's, "0000:01:00.1". */
#ifndef VIRT_PCI_H
#define VIRT_PCI_H

#include "core/virt/conn/libvirt.h"

#define PCI_PASSTHROUGH "vfio-pci" /* the driver that gives devices to guests */

struct pci_device {
  char *address;
  int class;          /* base class, subclass, interface; -1: not known */
  char *driver;       /* NULL: none */
  char *interface;    /* of a NIC; NULL: none */
  char *link;         /* "5.0 GT/s PCIe x4"; NULL: not known */
  char *pf;           /* the device that it is a function of; NULL: of none */
  char **vfs;         /* its own functions, by number; NULL: none */
  int total, made;    /* functions: at most; now */
  char **mates;       /* others of its IOMMU group; NULL: no group */
  int group, numa;    /* -1: none; not known */
  GArray *online;     /* of an NVMe drive with functions: what it tells of them, of struct nvme_secondary */
  char *online_fault; /* why it could not be asked; NULL: no need to */
};

struct pci_host {
  bool sysfs;         /* else what only sysfs tells is not known */
  GPtrArray *devices; /* of struct pci_device, by address */
  char *iommu;        /* "dmar0"; NULL: there is none */
  int remaps;         /* interrupts: 1 the IOMMU can, 0 it cannot, -1: not known */
  bool vfio;          /* its driver is there */
};

/* This machine's, by the files below SYSFS ("/sys"); its NVMe drives with functions are asked, each once, by
 * their character devices in DEV ("/dev").  May wait. */
struct pci_host *pci_read_sysfs(const char *sysfs, const char *dev);
/* CONN's host's, by libvirt; NULL and ERR where its driver lists no devices.  May wait. */
struct pci_host *pci_read_nodes(virConnectPtr conn, GError **err);
/* The same from the XML of node devices, NULL-terminated; those that are none of PCI's, or cannot be read,
 * are left out.  Pure. */
struct pci_host *pci_parse_nodes(const char *const *xmls);
void pci_host_free(struct pci_host *host); /* NULL is fine */
typedef struct pci_host pci_facts;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(pci_facts, pci_host_free)

const struct pci_device *pci_find(const struct pci_host *host, const char *address); /* NULL: none */
/* The character device of the NVMe controller at ADDRESS, "/dev/nvme0"; NULL: its driver made none.
 * Caller frees. */
char *pci_nvme_device(const char *sysfs, const char *dev, const char *address);
bool pci_is_nvme(const struct pci_device *device);
bool pci_is_nic(const struct pci_device *device);

/* ---- for the sources ---- */
struct pci_host *pci_host_new(bool sysfs);
/* A new device of HOST, of which nothing is known but ADDRESS (copied). */
struct pci_device *pci_add(struct pci_host *host, const char *address);

#endif
