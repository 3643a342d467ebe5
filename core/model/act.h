/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One thing to do, as a worker thread asks a source for it, and what it found. */
#ifndef MODEL_ACT_H
#define MODEL_ACT_H

#include <stdatomic.h>

#include "core/model/action.h"
#include "core/model/spec.h"

struct act {
  enum action_id action;
  char uuid[37];            /* the guest, or "" */
  const struct spec *spec;  /* ACTION_LAUNCH, else NULL */
  const char *const *flags; /* further words, NULL-terminated or NULL: "keep-disks" */
  double stop_seconds;      /* how long a guest may take to shut down */
  const atomic_bool *cancel;
  void *context;
  void (*progress)(void *context, double fraction, const char *step); /* fraction < 0: not known */
  bool shared;          /* out: disks were copied by sharing their blocks (reflink) */
  char *result;         /* out: what to tell, NULL: nothing; g_free */
  char result_uuid[37]; /* out: the new guest's UUID, or "" */
};

#endif
