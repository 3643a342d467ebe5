/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Snapshots deleted: by libvirt, which merges the files of external ones; those of branches that the guest
 * has left are removed here, when nothing else needs them. */
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/virt/act/backing.h"
#include "core/virt/act/disks.h"
#include "core/virt/act/snapshots_private.h"
#include "core/virt/act/users.h"
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
    return error_set(err, ERROR_USAGE, NULL, "children or children-only, not both");
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

static GHashTable *set_of(char **files)
{
  GHashTable *set = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (char **file = files; file && *file; file++)
    g_hash_table_add(set, g_canonicalize_filename(*file, NULL));
  return set;
}

static void close_over(const struct acting *acting, GHashTable *files)
{
  backing_close_over(files, hub_lab_root(acting->hub) ? NULL : acting->conn, uri_is_local(acting->hub->uri));
}

static void read_chain(const struct acting *acting, struct deleting *deleting)
{
  g_auto(GStrv) files = xml_texts(deleting->snapshots->xml, "/domain/" WRITABLE);
  deleting->chain = set_of(files);
  close_over(acting, deleting->chain);
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

/* The files that snapshot ROW began, those on which these stand, and that of its memory. */
static char **files_of(const struct snapshot *row)
{
  GPtrArray *files = g_ptr_array_new();
  g_auto(GStrv) stood = row->definition ? xml_texts(row->definition, "/domain/" WRITABLE) : NULL;
  for (char **file = row->files; file && *file; file++)
    g_ptr_array_add(files, g_strdup(*file));
  for (char **file = stood; file && *file; file++)
    g_ptr_array_add(files, g_strdup(*file));
  g_ptr_array_add(files, NULL);
  return (char **)g_ptr_array_free(files, FALSE);
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
static bool check_branches(const struct deleting *deleting, char **files, GError **err)
{
  const struct snapshot_list *list = deleting->snapshots->list;
  for (int i = 0; i < list->count; i++) {
    g_auto(GStrv) known = files_of(&list->rows[i]);
    for (char **file = known; *file; file++) {
      g_autofree char *behind = g_hash_table_contains(deleting->chain, *file) ? NULL : backing_of_file(*file);
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
  return check_branches(deleting, files, err) && check_guests(acting, files, err);
}

static bool by_libvirt(const struct acting *acting, const struct deleting *deleting, GError **err)
{
  g_autoptr(virDomainSnapshot) snapshot =
      virDomainSnapshotLookupByName(deleting->snapshots->domain, deleting->row->name, 0);
  acting_step(acting, -1, deleting->row->external ? "merging files" : "removing it from the images");
  return (snapshot && virDomainSnapshotDelete(snapshot, deleting->flags) == 0) ||
         virt_error(err, NULL, "the snapshot was not deleted");
}

/* libvirt leaves the file of the memory. */
static bool merge(struct acting *acting, const struct deleting *deleting, GError **err)
{
  g_autofree char *xml = snapshots_xml(deleting->snapshots->domain, deleting->row->name, err);
  if (!xml || !check_merge(acting, deleting, err) || !by_libvirt(acting, deleting, err))
    return false;
  g_autofree char *memory = xml_text(xml, "/domainsnapshot/memory[@snapshot='external']/@file");
  return !memory || disk_remove(acting->conn, hub_lab_root(acting->hub), memory, err);
}

/* ---- those of other branches ---- */

/* All files that are still needed, by this guest or another. */
static GHashTable *needed(const struct acting *acting, const struct deleting *deleting, GError **err)
{
  g_autoptr(GHashTable) users = users_of_files(acting, acting->act->uuid, err);
  g_auto(GStrv) kept = snapshots_files(deleting->snapshots->domain);
  if (!users)
    return NULL;
  GHashTable *files = set_of(kept);
  GHashTableIter iter;
  gpointer file;
  close_over(acting, files);
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
    g_auto(GStrv) files = files_of(deleting->rows->pdata[i]);
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

/* ---- the job ---- */

static bool delete_rows(struct acting *acting, struct deleting *deleting, GError **err)
{
  gather(deleting);
  if (deleting->rows->len)
    trail_set_snapshot(acting->trail, deleting->snapshots->domain,
                       ((const struct snapshot *)deleting->rows->pdata[0])->name);
  if (!some_external(deleting))
    return by_libvirt(acting, deleting, err);
  read_chain(acting, deleting);
  for (guint i = 0; i < deleting->rows->len; i++)
    if (is_in_chain(deleting, deleting->rows->pdata[i]))
      return merge(acting, deleting, err);
  return drop(acting, deleting, err);
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
