/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Snapshots deleted: by libvirt, which merges the files of external ones; those of branches that the guest
 * has left are removed here, when nothing else needs them. */
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/virt/act/backing.h"
#include "core/virt/act/disks.h"
#include "core/virt/act/own.h"
#include "core/virt/act/snapshots_private.h"
#include "core/virt/act/users.h"
#include "core/virt/act/volumes.h"
#include "core/virt/conn/lab_mark.h"
#include "core/virt/conn/uri.h"
#include "core/virt/conn/xml.h"

/* What is to go. */
struct deleting {
  const struct snapshots *snapshots;
  const struct snapshot *row;
  unsigned flags;
  GPtrArray *rows;   /* struct snapshot *, borrowed */
  GHashTable *chain; /* the files that the guest stands on now */
};

static void deleting_clear(struct deleting *deleting)
{
  g_clear_pointer(&deleting->rows, g_ptr_array_unref);
  g_clear_pointer(&deleting->chain, g_hash_table_unref);
}

/* ---- which ones ---- */

static bool read_words(struct deleting *deleting, const char *const *words, GError **err)
{
  const bool children = action_flag(words, "children"), only = action_flag(words, "children-only");
  if (children && only)
    return error_set(err, ERROR_USAGE, "Leave one of the words out.", "children or children-only, not both");
  deleting->flags = children ? VIR_DOMAIN_SNAPSHOT_DELETE_CHILDREN
                    : only   ? VIR_DOMAIN_SNAPSHOT_DELETE_CHILDREN_ONLY
                             : 0;
  return true;
}

/* The rows are in the order of the tree: those below one stand behind it, deeper. */
static void gather(struct deleting *deleting)
{
  const struct snapshot_list *list = deleting->snapshots->list;
  const int at = (int)(deleting->row - list->rows);
  deleting->rows = g_ptr_array_new();
  if (!(deleting->flags & VIR_DOMAIN_SNAPSHOT_DELETE_CHILDREN_ONLY))
    g_ptr_array_add(deleting->rows, &list->rows[at]);
  for (int i = at + 1; deleting->flags && i < list->count && list->rows[i].depth > list->rows[at].depth; i++)
    g_ptr_array_add(deleting->rows, &list->rows[i]);
}

static bool some_external(const struct deleting *deleting)
{
  for (guint i = 0; i < deleting->rows->len; i++)
    if (((const struct snapshot *)deleting->rows->pdata[i])->external)
      return true;
  return false;
}

/* ---- files ---- */

#define WRITABLE "devices/disk[not(@device) or @device='disk'][not(readonly)]/source/@file"

static void read_chain(const struct acting *acting, struct deleting *deleting)
{
  g_auto(GStrv) files = xml_texts(deleting->snapshots->xml, "/domain/" WRITABLE);
  deleting->chain = backing_closure(acting, files);
}

/* The guest stands on what this snapshot began. */
static bool is_in_chain(const struct deleting *deleting, const struct snapshot *row)
{
  for (char **file = row->files; file && *file; file++)
    if (g_hash_table_contains(deleting->chain, *file))
      return true;
  return false;
}

/* The guest writes to what this snapshot began. */
static bool is_newest(const struct deleting *deleting, const struct snapshot *row)
{
  g_auto(GStrv) top = xml_texts(deleting->snapshots->xml, "/domain/" WRITABLE);
  for (char **file = row->files; top && file && *file; file++)
    if (g_strv_contains((const char *const *)top, *file))
      return true;
  return false;
}

static char **joined(char **const *parts, size_t count)
{
  g_autoptr(GStrvBuilder) files = g_strv_builder_new();
  for (size_t i = 0; i < count; i++)
    if (parts[i])
      g_strv_builder_addv(files, (const char **)(uintptr_t)parts[i]);
  return g_strv_builder_end(files);
}

/* The files that snapshot ROW began, those on which these stand, and that of its memory. */
static char **files_of(const struct snapshot *row)
{
  g_auto(GStrv) stood = row->definition ? xml_texts(row->definition, "/domain/" WRITABLE) : NULL;
  return joined((char **const[]){row->files, stood}, 2);
}

/* The same, with the former images that it tells of. */
static char **known_by(const struct snapshot *row)
{
  g_auto(GStrv) files = files_of(row), former = row->definition ? own_former(row->definition) : NULL;
  return joined((char **const[]){files, former}, 2);
}

/* ---- those that are merged ---- */

static bool refuse_standing(const char *file, const char *whose, const char *who, GError **err)
{
  g_autofree char *safe = text_safe(who);
  return error_set(err, ERROR_REFUSED, "Delete that first.",
                   "the snapshot is merged into files on which others stand: %s, of %s %s", file, whose,
                   safe);
}

