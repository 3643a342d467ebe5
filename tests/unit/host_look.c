/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A thorough look at a host, on trees that the tests make, and what is made of two looks. */
#include "tests/unit/test.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/host/group.h"
#include "core/host/look.h"
#include "tests/unit/tree.h"

#define NEAR(a, b) cr_assert(fabs((a) - (b)) < 1e-6, "%s is %g, not %g", #a, (double)(a), (double)(b))

static const struct host_process process = {"g", 77};

static char *host_tree(void)
{
  char *root = tree_new();
  tree_put(root, "proc/meminfo",
           "MemTotal:       24684084 kB\nAnonHugePages:    454656 kB\nHugePages_Total:     512\n"
           "HugePages_Free:      128\nHugepagesize:       2048 kB\nSwapTotal:             0 kB\n");
  tree_put(root, "proc/cpuinfo",
           "processor\t: 0\ncpu MHz\t\t: 2100.000\n\nprocessor\t: 2\ncpu MHz\t\t: 3400.500\n");
  tree_put(root, "proc/pressure/io",
           "some avg10=1.06 avg60=2.58 avg300=2.16 total=690016105\n"
           "full avg10=0.50 avg60=0.25 avg300=0.00 total=108940500\n");
  tree_put(root, "proc/diskstats",
           "   8       0 sda 100 2 2048 151 50 15 4096 1749 0 1292 2850 0 0 0 0 262 949\n"
           "   8       1 sda1 100 2 2048 151 50 15 4096 1749 0 1292 2850\n"
           "   7       0 loop0 192 2 8120 151 1185 15 76392 1749 0 1292 2850\n");
  tree_put(root, "sys/block/sda/device/model", "disk\n");
  tree_put(root, "sys/block/loop0/size", "1\n");
  tree_put(root, "proc/net/dev",
           "Inter-|   Receive                 |  Transmit\n face |bytes packets errs drop\n"
           "    lo: 223 267 0 0 0 0 0 0 223 267 0 0 0 0 0 0\n  ifb0:       0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n"
           "  eth0: 1000 10 1 2 0 0 0 0 500 5 3 4 0 0 0 0\n");
  tree_put(root, "sys/devices/system/node/node1/meminfo", "Node 1 MemTotal: 100 kB\nNode 1 MemFree: 40 kB\n");
  tree_put(root, "sys/devices/system/node/node1/cpulist", "4-7\n");
  return root;
}

Test(host_look, what_files_tell)
{
  g_autofree char *root = host_tree();
  const char *const folders[] = {"/proc", "/nowhere", NULL};
  struct host_look *look = host_look_at(root, folders, NULL, 0);
  NEAR(look->huge_total, 512);
  NEAR(look->huge_size_bytes, 2048 * 1024);
  NEAR(look->swap_total_bytes, 0);
  cr_assert_eq(look->mhz->len, 3u);
  NEAR(g_array_index(look->mhz, double, 1), 0);
  NEAR(g_array_index(look->mhz, double, 2), 3400.5);
  NEAR(look->pressure[PRESSURE_IO].some[1], 2.58);
  NEAR(look->pressure[PRESSURE_IO].full[0], 0.5);
  cr_assert(isnan(look->pressure[PRESSURE_CPU].some[0]), "its file is missing");
  cr_assert_eq(look->disks->len, 1u, "whole disks on hardware alone");
  cr_assert_eq(g_array_index(look->disks, struct host_disk, 0).written_bytes, 4096u * 512);
  cr_assert_eq(look->nics->len, 1u, "neither the loopback nor those that never received");
  cr_assert_eq(g_array_index(look->nics, struct host_nic, 0).drops, 10u);
  cr_assert_eq(look->nodes->len, 1u);
  cr_assert_str_eq(g_array_index(look->nodes, struct host_node, 0).cpus, "4-7");
  NEAR(g_array_index(look->nodes, struct host_node, 0).free_bytes, 40 * 1024);
  cr_assert_eq(look->spaces->len, 2u);
  cr_assert_gt(g_array_index(look->spaces, struct host_space, 0).total_bytes, 0u);
  cr_assert_not_null(g_array_index(look->spaces, struct host_space, 1).error);
  host_look_unref(look);
  tree_clear(root);
}

