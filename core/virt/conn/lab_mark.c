/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/conn/lab_mark.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/virt/conn/xml.h"

#define MARK_SUFFIX ".launch"
#define SNAPSHOTS "lib/qemu/snapshot" /* where libvirt keeps what it knows of them */

static char *mark_file(const char *root, const char *name)
{
  g_autofree char *file = g_strconcat(".", name, MARK_SUFFIX, NULL);
  return g_build_filename(root, "disks", file, NULL);
}

static bool write_whole(int fd, const GString *text)
{
  return write(fd, text->str, text->len) == (ssize_t)text->len && fsync(fd) == 0;
}

/* What is there already is another job's, which goes on: none outlives its program (lab_sweep). */
static bool write_mark(const char *file, const GString *list, const char *name, GError **err)
{
  int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0)
    return errno == EEXIST ? error_set(err, ERROR_REFUSED, "Choose another name, or wait for that job.",
                                       "files for a guest '%s' are being made already", name)
                           : error_set_errno(err, ERROR_RESOURCES, errno, NULL, "lab mark %s", file);
  bool ok = write_whole(fd, list);
  int fault = errno;
  close(fd);
  if (ok)
    return true;
  unlink(file);
  return error_set_errno(err, ERROR_RESOURCES, fault, NULL, "lab mark %s", file);
}

bool lab_mark(const char *root, const char *name, const char *const *files, GError **err)
{
  /* One per line, relative to the root; names hold no newline (text_name_ok). */
  g_autoptr(GString) list = g_string_new(NULL);
  for (int i = 0; files[i]; i++)
    g_string_append_printf(list, "%s\n", files[i] + strlen(root) + 1);
  g_autofree char *file = mark_file(root, name);
  return write_mark(file, list, name, err);
}

char *lab_snapshot_file(const char *root, const char *name, const char *snapshot)
{
  g_autofree char *file = g_strconcat(snapshot, ".xml", NULL);
  return g_build_filename(root, SNAPSHOTS, name, file, NULL);
}

void lab_unmark(const char *root, const char *name)
{
  g_autofree char *file = mark_file(root, name);
  unlink(file);
}

/* ---- what is left ---- */

/* The definition in FILE names one of FILES; or it cannot be read, and is that of the guest itself. */
static bool names_any(const char *file, char **files, bool own)
{
  g_autofree char *text = NULL;
  if (!g_file_get_contents(file, &text, NULL, NULL))
    return false;
  xmlDocPtr doc = xml_parse(text);
  xmlFreeDoc(doc);
  g_auto(GStrv) named = doc ? xml_texts(text, "//devices//@file") : NULL;
  for (char **path = named; path && *path; path++)
    for (char **entry = files; *entry; entry++)
      if (**entry && g_str_has_suffix(*path, *entry))
        return true;
  return !doc && own;
}

/* Did the job come to where a guest's definition has its files?  A guest may have been renamed meanwhile. */
static bool came_true(const char *root, const char *name, char **files)
{
  g_autofree char *folder = g_build_filename(root, "etc", "qemu", NULL),
                  *own = g_strconcat(name, ".xml", NULL);
  GDir *dir = g_dir_open(folder, 0, NULL);
  bool found = false;
  for (const char *entry; dir && !found && (entry = g_dir_read_name(dir));) {
    g_autofree char *file = g_build_filename(folder, entry, NULL);
    found = g_str_has_suffix(entry, ".xml") && names_any(file, files, g_str_equal(entry, own));
  }
  if (dir)
    g_dir_close(dir);
  return found;
}

static void remove_left(const char *root, char **files)
{
  static const char *const folders[] = {"disks/", "logs/", SNAPSHOTS "/"};
  for (char **file = files; *file; file++) {
    g_autofree char *path = g_build_filename(root, *file, NULL);
    bool ours = false;
    for (size_t i = 0; i < G_N_ELEMENTS(folders); i++)
      ours = ours || g_str_has_prefix(*file, folders[i]);
    if (ours && unlink(path) == 0)
      g_message("removed %s: the job that made it was cut short", path);
  }
}

static void sweep_one(const char *root, const char *entry)
{
  g_autofree char *name = g_strndup(entry + 1, strlen(entry) - 1 - strlen(MARK_SUFFIX));
  g_autofree char *mark = mark_file(root, name), *list = NULL;
  if (g_file_get_contents(mark, &list, NULL, NULL)) {
    g_auto(GStrv) files = g_strsplit(list, "\n", -1);
    if (!came_true(root, name, files))
      remove_left(root, files);
  }
  unlink(mark);
}

void lab_sweep(const char *root)
{
  g_autofree char *folder = g_build_filename(root, "disks", NULL);
  GDir *dir = g_dir_open(folder, 0, NULL);
  if (!dir)
    return;
  for (const char *entry; (entry = g_dir_read_name(dir));)
    if (*entry == '.' && g_str_has_suffix(entry, MARK_SUFFIX))
      sweep_one(root, entry);
  g_dir_close(dir);
}
