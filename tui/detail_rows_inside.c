/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/detail_rows_private.h"

#include "core/base/text.h"
#include "core/base/units.h"

/* ---- which rows ---- */

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

void detail_rows_add_nic_inside(GArray *rows, const struct guest *guest, int nic)
{
  const struct inside *inside = guest->info->inside;
  for (int i = 0; inside && i < inside->address_count; i++)
    if (is_of_nic(&inside->addresses[i], &guest->info->nics[nic]))
      detail_rows_add(rows, DETAIL_ADDRESS, NULL, i);
}

static void add_addresses(GArray *rows, const struct guest_info *info, const struct inside *inside)
{
  for (int i = 0; i < inside->address_count; i++)
    if (!is_of_some_nic(&inside->addresses[i], info))
      detail_rows_add(rows, DETAIL_ADDRESS, NULL, i);
  if (inside->no_addresses)
    detail_rows_add(rows, DETAIL_NO_ADDRESS, inside->no_addresses, -1);
}

static void add_file_systems(GArray *rows, const struct inside *inside)
{
  for (int i = 0; i < inside->file_system_count; i++)
    detail_rows_add(rows, DETAIL_FILE_SYSTEM, NULL, i);
  if (inside->no_file_systems)
    detail_rows_add(rows, DETAIL_NO_FILE_SYSTEM, inside->no_file_systems, -1);
}

static void add_told(GArray *rows, const struct guest_info *info, const struct inside *inside)
{
  if (inside->no_addresses && g_strcmp0(inside->no_addresses, inside->no_file_systems) == 0) {
    detail_rows_add(rows, DETAIL_NO_AGENT, inside->no_addresses, -1);
    return;
  }
  add_addresses(rows, info, inside);
  add_file_systems(rows, inside);
}

void detail_rows_add_inside(GArray *rows, const struct app *app, const struct guest *guest)
{
  const struct inside *inside = guest->info->inside;
  struct replay_state replay;
  engine_replay_state(app_engine(app), &replay);
  if (!guest_state_active(guest->state) || (replay.active && !inside))
    return; /* what was not asked then is not asked any more */
  const guint before = rows->len;
  detail_rows_add_title(rows, "inside");
  const guint titled = rows->len;
  if (inside)
    add_told(rows, guest->info, inside);
  else
    detail_rows_add(rows, DETAIL_NOT_ASKED, NULL, -1);
  if (rows->len == titled) /* all that was told stands at its NICs */
    g_array_set_size(rows, before);
}

/* ---- drawing ---- */

static void draw(struct canvas *canvas, struct rect r, int label_w, const char *label, enum role role,
                 const char *text)
{
  const int x = canvas_put_fit(canvas, r.x, r.y, label_w, ROLE_LABEL, label);
  canvas_put_fit(canvas, x, r.y, r.x + r.w - x, role, text);
}

/* "10.0.2.15/24  eth0  by its DHCP lease"; caller frees. */
static char *address_text(const struct inside *inside, const struct inside_address *row)
{
  static const char *const tellers[TELLERS] = {"", "  by its DHCP lease", "  by its host's ARP table"};
  g_autofree char *address = text_safe(row->address), *device = text_safe(row->device);
  return g_strdup_printf("%s  %s%s", address, device, tellers[inside->teller]);
}

/* "/var  ext4 on vda, 1.2G of 8.0G"; caller frees. */
static char *file_system_text(const struct inside_file_system *row)
{
  g_autofree char *mount = text_safe(row->mount), *type = text_safe(row->type),
                  *disks = text_safe(row->disks);
  GString *text = g_string_new(mount);
  g_string_append_printf(text, "  %s%s%s", type, *disks ? " on " : "", disks);
  if (row->sized) {
    units_buf used, total;
    g_string_append_printf(text, ", %s of %s", units_bytes(used, (double)row->used_bytes),
                           units_bytes(total, (double)row->total_bytes));
  }
  return g_string_free(text, FALSE);
}

/* Caller frees. */
static char *refusal_text(const char *reason)
{
  g_autofree char *safe = text_safe(reason);
  return g_strconcat("n/a  ", safe, NULL);
}

/* What stands in ROW; caller frees. */
static char *row_text(const struct inside *inside, const struct detail_row *row)
{
  switch (row->kind) {
  case DETAIL_ADDRESS:
    return address_text(inside, &inside->addresses[row->index]);
  case DETAIL_FILE_SYSTEM:
    return file_system_text(&inside->file_systems[row->index]);
  case DETAIL_NOT_ASKED:
    return g_strdup("-  it is being asked");
  default:
    return refusal_text(row->text);
  }
}

void detail_rows_draw_inside(struct canvas *canvas, struct rect rect, int label, const struct guest *guest,
                             const struct detail_row *row)
{
  const bool mounted = row->kind == DETAIL_FILE_SYSTEM || row->kind == DETAIL_NO_FILE_SYSTEM,
             agent = row->kind == DETAIL_NO_AGENT || row->kind == DETAIL_NOT_ASKED;
  g_autofree char *text = row_text(guest->info->inside, row);
  draw(canvas, rect, label,
       mounted ? "  mounted"
       : agent ? "  agent"
               : "  address",
       row->index >= 0 ? ROLE_TEXT : ROLE_DIM, text);
}
