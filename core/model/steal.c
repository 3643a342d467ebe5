/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/steal.h"

#include <string.h>

#define CALM 0.75 /* of the threshold: below that it is over */

struct steal_watch {
  GHashTable *over; /* set of "CONNECTION UUID" of the guests that were told of */
};

struct steal_watch *steal_watch_new(void)
{
  struct steal_watch *watch = g_new0(struct steal_watch, 1);
  watch->over = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  return watch;
}

void steal_watch_free(struct steal_watch *watch)
{
  if (!watch)
    return;
  g_hash_table_unref(watch->over);
  g_free(watch);
}

static struct event *crossing(int conn, const struct guest *guest, bool up, double steal, double threshold)
{
  g_autofree char *text =
      up ? g_strdup_printf("%.1f %% of its vCPUs' time is stolen (steal-threshold: %g %%)", steal, threshold)
         : g_strdup_printf("steal is down to %.1f %%", steal);
  return event_new(up ? EVENT_WARNING : EVENT_GUEST, conn, guest->info->uuid, guest->info->name, text);
}

/* A guest that does not run, or of which nothing is known, is stolen nothing. */
static void take_guest(struct steal_watch *watch, int conn, const struct guest *guest, double threshold,
                       GPtrArray *events)
{
  g_autofree char *key = g_strdup_printf("%d %s", conn, guest->info->uuid);
  const bool was_over = g_hash_table_contains(watch->over, key);
  double steal = 0;
  const bool known = readings_get(&guest->r, GUEST_STEAL, &steal);
  if (was_over == (steal >= threshold) || (was_over && known && steal >= CALM * threshold))
    return;
  if (known)
    g_ptr_array_add(events, crossing(conn, guest, !was_over, steal, threshold));
  if (was_over)
    g_hash_table_remove(watch->over, key);
  else
    g_hash_table_add(watch->over, g_steal_pointer(&key));
}

/* Of a guest that is gone nobody wants to hear that it is well again. */
static gboolean is_gone(gpointer key, G_GNUC_UNUSED gpointer value, gpointer context)
{
  const struct scan *scan = context;
  char *uuid;
  const int conn = (int)g_ascii_strtoll(key, &uuid, 10);
  return !scan_find_uuid(scan, conn, uuid + 1, NULL);
}

GPtrArray *steal_watch_take(struct steal_watch *watch, const struct scan *scan, double threshold)
{
  GPtrArray *events = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
  g_hash_table_foreach_remove(watch->over, is_gone, (gpointer)(uintptr_t)scan);
  for (int c = 0; c < scan->conn_count; c++)
    for (int i = 0; scan->conns[c] && i < scan->conns[c]->guest_count; i++)
      take_guest(watch, c, scan->conns[c]->guests[i], threshold, events);
  return events;
}
