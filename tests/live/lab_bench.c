/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/live/lab_bench.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/virt/virt_private.h"
#include "tests/unit/test.h"

#define PATIENCE_S 120 /* a loaded machine is slow; what is broken never gets there */

void clear_folder(const char *path)
{
  GDir *dir = g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
  for (const char *entry; dir && (entry = g_dir_read_name(dir));) {
    g_autofree char *inner = g_build_filename(path, entry, NULL);
    clear_folder(inner);
  }
  if (dir)
    g_dir_close(dir);
  g_remove(path);
}

static void open_bench(struct bench *bench)
{
  g_autofree char *log = g_build_filename(bench->dir, "libvirt.log", NULL);
  struct virt_options options = {
      .lab = true, .lab_root = bench->root, .interval_seconds = 60, .watch_budget = 0.25};
  GError *fault = NULL;
  cr_assert(virt_setup(log, &fault), "%s", fault ? fault->message : "");
  bench->virt = virt_new(&options, &sink_nobody, 0, &fault);
  cr_assert_not_null(bench->virt, "%s", fault ? fault->message : "");
}

void tear_down(struct bench *bench)
{
  GError *fault = NULL;
  cr_assert(virt_stop_all(bench->virt, 10, &fault), "%s", fault ? fault->message : "");
  virt_free(bench->virt, 10);
  clear_folder(bench->dir);
  g_free(bench->root);
  g_free(bench->dir);
}

/* A process that outlives a test that failed, and then ends the guests it left. */
static void watch_over(const struct bench *bench)
{
  int ends[2];
  char byte;
  cr_assert_eq(pipe2(ends, O_CLOEXEC), 0);
  if (fork() != 0) {
    close(ends[0]); /* the other end closes with the test's process */
    return;
  }
  close(ends[1]);
  setsid();
  while (read(ends[0], &byte, 1) < 0 && errno == EINTR)
    continue;
  if (g_file_test(bench->root, G_FILE_TEST_IS_DIR)) {
    struct bench left = {g_strdup(bench->dir), g_strdup(bench->root), NULL};
    open_bench(&left);
    tear_down(&left);
  }
  _exit(0);
}

/* What libvirt found out about this host's QEMU, if tests/live/kept.py has it: it takes seconds. */
static void give_capabilities(const struct bench *bench)
{
  g_autofree char *kept =
      g_build_filename(g_getenv("TESTS_KEPT") ? g_getenv("TESTS_KEPT") : "", "capabilities", NULL);
  g_autofree char *cache = g_build_filename(bench->root, "cache", "qemu", NULL);
  const char *argv[] = {"cp", "-r", kept, cache, NULL};
  if (!g_file_test(kept, G_FILE_TEST_IS_DIR))
    return;
  cr_assert_eq(g_mkdir_with_parents(cache, 0755), 0);
  cr_assert(g_spawn_sync(NULL, (char **)(uintptr_t)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                         NULL, NULL));
}

void set_up(struct bench *bench)
{
  bench->dir = g_dir_make_tmp("vl-XXXXXX", NULL);
  cr_assert_not_null(bench->dir);
  cr_assert_eq(chmod(bench->dir, 0711), 0); /* QEMU's user must get through */
  bench->root = g_build_filename(bench->dir, "lab", NULL);
  watch_over(bench);
  give_capabilities(bench);
  open_bench(bench);
}

/* FIELDS: NAME, VALUE pairs up to a NULL. */
bool launch(struct bench *bench, const char *const *fields, char ret_uuid[37], GError **err)
{
  struct spec *spec = spec_new();
  for (int i = 0; fields[i]; i += 2)
    cr_assert(spec_set(spec, (enum spec_id)spec_find(fields[i]), fields[i + 1], err), "%s", fields[i]);
  struct act act = {.action = ACTION_LAUNCH, .spec = spec};
  bool ok = virt_act(bench->virt, &act, err);
  if (ret_uuid)
    g_strlcpy(ret_uuid, act.result_uuid, 37);
  g_free(act.result);
  spec_free(spec);
  return ok;
}

bool act_with(struct bench *bench, enum action_id action, const char *uuid, const char *flag, GError **err)
{
  const char *flags[] = {flag, NULL};
  struct act act = {.action = action, .flags = flags, .stop_seconds = 1};
  g_strlcpy(act.uuid, uuid, sizeof(act.uuid));
  bool ok = virt_act(bench->virt, &act, err);
  g_free(act.result);
  return ok;
}

int count_entries(const char *root, const char *folder)
{
  g_autofree char *path = g_build_filename(root, folder, NULL);
  GDir *dir = g_dir_open(path, 0, NULL);
  int n = 0;
  while (dir && g_dir_read_name(dir))
    n++;
  if (dir)
    g_dir_close(dir);
  return n;
}

bool file_there(const struct bench *bench, const char *name)
{
  g_autofree char *path = g_build_filename(bench->root, name, NULL);
  return g_file_test(path, G_FILE_TEST_EXISTS);
}

static unsigned long long figure(virDomainPtr domain, const char *name)
{
  virDomainPtr list[] = {domain, NULL};
  virDomainStatsRecordPtr *records = NULL;
  unsigned long long value = 0;
  if (virDomainListGetStats(list, VIR_DOMAIN_STATS_BLOCK, &records, 0) < 1)
    return 0;
  virTypedParamsGetULLong(records[0]->params, records[0]->nparams, name, &value);
  virDomainStatsRecordListFree(records);
  return value;
}

/* Reads and writes of the second disk, by QEMU's own counters. */
bool does_io(struct bench *bench, const char *uuid)
{
  g_autoptr(virConnect) conn = hub_action_conn(bench->virt->hub, NULL);
  g_autoptr(virDomain) domain = virDomainLookupByUUIDString(conn, uuid);
  int64_t deadline = clock_mono_ns() + PATIENCE_S * NS_PER_S;
  while (figure(domain, "block.1.rd.reqs") < 10 || figure(domain, "block.1.wr.reqs") < 2) {
    if (clock_mono_ns() > deadline)
      return false;
    g_usleep(20000);
  }
  return true;
}
