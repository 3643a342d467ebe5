/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/host/group.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#define HYPERVISOR "qemu" /* in the name of a guest's group, before what is its own */
#define DEPTH_MAX 4       /* of groups in a guest's */

char *group_of(const char *text, const char *controllers)
{
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (char **line = lines; *line; line++) {
    g_auto(GStrv) parts = g_strsplit(*line, ":", 3);
    if (g_strv_length(parts) == 3 && strcmp(parts[1], controllers) == 0)
      return g_strdup(parts[2]);
  }
  return NULL;
}

/* Cut GROUP behind the name that libvirt gave to a guest's: "qemu-1-name.libvirt-qemu", or as systemd has it
 * "machine-qemu\x2d1\x2dname.scope".  False: it is no guest's. */
static bool cut_to_guest(char *group)
{
  char *name = strstr(group, HYPERVISOR);
  if (!name || (name[strlen(HYPERVISOR)] != '-' && name[strlen(HYPERVISOR)] != '\\'))
    return false;
  char *end = strchr(name, '/');
  if (end)
    *end = '\0';
  return true;
}

/* Version 1 has a hierarchy of its own for disks, unless version 2 has taken that over; numbers of two
 * hierarchies may be the same. */
static char *disk_group_folder(const char *root, const char *groups)
{
  g_autofree char *old = group_of(groups, "blkio"), *now = old ? NULL : group_of(groups, "");
  char *group = old ? old : now;
  if (!group || !cut_to_guest(group))
    return NULL;
  return g_strconcat(root, "/sys/fs/cgroup", old ? "/blkio" : "", group, NULL);
}

static void add_folder(GArray *ids, const char *folder, int depth)
{
  struct stat st;
  const char *name;
  if (stat(folder, &st) < 0 || !S_ISDIR(st.st_mode))
    return;
  const uint64_t id = st.st_ino;
  g_array_append_val(ids, id);
  g_autoptr(GDir) dir = depth < DEPTH_MAX ? g_dir_open(folder, 0, NULL) : NULL;
  while (dir && (name = g_dir_read_name(dir))) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    add_folder(ids, path, depth + 1);
  }
}

GArray *group_disk_ids(const char *root, pid_t pid)
{
  GArray *ids = g_array_new(FALSE, FALSE, sizeof(uint64_t));
  g_autofree char *path = g_strdup_printf("%s/proc/%d/cgroup", root, (int)pid), *groups = NULL;
  g_autofree char *folder =
      g_file_get_contents(path, &groups, NULL, NULL) ? disk_group_folder(root, groups) : NULL;
  if (folder)
    add_folder(ids, folder, 0);
  return ids;
}
