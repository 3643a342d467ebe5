/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the acting half of core/virt shares: small helpers and the steps of jobs. */
#ifndef VIRT_ACTING_H
#define VIRT_ACTING_H

#include "core/virt/internal.h"
#include "core/virt/prepare/blueprint.h"

struct acting {
  struct virt *virt;
  virConnectPtr conn;
  struct act *act;
};
void acting_step(const struct acting *acting, double fraction, const char *step);
/* ERROR_CANCELLED when the user asked for it. */
bool acting_goes_on(const struct acting *acting, GError **err);
/* The guest NAME, or NULL without an error when there is none. */
virDomainPtr acting_guest_called(const struct acting *acting, const char *name);
/* Wait for DONE(context) to become true, looking every 50 ms: ERROR_CANCELLED on cancel,
 * ERROR_GENERAL "WHAT: not within N s" and ADVICE at the deadline. */
bool acting_wait(const struct acting *acting, bool (*done)(void *context), void *context,
                 double deadline_seconds, const char *what, const char *advice, GError **err);

/* End a guest at once; one that is off already is fine. */
bool acting_force_off(virDomainPtr domain, GError **err);

/* ---- the rows ---- */
bool act_launch(struct acting *acting, GError **err);
bool act_delete(struct acting *acting, GError **err);
bool act_tour(struct acting *acting, GError **err);

/* ---- disks (disks.c) ---- */
/* Make the disks of BLUEPRINT that are ours to make; on failure those made are removed.
 * A file that is there already is never touched. */
bool disks_make(const struct acting *acting, const struct blueprint *blueprint,
                const struct platform *platform, GError **err);
/* Remove them again (best effort; on the way out of a failed launch). */
void disks_remove(const struct acting *acting, const struct blueprint *blueprint,
                  const struct platform *platform);
/* Remove one file of a guest's, which may already be gone. */
bool disk_remove(virConnectPtr conn, const char *lab_root, const char *path, GError **err);

#endif
