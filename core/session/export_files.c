/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/session/export.h"
#include "core/session/lock.h"

char *export_stamp(int64_t wall_ns)
{
  time_t seconds = (time_t)(wall_ns / NS_PER_S);
  struct tm tm;
  char text[32];
  if (!gmtime_r(&seconds, &tm) || strftime(text, sizeof text, "%Y-%m-%dT%H%M%SZ", &tm) == 0)
    return g_strdup_printf("%" G_GINT64_FORMAT, wall_ns);
  return g_strdup(text);
}

char *export_name(const char *journal)
{
  g_autofree char *base = g_path_get_basename(journal);
  const char *dot = strrchr(base, '.');
  return g_strdup_printf("%.*s.json", (int)(dot && dot > base ? dot - base : (long)strlen(base)), base);
}

struct found {
  char *path;
  struct timespec changed;
};

static void found_free(struct found *found)
{
  g_free(found->path);
  g_free(found);
}

static int newest_first(const void *a, const void *b)
{
  const struct found *x = *(struct found *const *)a, *y = *(struct found *const *)b;
  if (x->changed.tv_sec != y->changed.tv_sec)
    return x->changed.tv_sec < y->changed.tv_sec ? 1 : -1;
  if (x->changed.tv_nsec != y->changed.tv_nsec)
    return x->changed.tv_nsec < y->changed.tv_nsec ? 1 : -1;
  return strcmp(y->path, x->path);
}

char **export_unfinished(const char *dir)
{
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)found_free);
  g_autoptr(GDir) folder = g_dir_open(dir, 0, NULL);
  for (const char *name; folder && (name = g_dir_read_name(folder));) {
    g_autofree char *path = g_build_filename(dir, name, NULL);
    struct stat st;
    if (!g_str_has_suffix(name, ".journal") || lstat(path, &st) < 0 || !S_ISREG(st.st_mode) ||
        lock_held(path))
      continue;
    struct found *one = g_new0(struct found, 1);
    *one = (struct found){g_steal_pointer(&path), st.st_mtim};
    g_ptr_array_add(found, one);
  }
  g_ptr_array_sort(found, newest_first);
  char **paths = g_new0(char *, found->len + 1);
  for (unsigned i = 0; i < found->len; i++)
    paths[i] = g_strdup(((struct found *)found->pdata[i])->path);
  return paths;
}

bool export_discard(const char *journal, GError **err)
{
  static const char *const companions[] = {"", "-wal", "-shm", "-journal", ".lock"};
  if (lock_held(journal))
    return error_set(err, ERROR_REFUSED, "Wait until that session has ended.",
                     "cannot remove the journal %s: a running virtlens writes it", journal);
  for (size_t i = 0; i < G_N_ELEMENTS(companions); i++) {
    g_autofree char *path = g_strconcat(journal, companions[i], NULL);
    if (unlink(path) < 0 && errno != ENOENT)
      return error_set_errno(err, ERROR_RESOURCES, errno, NULL, "cannot remove %s", path);
  }
  return true;
}
