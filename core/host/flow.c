/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/host/flow.h"

#include <glib.h>

#include "core/base/clock.h"

struct device {
  uint64_t in, out;
  uint64_t round; /* last seen in */
};

struct flow {
  GHashTable *devices; /* name -> struct device */
  uint64_t round;
  int64_t now_ns, before_ns;
  double in, out;
};

struct flow *flow_new(void)
{
  struct flow *flow = g_new0(struct flow, 1);

  flow->devices = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  return flow;
}

void flow_free(struct flow *flow)
{
  if (!flow)
    return;
  g_hash_table_unref(flow->devices);
  g_free(flow);
}

void flow_begin(struct flow *flow, int64_t now_ns)
{
  flow->before_ns = flow->now_ns;
  flow->now_ns = now_ns;
  flow->in = flow->out = 0;
  flow->round++;
}

void flow_add(struct flow *flow, const char *name, uint64_t in, uint64_t out)
{
  struct device *device = g_hash_table_lookup(flow->devices, name);

  if (!device) {
    device = g_new0(struct device, 1);
    g_hash_table_insert(flow->devices, g_strdup(name), device);
  } else if (in >= device->in && out >= device->out) {
    flow->in += (double)(in - device->in);
    flow->out += (double)(out - device->out);
  }
  *device = (struct device){.in = in, .out = out, .round = flow->round};
}

static gboolean is_gone(gpointer name, gpointer device, gpointer flow)
{
  (void)name;
  return ((struct device *)device)->round != ((struct flow *)flow)->round;
}

bool flow_end(struct flow *flow, double *ret_in, double *ret_out)
{
  double seconds = (double)(flow->now_ns - flow->before_ns) / (double)NS_PER_S;

  g_hash_table_foreach_remove(flow->devices, is_gone, flow);
  if (flow->round < 2 || seconds <= 0 || g_hash_table_size(flow->devices) == 0)
    return false;
  *ret_in = flow->in / seconds;
  *ret_out = flow->out / seconds;
  return true;
}
