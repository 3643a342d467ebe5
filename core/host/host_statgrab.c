/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/host/host_statgrab.h"

#include <glib.h>
#include <statgrab.h>
#include <unistd.h>

#include "core/host/flow.h"

struct statgrab {
  struct flow *disks, *nics;
  GHashTable *hardware; /* "/sys/..." -> GINT_TO_POINTER(1 + has a device), asked once per name */
};

struct statgrab *statgrab_new(void)
{
  if (sg_init(1) != SG_ERROR_NONE)
    return NULL;

  struct statgrab *sg = g_new0(struct statgrab, 1);
  sg->disks = flow_new();
  sg->nics = flow_new();
  sg->hardware = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  return sg;
}

void statgrab_free(struct statgrab *sg)
{
  if (!sg)
    return;
  flow_free(sg->disks);
  flow_free(sg->nics);
  g_hash_table_unref(sg->hardware);
  g_free(sg);
  sg_shutdown();
}

/* Linux: what stands on hardware has a "device" link in sysfs; partitions are not in /sys/block. */
static bool is_hardware(struct statgrab *sg, const char *class, const char *name)
{
  g_autofree char *key = g_strdup_printf("/sys/%s/%s/device", class, name);
  int known = GPOINTER_TO_INT(g_hash_table_lookup(sg->hardware, key));

  if (known == 0) {
    known = access(key, F_OK) == 0 ? 2 : 1;
    g_hash_table_insert(sg->hardware, g_steal_pointer(&key), GINT_TO_POINTER(known));
  }
  return known == 2;
}

static void sample_disks(struct statgrab *sg, int64_t now_ns, struct readings *r)
{
  size_t count = 0;
  const sg_disk_io_stats *disks = sg_get_disk_io_stats(&count);
  double in, out;

  if (!disks)
    return;
  flow_begin(sg->disks, now_ns);
  for (size_t i = 0; i < count; i++)
    if (is_hardware(sg, "block", disks[i].disk_name))
      flow_add(sg->disks, disks[i].disk_name, disks[i].read_bytes, disks[i].write_bytes);
  if (flow_end(sg->disks, &in, &out)) {
    readings_set(r, HOST_DISK_RD, in);
    readings_set(r, HOST_DISK_WR, out);
  }
}

static void sample_nics(struct statgrab *sg, int64_t now_ns, struct readings *r)
{
  size_t count = 0;
  const sg_network_io_stats *nics = sg_get_network_io_stats(&count);
  bool hardware = false;
  double in, out;

  if (!nics)
    return;
  for (size_t i = 0; i < count; i++)
    hardware |= is_hardware(sg, "class/net", nics[i].interface_name);
  flow_begin(sg->nics, now_ns);
  for (size_t i = 0; i < count; i++)
    if (g_strcmp0(nics[i].interface_name, "lo") != 0 &&
        (!hardware || is_hardware(sg, "class/net", nics[i].interface_name)))
      flow_add(sg->nics, nics[i].interface_name, nics[i].rx, nics[i].tx);
  if (flow_end(sg->nics, &in, &out)) {
    readings_set(r, HOST_NET_RX, in);
    readings_set(r, HOST_NET_TX, out);
  }
}

static void sample_memory(struct readings *r)
{
  size_t count = 0;
  const sg_mem_stats *mem = sg_get_mem_stats(&count);
  const sg_swap_stats *swap = sg_get_swap_stats(&count);

  if (mem && mem->total > 0) {
    readings_set(r, HOST_MEM_TOTAL, (double)mem->total);
    readings_set(r, HOST_MEM_USED, (double)mem->total - (double)mem->free - (double)mem->cache);
  }
  if (swap)
    readings_set(r, HOST_SWAP_USED, (double)swap->used);
}

static void sample_load(struct readings *r)
{
  size_t count = 0;
  const sg_load_stats *load = sg_get_load_stats(&count);

  if (!load)
    return;
  readings_set(r, HOST_LOAD1, load->min1);
  readings_set(r, HOST_LOAD5, load->min5);
  readings_set(r, HOST_LOAD15, load->min15);
}

void statgrab_sample(struct statgrab *sg, int64_t now_ns, struct readings *r)
{
  sample_load(r);
  sample_memory(r);
  sample_disks(sg, now_ns, r);
  sample_nics(sg, now_ns, r);
}
