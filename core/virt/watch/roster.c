/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/watch/roster.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/virt/watch/domain_xml.h"
#include "core/virt/watch/stats.h"

/* libvirt's states are ours, number for number. */
G_STATIC_ASSERT((int)GUEST_NOSTATE == VIR_DOMAIN_NOSTATE && (int)GUEST_RUNNING == VIR_DOMAIN_RUNNING);
G_STATIC_ASSERT((int)GUEST_BLOCKED == VIR_DOMAIN_BLOCKED && (int)GUEST_PAUSED == VIR_DOMAIN_PAUSED);
G_STATIC_ASSERT((int)GUEST_SHUTDOWN == VIR_DOMAIN_SHUTDOWN && (int)GUEST_SHUTOFF == VIR_DOMAIN_SHUTOFF);
G_STATIC_ASSERT((int)GUEST_CRASHED == VIR_DOMAIN_CRASHED && (int)GUEST_PMSUSPENDED == VIR_DOMAIN_PMSUSPENDED);

static void drop_dom(struct member *member)
{
  if (member->dom)
    virDomainFree(member->dom);
  member->dom = NULL;
}

static void member_free(void *p)
{
  struct member *member = p;
  drop_dom(member);
  threads_free(member->threads);
  if (member->now)
    guest_free(member->now);
  guest_info_unref(member->info);
  inside_unref(member->inside);
  g_free(member);
}

struct roster *roster_new(void)
{
  struct roster *roster = g_new0(struct roster, 1);
  roster->members = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, member_free);
  thread_files_init(&roster->files);
  return roster;
}

void roster_free(struct roster *roster)
{
  g_hash_table_unref(roster->members);
  g_free(roster);
}

struct member *roster_find(struct roster *roster, const char *uuid)
{
  return g_hash_table_lookup(roster->members, uuid);
}

void roster_begin(struct roster *roster)
{
  roster->look++;
}

static struct member *member_new(struct roster *roster, const char *uuid, const char *name)
{
  struct member *member = g_new0(struct member, 1);
  g_strlcpy(member->uuid, uuid, sizeof member->uuid);
  member->info = guest_info_new(name, uuid);
  member->info_old = true;
  g_hash_table_insert(roster->members, member->uuid, member);
  return member;
}

/* The handle is kept for its definition; libvirt's id is part of it, so it is taken anew each time. */
static void take_dom(struct member *member, virDomainPtr dom)
{
  if (member->dom == dom)
    return;
  drop_dom(member);
  if (virDomainRef(dom) == 0)
    member->dom = dom;
}

static void set_info(struct member *member, struct guest_info *info)
{
  guest_info_unref(member->info);
  member->info = info;
}

static void forget_run(struct member *member)
{
  g_clear_pointer(&member->inside, inside_unref);
  g_clear_pointer(&member->threads, threads_free);
  member->seek_after = member->seek_gap = 0;
  member->cpu_ns = member->asked_cpu_ns = -1;
  member->info_old = true;
  stats_clear(member->now);
}

/* Another id is another run: libvirt counts them up. */
static void begin_run_if_new(struct member *member, int id)
{
  struct guest *now = member->now;
  bool running = id >= 0;
  if (running && now->id != id) {
    member->run++;
    member->run_began_ns = clock_mono_ns();
    forget_run(member);
  } else if (!running && now->id >= 0) {
    forget_run(member);
  }
  now->id = id;
  now->run = member->run;
}

struct member *roster_seen(struct roster *roster, virDomainPtr dom, enum guest_state state)
{
  char uuid[VIR_UUID_STRING_BUFLEN];
  const char *name = virDomainGetName(dom);
  if (!name || virDomainGetUUIDString(dom, uuid) < 0)
    return NULL;
  struct member *member = roster_find(roster, uuid);
  if (!member)
    member = member_new(roster, uuid, name);
  if (strcmp(member->info->name, name) != 0) {
    set_info(member, guest_info_new(name, uuid));
    member->info_old = true;
  }
  take_dom(member, dom);
  member->seen = roster->look;
  if (!member->now)
    member->now = member->last ? guest_copy(member->last) : guest_new(member->info);
  unsigned id = virDomainGetID(dom);
  begin_run_if_new(member, id == (unsigned)-1 ? -1 : (int)id);
  member->now->state = state;
  return member;
}

