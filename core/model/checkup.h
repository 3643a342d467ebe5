/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Host verification: what this machine has for running guests, giving devices to them and watching them.
 * The rows of `virtlens check`, its manual and its schema come from the table here. */
#ifndef MODEL_CHECKUP_H
#define MODEL_CHECKUP_H

#include <glib.h>
#include <stdbool.h>

#include "core/model/kind.h"

enum check_group {
  CHECK_GUESTS,
  CHECK_DEVICES,
  CHECK_MEMORY,
  CHECK_PROGRAMS,
  CHECK_PERMISSIONS,
  CHECK_TRACING,
  CHECK_CGROUPS,
  CHECK_GROUPS
};
const char *check_group_title(enum check_group group); /* "Running guests" */

enum check_id {
  CHECK_MACHINE,
  CHECK_CPU,
  CHECK_KVM,
  CHECK_KVM_USERS,
  CHECK_KVM_RUNS,
  CHECK_NESTED,
  CHECK_IOMMU,
  CHECK_REMAPPING,
  CHECK_VFIO,
  CHECK_SRIOV,
  CHECK_HUGE_PAGES,
  CHECK_LOCKED_MEMORY,
  CHECK_QEMU,
  CHECK_QEMU_IMG,
  CHECK_LIBVIRT,
  CHECK_SOCKET,
  CHECK_STATE,
  CHECK_TRACEFS,
  CHECK_BTF,
  CHECK_CAPABILITIES,
  CHECK_UNPRIVILEGED_BPF,
  CHECK_LOCKDOWN,
  CHECK_TRACER,
  CHECK_CGROUP,
  CHECKS
};

struct check_row {
  const char *name; /* "sr-iov": the word of the JSON */
  enum check_group group;
  const char *title;  /* at most CHECK_TITLE_WIDTH columns */
  const char *source; /* where it is looked for */
  const char *text;   /* what it is good for, for the manual */
};
#define CHECK_TITLE_WIDTH 19
const struct check_row *check_row(enum check_id check);

/* Missing: what it is good for does not work.  Limited: it works in part, or for some.  Unknown: nothing that
 * may be read here tells. */
enum finding_state { FINDING_OK, FINDING_LIMITED, FINDING_MISSING, FINDING_UNKNOWN, FINDING_STATES };
const char *finding_state_name(enum finding_state state);

struct finding {
  enum finding_state state;
  char *seen;   /* raw */
  char *source; /* NULL: its row's */
  char *advice; /* NULL: there is nothing to do */
};
const char *finding_source(const struct finding *finding, enum check_id check);
/* Fill RET, which is all zero: the formatted text is what was seen, ADVICE (NULL: none) is copied. */
void finding_set(struct finding *ret, enum finding_state state, const char *advice, const char *seen, ...)
    G_GNUC_PRINTF(4, 5);

struct checkup {
  char *host, *kernel, *machine; /* uname's node name, release and machine: "x86_64" */
  enum kind kind;                /* of this machine itself */
  struct finding findings[CHECKS];
  bool accelerated; /* guests with an operating system can run accelerated */
  char *verdict;    /* that in a sentence, with the reason */
};
void checkup_free(struct checkup *checkup); /* NULL is fine */

#endif
