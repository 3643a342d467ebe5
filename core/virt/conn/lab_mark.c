/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/conn/lab_mark.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/virt/conn/image_lock.h"
#include "core/virt/conn/xml.h"

#define MARK_SUFFIX ".job"            /* of a job that goes on, or was cut short */
#define LEFT_SUFFIX ".left"           /* of what an earlier start could not remove */
#define SNAPSHOTS "lib/qemu/snapshot" /* where libvirt keeps what it knows of them */

static char *mark_file(const char *root, const char *name, const char *suffix)
{
  g_autofree char *file = g_strconcat(".", name, suffix, NULL);
  return g_build_filename(root, "disks", file, NULL);
}

/* What is there already is another job's, which goes on: none outlives its program (lab_sweep).  Not synced:
 * of a program that is killed the kernel keeps what it wrote. */
bool lab_mark(const char *root, const char *name, const char *const *files, GError **err)
{
  if (!root)
    return true;
  /* One per line, relative to the root; names hold no newline (text_name_ok). */
  g_autoptr(GString) list = g_string_new(NULL);
  g_autofree char *below = g_strconcat(root, "/", NULL), *file = mark_file(root, name, MARK_SUFFIX);
  for (int i = 0; files[i]; i++)
    if (g_str_has_prefix(files[i], below))
      g_string_append_printf(list, "%s\n", files[i] + strlen(below));
  int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0)
    return errno == EEXIST ? error_set(err, ERROR_REFUSED, "Choose another name, or wait for that job.",
                                       "another job for a guest '%s' is under way", name)
                           : error_set_errno(err, ERROR_RESOURCES, errno, NULL, "lab mark %s", file);
  bool ok = write(fd, list->str, list->len) == (ssize_t)list->len;
  int fault = errno;
  close(fd);
  if (ok)
    return true;
  unlink(file);
  return error_set_errno(err, ERROR_RESOURCES, fault, NULL, "lab mark %s", file);
}

char *lab_snapshot_file(const char *root, const char *name, const char *snapshot)
{
  g_autofree char *file = g_strconcat(snapshot, ".xml", NULL);
  return g_build_filename(root, SNAPSHOTS, name, file, NULL);
}

void lab_unmark(const char *root, const char *name)
{
  if (!root)
    return;
  g_autofree char *file = mark_file(root, name, MARK_SUFFIX);
  unlink(file);
}

/* ---- what was left ---- */

/* "disks/a.qcow2" of PATH, as marks have it: a lab that was moved has definitions that name the old place. */
static char *place_of(const char *path)
{
  g_autofree char *dir = g_path_get_dirname(path), *folder = g_path_get_basename(dir),
                  *entry = g_path_get_basename(path);
  return g_build_filename(folder, entry, NULL);
}

/* False: it cannot be read. */
static bool add_named(GHashTable *named, const char *file)
{
  g_autofree char *xml = NULL;
  if (!g_str_has_suffix(file, ".xml"))
    return true;
  xmlDocPtr doc = g_file_get_contents(file, &xml, NULL, NULL) ? xml_parse(xml) : NULL;
  if (!doc)
    return false;
  xmlFreeDoc(doc);
  g_auto(GStrv) files = xml_texts(xml, "//source/@file | //log/@file | //memory/@file");
  for (int i = 0; files && files[i]; i++)
    g_hash_table_add(named, place_of(files[i]));
  return true;
}

/* In FOLDER of the lab, and DEPTH folders below, but for what the jobs themselves told (MARKED). */
static bool add_all_named(GHashTable *named, GHashTable *marked, const char *root, const char *folder,
                          int depth)
{
  g_autofree char *path = g_build_filename(root, folder, NULL);
  GDir *dir = g_dir_open(path, 0, NULL);
  bool ok = true;
  for (const char *entry; dir && (entry = g_dir_read_name(dir));) {
    g_autofree char *inner = g_build_filename(folder, entry, NULL),
                    *file = g_build_filename(root, inner, NULL);
    if (!g_hash_table_contains(marked, file))
      ok = (depth ? add_all_named(named, marked, root, inner, depth - 1) : add_named(named, file)) && ok;
  }
  if (dir)
    g_dir_close(dir);
  return ok;
}

/* Every file that a definition names: of a guest, of its present run, of a snapshot.  NULL: it is not known.
 */
static GHashTable *all_named(const char *root, GHashTable *marked)
{
  GHashTable *named = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  if (add_all_named(named, marked, root, "etc/qemu", 0) &&
      add_all_named(named, marked, root, "run/qemu", 0) && add_all_named(named, marked, root, SNAPSHOTS, 1))
    return named;
  g_hash_table_unref(named);
  return NULL;
}

static bool is_snapshot(const char *file)
{
  return g_str_has_prefix(file, SNAPSHOTS "/") && !strstr(file, "..");
}

static bool may_be_ours(const char *file)
{
  return is_snapshot(file) || ((g_str_has_prefix(file, "disks/") || g_str_has_prefix(file, "logs/")) &&
                               !strchr(strchr(file, '/') + 1, '/'));
}

