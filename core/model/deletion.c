/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/deletion.h"

static void file_free(gpointer data)
{
  struct deletion_file *file = data;
  g_free(file->path);
  g_free(file->stays);
  g_free(file);
}

struct deletion *deletion_new(void)
{
  struct deletion *deletion = g_new0(struct deletion, 1);
  deletion->files = g_ptr_array_new_with_free_func(file_free);
  return deletion;
}

void deletion_free(struct deletion *deletion)
{
  if (!deletion)
    return;
  g_ptr_array_unref(deletion->files);
  g_free(deletion);
}

void deletion_add(struct deletion *deletion, const char *path, const char *stays)
{
  for (guint i = 0; i < deletion->files->len; i++)
    if (g_str_equal(((struct deletion_file *)deletion->files->pdata[i])->path, path))
      return;
  struct deletion_file *file = g_new(struct deletion_file, 1);
  *file = (struct deletion_file){g_strdup(path), g_strdup(stays)};
  g_ptr_array_add(deletion->files, file);
}

struct deletion *deletion_copy(const struct deletion *deletion)
{
  struct deletion *copy = deletion_new();
  for (guint i = 0; i < deletion->files->len; i++) {
    const struct deletion_file *file = deletion->files->pdata[i];
    deletion_add(copy, file->path, file->stays);
  }
  copy->snapshots = deletion->snapshots;
  copy->saved = deletion->saved;
  return copy;
}

char *deletion_more(const struct deletion *deletion)
{
  static const char memory[] = "its saved memory";
  if (!deletion->snapshots)
    return deletion->saved ? g_strdup(memory) : NULL;
  return g_strdup_printf("%d snapshot%s%s%s", deletion->snapshots, deletion->snapshots == 1 ? "" : "s",
                         deletion->saved ? " and " : "", deletion->saved ? memory : "");
}
