/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the acting half of core/virt shares: small helpers and the steps of jobs. */
#ifndef VIRT_ACTING_H
#define VIRT_ACTING_H

#include "core/virt/blueprint.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virDomain, virDomainFree)

/* A text that libvirt malloc'ed, as one of GLib's; NULL stays NULL. */
char *take_text(char *from_libvirt);
/* libvirt's last error text of this thread, "" if none; valid until the next libvirt call. */
const char *last_text(void);

/* The user that QEMU runs as on this host, by LAB_ROOT's qemu.conf (NULL: libvirt's default).
 * NULL: not known.  Caller frees. */
char *lab_qemu_user(const char *lab_root);
/* The group that its qemu.conf gives to QEMU; NULL: none. */
char *lab_qemu_group(const char *lab_root);
/* The lab of root, whose own state folder is closed to QEMU's user. */
#define LAB_OF_ROOT "/var/lib/virtlens/lab"
/* QEMU's user cannot enter DIR: this program runs as root, and a folder on the way is closed to others. */
bool lab_closed(const char *dir);

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

/* A spec through its template to a blueprint, with what PLATFORM offers. */
struct blueprint *plan_launch(const struct spec *spec, const struct platform *platform, GError **err);

/* ---- launches that were cut short (launch_mark.c), in the lab at ROOT ---- */
/* Note which files the launch of BLUEPRINT makes; refused where one of them is there already. */
bool launch_mark(const char *root, const struct blueprint *blueprint, GError **err);
void launch_unmark(const char *root, const struct blueprint *blueprint);
/* Remove what marked launches left that never came to a definition.  With the lab's lock held. */
void launch_sweep(const char *root);

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
