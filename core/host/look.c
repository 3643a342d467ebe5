/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/host/look.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/host/look_group.h"

#define SECTOR 512   /* of /proc/diskstats, whatever the disk's own is */
#define NODES_MAX 64 /* NUMA nodes looked for */

/* The text of a file below ROOT; NULL: there is none.  Caller frees. */
static char *text_of(const char *root, const char *name)
{
  g_autofree char *path = g_strconcat(root, "/", name, NULL);
  char *text = NULL;
  g_file_get_contents(path, &text, NULL, NULL);
  return text;
}

/* "NAME: 12 kB" among the lines of TEXT, in what it counts (kB: 1024); NAN: it is not there. */
static double field_of(const char *text, const char *name)
{
  const char *at = text ? strstr(text, name) : NULL;
  uint64_t value;
  char unit[4] = "";
  if (!at || sscanf(at + strlen(name), ": %" SCNu64 " %3s", &value, unit) < 1)
    return (double)NAN;
  return (double)value * (strcmp(unit, "kB") == 0 ? 1024 : 1);
}

static void look_memory(struct host_look *look, const char *root)
{
  g_autofree char *text = text_of(root, "proc/meminfo");
  look->huge_total = field_of(text, "HugePages_Total");
  look->huge_free = field_of(text, "HugePages_Free");
  look->huge_size_bytes = field_of(text, "Hugepagesize");
  look->transparent_huge_bytes = field_of(text, "AnonHugePages");
  look->swap_total_bytes = field_of(text, "SwapTotal");
}

static void look_frequencies(struct host_look *look, const char *root)
{
  g_autofree char *text = text_of(root, "proc/cpuinfo");
  int core = -1;
  for (const char *line = text; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
    double mhz;
    sscanf(line, "processor : %d", &core);
    if (core < 0 || core > 8191 || sscanf(line, "cpu MHz : %lf", &mhz) != 1)
      continue;
    if ((guint)core >= look->mhz->len)
      g_array_set_size(look->mhz, (guint)core + 1);
    g_array_index(look->mhz, double, core) = mhz;
  }
}

static void take_pressure(const char *text, const char *word, double ret[3])
{
  const char *at = text ? strstr(text, word) : NULL;
  double v[3];
  if (at && sscanf(at + strlen(word), " avg10=%lf avg60=%lf avg300=%lf", &v[0], &v[1], &v[2]) == 3)
    memcpy(ret, v, sizeof v);
}

static void look_pressure(struct host_look *look, const char *root)
{
  static const char *const files[PRESSURES] = {[PRESSURE_CPU] = "proc/pressure/cpu",
                                               [PRESSURE_IO] = "proc/pressure/io",
                                               [PRESSURE_MEMORY] = "proc/pressure/memory"};
  for (int i = 0; i < PRESSURES; i++) {
    g_autofree char *text = text_of(root, files[i]);
    take_pressure(text, "some", look->pressure[i].some);
    take_pressure(text, "full", look->pressure[i].full);
  }
}

/* Whole disks that stand on hardware: neither partitions nor what is made of other disks. */
static bool is_hardware(const char *root, const char *folder, const char *name)
{
  g_autofree char *path = g_strdup_printf("%s/sys/%s/%s/device", root, folder, name);
  return access(path, F_OK) == 0;
}

static void look_disks(struct host_look *look, const char *root)
{
  g_autofree char *text = text_of(root, "proc/diskstats");
  g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);
  for (char **line = lines; *line; line++) {
    struct host_disk disk = {0};
    uint64_t read_sectors, written_sectors;
    char name[64];
    if (sscanf(*line,
               "%*d %*d %63s %" SCNu64 " %*u %" SCNu64 " %*u %" SCNu64 " %*u %" SCNu64 " %*u %*u %" SCNu64,
               name, &disk.reads, &read_sectors, &disk.writes, &written_sectors, &disk.busy_ms) != 6 ||
        !is_hardware(root, "block", name))
      continue;
    disk.name = g_strdup(name);
    disk.read_bytes = read_sectors * SECTOR;
    disk.written_bytes = written_sectors * SECTOR;
    g_array_append_val(look->disks, disk);
  }
}

static void add_nic(struct host_look *look, const char *name, const char *fields)
{
  struct host_nic nic = {0};
  uint64_t rx_packets, tx_packets, drops[4];
  if (sscanf(fields,
             "%" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %*u %*u %*u %*u %" SCNu64 " %" SCNu64
             " %" SCNu64 " %" SCNu64,
             &nic.rx_bytes, &rx_packets, &drops[0], &drops[1], &nic.tx_bytes, &tx_packets, &drops[2],
             &drops[3]) != 8)
    return;
  nic.name = g_strdup(name);
  nic.packets = rx_packets + tx_packets;
  nic.drops = drops[0] + drops[1] + drops[2] + drops[3];
  g_array_append_val(look->nics, nic);
}

/* All but the loopback that ever passed something. */
static void look_nics(struct host_look *look, const char *root)
{
  g_autofree char *text = text_of(root, "proc/net/dev");
  g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);
  for (char **line = lines; *line; line++) {
    char *colon = strchr(*line, ':');
    if (!colon)
      continue;
    *colon = 0;
    const char *name = g_strstrip(*line);
    if (strcmp(name, "lo") != 0 && strncmp(colon + 1 + strspn(colon + 1, " "), "0 ", 2) != 0)
      add_nic(look, name, colon + 1);
  }
}

static void look_spaces(struct host_look *look, const char *root, const char *const *folders)
{
  for (int i = 0; folders && folders[i]; i++) {
    g_autofree char *path = g_strconcat(root, folders[i], NULL);
    struct host_space space = {.folder = g_strdup(folders[i])};
    struct statvfs st;
    if (statvfs(path, &st) == 0) {
      space.total_bytes = (uint64_t)st.f_blocks * st.f_frsize;
      space.free_bytes = (uint64_t)st.f_bavail * st.f_frsize;
    } else {
      space.error = g_strdup(g_strerror(errno));
    }
    g_array_append_val(look->spaces, space);
  }
}

static void look_nodes(struct host_look *look, const char *root)
{
  for (int i = 0; i < NODES_MAX; i++) {
    g_autofree char *memory_name = g_strdup_printf("sys/devices/system/node/node%d/meminfo", i),
                    *cpus_name = g_strdup_printf("sys/devices/system/node/node%d/cpulist", i),
                    *memory = text_of(root, memory_name);
    if (!memory)
      continue;
    struct host_node node = {.number = i, .cpus = text_of(root, cpus_name)};
    if (node.cpus)
      g_strchomp(node.cpus);
    node.total_bytes = field_of(memory, "MemTotal");
    node.free_bytes = field_of(memory, "MemFree");
    g_array_append_val(look->nodes, node);
  }
}

struct host_look *host_look_at(const char *root, const char *const *folders,
                               const struct host_process *processes, int count)
{
  struct host_look *look = host_look_new(clock_mono_ns());
  look_disks(look, root);
  look_nics(look, root);
  look_memory(look, root);
  look_frequencies(look, root);
  look_pressure(look, root);
  look_nodes(look, root);
  look_spaces(look, root, folders);
  for (int i = 0; i < count; i++)
    look_group(look, root, &processes[i]);
  return look;
}
