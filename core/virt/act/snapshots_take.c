/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A snapshot taken. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/virt/act/disks.h"
#include "core/virt/act/image.h"
#include "core/virt/act/snapshots_private.h"
#include "core/virt/conn/lab_mark.h"
#include "core/virt/conn/uri.h"
#include "core/virt/conn/xml.h"
#include "core/virt/prepare/clone.h"

/* What is to be taken. */
struct taking {
  const char *name, *description; /* borrowed; description NULL: none */
  struct snapshot_choice choice;
  GPtrArray *disks; /* external: struct clone_disk */
  GPtrArray *files; /* external: char *, one for each disk, and then that of the memory */
  char *freeze;     /* what became of the guest's file systems meanwhile; NULL: nothing to tell */
};

static void taking_clear(struct taking *taking)
{
  g_free(taking->choice.why);
  g_free(taking->freeze);
  g_clear_pointer(&taking->disks, g_ptr_array_unref);
  g_clear_pointer(&taking->files, g_ptr_array_unref);
}

/* ---- files of external ones ---- */

static char *file_for(const struct clone_disk *disk, const char *guest, const char *snapshot, bool memory)
{
  g_autofree char *folder = g_path_get_dirname(disk->path);
  return memory ? g_strdup_printf("%s/%s.%s.memory", folder, guest, snapshot)
                : g_strdup_printf("%s/%s-%s.%s.qcow2", folder, guest, disk->target, snapshot);
}

/* Files of this machine must not be there yet; of others libvirt looks. */
static bool are_free(const struct acting *acting, const GPtrArray *files, GError **err)
{
  for (guint i = 0; uri_is_local(acting->hub->uri) && i < files->len; i++)
    if (!image_is_free(files->pdata[i], err))
      return false;
  return true;
}

static bool plan_files(const struct acting *acting, const struct snapshots *snapshots, struct taking *taking,
                       GError **err)
{
  if (taking->choice.kind != SNAPSHOT_EXTERNAL)
    return true;
  const char *guest = virDomainGetName(snapshots->domain);
  taking->files = g_ptr_array_new_with_free_func(g_free);
  if (!(taking->disks = snapshots_disks(acting->conn, snapshots->xml, err)))
    return false;
  for (guint i = 0; i < taking->disks->len; i++)
    g_ptr_array_add(taking->files, file_for(taking->disks->pdata[i], guest, taking->name, false));
  if (taking->choice.memory)
    g_ptr_array_add(taking->files, file_for(taking->disks->pdata[0], guest, taking->name, true));
  return are_free(acting, taking->files, err);
}

/* After a failure nothing half-made stays; but what the guest writes to by now is no such thing. */
static void remove_files(const struct acting *acting, virDomainPtr domain, const struct taking *taking)
{
  g_autofree char *xml = take_text(virDomainGetXMLDesc(domain, 0));
  g_auto(GStrv) used = xml ? xml_texts(xml, "//source/@file") : NULL;
  if (!xml && virGetLastErrorCode() != VIR_ERR_NO_DOMAIN)
    return;
  for (guint i = 0; taking->files && i < taking->files->len; i++)
    if (!used || !g_strv_contains((const char *const *)used, taking->files->pdata[i]))
      disk_remove(acting->conn, hub_lab_root(acting->hub), taking->files->pdata[i], NULL);
}

/* ---- what libvirt is told ---- */

static void add_disk(xmlNodePtr disks, const struct clone_disk *disk, const char *file)
{
  xmlNodePtr node =
      xml_add_with(disks, "disk", "name", disk->target, "snapshot", "external", "type", "file", NULL);
  xml_add_with(node, "driver", "type", "qcow2", NULL);
  xml_add_with(node, "source", "file", file, NULL);
}

static char *snapshot_xml(const struct taking *taking)
{
  xmlNodePtr root = xml_begin("domainsnapshot");
  xml_add(root, "name", taking->name);
  if (taking->description)
    xml_add(root, "description", taking->description);
  if (taking->choice.kind != SNAPSHOT_EXTERNAL)
    return xml_finish(root);
  const char *memory = taking->choice.memory ? taking->files->pdata[taking->disks->len] : NULL;
  xml_add_with(root, "memory", "snapshot", memory ? "external" : "no", "file", memory, NULL);
  xmlNodePtr disks = xml_add(root, "disks", NULL);
  for (guint i = 0; i < taking->disks->len; i++)
    add_disk(disks, taking->disks->pdata[i], taking->files->pdata[i]);
  return xml_finish(root);
}

/* ---- how long it took ---- */

static char *with_seconds(const char *xml, double seconds)
{
  xmlDocPtr doc = xml_parse(xml);
  if (!doc)
    return NULL;
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *created = xml_text(xml, "/domainsnapshot/creationTime");
  xml_remove(doc, "/domainsnapshot/domain/metadata/s:taken");
  g_autoptr(GPtrArray) domains = xml_nodes(doc, "/domainsnapshot/domain"),
                       places = xml_nodes(doc, "/domainsnapshot/domain/metadata");
  if (domains->len) {
    xmlNodePtr place = places->len ? places->pdata[0] : xml_add(domains->pdata[0], "metadata", NULL);
    xmlNodePtr taken = xml_add_with(place, "taken", "at", created, "seconds",
                                    g_ascii_formatd(text, sizeof text, "%.3f", seconds), NULL);
    xmlSetNs(taken, xmlNewNs(taken, (const xmlChar *)XML_SNAPSHOT_NAMESPACE, (const xmlChar *)"snapshot"));
  }
  return xml_finish(xmlDocGetRootElement(doc));
}

