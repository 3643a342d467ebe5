/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/snapshots.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/virt/act/snapshots_private.h"
#include "core/virt/conn/xml.h"

/* ---- for all parts ---- */

bool snapshots_name_free(const struct snapshots *snapshots, const char *name, GError **err)
{
  if (!text_name_ok(name, err))
    return false;
  return !snapshot_list_find(snapshots->list, name) ||
         error_set(err, ERROR_REFUSED, "Give it another name.", "snapshot %s: there is one of this name", name);
}

const struct snapshot *snapshots_meant(const struct acting *acting, const struct snapshots *snapshots,
                                       GError **err)
{
  const char *name = action_value(acting->act->flags, "name");
  for (int i = 0; i < snapshots->list->count; i++) {
    const struct snapshot *row = &snapshots->list->rows[i];
    if (name ? !g_strcmp0(row->name, name) : row->current)
      return row;
  }
  if (name)
    error_set(err, ERROR_GENERAL, "It may have been deleted in the meantime.",
              "there is no such snapshot: %s", name);
  else
    error_set(err, ERROR_GENERAL, "Name one: name=NAME.", "it has no current snapshot");
  return NULL;
}

bool snapshots_redefine(virDomainPtr domain, const char *xml, bool current, GError **err)
{
  const unsigned flags =
      VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE | (current ? VIR_DOMAIN_SNAPSHOT_CREATE_CURRENT : 0);
  g_autoptr(virDomainSnapshot) snapshot = virDomainSnapshotCreateXML(domain, xml, flags);
  return snapshot || virt_error(err, NULL, "libvirt does not take the change of the snapshot");
}

/* ---- actions ---- */

static virDomainSnapshotPtr find(const struct acting *acting, virDomainPtr domain, GError **err)
{
  const char *name = action_value(acting->act->flags, "name");
  virDomainSnapshotPtr snapshot =
      name ? virDomainSnapshotLookupByName(domain, name, 0) : virDomainSnapshotCurrent(domain, 0);
  if (!snapshot)
    virt_error(err, NULL, name ? "there is no such snapshot" : "it has no current snapshot");
  return snapshot;
}
bool snapshot_revert(struct acting *acting, virDomainPtr domain, GError **err)
{
  g_autoptr(virDomainSnapshot) snapshot = find(acting, domain, err);
  if (!snapshot)
    return false;
  g_autofree char *xml = take_text(virDomainSnapshotGetXMLDesc(snapshot, 0));
  g_autofree char *external =
      xml ? xml_text(xml, "/domainsnapshot/disks/disk[@snapshot='external']/@name") : NULL;
  if (external)
    return error_set(
        err, ERROR_REFUSED, NULL,
        "cannot revert: disk %s of this snapshot is external, and libvirt 9.0 does not revert to "
        "external snapshots",
        external);
  const unsigned flags = action_flag(acting->act->flags, "force") ? VIR_DOMAIN_SNAPSHOT_REVERT_FORCE : 0;
  acting_step(acting, -1, "loading disks and memory");
  return virDomainRevertToSnapshot(snapshot, flags) == 0 ||
         virt_error(err,
                    virGetLastErrorCode() == VIR_ERR_SNAPSHOT_REVERT_RISKY
                        ? "Add the word force if it is meant."
                        : NULL,
                    "cannot revert");
}

bool snapshot_delete(struct acting *acting, virDomainPtr domain, GError **err)
{
  g_autoptr(virDomainSnapshot) snapshot = find(acting, domain, err);
  if (!snapshot)
    return false;
  const unsigned flags =
      action_flag(acting->act->flags, "children") ? VIR_DOMAIN_SNAPSHOT_DELETE_CHILDREN : 0;
  acting_step(acting, -1, "removing it from the images");
  return virDomainSnapshotDelete(snapshot, flags) == 0 ||
         virt_error(err, NULL, "the snapshot was not deleted");
}
