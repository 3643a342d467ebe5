/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SR-IOV: devices of this host that can be given to a guest whole, by sysfs.
 * Pure but for reading files below SYSFS (normally "/sys"), so in a worker; addresses are sysfs's,
 * "0000:01:00.1". */
#ifndef VIRT_SRIOV_H
#define VIRT_SRIOV_H

#include <glib.h>

enum sriov_class { SRIOV_OTHER, SRIOV_NIC, SRIOV_NVME, SRIOV_CLASSES };
extern const char *const sriov_class_names[SRIOV_CLASSES];

struct sriov_vf {
  char *address;
  char *driver; /* NULL: none */
  char **mates; /* others of its IOMMU group; NULL: no group */
  int group;    /* -1: none, as without an IOMMU */
};

/* A physical function: a device that virtual functions can be made of. */
struct sriov_pf {
  char *address;
  char *driver;    /* NULL: none */
  char *link;      /* "5.0 GT/s PCIe x4"; NULL: not known */
  GPtrArray *list; /* of struct sriov_vf, by number: those that are made */
  enum sriov_class class;
  int total, made, free; /* at most; now; of these, bound to no driver */
  int numa;              /* node; -1: not known */
};

/* The physical functions, of struct sriov_pf, by address; empty where there is none.  Caller unrefs. */
GPtrArray *sriov_scan(const char *sysfs);

enum sriov_verdict { SRIOV_FINE, SRIOV_WRONG, SRIOV_UNKNOWN };

/* What is to be met before a virtual function can be given to a guest, in order: first what the host is to
 * have, then what concerns the function. */
enum sriov_condition {
  SRIOV_IOMMU,
  SRIOV_REMAPPING,
  SRIOV_VFIO,
  SRIOV_HOST_CONDITIONS,
  SRIOV_FUNCTION = SRIOV_HOST_CONDITIONS,
  SRIOV_FREE,
  SRIOV_GROUP,
  SRIOV_CONDITIONS
};

struct sriov_check {
  const char *name;
  char *text;         /* what was found */
  const char *advice; /* what to do about it; NULL: nothing */
  enum sriov_verdict verdict;
};

/* What sysfs tells of all conditions for VF (NULL: of the host's alone), of struct sriov_check by enum
 * sriov_condition.  Caller unrefs. */
GPtrArray *sriov_preflight(const char *sysfs, const char *vf);

/* Why no SR-IOV virtual function is usable.  Caller frees. */
char *sriov_reason(const char *sysfs);

#endif
