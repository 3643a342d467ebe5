/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/backing.h"

#include "core/virt/act/qcow2.h"
#include "core/virt/act/volumes.h"
#include "core/virt/conn/uri.h"

#define NAME_MAX_BYTES 1023 /* as the format has it */

static char *read_name(const struct qcow2 *image, const char *file)
{
  char name[NAME_MAX_BYTES + 1] = "";
  if (!image->backing_at || image->backing_bytes > NAME_MAX_BYTES ||
      !qcow2_read(image, image->backing_at, name, image->backing_bytes) || !*name)
    return NULL;
  g_autofree char *folder = g_path_get_dirname(file);
  return g_canonicalize_filename(name, folder);
}

char *backing_of_file(const char *file)
{
  struct qcow2 image;
  char *name = qcow2_open(&image, file) ? read_name(&image, file) : NULL;
  qcow2_close(&image);
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

void backing_close_over(const struct acting *acting, GHashTable *files)
{
  g_autoptr(GPtrArray) todo = g_ptr_array_new_with_free_func(g_free);
  GHashTableIter iter;
  gpointer path;
  g_hash_table_iter_init(&iter, files);
  while (g_hash_table_iter_next(&iter, &path, NULL))
    g_ptr_array_add(todo, g_strdup(path));
  for (guint i = 0; i < todo->len; i++) {
    char *behind = backing_of_disk(acting, todo->pdata[i]);
    if (behind && !g_hash_table_contains(files, behind)) {
      g_hash_table_add(files, g_strdup(behind));
      g_ptr_array_add(todo, g_strdup(behind));
    }
    g_free(behind);
  }
}

GHashTable *backing_closure(const struct acting *acting, char *const *files)
{
  GHashTable *set = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (; files && *files; files++)
    g_hash_table_add(set, g_canonicalize_filename(*files, NULL));
  backing_close_over(acting, set);
  return set;
}
