/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lab's folder: locked, named, cleared up; no guest is started. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/virt/conn/lab.h"
#include "core/virt/conn/lab_mark.h"
#include "tests/live/lab_bench.h"
#include "tests/unit/test.h"

/* ---- the lab's folder, without any guest ---- */

Test(lab, a_second_program_is_refused)
{
  g_autofree char *dir = g_dir_make_tmp("vl-XXXXXX", NULL);
  cr_assert_eq(chmod(dir, 0711), 0);
  int ready[2], done[2];
  cr_assert(pipe(ready) == 0 && pipe(done) == 0);
  pid_t holder = fork();
  if (holder == 0) {
    char byte = lab_open(dir, NULL) ? 'y' : 'n';
    close(done[1]);
    _exit(write(ready[1], &byte, 1) == 1 && read(done[0], &byte, 1) == 0 ? 0 : 1);
  }
  close(done[0]);
  char byte = 'n';
  cr_assert(read(ready[0], &byte, 1) == 1 && byte == 'y');
  GError *fault = NULL;
  g_autofree char *pid = g_strdup_printf("process %ld;", (long)holder);
  cr_assert_null(lab_open(dir, &fault), "two programs hold one lab");
  cr_assert_eq(fault->code, ERROR_GENERAL);
  cr_assert(strstr(fault->message, pid), "%s", fault->message);
  g_clear_error(&fault);
  close(done[1]);
  int status;
  cr_assert(waitpid(holder, &status, 0) == holder && status == 0);
  struct lab *lab = lab_open(dir, &fault);
  cr_assert_not_null(lab, "%s", fault ? fault->message : "");
  lab_close(lab);
  clear_folder(dir);
}

Test(lab, a_long_root_gets_a_short_name)
{
  g_autofree char *dir = g_dir_make_tmp("vl-XXXXXX", NULL);
  cr_assert_eq(chmod(dir, 0711), 0);
  g_autofree char *tail = g_strnfill(100, 'x');
  g_autofree char *root = g_build_filename(dir, tail, "a b%c", NULL);
  GError *fault = NULL;
  struct lab *lab = lab_open(root, &fault);
  cr_assert_not_null(lab, "%s", fault ? fault->message : "");
  const char *name = strstr(lab_uri(lab), "root=") + strlen("root=");
  g_autofree char *target = g_file_read_link(name, NULL);
  cr_assert(target && g_str_equal(target, root), "%s", lab_uri(lab));
  cr_assert_lt(strlen(name), 47);
  g_autofree char *again = g_strdup(name);
  lab_close(lab);
  lab = lab_open(root, &fault);
  cr_assert(lab && g_str_has_suffix(lab_uri(lab), again), "another name for the same lab");
  lab_close(lab);
  /* A link that leads elsewhere is not followed. */
  cr_assert(unlink(again) == 0 && symlink("/nonexistent", again) == 0);
  cr_assert_null(lab_open(root, &fault));
  cr_assert_eq(fault->code, ERROR_REFUSED, "%s", fault->message);
  g_clear_error(&fault);
  unlink(again);
  clear_folder(dir);
}

Test(lab, the_root_is_escaped_in_the_uri)
{
  g_autofree char *dir = g_dir_make_tmp("vl-XXXXXX", NULL);
  cr_assert_eq(chmod(dir, 0711), 0);
  g_autofree char *root = g_build_filename(dir, "a b%&?#", NULL);
  struct lab *lab = lab_open(root, NULL);
  cr_assert(lab && g_str_has_suffix(lab_uri(lab), "/a%20b%25%26%3F%23"), "%s", lab ? lab_uri(lab) : "");
  lab_close(lab);
  clear_folder(dir);
}

