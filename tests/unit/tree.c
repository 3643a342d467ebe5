/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/tree.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "tests/unit/test.h"

char *tree_new(void)
{
  char *dir = g_dir_make_tmp("virtlens-XXXXXX", NULL);
  cr_assert_not_null(dir);
  return dir;
}

/* DIR/NAME, with the folders on the way made.  Caller frees. */
static char *place(const char *dir, const char *name)
{
  char *path = g_build_filename(dir, name, NULL);
  g_autofree char *folder = g_path_get_dirname(path);
  cr_assert_eq(g_mkdir_with_parents(folder, 0700), 0);
  return path;
}

void tree_put(const char *dir, const char *name, const char *text)
{
  g_autofree char *path = place(dir, name);
  cr_assert(g_file_set_contents(path, text, -1, NULL));
}

void tree_point(const char *dir, const char *name, const char *target)
{
  g_autofree char *path = place(dir, name);
  g_remove(path);
  cr_assert_eq(symlink(target, path), 0);
}

void tree_mode(const char *dir, const char *name, unsigned mode)
{
  g_autofree char *path = place(dir, name);
  cr_assert_eq(g_chmod(path, (int)mode), 0);
}

void tree_clear(const char *path)
{
  GDir *dir = g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
  for (const char *entry; dir && (entry = g_dir_read_name(dir));) {
    g_autofree char *inner = g_build_filename(path, entry, NULL);
    tree_clear(inner);
  }
  if (dir)
    g_dir_close(dir);
  g_remove(path);
}
