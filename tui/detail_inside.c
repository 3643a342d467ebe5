/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a guest is inside, among its details: addresses and file systems. */
#include "core/base/units.h"
#include "tui/detail_rows.h"

#define INDENT 2
#define TEXT 8 /* columns before the text of a row */

/* Caller frees. */
static char *row_text(const char *label, const char *text)
{
  return g_strdup_printf("%-*s%s", TEXT, label, text);
}

static void add(const struct detail_page *page, enum role role, const char *label, const char *text)
{
  g_autofree char *line = row_text(label, text);
  detail_add_text(page, role, INDENT, TEXT, line);
}

static void add_refusal(const struct detail_page *page, const char *label, const char *why)
{
  g_autofree char *text = g_strconcat("n/a  ", why, NULL);
  add(page, ROLE_DIM, label, text);
}

/* ---- addresses ---- */

static bool is_of_nic(const struct inside_address *address, const struct nic_info *nic)
{
  return address->mac && nic->mac && g_ascii_strcasecmp(address->mac, nic->mac) == 0;
}

static bool is_of_some_nic(const struct inside_address *address, const struct guest_info *info)
{
  for (int i = 0; i < info->nic_count; i++)
    if (is_of_nic(address, &info->nics[i]))
      return true;
  return false;
}

static void add_address(const struct detail_page *page, const struct inside_address *row)
{
  static const char *const tellers[TELLERS] = {"", "  by its DHCP lease", "  by its host's ARP table"};
  g_autofree char *text =
      g_strdup_printf("%s  %s%s", row->address ? row->address : "-", row->device ? row->device : "",
                      tellers[page->guest->info->inside->teller]);
  add(page, ROLE_TEXT, "address", text);
}

void detail_add_nic_inside(const struct detail_page *page, int nic)
{
  const struct inside *inside = page->guest->info->inside;
  for (int i = 0; inside && i < inside->address_count; i++)
    if (is_of_nic(&inside->addresses[i], &page->guest->info->nics[nic]))
      add_address(page, &inside->addresses[i]);
}

static void add_other_addresses(const struct detail_page *page, const struct inside *inside)
{
  for (int i = 0; i < inside->address_count; i++)
    if (!is_of_some_nic(&inside->addresses[i], page->guest->info))
      add_address(page, &inside->addresses[i]);
  if (inside->no_addresses)
    add_refusal(page, "address", inside->no_addresses);
}

/* ---- file systems ---- */

/* "/var  ext4 on vda, 1.2G of 8.0G" */
static void add_file_system(const struct detail_page *page, const struct inside_file_system *row)
{
  g_autoptr(GString) text = g_string_new(row->mount);
  g_string_append_printf(text, "  %s%s%s", row->type ? row->type : "", row->disks ? " on " : "",
                         row->disks ? row->disks : "");
  if (row->sized) {
    units_buf used, total;
    g_string_append_printf(text, ", %s of %s", units_bytes(used, (double)row->used_bytes),
                           units_bytes(total, (double)row->total_bytes));
  }
  add(page, ROLE_TEXT, "mounted", text->str);
}

static void add_file_systems(const struct detail_page *page, const struct inside *inside)
{
  for (int i = 0; i < inside->file_system_count; i++)
    add_file_system(page, &inside->file_systems[i]);
  if (inside->no_file_systems)
    add_refusal(page, "mounted", inside->no_file_systems);
}

/* ---- all of it ---- */

static void add_told(const struct detail_page *page, const struct inside *inside)
{
  if (inside->no_addresses && g_strcmp0(inside->no_addresses, inside->no_file_systems) == 0) {
    add_refusal(page, "agent", inside->no_addresses);
    return;
  }
  add_other_addresses(page, inside);
  add_file_systems(page, inside);
}

void detail_add_inside(const struct detail_page *page)
{
  const struct inside *inside = page->guest->info->inside;
  struct replay_state replay;
  engine_replay_state(app_engine(page->app), &replay);
  if (!guest_state_active(page->guest->state) || (replay.active && !inside))
    return; /* what was not asked then is not asked any more */
  detail_add_title(page, "inside");
  if (inside)
    add_told(page, inside);
  else
    add(page, ROLE_DIM, "agent", "-  it is being asked");
}
