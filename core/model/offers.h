/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a connection can launch, found out before a form is filled: each entry is
 * enabled, or greyed with the reason. */
#ifndef MODEL_OFFERS_H
#define MODEL_OFFERS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/model/backend.h"
#include "core/model/guest.h"

struct offer {
  const struct backend *backend; /* for backends; NULL else */
  char *name;                    /* "ide", "pulse", "kvm" */
  char *text;                    /* one line on what it is */
  bool enabled;
  char *reason; /* why not: one true sentence with its source; NULL when enabled */
};

/* Immutable once made; atomic reference count. */
struct offers {
  struct refs refs;
  int conn;
  int disk_count, nic_count, template_count, accel_count;
  struct offer *disks, *nics, *templates, *accels;
  enum accel best;                             /* what "auto" means now */
  uint64_t memory_free_bytes, disk_free_bytes; /* 0: not known */
  int ssh_port;      /* by which SSH would reach the next guest on a user network; 0: by none */
  char *ssh_network; /* what that port does, by whose user network, and why by that; NULL: there is none */
};
struct offers *offers_new(int conn);
void offers_add(struct offer **list, int *count, const struct backend *backend, const char *name,
                const char *text, const char *reason);
struct offers *offers_ref(const struct offers *offers);
void offers_unref(struct offers *offers);

#endif
