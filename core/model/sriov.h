/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SR-IOV: devices of a host that can be given to a guest whole.  Plain data; addresses are sysfs's,
 * "0000:01:00.1". */
#ifndef MODEL_SRIOV_H
#define MODEL_SRIOV_H

#include <glib.h>
#include <stdbool.h>

enum sriov_class { SRIOV_OTHER, SRIOV_NIC, SRIOV_NVME, SRIOV_CLASSES };
extern const char *const sriov_class_names[SRIOV_CLASSES];

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
  SRIOV_ONLINE,
  SRIOV_PERMISSION,
  SRIOV_LOCKABLE,
  SRIOV_CONDITIONS
};

struct sriov_check {
  const char *name;
  char *text;         /* what was found */
  const char *advice; /* what to do about it; NULL: nothing */
  enum sriov_verdict verdict;
};

struct sriov_vf {
  char *address;
  char *driver;      /* NULL: none */
  char *holder;      /* the guest that has it, raw; NULL: none that is known */
  char **mates;      /* others of its IOMMU group; NULL: no group */
  int group;         /* -1: none, as without an IOMMU */
  GPtrArray *checks; /* its pre-flight, of struct sriov_check by enum sriov_condition; NULL: not made */
};

/* A physical function: a device that virtual functions can be made of. */
struct sriov_pf {
  char *address;
  char *driver;    /* NULL: none */
  char *interface; /* of a NIC, "eth0"; NULL: none */
  char *link;      /* "5.0 GT/s PCIe x4"; NULL: not known */
  GPtrArray *list; /* of struct sriov_vf, by number: those that are made */
  enum sriov_class class;
  int total, made, free; /* at most; now; of these, bound to no driver */
  int numa;              /* node; -1: not known */
};

/* What there is on a host, and what the host itself is to have for it. */
struct sriov_list {
  GPtrArray *pfs;  /* of struct sriov_pf */
  GPtrArray *host; /* of struct sriov_check, up to SRIOV_HOST_CONDITIONS */
};

void sriov_list_free(struct sriov_list *list); /* NULL is fine */
void sriov_check_free(void *check);
void sriov_vf_free(void *vf);
void sriov_pf_free(void *pf);

/* Does NAME, "0000:01:00.1" or as lspci shortens it "01:00.1", mean ADDRESS? */
bool sriov_is_called(const char *address, const char *name);
/* The first check that VF does not pass; NULL: none is known to be wrong. */
const struct sriov_check *sriov_vf_wrong(const struct sriov_vf *vf);
/* The function called VF among PFS, of struct sriov_pf, and in RET_PF (if not NULL) whose it is; NULL: none
 * is called so. */
const struct sriov_vf *sriov_find(const GPtrArray *pfs, const char *vf, const struct sriov_pf **ret_pf);
/* The device called PF among PFS; PF NULL: the only one there is.  NULL: none, or several. */
const struct sriov_pf *sriov_find_pf(const GPtrArray *pfs, const char *pf);
/* The first function of CLASS among PFS that passes its pre-flight, or NULL. */
const struct sriov_vf *sriov_first(const GPtrArray *pfs, enum sriov_class class);

#endif
