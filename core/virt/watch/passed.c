/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/watch/passed.h"

#include "core/base/clock.h"
#include "core/virt/watch/vf_counters.h"

static bool is_passed(const struct nic_info *nic)
{
  return nic->target && nic->backend && nic->backend->path == PATH_DIRECT;
}

static bool read_nic(const struct nic_info *nic, struct vf_counters *ret)
{
  int number;
  g_autofree char *interface = vf_find("/sys", nic->target, &number);
  return interface && vf_read(interface, number, ret);
}

/* Its row, which libvirt's figures of the same look do not have. */
static struct readings *row_for(struct guest *guest, const char *target)
{
  for (int i = 0; i < guest->nic_count; i++)
    if (g_strcmp0(guest->nics[i].target, target) == 0)
      return &guest->nics[i].r;
  guest_resize_nics(guest, guest->nic_count + 1);
  guest->nics[guest->nic_count - 1].target = g_strdup(target);
  return &guest->nics[guest->nic_count - 1].r;
}

static void take(struct guest *guest, const char *target, const struct vf_counters *counters)
{
  struct readings *r = row_for(guest, target);
  r->present = 0;
  readings_set(r, NIC_RX_BYTES, (double)counters->rx_bytes);
  readings_set(r, NIC_TX_BYTES, (double)counters->tx_bytes);
  readings_set(r, NIC_RX_PACKETS, (double)counters->rx_packets);
  readings_set(r, NIC_TX_PACKETS, (double)counters->tx_packets);
  if (counters->has_drops)
    readings_set(r, NIC_DROPS_TOTAL, (double)counters->drops);
}

static void look_at(struct guest *guest, const struct guest_info *info)
{
  struct vf_counters counters;
  for (int i = 0; i < info->nic_count; i++) {
    const struct nic_info *nic = &info->nics[i];
    if (!is_passed(nic) || !read_nic(nic, &counters))
      continue;
    take(guest, nic->target, &counters);
    guest->at_ns[GROUP_INTERFACE] = clock_mono_ns();
  }
}

void passed_look(struct roster *roster)
{
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init(&iter, roster->members);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    const struct member *member = value;
    if (member->now && guest_state_active(member->now->state))
      look_at(member->now, member->info);
  }
}