static gboolean not_seen(gpointer key, gpointer value, gpointer context)
{
  (void)key;
  const struct member *member = value;
  const struct roster *roster = context;
  return member->seen != roster->look;
}

void roster_end(struct roster *roster)
{
  g_hash_table_foreach_remove(roster->members, not_seen, roster);
}

void roster_told(struct roster *roster, const char *uuid, int id, const struct inside *inside)
{
  struct member *member = roster_find(roster, uuid);
  if (!member || !member->last || member->last->id != id)
    return;
  inside_unref(member->inside);
  member->inside = inside_ref(inside);
  member->info_old = true;
}

/* ---- definitions ---- */

static void read_info(struct member *member)
{
  member->info_old = false;
  char *xml = member->dom ? virDomainGetXMLDesc(member->dom, 0) : NULL;
  if (!xml)
    return; /* gone meanwhile: the next look tells */
  g_autoptr(GError) error = NULL;
  struct guest_info *info = domain_xml_read(xml, member->info->name, member->uuid, &error);
  free(xml);
  if (!info) {
    g_message("%s", error->message);
    return;
  }
  int persistent = virDomainIsPersistent(member->dom);
  info->persistent = persistent == 1;
  info->transient_run = persistent == 0;
  int autostart = 0; /* drivers without it leave it so */
  info->saved = virDomainHasManagedSaveImage(member->dom, 0) == 1;
  info->autostart = virDomainGetAutostart(member->dom, &autostart) == 0 && autostart;
  info->inside = member->inside ? inside_ref(member->inside) : NULL;
  member->info_read = true;
  set_info(member, info);
}

/* What changed without an event is found within as many ticks as there are guests. */
static void read_one_in_turn(struct roster *roster)
{
  GHashTableIter iter;
  gpointer value;
  guint n = g_hash_table_size(roster->members), i = 0;
  if (n == 0)
    return;
  roster->turn = (roster->turn + 1) % n;
  g_hash_table_iter_init(&iter, roster->members);
  while (g_hash_table_iter_next(&iter, NULL, &value))
    if (i++ == roster->turn) {
      read_info(value);
      return;
    }
}

bool roster_read_infos(struct roster *roster, double seconds)
{
  GHashTableIter iter;
  gpointer value;
  bool read = false;
  int64_t end_ns = clock_mono_ns() + (int64_t)(seconds * (double)NS_PER_S);
  g_hash_table_iter_init(&iter, roster->members);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    struct member *member = value;
    if (!member->info_old)
      continue;
    if (read && clock_mono_ns() > end_ns)
      return true;
    read_info(member);
    read = true;
  }
  if (!read)
    read_one_in_turn(roster);
  return false;
}

/* ---- publishing ---- */

static void bind_info(struct guest *guest, const struct guest_info *info)
{
  if (guest->info == info)
    return;
  guest_info_unref(guest->info);
  guest->info = guest_info_ref(info);
}

void roster_publish(struct roster *roster, struct conn_scan *scan)
{
  GPtrArray *guests = g_ptr_array_new();
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init(&iter, roster->members);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    struct member *member = value;
    struct guest *now = member->now ? member->now : guest_copy(member->last);
    bind_info(now, member->info);
    now->stuck_since_ns = member->stuck ? member->held_since_ns : 0;
    guest_derive(now, member->last && member->last->run == now->run ? member->last : NULL);
    g_ptr_array_add(guests, now);
    member->last = now;
    member->now = NULL;
  }
  conn_scan_take_guests(scan, guests);
}

void roster_forget_conn(struct roster *roster)
{
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init(&iter, roster->members);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    struct member *member = value;
    drop_dom(member);
    member->info_old = true;
  }
}
