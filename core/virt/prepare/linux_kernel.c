/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/prepare/linux_kernel.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/virt/conn/lab.h"

bool linux_kernel_in(const char *dir)
{
  g_autofree char *kernel = g_build_filename(dir, LINUX_KERNEL, NULL);
  g_autofree char *initrd = g_build_filename(dir, LINUX_INITRD, NULL);
  return g_file_test(kernel, G_FILE_TEST_EXISTS) && g_file_test(initrd, G_FILE_TEST_EXISTS);
}

/* virtlens-mklinux puts it beside the sessions, or for root into the default lab. */
char *linux_kernel_dir(const char *root, char **ret_source)
{
  g_autofree char *state = path_state();
  g_autofree char *beside = g_build_filename(state, "linux", NULL);
  *ret_source = NULL;
  if (!root)
    return g_steal_pointer(&beside);
  g_autofree char *own = g_build_filename(root, "linux", NULL);
  const char *const places[] = {own, beside, LAB_OF_ROOT "/linux"};
  const char *found = lab_closed(state) ? own : beside;
  for (size_t i = 0; i < G_N_ELEMENTS(places); i++)
    if (linux_kernel_in(places[i])) {
      found = places[i];
      break;
    }
  if (!lab_closed(found))
    return g_strdup(found);
  *ret_source = g_strdup(found);
  return g_steal_pointer(&own);
}

char *linux_kernel_program(const char *dir, const char *name)
{
  g_autofree char *file = g_build_filename(dir, LINUX_PROGRAMS, NULL), *text = NULL;
  if (!g_file_get_contents(file, &text, NULL, NULL))
    return NULL;
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  const size_t n = strlen(name);
  for (char **line = lines; *line; line++)
    if (g_str_has_prefix(*line, name) && (*line)[n] == ' ')
      return g_strdup(*line + n + 1);
  return NULL;
}

static bool copy_file(const char *from, const char *to, GError **err)
{
  struct stat old, new;
  if (stat(to, &old) == 0 && stat(from, &new) == 0 && old.st_size == new.st_size &&
      old.st_mtime >= new.st_mtime)
    return true;
  g_autofree char *bytes = NULL;
  gsize n;
  GError *fault = NULL;
  if (g_file_get_contents(from, &bytes, &n, &fault) &&
      g_file_set_contents_full(to, bytes, (gssize)n, G_FILE_SET_CONTENTS_CONSISTENT, 0644, &fault) &&
      chmod(to, 0644) == 0)
    return true;
  error_set(err, ERROR_RESOURCES, NULL, "copy of %s: %s", from, fault ? fault->message : g_strerror(errno));
  g_clear_error(&fault);
  return false;
}

bool linux_kernel_copy(const char *source, const char *dir, GError **err)
{
  if ((mkdir(dir, 0711) < 0 && errno != EEXIST) || chmod(dir, 0711) < 0)
    return error_set_errno(err, ERROR_RESOURCES, errno, NULL, "folder %s", dir);
  static const char *const names[] = {LINUX_KERNEL, LINUX_INITRD, LINUX_PROGRAMS};
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *from = g_build_filename(source, names[i], NULL);
    g_autofree char *to = g_build_filename(dir, names[i], NULL);
    /* Older ones have no list of programs. */
    if (!g_file_test(from, G_FILE_TEST_EXISTS) && g_str_equal(names[i], LINUX_PROGRAMS))
      unlink(to);
    else if (!copy_file(from, to, err))
      return false;
  }
  return true;
}
