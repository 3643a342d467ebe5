/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Folders and files. */
#include "tests/unit/test.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/path.h"

static char *scratch(void)
{
  g_autoptr(GError) err = NULL;
  char *dir = g_dir_make_tmp("virtlens-unit-XXXXXX", &err);
  cr_assert_not_null(dir, "%s", err ? err->message : "");
  return dir;
}

static int entries(const char *dir)
{
  int n = 0;
  g_autoptr(GDir) d = g_dir_open(dir, 0, NULL);
  while (d && g_dir_read_name(d))
    n++;
  return n;
}

static unsigned mode_of(const char *path)
{
  struct stat st;
  cr_assert_eq(stat(path, &st), 0, "%s", path);
  return st.st_mode & 07777;
}

Test(path, follows_xdg)
{
  g_setenv("XDG_STATE_HOME", "/x/state", TRUE);
  g_setenv("XDG_CONFIG_HOME", "relative is to be ignored", TRUE);
  g_setenv("HOME", "/home/someone", TRUE);
  g_autofree char *state = path_state(), *config = path_config();
  cr_assert_str_eq(state, "/x/state/virtlens");
  cr_assert(g_str_has_suffix(config, "/.config/virtlens"), "%s", config);
  cr_assert(g_path_is_absolute(config));
}

Test(path, makes_folders_under_any_umask)
{
  g_autofree char *dir = scratch();
  g_autofree char *a = g_build_filename(dir, "a b", NULL), *b = g_build_filename(a, "c", "d", NULL);
  umask(0777);
  g_autoptr(GError) err = NULL;
  cr_assert(path_make(b, &err), "%s", err ? err->message : "");
  cr_assert(path_make(b, NULL));
  cr_assert_eq(mode_of(b), 0700u);
  cr_assert_eq(mode_of(a), 0700u);
  g_autofree char *c = g_path_get_dirname(b);
  rmdir(b);
  rmdir(c);
  rmdir(a);
  rmdir(dir);
}

Test(path, folder_over_a_file_is_refused)
{
  g_autofree char *dir = scratch();
  g_autofree char *file = g_build_filename(dir, "file", NULL), *sub = g_build_filename(file, "sub", NULL);
  cr_assert(g_file_set_contents(file, "x", -1, NULL));
  g_autoptr(GError) err = NULL, err2 = NULL;
  cr_assert_not(path_make(file, &err));
  cr_assert(g_error_matches(err, ERROR_DOMAIN, ERROR_RESOURCES));
  cr_assert_not(path_make(sub, &err2));
  unlink(file);
  rmdir(dir);
}

Test(path, writable_is_really_tried)
{
  g_autofree char *dir = scratch();
  g_autofree char *file = g_build_filename(dir, "out.json", NULL),
                  *none = g_build_filename(dir, "no", "x", NULL);
  cr_assert(path_check_writable(file, 65536, NULL));
  cr_assert_eq(entries(dir), 0, "nothing is left behind");
  const char *const bad[] = {"", dir, none, "/proc/virtlens.json", "/sys/virtlens.json"};
  for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autoptr(GError) err = NULL;
    cr_assert_not(path_check_writable(bad[i], 0, &err), "%s", bad[i]);
    cr_assert_eq(err->code, *bad[i] ? (int)ERROR_RESOURCES : (int)ERROR_USAGE, "%s", bad[i]);
  }
  g_autoptr(GError) err = NULL;
  cr_assert_not(path_check_writable(file, UINT64_C(1) << 60, &err), "an exbibyte is not free anywhere");
  cr_assert(strstr(err->message, "No space left"), "%s", err->message);
  cr_assert(path_check_writable("/dev/null", 0, NULL));
  rmdir(dir);
}

Test(path, commit_replaces_and_abandon_leaves)
{
  g_autofree char *dir = scratch();
  g_autofree char *file = g_build_filename(dir, "out.json", NULL), *text = NULL;
  cr_assert(g_file_set_contents(file, "old", -1, NULL));
  umask(0);
  struct path_out *out = path_begin(file, NULL);
  cr_assert_not_null(out);
  fputs("half", out->file);
  path_abandon(out);
  cr_assert_eq(entries(dir), 1);
  out = path_begin(file, NULL);
  cr_assert_not_null(out);
  fputs("new", out->file);
  cr_assert(g_file_get_contents(file, &text, NULL, NULL));
  cr_assert_str_eq(text, "old", "nothing changes before the commit");
  cr_assert(path_commit(out, NULL));
  g_clear_pointer(&text, g_free);
  cr_assert(g_file_get_contents(file, &text, NULL, NULL));
  cr_assert_str_eq(text, "new");
  cr_assert_eq(mode_of(file), 0600u);
  cr_assert_eq(entries(dir), 1);
  unlink(file);
  rmdir(dir);
}