/* Where this cannot be kept, only the view has less to show. */
static void keep_seconds(virDomainPtr domain, virDomainSnapshotPtr snapshot, double seconds)
{
  g_autofree char *xml = take_text(virDomainSnapshotGetXMLDesc(snapshot, VIR_DOMAIN_SNAPSHOT_XML_SECURE));
  g_autofree char *noted = xml ? with_seconds(xml, seconds) : NULL;
  if (noted)
    snapshots_redefine(domain, noted, true, NULL);
}

/* ---- the job ---- */

/* The files that it touches: those begun, or those that it is inside of. */
static char *tell(const struct snapshots *snapshots, const struct taking *taking)
{
  g_autoptr(GString) files = g_string_new(NULL);
  g_auto(GStrv) inside = xml_texts(
      snapshots->xml, "/domain/devices/disk[not(@device) or @device='disk'][not(readonly)]/source/@file");
  for (guint i = 0; taking->files && i < taking->files->len; i++)
    g_string_append_printf(files, "%s%s", i ? ", " : "", (char *)taking->files->pdata[i]);
  for (int i = 0; !taking->files && inside && inside[i]; i++)
    g_string_append_printf(files, "%s%s", i ? ", " : "", inside[i]);
  return g_strdup_printf("snapshot %s (%s: %s) %s %s%s%s", taking->name,
                         snapshot_choice_name(&taking->choice), taking->choice.why,
                         taking->files ? "begins" : "is inside", files->str, taking->freeze ? "; " : "",
                         taking->freeze ? taking->freeze : "");
}

/* Disks alone of a guest that runs: while its agent, if one answers, holds its file systems still. */
static virDomainSnapshotPtr create_frozen(const struct snapshots *snapshots, struct taking *taking,
                                          const char *xml)
{
  const unsigned flags = VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY;
  virDomainSnapshotPtr taken =
      virDomainSnapshotCreateXML(snapshots->domain, xml, flags | VIR_DOMAIN_SNAPSHOT_CREATE_QUIESCE);
  taking->freeze =
      taken ? g_strdup("its file systems were frozen meanwhile")
            : g_strdup_printf("it is as after a power failure, its file systems were not frozen: %s",
                              last_text());
  return taken ? taken : virDomainSnapshotCreateXML(snapshots->domain, xml, flags);
}

static virDomainSnapshotPtr create(const struct snapshots *snapshots, struct taking *taking, const char *xml)
{
  if (taking->choice.kind != SNAPSHOT_EXTERNAL || taking->choice.memory)
    return virDomainSnapshotCreateXML(snapshots->domain, xml, 0);
  if (snapshots->active)
    return create_frozen(snapshots, taking, xml);
  return virDomainSnapshotCreateXML(snapshots->domain, xml, VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY);
}

static bool take(struct acting *acting, const struct snapshots *snapshots, struct taking *taking,
                 GError **err)
{
  g_autofree char *xml = snapshot_xml(taking);
  acting_step(acting, -1, taking->choice.memory ? "saving disks and memory" : "saving disks");
  const int64_t began = clock_mono_ns();
  g_autoptr(virDomainSnapshot) taken = create(snapshots, taking, xml);
  if (!taken) {
    virt_error(err, NULL, "no snapshot was taken");
    remove_files(acting, snapshots->domain, taking);
    return false;
  }
  keep_seconds(snapshots->domain, taken, (double)(clock_mono_ns() - began) / (double)NS_PER_S);
  acting->act->result = tell(snapshots, taking);
  return true;
}

/* In the lab a mark of the files begun lets the next start clear up when this program is killed. */
static bool take_marked(struct acting *acting, const struct snapshots *snapshots, struct taking *taking,
                        GError **err)
{
  const char *root = hub_lab_root(acting->hub), *name = virDomainGetName(snapshots->domain);
  g_autoptr(GPtrArray) files = g_ptr_array_new();
  for (guint i = 0; taking->files && i < taking->files->len; i++)
    g_ptr_array_add(files, taking->files->pdata[i]);
  trail_set_snapshot(acting->trail, snapshots->domain, taking->name);
  trail_set_files(acting->trail, files);
  g_ptr_array_add(files, NULL);
  if (!lab_mark(root, name, (const char *const *)files->pdata, err))
    return false;
  bool ok = take(acting, snapshots, taking, err);
  lab_unmark(root, name);
  return ok;
}

static bool plan(const struct acting *acting, const struct snapshots *snapshots, struct taking *taking,
                 GError **err)
{
  const char *const *words = acting->act->flags;
  struct snapshot_wish wish;
  if (!snapshots_name_free(snapshots, taking->name, err) ||
      !snapshot_wish_read(action_value(words, "kind"), action_value(words, "memory"), &wish, err))
    return false;
  taking->description = action_value(words, "description");
  taking->choice = snapshots_choose(snapshots, wish, NULL);
  if (taking->choice.kind == SNAPSHOT_ANY)
    return error_set(err, ERROR_REFUSED, NULL, "no snapshot can be taken: %s", taking->choice.why);
  return plan_files(acting, snapshots, taking, err);
}

bool snapshot_take(struct acting *acting, virDomainPtr domain, GError **err)
{
  struct snapshots snapshots;
  struct taking taking = {0};
  const char *asked = action_value(acting->act->flags, "name");
  bool ok = snapshots_read(acting->hub, domain, acting->act->uuid, &snapshots, err);
  g_autofree char *name = asked ? g_strdup(asked) : snapshot_list_free_name(snapshots.list, "s1", "s");
  taking.name = name;
  ok = ok && plan(acting, &snapshots, &taking, err) && take_marked(acting, &snapshots, &taking, err);
  taking_clear(&taking);
  snapshots_clear(&snapshots);
  return ok;
}
