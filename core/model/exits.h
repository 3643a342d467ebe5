/* SPDX-License-Identifier: GPL-2.0-or-later */
/* VM exits by kind, and what of them is needless work.  Pure. */
#ifndef MODEL_EXITS_H
#define MODEL_EXITS_H

#include "core/model/guest.h"

/* A kind of exit, as KVM counts it.  Kinds overlap: what goes to QEMU is counted as port I/O, too. */
struct exit_kind {
  int metric;       /* of SCOPE_VCPU, per second */
  const char *name; /* "port I/O" */
  const char *text; /* what happens */
};
const struct exit_kind *exit_kinds(int *ret_count);

/* METRIC (SCOPE_VCPU, per second) of vCPU number VCPU of GUEST, or of all together (-1); false: not known of
 * one. */
bool exits_rate(const struct guest *guest, int vcpu, int metric, double *ret);

/* Work that could be spared: a pattern, what it means, what can be done, and who says so. */
struct exit_hint {
  int metric;         /* of SCOPE_VCPU: exits of this kind ... */
  double share;       /* ... are at least this part of all exits ... */
  double rate;        /* ... and so many per second, ... */
  bool emulated_disk; /* ... of a guest that has an emulated disk */
  const char *meaning, *advice, *source;
};
/* All hints, for those who list them. */
const struct exit_hint *exit_hints(int *ret_count);
/* Does HINT fit what GUEST does now? */
bool exit_hint_fits(const struct exit_hint *hint, const struct guest *guest);

#endif
