/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/watch/node.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"

#define CORES_MAX 32 /* each costs a call of its own: larger hosts are shown as a whole */
#define FIELDS_MAX 16

struct cpu_times {
  bool known;
  double user, kernel, idle, iowait; /* ns */
};

struct node {
  char *hostname;
  int core_count;
  struct cpu_times all, cores[CORES_MAX];
};

struct node *node_new(void)
{
  return g_new0(struct node, 1);
}

void node_free(struct node *node)
{
  g_free(node->hostname);
  g_free(node);
}

static void learn_once(struct node *node, virConnectPtr conn)
{
  virNodeInfo info;
  if (node->hostname)
    return;
  char *name = virConnectGetHostname(conn);
  node->hostname = g_strdup(name ? name : "?");
  free(name);
  if (virNodeGetInfo(conn, &info) == 0 && info.cpus <= CORES_MAX)
    node->core_count = (int)info.cpus;
}

static struct cpu_times ask_cpu(virConnectPtr conn, int cpu)
{
  virNodeCPUStats fields[FIELDS_MAX];
  struct cpu_times times = {0};
  int count = 0;
  if (virNodeGetCPUStats(conn, cpu, NULL, &count, 0) < 0 || count <= 0 || count > FIELDS_MAX ||
      virNodeGetCPUStats(conn, cpu, fields, &count, 0) < 0)
    return times;
  const struct {
    const char *name;
    double *slot;
  } table[] = {{VIR_NODE_CPU_STATS_USER, &times.user},
               {VIR_NODE_CPU_STATS_KERNEL, &times.kernel},
               {VIR_NODE_CPU_STATS_INTR, &times.kernel},
               {VIR_NODE_CPU_STATS_IDLE, &times.idle},
               {VIR_NODE_CPU_STATS_IOWAIT, &times.iowait}};
  for (int i = 0; i < count; i++)
    for (gsize k = 0; k < G_N_ELEMENTS(table); k++)
      if (strcmp(fields[i].field, table[k].name) == 0) {
        *table[k].slot += (double)fields[i].value;
        times.known = true;
      }
  return times;
}

struct cpu_ids {
  int cpu, user, system, iowait, idle; /* -1: that scope has none */
};

static void set_share(struct readings *r, int id, double part, double whole)
{
  if (id >= 0 && part >= 0)
    readings_set(r, id, 100 * part / whole);
}

static void set_cpu(struct readings *r, const struct cpu_ids *ids, const struct cpu_times *now,
                    const struct cpu_times *before)
{
  double user = now->user - before->user, kernel = now->kernel - before->kernel;
  double idle = now->idle - before->idle, iowait = now->iowait - before->iowait;
  double whole = user + kernel + idle + iowait;
  if (!now->known || !before->known || whole <= 0 || user < 0 || kernel < 0)
    return;
  set_share(r, ids->cpu, user + kernel, whole);
  set_share(r, ids->user, user, whole);
  set_share(r, ids->system, kernel, whole);
  set_share(r, ids->iowait, iowait, whole);
  set_share(r, ids->idle, idle, whole);
}

static void look_cpu(virConnectPtr conn, int cpu, struct cpu_times *last, struct readings *r,
                     const struct cpu_ids *ids)
{
  struct cpu_times now = ask_cpu(conn, cpu);
  set_cpu(r, ids, &now, last);
  *last = now;
}

static void look_memory(virConnectPtr conn, struct readings *r)
{
  uint64_t total, unused;
  if (!host_memory(conn, &total, &unused))
    return;
  readings_set(r, HOST_MEM_TOTAL, (double)total);
  readings_set(r, HOST_MEM_USED, (double)(total - MIN(unused, total)));
}

struct host_scan *node_look(struct node *node, virConnectPtr conn, const char *source)
{
  static const struct cpu_ids all = {HOST_CPU, HOST_USER, HOST_SYSTEM, HOST_IOWAIT, HOST_IDLE};
  static const struct cpu_ids core = {CORE_CPU, CORE_USER, CORE_SYSTEM, CORE_IOWAIT, -1};
  learn_once(node, conn);
  struct host_scan *scan = host_scan_new(node->hostname, node->core_count);
  scan->source = g_strdup(source);
  look_cpu(conn, VIR_NODE_CPU_STATS_ALL_CPUS, &node->all, &scan->r, &all);
  for (int i = 0; i < node->core_count; i++)
    look_cpu(conn, i, &node->cores[i], &scan->cores[i], &core);
  look_memory(conn, &scan->r);
  scan->wall_ns = clock_wall_ns();
  scan->mono_ns = clock_mono_ns();
  return scan;
}