/* A disk, and the mark of the job that made it. */
static char *cut_short(const struct bench *bench, const char *name)
{
  g_autofree char *mark = g_strdup_printf("%s/disks/.%s.job", bench->root, name);
  g_autofree char *list = g_strdup_printf("disks/%s.qcow2\nlogs/%s.log\n../outside\n", name, name);
  char *disk = g_strdup_printf("%s/disks/%s.qcow2", bench->root, name);
  cr_assert(g_file_set_contents(mark, list, -1, NULL) && g_file_set_contents(disk, "", 0, NULL));
  return disk;
}

static void name_in(const struct bench *bench, const char *folder, const char *disk)
{
  g_autofree char *dir = g_build_filename(bench->root, folder, NULL);
  g_autofree char *entry = g_path_get_basename(disk), *file = g_strdup_printf("%s/x-%s.xml", dir, entry);
  g_autofree char *xml = g_markup_printf_escaped("<x><source file='%s'/></x>", disk);
  cr_assert(g_mkdir_with_parents(dir, 0700) == 0 && g_file_set_contents(file, xml, -1, NULL), "%s", dir);
}

/* As QEMU has it. */
static int open_to_write(const char *disk)
{
  struct flock writes = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 101, .l_len = 1};
  int fd = open(disk, O_RDWR | O_CLOEXEC);
  cr_assert(fd >= 0 && fcntl(fd, F_OFD_SETLK, &writes) == 0);
  return fd;
}

static bool is_told(const struct lab *lab, const char *disk, const char *what)
{
  for (int i = 0; lab_left(lab)[i]; i++)
    if (strstr(lab_left(lab)[i], disk) && strstr(lab_left(lab)[i], what))
      return true;
  return false;
}

Test(lab, what_a_killed_job_left_is_cleared_up_and_told)
{
  struct bench bench = {.dir = g_dir_make_tmp("vl-XXXXXX", NULL)};
  cr_assert_eq(chmod(bench.dir, 0711), 0);
  bench.root = g_build_filename(bench.dir, "lab", NULL);
  lab_close(lab_open(bench.root, NULL));
  g_autofree char *half = cut_short(&bench, "half"), *defined = cut_short(&bench, "defined"),
                  *runs = cut_short(&bench, "runs"), *kept = cut_short(&bench, "kept"),
                  *held = cut_short(&bench, "held"), *odd = cut_short(&bench, "a&b");
  name_in(&bench, "etc/qemu", defined);
  name_in(&bench, "etc/qemu", "/where/the/lab/was/disks/a&b.qcow2");
  name_in(&bench, "run/qemu", runs);
  name_in(&bench, "lib/qemu/snapshot/guest", kept);
  const int fd = open_to_write(held);
  g_autofree char *outside = g_build_filename(bench.dir, "outside", NULL);
  cr_assert(g_file_set_contents(outside, "", 0, NULL));
  struct lab *lab = lab_open(bench.root, NULL);
  cr_assert_not_null(lab);
  cr_assert(is_told(lab, half, "removed; a job for guest half was cut short"));
  cr_assert(is_told(lab, held, "left, for QEMU writes to it"));
  cr_assert_eq(g_strv_length((char **)(uintptr_t)lab_left(lab)), 2);
  lab_close(lab);
  lab = lab_open(bench.root, NULL);
  cr_assert(lab && is_told(lab, held, "left, for QEMU writes to it"), "it is told at each start");
  cr_assert_eq(g_strv_length((char **)(uintptr_t)lab_left(lab)), 1);
  cr_assert(lab_mark(bench.root, "held", (const char *const[]){held, NULL}, NULL), "it is in nobody's way");
  lab_close(lab);
  cr_assert_not(g_file_test(half, G_FILE_TEST_EXISTS), "the disk of a launch cut short is left");
  cr_assert(g_file_test(defined, G_FILE_TEST_EXISTS), "the disk of a defined guest was removed");
  cr_assert(g_file_test(runs, G_FILE_TEST_EXISTS), "the disk of a guest that runs was removed");
  cr_assert(g_file_test(kept, G_FILE_TEST_EXISTS), "a file of a snapshot was removed");
  cr_assert(g_file_test(held, G_FILE_TEST_EXISTS), "a file that QEMU writes to was removed");
  cr_assert(g_file_test(odd, G_FILE_TEST_EXISTS), "the disk of a lab that was moved was removed");
  cr_assert(g_file_test(outside, G_FILE_TEST_EXISTS), "a file outside the lab was removed");
  lab = lab_open(bench.root, NULL); /* what was left, and the mark of a second job for it */
  cr_assert(lab && g_strv_length((char **)(uintptr_t)lab_left(lab)) == 1, "it is told once");
  lab_close(lab);
  close(fd);
  lab = lab_open(bench.root, NULL);
  cr_assert(lab && is_told(lab, held, "removed; a job for guest held was cut short"));
  lab_close(lab);
  lab = lab_open(bench.root, NULL);
  cr_assert(lab && !lab_left(lab)[0], "%s", lab_left(lab)[0]);
  lab_close(lab);
  cr_assert_eq(count_entries(bench.root, "disks"), 4);
  clear_folder(bench.dir);
  g_free(bench.root);
  g_free(bench.dir);
}

