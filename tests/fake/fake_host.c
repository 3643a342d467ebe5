/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A made-up look at the host: two disks of which one is busy, little room left, a guest that is held up. */
#include <math.h>
#include <string.h>

#include "core/base/clock.h"
#include "tests/fake/fake_private.h"

static void add_disk(struct host_look *look, const char *name, uint64_t mib, uint64_t requests,
                     uint64_t busy_ms)
{
  const struct host_disk disk = {.name = g_strdup(name),
                                 .reads = requests,
                                 .writes = requests,
                                 .read_bytes = mib << 20,
                                 .written_bytes = mib << 19,
                                 .busy_ms = busy_ms};
  g_array_append_val(look->disks, disk);
}

static void add_nic(struct host_look *look, const char *name, uint64_t bytes)
{
  const struct host_nic nic = {
      .name = g_strdup(name), .rx_bytes = bytes, .tx_bytes = bytes / 10, .packets = bytes / 1000};
  g_array_append_val(look->nics, nic);
}

static struct host_look *counters(int64_t at_ns, uint64_t factor)
{
  struct host_look *look = host_look_new(at_ns);
  add_disk(look, "nvme0n1", 140 * factor, 2300 * factor, 930 * factor);
  add_disk(look, "sda", 0, 0, 0);
  add_nic(look, "enp1s0", 1200000 * factor);
  return look;
}

static void add_rest(struct host_look *look)
{
  const double mhz[] = {2100, 3400}, pressure[] = {12, 8.5, 4};
  const struct host_space spaces[] = {
      {.folder = g_strdup("/var/lib/virtlens"), .total_bytes = 100ull << 30, .free_bytes = 4ull << 30},
      {.folder = g_strdup("/mnt/\033[31mgone"), .error = g_strdup("No such file or directory")}};
  const struct host_node node = {.cpus = g_strdup("0-1"), .total_bytes = 24e9, .free_bytes = 11e9};
  const struct host_limit limits[] = {{.guest = g_strdup("tour-ide"),
                                       .group = g_strdup("/a"),
                                       .cpus = 0.5,
                                       .memory_bytes = (double)INFINITY,
                                       .throttled = 120,
                                       .throttled_seconds = 3.25},
                                      {.guest = g_strdup("tour-virtio"),
                                       .group = g_strdup("/b"),
                                       .cpus = (double)INFINITY,
                                       .memory_bytes = 1e9,
                                       .throttled = -1}};
  g_array_append_vals(look->mhz, mhz, G_N_ELEMENTS(mhz));
  g_array_append_vals(look->spaces, spaces, G_N_ELEMENTS(spaces));
  g_array_append_vals(look->limits, limits, G_N_ELEMENTS(limits));
  g_array_append_val(look->nodes, node);
  memcpy(look->pressure[PRESSURE_CPU].some, pressure, sizeof pressure);
  look->huge_total = 512;
  look->huge_free = 128;
  look->huge_size_bytes = 2 << 20;
  look->transparent_huge_bytes = 450e6;
  look->swap_total_bytes = 0;
}

void engine_ask_host(struct engine *engine)
{
  struct host_look *before = counters(NS_PER_S, 1), *now = counters(2 * NS_PER_S, 2);
  add_rest(now);
  host_look_derive(now, before);
  host_look_unref(before);
  host_look_unref(engine->answers.host);
  engine->answers.host = now;
}

const struct host_look *engine_host_look(const struct engine *engine, const char **ret_error)
{
  *ret_error = NULL;
  return engine->answers.host;
}

enum kind engine_host_kind(G_GNUC_UNUSED const struct engine *engine)
{
  return KIND_KVM_QEMU;
}
