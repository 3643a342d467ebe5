/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest's snapshots, as libvirt knows them. */
#ifndef MODEL_SNAPSHOT_H
#define MODEL_SNAPSHOT_H

#include "core/model/guest.h"

struct snapshot {
  char *name, *parent, *description; /* raw; parent NULL: a root; description NULL: none */
  int64_t created_wall_ns;           /* 0: not known */
  enum guest_state state;            /* of the guest when it was taken */
  bool current, memory, external;
  char **files;       /* external: those that it began, and that of the memory; NULL: none */
  char *definition;   /* of the guest, as it was when it was off; NULL: not known */
  double seconds;     /* that taking it took; negative: not known */
  int64_t size_bytes; /* of the memory, or of the files; negative: not known */
  int depth;          /* 0: a root */
};

/* In the order of the tree: each behind its parent, siblings by time. */
struct snapshot_list {
  char uuid[37];    /* of the guest */
  char *refusal;    /* why none can be taken now; NULL: one can */
  char *kind;       /* what would be taken now: "internal, disks and memory: all its disks are qcow2" */
  char *definition; /* of the guest now, as it is when it is off; NULL: not known */
  int count;
  struct snapshot *rows;
};

struct snapshot_list *snapshot_list_new(const char *uuid);
void snapshot_list_free(struct snapshot_list *list); /* NULL is fine */
/* A new row at the end, all zero or not known; valid until the next one. */
struct snapshot *snapshot_list_add(struct snapshot_list *list);
/* Bring the rows, added in any order, into the order of the tree.  A row whose parent is not there is a root.
 */
void snapshot_list_sort(struct snapshot_list *list);
/* The row NAME, or NULL. */
const struct snapshot *snapshot_list_find(const struct snapshot_list *list, const char *name);
/* FIRST, else STEM2, STEM3, ...: the first that LIST has not.  Caller frees. */
char *snapshot_list_free_name(const struct snapshot_list *list, const char *first, const char *stem);

#endif