/* Does a file that another snapshot knows stand on one of FILES, beside the chain of the guest? */
static bool check_branches(const struct acting *acting, const struct deleting *deleting, char **files,
                           GError **err)
{
  const struct snapshot_list *list = deleting->snapshots->list;
  for (int i = 0; i < list->count; i++) {
    g_auto(GStrv) known = files_of(&list->rows[i]);
    for (char **file = known; *file; file++) {
      g_autofree char *behind =
          g_hash_table_contains(deleting->chain, *file) ? NULL : backing_of_disk(acting, *file);
      if (behind && g_strv_contains((const char *const *)files, behind))
        return refuse_standing(*file, "snapshot", list->rows[i].name, err);
    }
  }
  return true;
}

static bool check_guests(const struct acting *acting, char **files, GError **err)
{
  g_autoptr(GHashTable) users = users_of_files(acting, acting->act->uuid, err);
  for (char **file = files; users && *file; file++) {
    const GPtrArray *names = g_hash_table_lookup(users, *file);
    if (names && names->len)
      return refuse_standing(*file, "guest", names->pdata[0], err);
  }
  return users != NULL;
}

static bool check_merge(const struct acting *acting, const struct deleting *deleting, GError **err)
{
  g_auto(GStrv) files = files_of(deleting->row);
  if (deleting->flags)
    return error_set(err, ERROR_REFUSED, "Delete them one by one, the newest first.",
                     "external snapshots cannot be deleted with their children: files are merged one by one");
  if (!deleting->snapshots->active && deleting->snapshots->libvirt < LIBVIRT_REVERTS_EXTERNAL &&
      !is_newest(deleting, deleting->row))
    return error_set(err, ERROR_REFUSED, "Delete the later ones first, or start the guest.",
                     "other external snapshots came after it, and this libvirt merges its files then only "
                     "while the guest runs");
  return check_branches(acting, deleting, files, err) && check_guests(acting, files, err);
}

static bool by_libvirt(const struct acting *acting, const struct deleting *deleting, GError **err)
{
  g_autoptr(virDomainSnapshot) snapshot =
      virDomainSnapshotLookupByName(deleting->snapshots->domain, deleting->row->name, 0);
  acting_step(acting, -1, deleting->row->external ? "merging files" : "removing it from the images");
  return (snapshot && virDomainSnapshotDelete(snapshot, deleting->flags) == 0) ||
         virt_error(err, NULL, "the snapshot was not deleted");
}

/* In the lab a mark lets the next start tell of it when this program is killed in the middle: done again, it
 * ends. */
static bool by_libvirt_marked(const struct acting *acting, const struct deleting *deleting, GError **err)
{
  static const char *const no_files[] = {NULL};
  const char *root = hub_lab_root(acting->hub), *name = virDomainGetName(deleting->snapshots->domain);
  g_autofree char *file = root ? lab_snapshot_file(root, name, deleting->row->name) : NULL,
                  *guest = text_quote_word(name), *snapshot = text_quote_word(deleting->row->name),
                  *command = g_strdup_printf(":snapshot-delete %s name=%s", guest, snapshot);
  if (!lab_mark(root, name, no_files, err))
    return false;
  lab_mark_again(root, name, file, command);
  const bool ok = by_libvirt(acting, deleting, err);
  lab_unmark(root, name);
  return ok;
}

/* libvirt leaves the file of the memory. */
static bool merge(struct acting *acting, const struct deleting *deleting, GError **err)
{
  g_autofree char *xml = snapshots_xml(deleting->snapshots->domain, deleting->row->name, err);
  if (!xml || !check_merge(acting, deleting, err) || !by_libvirt_marked(acting, deleting, err))
    return false;
  g_autofree char *memory = xml_text(xml, "/domainsnapshot/memory[@snapshot='external']/@file");
  if (!deleting->snapshots->lab && deleting->row->files[0])
    volumes_refresh(acting->conn, deleting->row->files[0]);
  return !memory || disk_remove(acting->conn, hub_lab_root(acting->hub), memory, err);
}

/* ---- those of other branches ---- */

/* All files that are still needed, by this guest or another. */
static GHashTable *needed(const struct acting *acting, const struct deleting *deleting, GError **err)
{
  g_autoptr(GHashTable) users = users_of_files(acting, acting->act->uuid, err);
  g_auto(GStrv) kept = own_of_snapshots(deleting->snapshots->domain);
  if (!users)
    return NULL;
  GHashTable *files = backing_closure(acting, kept);
  GHashTableIter iter;
  gpointer file;
  g_hash_table_iter_init(&iter, deleting->chain);
  while (g_hash_table_iter_next(&iter, &file, NULL))
    g_hash_table_add(files, g_strdup(file));
  g_hash_table_iter_init(&iter, users);
  while (g_hash_table_iter_next(&iter, &file, NULL))
    g_hash_table_add(files, g_strdup(file));
  return files;
}

