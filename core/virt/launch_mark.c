/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A launch in the lab leaves a mark while it lasts, so that the next start can clear up after a
 * program that was killed in the middle. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/virt/acting.h"

#define MARK_SUFFIX ".launch"

static char *mark_file(const char *root, const char *name)
{
  g_autofree char *file = g_strconcat(".", name, MARK_SUFFIX, NULL);
  return g_build_filename(root, "disks", file, NULL);
}

/* The files to be made, one per line, relative to the root; names hold no newline (text_name_ok). */
static bool list_files(const char *root, const struct blueprint *blueprint, GString *list, GError **err)
{
  for (int i = 0; i < blueprint->disk_count; i++) {
    const struct blueprint_disk *disk = &blueprint->disks[i];
    struct stat st;
    if (disk->content == CONTENT_EXISTS)
      continue;
    if (lstat(disk->path, &st) == 0)
      return error_set(err, ERROR_REFUSED, "Choose another name, or remove the file if nothing needs it.",
                       "disk %s: this file is there already and is not overwritten", disk->path);
    g_string_append_printf(list, "%s\n", disk->path + strlen(root) + 1);
  }
  if (blueprint->log_file)
    g_string_append_printf(list, "%s\n", blueprint->log_file + strlen(root) + 1);
  return true;
}

bool launch_mark(const char *root, const struct blueprint *blueprint, GError **err)
{
  g_autoptr(GString) list = g_string_new(NULL);
  if (!list_files(root, blueprint, list, err))
    return false;
  g_autofree char *file = mark_file(root, blueprint->name);
  GError *fault = NULL;
  if (g_file_set_contents_full(file, list->str, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &fault))
    return true;
  error_set(err, ERROR_RESOURCES, NULL, "lab disks: %s", fault->message);
  g_error_free(fault);
  return false;
}

void launch_unmark(const char *root, const struct blueprint *blueprint)
{
  g_autofree char *file = mark_file(root, blueprint->name);
  unlink(file);
}

static void sweep_one(const char *root, const char *entry)
{
  g_autofree char *name = g_strndup(entry + 1, strlen(entry) - 1 - strlen(MARK_SUFFIX));
  g_autofree char *mark = mark_file(root, name);
  g_autofree char *xml = g_strconcat(name, ".xml", NULL);
  g_autofree char *definition = g_build_filename(root, "etc", "qemu", xml, NULL);
  g_autofree char *list = NULL;
  if (!g_file_test(definition, G_FILE_TEST_EXISTS) && g_file_get_contents(mark, &list, NULL, NULL)) {
    g_auto(GStrv) files = g_strsplit(list, "\n", -1);
    for (int i = 0; files[i]; i++) {
      g_autofree char *path = g_build_filename(root, files[i], NULL);
      if ((g_str_has_prefix(files[i], "disks/") || g_str_has_prefix(files[i], "logs/")) && unlink(path) == 0)
        g_message("removed %s: its launch was cut short", path);
    }
  }
  unlink(mark);
}

void launch_sweep(const char *root)
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
