/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of snapshots.h share. */
#ifndef VIRT_SNAPSHOTS_PRIVATE_H
#define VIRT_SNAPSHOTS_PRIVATE_H

#include "core/virt/act/snapshots.h"
#include "core/virt/prepare/snapshot_plan.h"

/* A guest and its snapshots, as they were when the job began. */
struct snapshots {
  virDomainPtr domain; /* borrowed */
  char *xml;           /* its definition as it is now */
  bool active;
  bool lab;              /* its images are files of this machine, and no volumes */
  unsigned long libvirt; /* of the connection */
  struct snapshot_list *list;
};
bool snapshots_read(struct hub *hub, virDomainPtr domain, const char *uuid, struct snapshots *ret,
                    GError **err);
void snapshots_clear(struct snapshots *snapshots);

/* What WISH comes to now.  RET_CATCH (may be NULL): snapshot_choice_catch. */
struct snapshot_choice snapshots_choose(const struct snapshots *snapshots, struct snapshot_wish wish,
                                        const char **ret_catch);
/* The writable disks (struct clone_disk *), all with their paths.  ERROR_REFUSED: one is no image. */
GPtrArray *snapshots_disks(virConnectPtr conn, const char *xml, GError **err);
/* May a new one be called NAME? */
bool snapshots_name_free(const struct snapshots *snapshots, const char *name, GError **err);
/* The row that the words name, else the current one. */
const struct snapshot *snapshots_meant(const struct acting *acting, const struct snapshots *snapshots,
                                       GError **err);
/* The definition that a snapshot's XML keeps, as it is when the guest is off; NULL: none.  Caller frees. */
char *snapshots_definition(const char *xml);
/* The XML of the snapshot NAME, nothing left out; NULL and ERR.  Caller frees. */
char *snapshots_xml(virDomainPtr domain, const char *name, GError **err);
/* XML with TEXT in the first element that XPATH finds, else in a new child NAME of the root; NULL: it cannot
 * be read.  Caller frees. */
char *snapshots_with_text(const char *xml, const char *xpath, const char *name, const char *text);
/* Forget the snapshot NAME; its files stay. */
bool snapshots_forget(virDomainPtr domain, const char *name, GError **err);
/* Tell libvirt that a snapshot is as in XML; nothing is done to the guest. */
bool snapshots_redefine(virDomainPtr domain, const char *xml, bool current, GError **err);

#endif
