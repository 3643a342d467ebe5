/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which snapshots a guest has, and what would be taken next. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/virt/act/snapshots_private.h"
#include "core/virt/act/state_size.h"
#include "core/virt/act/volumes.h"
#include "core/virt/conn/uri.h"
#include "core/virt/conn/xml.h"
#include "core/virt/prepare/clone.h"

#define STAT_BLOCK_BYTES 512
#define DISKS "/domain/devices/disk[@device='disk' or not(@device)][not(readonly)]"

/* ---- one row ---- */

static enum guest_state state_of(const char *word)
{
  /* libvirt writes "shutoff" here and "shut off" elsewhere. */
  if (!g_strcmp0(word, "shutoff") || !g_strcmp0(word, "disk-snapshot"))
    return word[0] == 's' ? GUEST_SHUTOFF : GUEST_RUNNING;
  for (int state = 0; state < GUEST_STATES; state++)
    if (!g_strcmp0(word, guest_state_name((enum guest_state)state)))
      return (enum guest_state)state;
  return GUEST_NOSTATE;
}

/* Bytes that the file PATH takes; negative: not known. */
static int64_t file_bytes(struct hub *hub, virConnectPtr conn, const char *path)
{
  struct stat st;
  if (uri_is_local(hub->uri))
    return stat(path, &st) == 0 ? (int64_t)st.st_blocks * STAT_BLOCK_BYTES : -1;
  g_autofree char *text = volume_text(conn, path, "/volume/allocation");
  return text ? g_ascii_strtoll(text, NULL, 10) : -1;
}

static int64_t bytes_of(struct hub *hub, virConnectPtr conn, const struct snapshot *row, const char *xml)
{
  int64_t bytes = -1;
  g_auto(GStrv) images = xml_texts(xml, "/domainsnapshot/domain/devices/disk/source/@file");
  for (char **file = row->files; file && *file; file++)
    bytes = MAX(bytes, 0) + MAX(file_bytes(hub, conn, *file), 0);
  for (char **file = images; !row->files && row->memory && uri_is_local(hub->uri) && file && *file; file++)
    bytes = MAX(bytes, state_size(*file, row->name));
  return bytes;
}

/* How long it took, which stands beside the time for which it holds: definitions are handed on. */
static double seconds_of(const char *xml, const char *created)
{
  g_autofree char *at = xml_text(xml, "/domainsnapshot/domain/metadata/s:taken/@at");
  g_autofree char *seconds = xml_text(xml, "/domainsnapshot/domain/metadata/s:taken/@seconds");
  return at && seconds && !g_strcmp0(at, created) ? g_ascii_strtod(seconds, NULL) : -1;
}

char *snapshots_definition(const char *xml)
{
  char *off = xml_part(xml, "/domainsnapshot/inactiveDomain", "domain");
  return off ? off : xml_part(xml, "/domainsnapshot/domain", "domain");
}

/* Takes FILES: those that are there, as far as this can be seen.  A snapshot that was made of what was before
 * a revert has begun none. */
static char **begun(struct hub *hub, virConnectPtr conn, char **files)
{
  GPtrArray *there = g_ptr_array_new();
  for (char **file = files; file && *file; file++)
    if (uri_is_local(hub->uri) ? g_file_test(*file, G_FILE_TEST_EXISTS) : volume_is_there(conn, *file))
      g_ptr_array_add(there, g_strdup(*file));
  g_strfreev(files);
  g_ptr_array_add(there, NULL);
  return (char **)g_ptr_array_free(there, FALSE);
}

static void read_row(struct hub *hub, struct snapshot *row, virDomainSnapshotPtr snapshot)
{
  g_autofree char *xml = take_text(virDomainSnapshotGetXMLDesc(snapshot, 0));
  row->name = g_strdup(virDomainSnapshotGetName(snapshot));
  row->current = virDomainSnapshotIsCurrent(snapshot, 0) == 1;
  if (!xml)
    return;
  g_autofree char *created = xml_text(xml, "/domainsnapshot/creationTime");
  g_autofree char *state = xml_text(xml, "/domainsnapshot/state");
  g_autofree char *memory = xml_text(xml, "/domainsnapshot/memory/@snapshot");
  row->parent = xml_text(xml, "/domainsnapshot/parent/name");
  row->description = xml_text(xml, "/domainsnapshot/description");
  row->created_wall_ns = created ? g_ascii_strtoll(created, NULL, 10) * NS_PER_S : 0;
  row->state = state_of(state);
  row->memory = memory && strcmp(memory, "no") != 0;
  char **files = xml_texts(xml, "/domainsnapshot/disks/disk[@snapshot='external']/source/@file | "
                                "/domainsnapshot/memory[@snapshot='external']/@file");
  row->external = files != NULL;
  row->files = files ? begun(hub, virDomainSnapshotGetConnect(snapshot), files) : NULL;
  row->definition = snapshots_definition(xml);
  row->seconds = seconds_of(xml, created);
  row->size_bytes = bytes_of(hub, virDomainSnapshotGetConnect(snapshot), row, xml);
}

/* ---- all of them ---- */