static bool remove_unneeded(struct acting *acting, const struct deleting *deleting, GHashTable *kept,
                            GError **err)
{
  g_autoptr(GString) gone = g_string_new(NULL);
  for (guint i = 0; i < deleting->rows->len; i++) {
    g_auto(GStrv) files = known_by(deleting->rows->pdata[i]);
    for (char **file = files; *file; file++) {
      if (g_hash_table_contains(kept, *file))
        continue;
      if (!disk_remove(acting->conn, hub_lab_root(acting->hub), *file, err))
        return false;
      g_hash_table_add(kept, g_strdup(*file)); /* once */
      g_string_append_printf(gone, "%s%s", gone->len ? ", " : "", *file);
    }
  }
  acting->act->result = gone->len ? g_strdup_printf("removed %s", gone->str) : NULL;
  return true;
}

static bool drop(struct acting *acting, const struct deleting *deleting, GError **err)
{
  acting_step(acting, -1, "removing its files");
  for (guint i = deleting->rows->len; i > 0; i--) /* children first: they keep their parents */
    if (!snapshots_forget(deleting->snapshots->domain,
                          ((const struct snapshot *)deleting->rows->pdata[i - 1])->name, err))
      return false;
  g_autoptr(GHashTable) kept = needed(acting, deleting, err);
  return kept && remove_unneeded(acting, deleting, kept, err);
}

/* ---- what no snapshot tells of any more ---- */

/* What the guest has ever written to, as far as it was known before. */
static GHashTable *ever_written(const struct deleting *deleting)
{
  GHashTable *files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  const struct snapshot_list *list = deleting->snapshots->list;
  g_auto(GStrv) told = list->definition ? own_former(list->definition) : NULL;
  for (char **file = told; file && *file; file++)
    g_hash_table_add(files, g_strdup(*file));
  for (int i = 0; i < list->count; i++) {
    g_auto(GStrv) known = known_by(&list->rows[i]);
    for (char **file = known; *file; file++)
      g_hash_table_add(files, g_strdup(*file));
  }
  return files;
}

/* Of what the guest stands on now, its former images: deleting the guest would leave them else. */
static bool keep_former(const struct acting *acting, const struct deleting *deleting, GError **err)
{
  virDomainPtr domain = deleting->snapshots->domain;
  g_autofree char *xml = take_text(virDomainGetXMLDesc(domain, 0));
  g_auto(GStrv) top = xml ? xml_texts(xml, "/domain/" WRITABLE) : NULL, told = own_of_snapshots(domain);
  g_autoptr(GHashTable) chain = backing_closure(acting, top), former = ever_written(deleting);
  GHashTableIter iter;
  gpointer file;
  g_hash_table_iter_init(&iter, former);
  while (g_hash_table_iter_next(&iter, &file, NULL))
    if (!g_hash_table_contains(chain, file) || g_strv_contains((const char *const *)told, file) ||
        (top && g_strv_contains((const char *const *)top, file)))
      g_hash_table_iter_remove(&iter);
  return own_set_former(domain, former, err);
}

/* ---- the job ---- */

static bool delete_external(struct acting *acting, struct deleting *deleting, GError **err)
{
  bool (*how)(struct acting *, const struct deleting *, GError **) = drop;
  read_chain(acting, deleting);
  for (guint i = 0; i < deleting->rows->len; i++)
    if (is_in_chain(deleting, deleting->rows->pdata[i]))
      how = merge;
  return how(acting, deleting, err) && keep_former(acting, deleting, err);
}

static bool delete_rows(struct acting *acting, struct deleting *deleting, GError **err)
{
  gather(deleting);
  if (deleting->rows->len)
    trail_set_snapshot(acting->trail, deleting->snapshots->domain,
                       ((const struct snapshot *)deleting->rows->pdata[0])->name);
  return some_external(deleting) ? delete_external(acting, deleting, err)
                                 : by_libvirt_marked(acting, deleting, err);
}

bool snapshot_delete(struct acting *acting, virDomainPtr domain, GError **err)
{
  struct snapshots snapshots;
  struct deleting deleting = {.snapshots = &snapshots};
  bool ok = snapshots_read(acting->hub, domain, acting->act->uuid, &snapshots, err);
  ok = ok && (deleting.row = snapshots_meant(acting, &snapshots, err)) &&
       read_words(&deleting, acting->act->flags, err) && delete_rows(acting, &deleting, err);
  deleting_clear(&deleting);
  snapshots_clear(&snapshots);
  return ok;
}
