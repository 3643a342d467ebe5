/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/host_look.h"

#include <math.h>

#include "core/base/clock.h"

#define NONE ((double)NAN)

static void disk_clear(void *data)
{
  g_free(((struct host_disk *)data)->name);
}

static void nic_clear(void *data)
{
  g_free(((struct host_nic *)data)->name);
}

static void space_clear(void *data)
{
  struct host_space *space = data;
  g_free(space->folder);
  g_free(space->error);
}

static void node_clear(void *data)
{
  g_free(((struct host_node *)data)->cpus);
}

static void limit_clear(void *data)
{
  struct host_limit *limit = data;
  g_free(limit->guest);
  g_free(limit->group);
  g_free(limit->error);
}

static GArray *list_new(guint size, GDestroyNotify clear)
{
  GArray *list = g_array_new(FALSE, FALSE, size);
  g_array_set_clear_func(list, clear);
  return list;
}

struct host_look *host_look_new(int64_t at_ns)
{
  struct host_look *look = g_new0(struct host_look, 1);
  refs_init(&look->refs);
  look->at_ns = at_ns;
  look->huge_total = look->huge_free = look->huge_size_bytes = NONE;
  look->transparent_huge_bytes = look->swap_total_bytes = NONE;
  for (int i = 0; i < PRESSURES; i++)
    for (int k = 0; k < 3; k++)
      look->pressure[i].some[k] = look->pressure[i].full[k] = NONE;
  look->mhz = g_array_new(FALSE, TRUE, sizeof(double));
  look->disks = list_new(sizeof(struct host_disk), disk_clear);
  look->nics = list_new(sizeof(struct host_nic), nic_clear);
  look->spaces = list_new(sizeof(struct host_space), space_clear);
  look->nodes = list_new(sizeof(struct host_node), node_clear);
  look->limits = list_new(sizeof(struct host_limit), limit_clear);
  return look;
}

struct host_look *host_look_ref(const struct host_look *look)
{
  refs_get(&look->refs);
  return REF_MUTABLE(struct host_look, look);
}

void host_look_unref(struct host_look *look)
{
  if (!look || !refs_put(&look->refs))
    return;
  GArray *lists[] = {look->mhz, look->disks, look->nics, look->spaces, look->nodes, look->limits};
  for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
    g_array_unref(lists[i]);
  g_free(look);
}

/* ---- rates ---- */

static double rate(uint64_t now, uint64_t before, double seconds)
{
  return now >= before && seconds > 0 ? (double)(now - before) / seconds : NONE;
}

static void derive_disk(struct host_disk *disk, const struct host_look *before, double seconds)
{
  disk->read_rate = disk->write_rate = disk->requests_rate = disk->busy_percent = NONE;
  for (guint i = 0; before && i < before->disks->len; i++) {
    const struct host_disk *old = &g_array_index(before->disks, struct host_disk, i);
    if (g_strcmp0(old->name, disk->name) != 0)
      continue;
    disk->read_rate = rate(disk->read_bytes, old->read_bytes, seconds);
    disk->write_rate = rate(disk->written_bytes, old->written_bytes, seconds);
    disk->requests_rate = rate(disk->reads + disk->writes, old->reads + old->writes, seconds);
    disk->busy_percent = MIN(rate(disk->busy_ms, old->busy_ms, seconds) / 10, 100); /* the clocks differ */
  }
}

static void derive_nic(struct host_nic *nic, const struct host_look *before, double seconds)
{
  nic->rx_rate = nic->tx_rate = nic->packets_rate = nic->drops_rate = NONE;
  for (guint i = 0; before && i < before->nics->len; i++) {
    const struct host_nic *old = &g_array_index(before->nics, struct host_nic, i);
    if (g_strcmp0(old->name, nic->name) != 0)
      continue;
    nic->rx_rate = rate(nic->rx_bytes, old->rx_bytes, seconds);
    nic->tx_rate = rate(nic->tx_bytes, old->tx_bytes, seconds);
    nic->packets_rate = rate(nic->packets, old->packets, seconds);
    nic->drops_rate = rate(nic->drops, old->drops, seconds);
  }
}

void host_look_derive(struct host_look *look, const struct host_look *before)
{
  look->seconds = before ? (double)(look->at_ns - before->at_ns) / (double)NS_PER_S : 0;
  for (guint i = 0; i < look->disks->len; i++)
    derive_disk(&g_array_index(look->disks, struct host_disk, i), before, look->seconds);
  for (guint i = 0; i < look->nics->len; i++)
    derive_nic(&g_array_index(look->nics, struct host_nic, i), before, look->seconds);
}
