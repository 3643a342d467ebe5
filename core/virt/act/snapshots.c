/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/snapshots.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/units.h"
#include "core/virt/conn/xml.h"

/* ---- what can be taken ---- */

/* Disks that the guest can write to, whose image holds no snapshots. */
#define UNFIT_DISKS                                                                                          \
  "//devices/disk[@device='disk' and not(readonly) and not(driver/@type='qcow2')]/target/@dev"

/* Why no snapshot of a guest with definition XML can be taken, or NULL.  Caller frees. */
static char *refusal_of(const char *xml, bool active)
{
  g_auto(GStrv) unfit = xml_texts(xml, UNFIT_DISKS);
  g_autofree char *device = xml_text(xml, "//devices/hostdev/@type");
  g_autofree char *flash = xml_text(xml, "//os/loader[@type='pflash']");
  if (unfit) {
    g_autofree char *names = g_strjoinv(", ", unfit);
    return g_strdup_printf("disk %s is not qcow2: only qcow2 images hold snapshots", names);
  }
  if (active && device)
    return g_strdup(
        "a device is passed through: its state cannot be saved with the memory; the guest must be off");
  if (flash)
    return g_strdup("its firmware is in pflash: libvirt 9.0 takes no internal snapshots of it");
  return NULL;
}

static char *definition(virDomainPtr domain, GError **err)
{
  char *xml = take_text(virDomainGetXMLDesc(domain, 0));
  if (!xml)
    virt_error(err, NULL, "cannot read its definition");
  return xml;
}

/* ---- the list ---- */

static enum guest_state state_of(const char *word)
{
  /* libvirt writes "shutoff" here and "shut off" elsewhere. */
  if (!g_strcmp0(word, "shutoff"))
    return GUEST_SHUTOFF;
  for (int state = 0; state < GUEST_STATES; state++)
    if (!g_strcmp0(word, guest_state_name((enum guest_state)state)))
      return (enum guest_state)state;
  return GUEST_NOSTATE;
}

static void read_row(struct snapshot *row, virDomainSnapshotPtr snapshot)
{
  g_autofree char *xml = take_text(virDomainSnapshotGetXMLDesc(snapshot, 0));
  row->name = g_strdup(virDomainSnapshotGetName(snapshot));
  row->current = virDomainSnapshotIsCurrent(snapshot, 0) == 1;
  if (!xml)
    return;
  g_autofree char *created = xml_text(xml, "/domainsnapshot/creationTime");
  g_autofree char *state = xml_text(xml, "/domainsnapshot/state");
  g_autofree char *memory = xml_text(xml, "/domainsnapshot/memory/@snapshot");
  g_autofree char *external = xml_text(xml, "/domainsnapshot/disks/disk[@snapshot='external']/@name");
  row->parent = xml_text(xml, "/domainsnapshot/parent/name");
  row->description = xml_text(xml, "/domainsnapshot/description");
  row->created_wall_ns = created ? g_ascii_strtoll(created, NULL, 10) * NS_PER_S : 0;
  row->state = state_of(state);
  row->memory = memory && strcmp(memory, "no");
  row->external = external != NULL;
}

static bool read_rows(struct snapshot_list *list, virDomainPtr domain, GError **err)
{
  virDomainSnapshotPtr *snapshots = NULL;
  const int count = virDomainListAllSnapshots(domain, &snapshots, 0);
  if (count < 0)
    return virt_error(err, NULL, "cannot list its snapshots");
  for (int i = 0; i < count; i++) {
    read_row(snapshot_list_add(list), snapshots[i]);
    virDomainSnapshotFree(snapshots[i]);
  }
  free(snapshots);
  snapshot_list_sort(list);
  return true;
}

static struct snapshot_list *list_of(virDomainPtr domain, const char *uuid, GError **err)
{
  g_autofree char *xml = definition(domain, err);
  const bool active = virDomainIsActive(domain) == 1;
  struct snapshot_list *list = snapshot_list_new(uuid);
  if (xml && read_rows(list, domain, err)) {
    list->refusal = refusal_of(xml, active);
    list->kind = g_strdup(active ? "internal, disks and memory" : "internal, disks only: the guest is off");
    return list;
  }
  snapshot_list_free(list);
  return NULL;
}

struct snapshot_list *snapshots_of(struct hub *hub, const char *uuid, GError **err)
{
  g_autoptr(virConnect) conn = hub_action_conn(hub, err);
  g_autoptr(virDomain) domain = conn ? guest_of_uuid(conn, uuid, err) : NULL;
  return domain ? list_of(domain, uuid, err) : NULL;
}

/* ---- actions ---- */

static bool check_name(const struct snapshot_list *list, const char *name, GError **err)
{
  if (!text_name_ok(name, err))
    return false;
  for (int i = 0; i < list->count; i++)
    if (!g_strcmp0(list->rows[i].name, name))
      return error_set(err, ERROR_REFUSED, "give it another name", "snapshot %s: there is one of this name",
                       name);
  return true;
}

static char *snapshot_xml(const char *name, const char *description)
{
  xmlNodePtr root = xml_begin("domainsnapshot");
  xml_add(root, "name", name);
  if (description)
    xml_add(root, "description", description);
  return xml_finish(root);
}

bool snapshot_take(struct acting *acting, virDomainPtr domain, GError **err)
{
  const char *const *words = acting->act->flags;
  const char *asked = action_value(words, "name");
  struct snapshot_list *list = list_of(domain, acting->act->uuid, err);
  if (!list)
    return false;
  g_autofree char *name = asked ? g_strdup(asked) : snapshot_list_free_name(list);
  bool ok = check_name(list, name, err);
  if (ok && list->refusal)
    ok = error_set(err, ERROR_REFUSED, NULL, "no snapshot can be taken: %s", list->refusal);
  g_autofree char *xml = snapshot_xml(name, action_value(words, "description"));
  if (ok) {
    acting_step(acting, -1, "saving disks and memory");
    g_autoptr(virDomainSnapshot) taken = virDomainSnapshotCreateXML(domain, xml, 0);
    ok = taken || virt_error(err, NULL, "no snapshot was taken");
    if (ok)
      acting->act->result = g_strdup_printf("snapshot %s (%s)", name, list->kind);
  }
  snapshot_list_free(list);
  return ok;
}

/* The snapshot that the words name, else the current one. */
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
                        ? "add the word force if it is meant"
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