/* Why PATH stays; NULL: it is removed. */
static const char *sweep_file(const char *path, GHashTable *named)
{
  if (!named)
    return "left, for not every definition can be read";
  if (image_is_written(path))
    return "left, for QEMU writes to it";
  return unlink(path) == 0 ? NULL : "left, for it cannot be removed";
}

/* True: it is still there, and nobody's, and was not told of before. */
static bool sweep(const char *root, const char *file, const char *name, GHashTable *named, GPtrArray *told)
{
  g_autofree char *path = g_build_filename(root, file, NULL), *safe = text_safe(path),
                  *guest = text_safe(name);
  if (!may_be_ours(file) || !g_file_test(path, G_FILE_TEST_EXISTS) ||
      (named && g_hash_table_contains(named, file)))
    return false;
  const char *stays = sweep_file(path, named);
  g_autofree char *sentence =
      g_strdup_printf("%s: %s; a job for guest %s was cut short", safe, stays ? stays : "removed", guest);
  if (g_ptr_array_find_with_equal_func(told, sentence, g_str_equal, NULL))
    return false;
  g_ptr_array_add(told, g_steal_pointer(&sentence));
  return stays != NULL;
}

/* The files of the job that left the mark ENTRY.  Caller frees. */
static char **marked_by(const char *root, const char *entry)
{
  g_autofree char *mark = g_build_filename(root, "disks", entry, NULL), *list = NULL;
  return g_strsplit(g_file_get_contents(mark, &list, NULL, NULL) ? list : "", "\n", -1);
}

/* Has a definition one of FILES?  Then the job came to where a snapshot that it told libvirt of holds. */
static bool came_true(char **files, GHashTable *named)
{
  for (int i = 0; files[i]; i++)
    if (g_hash_table_contains(named, files[i]))
      return true;
  return false;
}

/* The next start is to try again; it cannot, and tells nothing, where this cannot be written. */
static void note_left(const char *root, const char *name, const GString *left)
{
  g_autofree char *file = mark_file(root, name, LEFT_SUFFIX), *before = NULL;
  if (!left->len)
    return;
  if (!g_file_get_contents(file, &before, NULL, NULL))
    before = g_strdup("");
  g_autofree char *all = g_strconcat(before, left->str, NULL);
  g_file_set_contents_full(file, all, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL);
}

static void sweep_one(const char *root, const char *entry, GHashTable *named, GPtrArray *told)
{
  g_autofree char *name = g_strndup(entry + 1, (gsize)(strrchr(entry, '.') - entry - 1)),
                  *mark = g_build_filename(root, "disks", entry, NULL);
  g_auto(GStrv) files = marked_by(root, entry);
  g_autoptr(GString) left = g_string_new(NULL);
  const bool snapshots = named && !came_true(files, named);
  for (int i = 0; files[i]; i++)
    if (*files[i] && (snapshots || !is_snapshot(files[i])) && sweep(root, files[i], name, named, told))
      g_string_append_printf(left, "%s\n", files[i]);
  unlink(mark);
  note_left(root, name, left);
}

static void add_marks(GPtrArray *marks, const char *root, const char *suffix)
{
  g_autofree char *folder = g_build_filename(root, "disks", NULL);
  GDir *dir = g_dir_open(folder, 0, NULL);
  for (const char *entry; dir && (entry = g_dir_read_name(dir));)
    if (*entry == '.' && g_str_has_suffix(entry, suffix))
      g_ptr_array_add(marks, g_strdup(entry));
  if (dir)
    g_dir_close(dir);
}

/* What was left before comes first: what is left of jobs joins it. */
static GPtrArray *marks_in(const char *root)
{
  GPtrArray *marks = g_ptr_array_new_with_free_func(g_free);
  add_marks(marks, root, LEFT_SUFFIX);
  add_marks(marks, root, MARK_SUFFIX);
  return marks;
}

/* All that the jobs of MARKS have marked, by path. */
static GHashTable *all_marked(const char *root, const GPtrArray *marks)
{
  GHashTable *marked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < marks->len; i++) {
    g_auto(GStrv) files = marked_by(root, marks->pdata[i]);
    for (int k = 0; files[k]; k++)
      g_hash_table_add(marked, g_build_filename(root, files[k], NULL));
  }
  return marked;
}

char **lab_sweep(const char *root)
{
  g_autoptr(GPtrArray) marks = marks_in(root);
  g_autoptr(GHashTable) marked = all_marked(root, marks);
  GHashTable *named = marks->len ? all_named(root, marked) : NULL;
  GPtrArray *told = g_ptr_array_new();
  for (guint i = 0; i < marks->len; i++)
    sweep_one(root, marks->pdata[i], named, told);
  g_clear_pointer(&named, g_hash_table_unref);
  g_ptr_array_add(told, NULL);
  return (char **)g_ptr_array_free(told, FALSE);
}
