/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kind of virtualization a guest is, device by device, and what of it can be seen here and why not else.
 */
#ifndef MODEL_EXPLANATION_H
#define MODEL_EXPLANATION_H

#include <stdbool.h>

#include "core/model/backend.h"
#include "core/model/kind.h"

struct explained_device {
  char *name;    /* raw: "vda", "NIC 52:54:00:00:00:01", "0000:01:00.1" */
  char *backend; /* raw: "virtio-blk", or libvirt's word */
  bool path_known;
  enum backend_path path;
  char *how; /* who serves it */
};

struct explanation {
  char uuid[37]; /* of the guest */
  enum kind kind;
  char *why;  /* by what that was told */
  char *host; /* what its host is */
  int device_count;
  struct explained_device *devices; /* disks, NICs, what else is passed through */
  struct {
    bool there;
    char *text; /* raw: why it is not there; NULL: nothing to add */
  } sources[SOURCES];
};

struct explanation *explanation_new(const char *uuid);
void explanation_free(struct explanation *explanation); /* NULL is fine */
/* A new device at the end, all zero; valid until the next one. */
struct explained_device *explanation_add_device(struct explanation *explanation);

#endif
