/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Back to a snapshot: by libvirt, or, where it cannot go back to an external one, by this program: new files
 * on those of the snapshot, and the definition moved to them.  What was before becomes a snapshot, too. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/virt/act/aftermath.h"
#include "core/virt/act/disks.h"
#include "core/virt/act/own.h"
#include "core/virt/act/snapshots_private.h"
#include "core/virt/act/users.h"
#include "core/virt/act/witness.h"
#include "core/virt/conn/lab_mark.h"
#include "core/virt/conn/uri.h"
#include "core/virt/conn/xml.h"
#include "core/virt/prepare/clone.h"

/* ---- by libvirt ---- */

static bool load(struct acting *acting, virDomainSnapshotPtr snapshot, GError **err)
{
  const bool force = action_flag(acting->act->flags, "force");
  acting_step(acting, -1, "loading disks and memory");
  return virDomainRevertToSnapshot(snapshot, force ? VIR_DOMAIN_SNAPSHOT_REVERT_FORCE : 0) == 0 ||
         virt_error(err,
                    virGetLastErrorCode() == VIR_ERR_SNAPSHOT_REVERT_RISKY
                        ? "Add the word force if it is meant."
                        : NULL,
                    "cannot revert");
}

/* Where the connection went away the witness is needed still. */
static bool load_witnessed(struct acting *acting, virDomainPtr domain, virDomainSnapshotPtr snapshot,
                           GError **err)
{
  GError *fault = NULL;
  char *witness = acting->trail->witness = witness_leave(domain);
  const bool done = load(acting, snapshot, &fault);
  if (witness && !aftermath_is_due(acting, fault) && witness_is_there(domain, witness) > 0)
    witness_remove(domain);
  if (fault)
    g_propagate_error(err, fault);
  return done;
}

static bool by_libvirt(struct acting *acting, const struct snapshots *snapshots, const struct snapshot *row,
                       GError **err)
{
  g_autoptr(virDomainSnapshot) snapshot = virDomainSnapshotLookupByName(snapshots->domain, row->name, 0);
  if (!snapshot)
    return virt_error(err, "It may have been deleted in the meantime.", "cannot revert");
  if (!users_allow(acting, snapshots->domain, err))
    return false;
  trail_set_snapshot(acting->trail, snapshots->domain, row->name);
  return load_witnessed(acting, snapshots->domain, snapshot, err);
}

/* ---- by this program ---- */

struct going_back {
  const struct snapshots *snapshots;
  const struct snapshot *row;
  char *xml;    /* the snapshot's */
  char *old;    /* the definition before */
  char *before; /* name of the snapshot that is made of it */
  struct platform *platform;
  struct blueprint *blueprint; /* the new files */
};

static void going_back_clear(struct going_back *back)
{
  g_free(back->xml);
  g_free(back->old);
  g_free(back->before);
  platform_free(back->platform);
  blueprint_free(back->blueprint);
}

/* The first free one of GUEST-vda.SNAPSHOT-1.qcow2 and so on. */
static char *new_path(const struct acting *acting, const struct going_back *back, const char *target)
{
  const char *guest = virDomainGetName(back->snapshots->domain);
  for (int number = 1;; number++) {
    char *path = g_strdup_printf("%s/%s-%s.%s-%d.qcow2", back->platform->disk_dir, guest, target,
                                 back->row->name, number);
    if (disk_path_is_free(acting, path))
      return path;
    g_free(path);
  }
}

static void add_file(const struct acting *acting, struct going_back *back, const struct clone_disk *from)
{
  struct blueprint_disk *disk = blueprint_add_disk(back->blueprint, CONTENT_OVERLAY, "qcow2");
  disk->path = new_path(acting, back, from->target);
  disk->target = g_strdup(from->target);
  disk->backing = g_strdup(from->path);
  disk->backing_format = g_strdup(from->format);
}

static bool draw_files(const struct acting *acting, struct going_back *back, GError **err)
{
  g_autofree char *definition = snapshots_definition(back->xml);
  g_auto(GStrv) targets = xml_texts(back->xml, "/domainsnapshot/disks/disk[@snapshot='external']/@name");
  g_autoptr(GPtrArray) disks = definition ? snapshots_disks(acting->conn, definition, err) : NULL;
  if (!definition)
    return error_set(err, ERROR_UNSUPPORTED, "Choose another one.",
                     "snapshot %s has no definition of the guest in it", back->row->name);
  back->blueprint->name = g_strdup(virDomainGetName(back->snapshots->domain));
  for (guint i = 0; disks && i < disks->len; i++) {
    const struct clone_disk *disk = disks->pdata[i];
    if (targets && g_strv_contains((const char *const *)targets, disk->target))
      add_file(acting, back, disk);
  }
  return disks != NULL;
}

