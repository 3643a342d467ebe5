/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long things take, and for whom, as the kernel is seen to do them: how often, how long in all, and a
 * histogram.  What is timed depends on the kind. */
#ifndef MODEL_SPAN_H
#define MODEL_SPAN_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/ref.h"

enum span_kind {
  SPAN_BLOCK, /* from a disk of the host getting a request until it is done */
  SPAN_CPU,   /* how long tasks ran on a CPU, and vCPUs had to wait for one */
  SPAN_EXIT,  /* from a vCPU being left until it runs again; PLACE is the reason, the port or the page */
  SPAN_KINDS
};
const char *span_kind_name(enum span_kind kind);
int span_kind_find(const char *name);                   /* -1: none */
enum { SPAN_LEFT, SPAN_TO_QEMU, SPAN_PORT, SPAN_PAGE }; /* what, of SPAN_EXIT */
enum { SPAN_RAN, SPAN_WAITED };                         /* what, of SPAN_CPU */
const char *span_kind_text(enum span_kind kind);        /* "requests to the host's disks" */
/* What was timed: "read", "write" ...; "other" of what is not in the tables. */
const char *span_what_name(enum span_kind kind, uint32_t what);
int64_t span_what_find(enum span_kind kind, const char *name); /* -1: none */

#define SPAN_BUCKETS 40 /* bucket I: from 2^I nanoseconds on, to the next; the last has no end */
struct span_sums {
  uint64_t count, ns, bytes;
  uint64_t buckets[SPAN_BUCKETS];
};
void span_sums_add(struct span_sums *to, const struct span_sums *sums);
/* The time, in seconds, that FRACTION (0..1) of them took at most, as nearly as a histogram tells: it lies in
 * the right bucket.  NAN: there are none. */
double span_percentile(const struct span_sums *sums, double fraction);
/* "17:3 18:40": each bucket that is not empty, and back; false: TEXT is none such.  Caller frees. */
char *span_buckets_text(const struct span_sums *sums);
bool span_buckets_parse(const char *text, struct span_sums *ret);

/* How it is known for which guest something was done. */
enum span_owner { SPAN_OF_NOBODY, SPAN_BY_CGROUP, SPAN_BY_PROCESS, SPAN_OWNERS };
const char *span_owner_name(enum span_owner owner); /* "none", "cgroup", "process" */
int span_owner_find(const char *name);              /* -1: none */

#define SPAN_NAME 16   /* bytes of a process's name with its 0; any bytes, as the process likes */
#define SPAN_DEVICE 32 /* ... of a disk's */
/* Who and what, and how long it took.  A guest has no process here: all it has done is one. */
struct span {
  char uuid[37]; /* of the guest; "": of none that is known */
  enum span_owner owner;
  int pid, tid; /* pid 0: the kernel itself, or a guest; tid: of a vCPU, else 0 */
  char name[SPAN_NAME], device[SPAN_DEVICE];
  uint32_t what;
  uint64_t place; /* cpu: its number; block, while its guest is not known: the cgroup that is charged */
  struct span_sums sums;
};
bool span_is_same(const struct span *a, const struct span *b); /* about the same, whatever their sums are */

/* What was timed from one moment to the next.  Immutable once published; atomic reference count. */
struct span_turn {
  struct refs refs;
  enum span_kind kind;
  int64_t wall_ns, mono_ns; /* when it ended */
  double seconds;           /* that it took */
  bool ended;               /* it is the last */
  char *problem;            /* why it is the last, and after '\n' what to do; NULL: as was wished */
  guint count;
  struct span *spans;
};
/* Takes SPANS: struct span. */
struct span_turn *span_turn_new(enum span_kind kind, GArray *spans);
struct span_turn *span_turn_ref(const struct span_turn *turn);
void span_turn_unref(struct span_turn *turn); /* NULL is fine */

/* Whose processes and cgroups are which guest's: both tables lead to a UUID, and may be empty. */
struct span_owners {
  GHashTable *pids;    /* pid_t -> char * */
  GHashTable *cgroups; /* uint64_t * -> char * */
};
/* Give what TURN tells to the guests that it was done for, each guest's under its name alone.  Before it is
 * published. */
void span_turn_attribute(struct span_turn *turn, const struct span_owners *owners);

struct span_wish {
  enum span_kind kind;
  double seconds; /* that a turn takes: 0.1 to 60 */
};

#endif