Test(lab, nothing_is_removed_where_a_definition_cannot_be_read)
{
  struct bench bench = {.dir = g_dir_make_tmp("vl-XXXXXX", NULL)};
  cr_assert_eq(chmod(bench.dir, 0711), 0);
  bench.root = g_build_filename(bench.dir, "lab", NULL);
  lab_close(lab_open(bench.root, NULL));
  g_autofree char *half = cut_short(&bench, "half");
  g_autofree char *dir = g_build_filename(bench.root, "etc", "qemu", NULL);
  g_autofree char *file = g_build_filename(dir, "x.xml", NULL);
  cr_assert(g_mkdir_with_parents(dir, 0700) == 0 && g_file_set_contents(file, "<", -1, NULL));
  struct lab *lab = lab_open(bench.root, NULL);
  cr_assert(lab && is_told(lab, half, "left, for not every definition can be read"));
  cr_assert(g_file_test(half, G_FILE_TEST_EXISTS),
            "it may be the disk of the guest whose definition is broken");
  lab_close(lab);
  clear_folder(bench.dir);
  g_free(bench.root);
  g_free(bench.dir);
}

Test(lab, two_jobs_do_not_make_one_guest)
{
  g_autofree char *dir = g_dir_make_tmp("vl-XXXXXX", NULL);
  cr_assert_eq(chmod(dir, 0711), 0);
  struct lab *lab = lab_open(dir, NULL);
  cr_assert_not_null(lab);
  g_autofree char *disk = g_build_filename(dir, "disks", "a.qcow2", NULL);
  const char *const files[] = {disk, NULL};
  GError *fault = NULL;
  cr_assert(lab_mark(dir, "a", files, &fault), "%s", fault ? fault->message : "");
  cr_assert_not(lab_mark(dir, "a", files, &fault), "the second job would end the first one's mark");
  cr_assert_eq(fault->code, ERROR_REFUSED, "%s", fault->message);
  g_clear_error(&fault);
  lab_unmark(dir, "a");
  cr_assert(lab_mark(dir, "a", files, &fault));
  lab_close(lab);
  clear_folder(dir);
}

Test(lab, a_closed_folder_on_the_way_is_named)
{
  if (geteuid() != 0)
    return;
  g_autofree char *dir = g_dir_make_tmp("vl-XXXXXX", NULL); /* 0700 */
  g_autofree char *root = g_build_filename(dir, "lab", NULL);
  GError *fault = NULL;
  cr_assert_null(lab_open(root, &fault), "QEMU's user could never get there");
  cr_assert_eq(fault->code, ERROR_RESOURCES);
  cr_assert(strstr(fault->message, dir) && strstr(fault->message, "libvirt-qemu"), "%s", fault->message);
  g_error_free(fault);
  clear_folder(dir);
}
