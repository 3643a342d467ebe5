/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/inside.h"

#include <glib.h>

const char *inside_teller_name(enum inside_teller teller)
{
  static const char *const names[TELLERS] = {"agent", "lease", "arp"};
  return names[teller];
}

struct inside *inside_new(void)
{
  struct inside *inside = g_new0(struct inside, 1);
  refs_init(&inside->refs);
  return inside;
}

struct inside *inside_ref(const struct inside *inside)
{
  refs_get(&inside->refs);
  return REF_MUTABLE(struct inside, inside);
}

static void clear_addresses(struct inside *inside)
{
  for (int i = 0; i < inside->address_count; i++) {
    g_free(inside->addresses[i].device);
    g_free(inside->addresses[i].mac);
    g_free(inside->addresses[i].address);
  }
  g_free(inside->addresses);
}

static void clear_file_systems(struct inside *inside)
{
  for (int i = 0; i < inside->file_system_count; i++) {
    g_free(inside->file_systems[i].mount);
    g_free(inside->file_systems[i].type);
    g_free(inside->file_systems[i].disks);
  }
  g_free(inside->file_systems);
}

void inside_unref(struct inside *inside)
{
  if (!inside || !refs_put(&inside->refs))
    return;
  clear_addresses(inside);
  clear_file_systems(inside);
  g_free(inside->no_addresses);
  g_free(inside->no_file_systems);
  g_free(inside);
}