static bool read_rows(struct hub *hub, struct snapshot_list *list, virDomainPtr domain, GError **err)
{
  virDomainSnapshotPtr *snapshots = NULL;
  const int count = virDomainListAllSnapshots(domain, &snapshots, 0);
  if (count < 0)
    return virt_error(err, NULL, "cannot list its snapshots");
  for (int i = 0; i < count; i++) {
    read_row(hub, snapshot_list_add(list), snapshots[i]);
    virDomainSnapshotFree(snapshots[i]);
  }
  free(snapshots);
  snapshot_list_sort(list);
  return true;
}

bool snapshots_read(struct hub *hub, virDomainPtr domain, const char *uuid, struct snapshots *ret,
                    GError **err)
{
  *ret =
      (struct snapshots){.domain = domain, .list = snapshot_list_new(uuid), .lab = hub_lab_root(hub) != NULL};
  ret->active = virDomainIsActive(domain) == 1;
  ret->xml = take_text(virDomainGetXMLDesc(domain, 0));
  virConnectGetLibVersion(virDomainGetConnect(domain), &ret->libvirt);
  if (!ret->xml)
    return virt_error(err, NULL, "cannot read its definition");
  g_autofree char *off = take_text(virDomainGetXMLDesc(domain, VIR_DOMAIN_XML_INACTIVE));
  ret->list->definition = off ? xml_part(off, "/domain", "domain") : NULL;
  return read_rows(hub, ret->list, domain, err);
}

void snapshots_clear(struct snapshots *snapshots)
{
  g_free(snapshots->xml);
  snapshot_list_free(snapshots->list);
}

/* ---- the next one ---- */

GPtrArray *snapshots_disks(virConnectPtr conn, const char *xml, GError **err)
{
  g_autoptr(GPtrArray) disks = clone_disks(xml, err);
  return disks && volumes_resolve(conn, disks, err) ? g_steal_pointer(&disks) : NULL;
}

static int count_of(const struct snapshot_list *list, bool external)
{
  int count = 0;
  for (int i = 0; i < list->count; i++)
    count += list->rows[i].external == external;
  return count;
}

/* The files of external ones are made beside the disks, and must be found again to be removed. */
static GPtrArray *places(const struct snapshots *snapshots, GError **err)
{
  virConnectPtr conn = virDomainGetConnect(snapshots->domain);
  GPtrArray *disks = snapshots_disks(conn, snapshots->xml, err);
  for (guint i = 0; !snapshots->lab && disks && i < disks->len; i++) {
    const struct clone_disk *disk = disks->pdata[i];
    if (volumes_have_folder(conn, disk->path))
      continue;
    error_set(err, ERROR_REFUSED,
              "Make its folder a pool: virsh pool-define-as NAME dir --target FOLDER; virsh pool-start NAME.",
              "disk %s is in no storage pool, where its files could be removed again", disk->target);
    g_ptr_array_unref(disks);
    return NULL;
  }
  return disks;
}

struct snapshot_choice snapshots_choose(const struct snapshots *snapshots, struct snapshot_wish wish,
                                        const char **ret_catch)
{
  g_autoptr(GError) foreign = NULL;
  g_autoptr(GPtrArray) images = places(snapshots, &foreign);
  g_auto(GStrv) all = xml_texts(snapshots->xml, DISKS "/target/@dev"),
                unfit = xml_texts(snapshots->xml, DISKS "[not(driver/@type='qcow2')]/target/@dev");
  g_autofree char *names = unfit ? g_strjoinv(", ", unfit) : NULL,
                  *why = foreign ? error_what(foreign) : NULL,
                  *device =
                      xml_text(snapshots->xml, "//devices/hostdev | //devices/interface[@type='hostdev']"),
                  *flash = xml_text(snapshots->xml, "//os/loader[@type='pflash']");
  const struct snapshot_facts facts = {.active = snapshots->active,
                                       .passthrough = device != NULL,
                                       .pflash = flash != NULL,
                                       .disks = all ? (int)g_strv_length(all) : 0,
                                       .unfit = names,
                                       .foreign = why,
                                       .internal = count_of(snapshots->list, false),
                                       .external = count_of(snapshots->list, true),
                                       .libvirt = snapshots->libvirt};
  const struct snapshot_choice choice = snapshot_choose(&facts, wish);
  if (ret_catch)
    *ret_catch = snapshot_choice_catch(&facts, &choice);
  return choice;
}

static void say_next(struct snapshots *snapshots)
{
  const char *catch;
  struct snapshot_choice choice = snapshots_choose(snapshots, (struct snapshot_wish){0}, &catch);
  if (choice.kind == SNAPSHOT_ANY) {
    snapshots->list->refusal = choice.why;
    return;
  }
  snapshots->list->kind = g_strdup_printf("%s: %s%s%s", snapshot_choice_name(&choice), choice.why,
                                          catch ? "; " : "", catch ? catch : "");
  g_free(choice.why);
}

struct snapshot_list *snapshots_of(struct hub *hub, const char *uuid, GError **err)
{
  g_autoptr(virConnect) conn = hub_action_conn(hub, err);
  g_autoptr(virDomain) domain = conn ? guest_of_uuid(conn, uuid, err) : NULL;
  struct snapshots snapshots = {0};
  struct snapshot_list *list = NULL;
  if (domain && snapshots_read(hub, domain, uuid, &snapshots, err)) {
    say_next(&snapshots);
    list = g_steal_pointer(&snapshots.list);
  }
  snapshots_clear(&snapshots);
  return list;
}
