/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kinds of virtualization: what each is, what of it can be observed, and by which source.
 * What :explain shows of a guest comes from the tables here. */
#ifndef MODEL_KIND_H
#define MODEL_KIND_H

enum kind {
  KIND_UNKNOWN,
  KIND_PHYSICAL, /* of hosts alone, as the next */
  KIND_DOM0,
  KIND_XEN_PV,
  KIND_XEN_PVHVM,
  KIND_XEN_PVH,
  KIND_XEN_SRIOV, /* PVHVM with a virtual function */
  KIND_KVM_QEMU,
  KIND_KVM_HARDWARE, /* as Nitro: every disk and NIC is a device */
  KIND_TCG,
  KIND_OTHER, /* a hypervisor that the table does not know more of */
  KINDS
};

struct kind_row {
  const char *name;  /* "xen-pvhvm" */
  const char *title; /* "Xen PVHVM" */
  const char *text;  /* how it works, in words of every day */
};
const struct kind_row *kind_row(enum kind kind);
const char *kind_name(enum kind kind); /* its row's; NULL: KIND_UNKNOWN */
enum kind kind_find(const char *name); /* KIND_UNKNOWN: NULL, or none of ours */

/* What there is to see of a guest at the border to its hypervisor. */
enum sight { SIGHT_HYPERCALLS, SIGHT_CALLBACKS, SIGHT_DRIVER, SIGHT_STEAL, SIGHT_EXITS, SIGHT_PROXY, SIGHTS };
const char *sight_title(enum sight sight); /* "hypercalls and multicalls" */

/* By what it can be seen. */
enum source {
  SOURCE_COUNTERS, /* KVM's own, which libvirt passes on */
  SOURCE_DELAY,    /* libvirt's, of the vCPUs */
  SOURCE_TIMES,    /* libvirt's, of the process and of the vCPUs */
  SOURCE_SCHED,    /* schedstat of the hypervisor's threads */
  SOURCE_KVM_EVENTS,
  SOURCE_XEN_TRACE,
  SOURCE_AGENT,
  SOURCE_INSIDE,
  SOURCES
};
#define SOURCE_METRICS 4
struct source_row {
  const char *title;
  int count;                   /* 0: this program does not read it yet */
  int metrics[SOURCE_METRICS]; /* of SCOPE_GUEST, by which it shows it */
};
const struct source_row *source_row(enum source source);

struct sight_cell {
  const char *text; /* what that is for this kind of guest */
  unsigned sources; /* bits of 1 << enum source; 0: there is nothing to see, and TEXT says why */
};
/* Of a guest's KIND; TEXT is NULL for those that are no guest's, or that nothing is known of. */
const struct sight_cell *kind_sight(enum kind kind, enum sight sight);

#endif
