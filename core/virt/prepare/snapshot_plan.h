/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A snapshot thought through before it is taken: of which kind, and why; or why none can be.  Pure. */
#ifndef VIRT_SNAPSHOT_PLAN_H
#define VIRT_SNAPSHOT_PLAN_H

#include <glib.h>
#include <stdbool.h>

/* libvirt's numbers of its versions: 1000000 * major + 1000 * minor + release. */
#define LIBVIRT_REVERTS_EXTERNAL 9010000UL
#define LIBVIRT_SNAPSHOTS_PFLASH 10010000UL

enum snapshot_kind { SNAPSHOT_ANY, SNAPSHOT_INTERNAL, SNAPSHOT_EXTERNAL };
enum snapshot_memory { MEMORY_ANY, MEMORY_NO, MEMORY_YES };

/* What is known of a guest. */
struct snapshot_facts {
  bool active, passthrough, pflash;
  int disks;              /* that it can write to */
  const char *unfit;      /* those of them that are not qcow2, ", " between; NULL: none */
  const char *foreign;    /* why one of them can have no file before it; NULL: all can */
  int internal, external; /* snapshots that it has of each kind */
  unsigned long libvirt;
};

struct snapshot_wish {
  enum snapshot_kind kind;
  enum snapshot_memory memory;
};

struct snapshot_choice {
  enum snapshot_kind kind; /* SNAPSHOT_ANY: none can be taken, and WHY says so */
  bool memory;
  char *why; /* g_free */
};

/* Read the words kind= and memory= (NULL: not given).  ERROR_USAGE. */
bool snapshot_wish_read(const char *kind, const char *memory, struct snapshot_wish *ret, GError **err);
/* What to take of a guest.  Where the wish leaves it open: inside the images, with the memory of a guest that
 * runs; else in files before them, without. */
struct snapshot_choice snapshot_choose(const struct snapshot_facts *facts, struct snapshot_wish wish);
/* "internal, disks and memory". */
const char *snapshot_choice_name(const struct snapshot_choice *choice);
/* What it means for going back that libvirt is of this version, or NULL. */
const char *snapshot_choice_catch(const struct snapshot_facts *facts, const struct snapshot_choice *choice);

#endif