Test(host_look, an_empty_host_tells_nothing_and_no_zero)
{
  g_autofree char *root = tree_new();
  struct host_look *look = host_look_at(root, NULL, NULL, 0);
  cr_assert(isnan(look->huge_total) && isnan(look->swap_total_bytes));
  cr_assert_eq(look->disks->len + look->nics->len + look->nodes->len + look->mhz->len, 0u);
  host_look_unref(look);
  tree_clear(root);
}

Test(host_look, rates_between_two_looks)
{
  g_autofree char *root = host_tree();
  struct host_look *before = host_look_at(root, NULL, NULL, 0);
  tree_put(root, "proc/diskstats", "   8       0 sda 300 2 4096 151 150 15 4096 1749 0 2292 2850\n");
  tree_put(root, "proc/net/dev", "  eth0: 900 10 1 2 0 0 0 0 2500 5 3 4 0 0 0 0\n");
  struct host_look *now = host_look_at(root, NULL, NULL, 0);
  now->at_ns = before->at_ns + 2 * NS_PER_S;
  host_look_derive(before, NULL);
  host_look_derive(now, before);
  const struct host_disk *disk = &g_array_index(now->disks, struct host_disk, 0);
  const struct host_nic *nic = &g_array_index(now->nics, struct host_nic, 0);
  cr_assert(isnan(g_array_index(before->disks, struct host_disk, 0).read_rate), "the first");
  NEAR(disk->read_rate, 2048 * 512 / 2.0);
  NEAR(disk->requests_rate, 150);
  NEAR(disk->busy_percent, 50);
  NEAR(nic->tx_rate, 1000);
  cr_assert(isnan(nic->rx_rate), "it fell");
  host_look_unref(before);
  host_look_unref(now);
  tree_clear(root);
}

/* ---- cgroups ---- */

static struct host_limit limit_in(const char *root, struct host_look **ret_look)
{
  *ret_look = host_look_at(root, NULL, &process, 1);
  cr_assert_eq((*ret_look)->limits->len, 1u);
  return g_array_index((*ret_look)->limits, struct host_limit, 0);
}

Test(host_look, limits_of_version_2)
{
  g_autofree char *root = tree_new();
  struct host_look *look;
  tree_put(root, "proc/77/cgroup", "0::/machine.slice/a\n");
  tree_put(root, "sys/fs/cgroup/machine.slice/a/cpu.max", "150000 100000\n");
  tree_put(root, "sys/fs/cgroup/machine.slice/a/memory.max", "max\n");
  tree_put(root, "sys/fs/cgroup/machine.slice/a/cpu.stat",
           "usage_usec 5\nnr_periods 9\nnr_throttled 4\nthrottled_usec 2500000\n");
  struct host_limit limit = limit_in(root, &look);
  NEAR(limit.cpus, 1.5);
  cr_assert(isinf(limit.memory_bytes));
  cr_assert_eq(limit.throttled, 4);
  NEAR(limit.throttled_seconds, 2.5);
  cr_assert_null(limit.error);
  host_look_unref(look);
  tree_clear(root);
}

