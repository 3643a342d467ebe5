/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A made-up tree of snapshots. */
#include "core/base/clock.h"
#include "tests/fake/fake.h"

#define BEGAN (INT64_C(1763712000) * NS_PER_S)

static void add(struct snapshot_list *list, const char *name, const char *parent, int minutes, bool memory)
{
  struct snapshot *row = snapshot_list_add(list);
  row->name = g_strdup(name);
  row->parent = g_strdup(parent);
  row->created_wall_ns = BEGAN + minutes * 60 * NS_PER_S;
  row->state = memory ? GUEST_RUNNING : GUEST_SHUTOFF;
  row->memory = memory;
}

struct snapshot_list *fake_snapshots(const char *uuid)
{
  struct snapshot_list *list = snapshot_list_new(uuid);
  add(list, "try-ide", "after-install", 3, false);
  add(list, "base", NULL, 1, true);
  add(list, "other", "base", 4, true);
  add(list, "after-install", "base", 2, true);
  list->rows[0].current = true;
  list->rows[0].description = g_strdup("with IDE, \033[31mnothing else");
  list->rows[3].definition =
      g_strdup("<domain>\n  <vcpu>2</vcpu>\n  <devices>\n    <disk/>\n  </devices>\n</domain>");
  list->definition = g_strdup("<domain>\n  <vcpu>1</vcpu>\n  <devices>\n    <disk/>\n    <\033[31mnic/>\n"
                              "  </devices>\n</domain>");
  list->rows[1].seconds = 0.31;
  list->rows[1].size_bytes = 41 << 20;
  list->rows[3].seconds = 75;
  list->rows[2].external = true;
  list->rows[2].files = g_strsplit("/lab/disks/web-vda.other.qcow2,/lab/disks/web.other.memory", ",", 0);
  list->rows[2].size_bytes = 63 << 20;
  list->kind = g_strdup("internal, disks and memory: all its disks are qcow2");
  snapshot_list_sort(list);
  return list;
}
