/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/backing.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/virt/act/volumes.h"
#include "core/virt/conn/uri.h"

/* QEMU's docs/interop/qcow2.txt: "QFI\xfb", version, u64 offset and u32 length of the backing
 * file's name (at most 1023), all big endian. */
#define QCOW_HEADER_BYTES 20
#define QCOW_NAME_MAX 1023

static guint64 big_endian(const unsigned char *bytes, int n)
{
  guint64 value = 0;
  for (int i = 0; i < n; i++)
    value = value << 8 | bytes[i];
  return value;
}

static char *read_name(int fd, const char *file)
{
  unsigned char header[QCOW_HEADER_BYTES];
  char name[QCOW_NAME_MAX + 1] = "";
  if (pread(fd, header, sizeof(header), 0) != (ssize_t)sizeof(header) || memcmp(header, "QFI\xfb", 4) != 0)
    return NULL;
  guint64 offset = big_endian(header + 8, 8), length = big_endian(header + 16, 4);
  if (!offset || offset > G_MAXINT32 || length > QCOW_NAME_MAX ||
      pread(fd, name, length, (off_t)offset) != (ssize_t)length || !*name)
    return NULL;
  g_autofree char *folder = g_path_get_dirname(file);
  return g_canonicalize_filename(name, folder);
}

char *backing_of_file(const char *file)
{
  int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    return NULL;
  char *name = read_name(fd, file);
  close(fd);
  return name;
}

char *backing_of_volume(virConnectPtr conn, const char *path)
{
  return volume_text(conn, path, "/volume/backingStore/path");
}

char *backing_of_disk(const struct acting *acting, const char *path)
{
  char *behind = hub_lab_root(acting->hub) ? NULL : backing_of_volume(acting->conn, path);
  return behind || !uri_is_local(acting->hub->uri) ? behind : backing_of_file(path);
}

void backing_close_over(GHashTable *files, virConnectPtr conn, bool this_machine)
{
  g_autoptr(GPtrArray) todo = g_ptr_array_new_with_free_func(g_free);
  GHashTableIter iter;
  gpointer path;
  g_hash_table_iter_init(&iter, files);
  while (g_hash_table_iter_next(&iter, &path, NULL))
    g_ptr_array_add(todo, g_strdup(path));
  for (guint i = 0; i < todo->len; i++) {
    char *behind = conn ? backing_of_volume(conn, todo->pdata[i]) : NULL;
    if (!behind && this_machine)
      behind = backing_of_file(todo->pdata[i]);
    if (behind && !g_hash_table_contains(files, behind)) {
      g_hash_table_add(files, g_strdup(behind));
      g_ptr_array_add(todo, g_strdup(behind));
    }
    g_free(behind);
  }
}