Test(host_look, limits_of_version_1)
{
  g_autofree char *root = tree_new();
  struct host_look *look;
  tree_put(root, "proc/77/cgroup", "4:memory:/m\n2:cpu,cpuacct:/c\n0::/\n");
  tree_put(root, "sys/fs/cgroup/cpu,cpuacct/c/cpu.cfs_quota_us", "-1\n");
  tree_put(root, "sys/fs/cgroup/cpu,cpuacct/c/cpu.cfs_period_us", "100000\n");
  tree_put(root, "sys/fs/cgroup/cpu,cpuacct/c/cpu.stat", "nr_periods 0\nnr_throttled 0\nthrottled_time 0\n");
  tree_put(root, "sys/fs/cgroup/memory/m/memory.limit_in_bytes", "1073741824\n");
  struct host_limit limit = limit_in(root, &look);
  cr_assert(isinf(limit.cpus));
  NEAR(limit.memory_bytes, 1073741824);
  cr_assert_eq(limit.throttled, 0);
  cr_assert_str_eq(limit.group, "/c");
  host_look_unref(look);
  tree_clear(root);
}

/* The numbers of the groups below ROOT that FOLDERS (NULL-terminated) are, and no others. */
static void expect_groups(const char *root, const char *const *folders)
{
  g_autoptr(GArray) ids = group_disk_ids(root, 77);
  guint count = 0;
  for (; folders[count]; count++) {
    g_autofree char *path = g_build_filename(root, folders[count], NULL);
    struct stat st;
    bool found = false;
    cr_assert_eq(stat(path, &st), 0, "%s", path);
    for (guint i = 0; i < ids->len; i++)
      found = found || g_array_index(ids, uint64_t, i) == st.st_ino;
    cr_assert(found, "%s", folders[count]);
  }
  cr_assert_eq(ids->len, count);
}

Test(host_look, the_groups_that_are_charged_for_disks)
{
  static const char *const old[] = {"sys/fs/cgroup/blkio/machine/qemu-1-a.libvirt-qemu",
                                    "sys/fs/cgroup/blkio/machine/qemu-1-a.libvirt-qemu/vcpu0", NULL};
  static const char *const now[] = {"sys/fs/cgroup/machine.slice/machine-qemu\\x2d1\\x2da.scope",
                                    "sys/fs/cgroup/machine.slice/machine-qemu\\x2d1\\x2da.scope/libvirt",
                                    NULL};
  static const char *const none[] = {NULL};
  g_autofree char *root = tree_new();

  expect_groups(root, none);
  tree_put(root, "sys/fs/cgroup/blkio/machine/qemu-1-a.libvirt-qemu/vcpu0/tasks", "");
  tree_put(root, "sys/fs/cgroup/blkio/machine/qemu-2-b.libvirt-qemu/tasks", "");
  tree_put(root, "sys/fs/cgroup/machine.slice/machine-qemu\\x2d1\\x2da.scope/libvirt/cgroup.procs", "");
  tree_put(root, "proc/77/cgroup", "7:blkio:/machine/qemu-1-a.libvirt-qemu/vcpu0\n0::/machine/other\n");
  expect_groups(root, old);
  tree_put(root, "proc/77/cgroup", "0::/machine.slice/machine-qemu\\x2d1\\x2da.scope/libvirt/emulator\n");
  expect_groups(root, now);
  tree_put(root, "proc/77/cgroup", "0::/user.slice/user-0.slice\n"); /* shared with others */
  expect_groups(root, none);
  tree_clear(root);
}

Test(host_look, limits_that_cannot_be_read)
{
  g_autofree char *root = tree_new();
  struct host_look *look;
  struct host_limit limit = limit_in(root, &look);
  cr_assert_not_null(limit.error);
  cr_assert_eq(limit.throttled, -1);
  host_look_unref(look);
  tree_clear(root);
}

/* This very machine: what it shares with the tests' own process. */
Test(host_look, this_machine)
{
  const struct host_process self = {"self", getpid()};
  const char *const folders[] = {"/", NULL};
  struct host_look *look = host_look_at("", folders, &self, 1);
  const struct host_space *space = &g_array_index(look->spaces, struct host_space, 0);
  cr_assert(!space->error && space->total_bytes > 0 && space->free_bytes <= space->total_bytes);
  cr_assert_eq(look->limits->len, 1u);
  cr_assert_geq(look->swap_total_bytes, 0);
  host_look_unref(look);
}
