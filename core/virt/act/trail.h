/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a job notes of what it is about to do, for the case that its connection is lost: its outcome is looked
 * up by that (outcome.h).  One thread; all texts are copied. */
#ifndef VIRT_TRAIL_H
#define VIRT_TRAIL_H

#include "core/virt/conn/libvirt.h"

struct trail_guest {
  char *name;
  char **files; /* its disks that are made for it */
  int made;     /* so many of them are known to be there */
};

struct trail {
  GPtrArray *guests; /* of struct trail_guest: those begun, in order; NULL: none */
  int wanted;        /* how many there are to be */
  char **files;      /* that come or go; NULL: none */
  char *snapshot;    /* the one taken, reverted to or deleted; NULL: nothing was begun */
  char *current;     /* before that: the guest's current snapshot; NULL: none */
  char *witness;     /* of the revert (witness.h); NULL: none was left */
  int state, reason; /* and its state as libvirt told it */
};

/* TRAIL NULL: nothing is noted. */
void trail_add_guest(struct trail *trail, const char *name, const GPtrArray *files);
void trail_made_file(struct trail *trail); /* the next one of the last guest is there */
void trail_set_files(struct trail *trail, const GPtrArray *files);
/* It is about SNAPSHOT of DOMAIN; asks libvirt how the guest is before. */
void trail_set_snapshot(struct trail *trail, virDomainPtr domain, const char *snapshot);
void trail_clear(struct trail *trail);
/* The name of DOMAIN's current snapshot, or NULL.  Caller frees. */
char *trail_current_snapshot(virDomainPtr domain);

#endif