Test(path, commit_follows_a_link_and_spares_devices)
{
  g_autofree char *dir = scratch();
  g_autofree char *file = g_build_filename(dir, "real", NULL), *link = g_build_filename(dir, "link", NULL);
  cr_assert(g_file_set_contents(file, "old", -1, NULL));
  cr_assert_eq(symlink("real", link), 0);
  struct path_out *out = path_begin(link, NULL);
  cr_assert_not_null(out);
  fputs("new", out->file);
  cr_assert(path_commit(out, NULL));
  cr_assert(g_file_test(link, G_FILE_TEST_IS_SYMLINK));
  g_autofree char *text = NULL;
  cr_assert(g_file_get_contents(file, &text, NULL, NULL));
  cr_assert_str_eq(text, "new");
  struct stat st;
  out = path_begin("/dev/null", NULL);
  cr_assert_not_null(out);
  cr_assert_null(out->temp);
  cr_assert(path_commit(out, NULL));
  cr_assert(stat("/dev/null", &st) == 0 && S_ISCHR(st.st_mode));
  unlink(link);
  unlink(file);
  rmdir(dir);
}

Test(path, commit_follows_links_to_what_is_not_there_yet)
{
  g_autofree char *dir = scratch();
  g_autofree char *file = g_build_filename(dir, "real", NULL), *link = g_build_filename(dir, "link", NULL);
  g_autofree char *first = g_build_filename(dir, "first", NULL),
                  *round = g_build_filename(dir, "round", NULL);
  cr_assert(symlink("real", link) == 0 && symlink(link, first) == 0 && symlink("round", round) == 0);
  struct path_out *out = path_begin(first, NULL);
  cr_assert_not_null(out);
  cr_assert(path_commit(out, NULL));
  cr_assert(g_file_test(first, G_FILE_TEST_IS_SYMLINK) && g_file_test(link, G_FILE_TEST_IS_SYMLINK));
  cr_assert(g_file_test(file, G_FILE_TEST_IS_REGULAR));
  out = path_begin(round, NULL); /* a link that names nothing: it is replaced */
  cr_assert_not_null(out);
  path_abandon(out);
  unlink(first);
  unlink(round);
  unlink(link);
  unlink(file);
  rmdir(dir);
}

Test(path, a_full_disk_is_told)
{
  g_autoptr(GError) err = NULL;
  struct path_out *out = path_begin("/dev/full", NULL);
  cr_assert_not_null(out);
  fputs("lost", out->file);
  cr_assert_not(path_commit(out, &err));
  cr_assert(g_error_matches(err, ERROR_DOMAIN, ERROR_RESOURCES));
  cr_assert(strstr(err->message, "No space left"), "%s", err->message);
  cr_assert_not_null(error_advice(err));
}

Test(path, begin_where_nothing_can_be_is_refused)
{
  g_autoptr(GError) err = NULL;
  cr_assert_null(path_begin("/proc/virtlens.json", &err));
  cr_assert(g_error_matches(err, ERROR_DOMAIN, ERROR_RESOURCES));
}

Test(log, goes_to_the_file_as_safe_lines)
{
  g_autofree char *dir = scratch();
  g_autofree char *file = g_build_filename(dir, "log", NULL), *text = NULL;
  cr_assert(log_to_file(file, NULL, NULL));
  g_message("hello %d", 1);
  g_warning("bad \x1b[31m\nsecond");
  g_debug("not asked for");
  cr_assert(g_file_get_contents(file, &text, NULL, NULL));
  cr_assert(strstr(text, "info: hello 1\n"), "%s", text);
  cr_assert(strstr(text, "warning: bad \\x1b[31m\\x0asecond\n"), "%s", text);
  cr_assert_not(strstr(text, "not asked"));
  cr_assert_eq(mode_of(file), 0600u);
  unlink(file);
  rmdir(dir);
}

Test(log, that_cannot_be_opened_is_told)
{
  g_autoptr(GError) err = NULL;
  cr_assert_not(log_to_file("/proc/no/log", NULL, &err));
  cr_assert(g_error_matches(err, ERROR_DOMAIN, ERROR_RESOURCES));
}