static char *free_name(const struct snapshot_list *list, const char *name)
{
  g_autofree char *first = g_strdup_printf("before-%s", name), *stem = g_strconcat(first, "-", NULL);
  return snapshot_list_free_name(list, first, stem);
}

static bool plan(const struct acting *acting, struct going_back *back, GError **err)
{
  const unsigned flags = VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE;
  g_autofree char *mixed = NULL;
  if (!(back->xml = snapshots_xml(back->snapshots->domain, back->row->name, err)))
    return false;
  if ((mixed = xml_text(back->xml, "/domainsnapshot/disks/disk[@snapshot='internal']/@name")))
    return error_set(err, ERROR_REFUSED, "Choose another one.",
                     "cannot revert: disk %s of this snapshot is internal and others are external", mixed);
  if (!(back->old = take_text(virDomainGetXMLDesc(back->snapshots->domain, flags))))
    return virt_error(err, NULL, "its definition cannot be read");
  back->before = free_name(back->snapshots->list, back->row->name);
  return (back->platform = platform_places(acting->conn, hub_lab_root(acting->hub), err)) &&
         (back->platform->disk_dir ||
          error_set(err, ERROR_RESOURCES, NULL, "no place for disks: %s", back->platform->disk_reason)) &&
         draw_files(acting, back, err);
}

/* ---- what was before ---- */

static const char *current_name(const struct snapshot_list *list)
{
  for (int i = 0; i < list->count; i++)
    if (list->rows[i].current)
      return list->rows[i].name;
  return NULL;
}

static char *before_xml(const struct going_back *back)
{
  const char *parent = current_name(back->snapshots->list);
  g_autofree char *created = g_strdup_printf("%" G_GINT64_FORMAT, clock_wall_ns() / NS_PER_S),
                  *text = g_strdup_printf("as it was before it was reverted to %s", back->row->name);
  xmlNodePtr root = xml_begin("domainsnapshot"), disks;
  xmlDocPtr old = xml_parse(back->old);
  xml_add(root, "name", back->before);
  xml_add(root, "description", text);
  xml_add(root, "state", "shutoff");
  if (parent)
    xml_add(xml_add(root, "parent", NULL), "name", parent);
  xml_add(root, "creationTime", created);
  xml_add_with(root, "memory", "snapshot", "no", NULL);
  disks = xml_add(root, "disks", NULL);
  for (int i = 0; i < back->blueprint->disk_count; i++)
    xml_add_with(disks, "disk", "name", back->blueprint->disks[i].target, "snapshot", "external", "type",
                 "file", NULL);
  if (old)
    xmlAddChild(root, xmlDocCopyNode(xmlDocGetRootElement(old), root->doc, 1));
  xmlFreeDoc(old);
  return xml_finish(root);
}

static bool keep_before(const struct going_back *back, GError **err)
{
  g_autofree char *xml = before_xml(back);
  return snapshots_redefine(back->snapshots->domain, xml, false, err);
}

/* ---- the move ---- */

static bool define(const struct acting *acting, const char *xml, GError **err)
{
  g_autoptr(virDomain) domain = xml ? virDomainDefineXML(acting->conn, xml) : NULL;
  return domain || virt_error(err, NULL, "libvirt refuses the definition");
}

/* What the definition before tells of former images goes along to the one that the snapshot keeps. */
static bool take_former_along(const struct going_back *back, const char *definition, GError **err)
{
  g_autoptr(GHashTable) files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_auto(GStrv) before = own_former(back->old), kept = own_former(definition);
  for (char **file = kept; file && *file; file++)
    g_hash_table_add(files, g_strdup(*file));
  for (char **file = before; file && *file; file++)
    g_hash_table_add(files, g_strdup(*file));
  return !before || own_set_former(back->snapshots->domain, files, err);
}

/* The definition to the new files, and the snapshot to the place where the guest is. */
static bool move(const struct acting *acting, const struct going_back *back, GError **err)
{
  g_autofree char *definition = snapshots_definition(back->xml),
                  *named = snapshots_with_text(definition, "/domain/name", "name",
                                               virDomainGetName(back->snapshots->domain)),
                  *moved = named ? clone_move_disks(named, back->blueprint) : NULL;
  if (!define(acting, moved, err))
    return false;
  if (take_former_along(back, definition, err) &&
      snapshots_redefine(back->snapshots->domain, back->xml, true, err))
    return true;
  define(acting, back->old, NULL);
  return false;
}

