/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/watch/watch.h"

#include "core/virt/watch/inside.h"

static void told_free(void *data)
{
  struct told *told = data;
  inside_unref(told->inside);
  g_free(told);
}

struct watch *watch_new(struct hub *hub, double interval, double budget, bool record_all)
{
  struct watch *watch = g_new0(struct watch, 1);
  refs_init(&watch->refs);
  watch->hub = hub_ref(hub);
  watch->interval = interval;
  watch->budget = budget;
  watch->record_all = record_all;
  watch->attention = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  watch->marked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  watch->told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, told_free);
  return watch;
}

struct watch *watch_ref(struct watch *watch)
{
  refs_get(&watch->refs);
  return watch;
}

void watch_unref(struct watch *watch)
{
  if (!refs_put(&watch->refs))
    return;
  g_free(watch->lost_why);
  g_hash_table_unref(watch->attention);
  g_hash_table_unref(watch->marked);
  g_hash_table_unref(watch->told);
  hub_unref(watch->hub);
  g_free(watch);
}

/* With the lock held. */
static void wake(struct watch *watch, bool kick)
{
  watch->kicked |= kick;
  pthread_cond_broadcast(&watch->hub->wake);
}

void watch_set_interval(struct watch *watch, double seconds)
{
  pthread_mutex_lock(&watch->hub->lock);
  watch->interval = seconds;
  wake(watch, false);
  pthread_mutex_unlock(&watch->hub->lock);
}

void watch_set_attention(struct watch *watch, const char *const *uuids)
{
  pthread_mutex_lock(&watch->hub->lock);
  g_hash_table_remove_all(watch->attention);
  for (int i = 0; uuids && uuids[i]; i++)
    g_hash_table_add(watch->attention, g_strdup(uuids[i]));
  pthread_mutex_unlock(&watch->hub->lock);
}

bool watch_wants(struct watch *watch, const char *uuid)
{
  pthread_mutex_lock(&watch->hub->lock);
  bool wanted = g_hash_table_contains(watch->attention, uuid);
  pthread_mutex_unlock(&watch->hub->lock);
  return wanted;
}

void watch_kick(struct watch *watch)
{
  pthread_mutex_lock(&watch->hub->lock);
  wake(watch, true);
  pthread_mutex_unlock(&watch->hub->lock);
}

void watch_mark(struct watch *watch, const char *uuid)
{
  pthread_mutex_lock(&watch->hub->lock);
  g_hash_table_add(watch->marked, g_strdup(uuid));
  wake(watch, true);
  pthread_mutex_unlock(&watch->hub->lock);
}

bool watch_look_inside(struct watch *watch, const char *uuid, GError **err)
{
  g_autoptr(virConnect) conn = hub_action_conn(watch->hub, err);
  g_autoptr(virDomain) domain = conn ? guest_of_uuid(conn, uuid, err) : NULL;
  const unsigned id = domain ? virDomainGetID(domain) : (unsigned)-1;
  if (!domain)
    return false;
  if (id == (unsigned)-1)
    return error_set(err, ERROR_REFUSED, NULL, "it does not run");
  struct told *told = g_new0(struct told, 1);
  *told = (struct told){inside_ask(domain), (int)id};
  pthread_mutex_lock(&watch->hub->lock);
  g_hash_table_insert(watch->told, g_strdup(uuid), told);
  wake(watch, true);
  pthread_mutex_unlock(&watch->hub->lock);
  return true;
}

void watch_set_conn(struct watch *watch, virConnectPtr conn)
{
  pthread_mutex_lock(&watch->hub->lock);
  watch->conn = conn;
  watch->lost = false;
  pthread_mutex_unlock(&watch->hub->lock);
}

void watch_lose(struct watch *watch, virConnectPtr conn, const char *why)
{
  pthread_mutex_lock(&watch->hub->lock);
  if (watch->conn == conn) {
    watch->lost = true;
    g_free(watch->lost_why);
    watch->lost_why = g_strdup(why);
    wake(watch, true);
  }
  pthread_mutex_unlock(&watch->hub->lock);
}