/* libvirt's own format, as its save makes it. */
static bool load_memory(const struct acting *acting, const struct going_back *back, GError **err)
{
  g_autofree char *file = xml_text(back->xml, "/domainsnapshot/memory[@snapshot='external']/@file"),
                  *live = xml_part(back->xml, "/domainsnapshot/domain", "domain"),
                  *moved = file && live ? clone_move_disks(live, back->blueprint) : NULL;
  if (!moved)
    return true;
  acting_step(acting, -1, "loading memory");
  return virDomainRestoreFlags(acting->conn, file, moved, 0) == 0 ||
         virt_error(err, "Start it, or revert it to the snapshot that was made of what was before.",
                    "its disks are those of the snapshot, but its memory cannot be loaded");
}

static char *tell(const struct going_back *back)
{
  GString *text = g_string_new(NULL);
  g_autofree char *disks = g_strdup_printf("reverted to %s, with new files on its own: ", back->row->name);
  g_auto(GStrv) old = xml_texts(
      back->old, "/domain/devices/disk[not(@device) or @device='disk'][not(readonly)]/source/@file");
  g_autofree char *kept = old ? g_strjoinv(", ", old) : g_strdup("its files");
  g_string_append(text, disks);
  for (int i = 0; i < back->blueprint->disk_count; i++)
    g_string_append_printf(text, "%s%s", i ? ", " : "", back->blueprint->disks[i].path);
  g_string_append_printf(text, "; what was before (%s) is kept as snapshot %s", kept, back->before);
  return g_string_free(text, FALSE);
}

/* After FAULT; KEPT: there is a snapshot of what was before.  Where the connection went away nobody knows
 * whether the guest is on the new files: they stay. */
static void take_back(const struct acting *acting, const struct going_back *back, bool kept,
                      const GError *fault)
{
  if (fault->code == ERROR_LOST)
    return;
  if (kept)
    snapshots_forget(back->snapshots->domain, back->before, NULL);
  disks_remove(acting, back->blueprint, back->platform);
}

static bool make_and_move(struct acting *acting, struct going_back *back, GError **err)
{
  acting_step(acting, 0.2, "making files on those of the snapshot");
  if (!disks_make(acting, back->blueprint, back->platform, err))
    return false;
  acting_step(acting, 0.6, "moving the definition");
  GError *fault = NULL;
  const bool kept = keep_before(back, &fault);
  if (!kept || !move(acting, back, &fault)) {
    take_back(acting, back, kept, fault);
    g_propagate_error(err, fault);
    return false;
  }
  acting->act->result = tell(back);
  return load_memory(acting, back, err);
}

/* In the lab a mark of the new files lets the next start clear up when this program is killed in the middle.
 */
static bool go_back(struct acting *acting, struct going_back *back, GError **err)
{
  const char *root = hub_lab_root(acting->hub), *name = back->blueprint->name;
  g_autoptr(GPtrArray) files = disks_files(back->blueprint);
  g_autofree char *kept = root ? lab_snapshot_file(root, name, back->before) : NULL;
  trail_set_snapshot(acting->trail, back->snapshots->domain, back->row->name);
  trail_set_files(acting->trail, files);
  if (kept)
    g_ptr_array_add(files, kept);
  g_ptr_array_add(files, NULL);
  if (!lab_mark(root, name, (const char *const *)files->pdata, err))
    return false;
  const bool ok = make_and_move(acting, back, err);
  lab_unmark(root, name);
  return ok;
}

static bool by_us(struct acting *acting, const struct snapshots *snapshots, const struct snapshot *row,
                  GError **err)
{
  struct going_back back = {.snapshots = snapshots, .row = row, .blueprint = g_new0(struct blueprint, 1)};
  if (snapshots->active)
    return error_set(
        err, ERROR_REFUSED, "Shut it down or force it off first.",
        "cannot revert: the snapshot is external, and with libvirt %lu.%lu the guest must be off",
        snapshots->libvirt / 1000000, snapshots->libvirt / 1000 % 1000);
  const bool ok = plan(acting, &back, err) && acting_goes_on(acting, err) && go_back(acting, &back, err);
  going_back_clear(&back);
  return ok;
}

bool snapshot_revert(struct acting *acting, virDomainPtr domain, GError **err)
{
  struct snapshots snapshots;
  bool ok = snapshots_read(acting->hub, domain, acting->act->uuid, &snapshots, err);
  const struct snapshot *row = ok ? snapshots_meant(acting, &snapshots, err) : NULL;
  const bool libvirt_can = row && (!row->external || snapshots.libvirt >= LIBVIRT_REVERTS_EXTERNAL);
  ok = row && (libvirt_can ? by_libvirt : by_us)(acting, &snapshots, row, err);
  snapshots_clear(&snapshots);
  return ok;
}
