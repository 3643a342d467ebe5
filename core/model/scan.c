/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/scan.h"

#include <string.h>

#include "core/base/text.h"

const char *conn_state_name(enum conn_state state)
{
  static const char *const names[CONN_STATES] = {
      [CONN_OPENING] = "opening", [CONN_OPEN] = "open",     [CONN_LOST] = "lost",
      [CONN_FAILED] = "failed",   [CONN_CLOSED] = "closed",
  };
  return names[state];
}

struct conn_scan *conn_scan_new(const char *uri)
{
  struct conn_scan *scan = g_new0(struct conn_scan, 1);
  refs_init(&scan->refs);
  scan->uri = g_strdup(uri);
  scan->label = g_strdup(uri);
  scan->state = CONN_OPENING;
  return scan;
}

struct conn_scan *conn_scan_ref(const struct conn_scan *scan)
{
  refs_get(&scan->refs);
  return REF_MUTABLE(struct conn_scan, scan);
}

static void free_guests(struct conn_scan *scan)
{
  for (int i = 0; i < scan->guest_count; i++)
    guest_free(scan->guests[i]);
  g_free(scan->guests);
}

void conn_scan_unref(struct conn_scan *scan)
{
  if (!scan || !refs_put(&scan->refs))
    return;
  free_guests(scan);
  g_free(scan->uri);
  g_free(scan->label);
  g_free(scan->error);
  g_free(scan->progress);
  g_free(scan);
}

static gint by_name(gconstpointer a, gconstpointer b)
{
  const struct guest_info *x = (*(struct guest *const *)a)->info, *y = (*(struct guest *const *)b)->info;
  int order = strcmp(x->name, y->name);
  return order ? order : strcmp(x->uuid, y->uuid);
}

void conn_scan_take_guests(struct conn_scan *scan, GPtrArray *guests)
{
  free_guests(scan);
  g_ptr_array_sort(guests, by_name);
  scan->guest_count = (int)guests->len;
  g_ptr_array_set_free_func(guests, NULL);
  scan->guests = (struct guest **)g_ptr_array_free(guests, FALSE);
}

struct host_scan *host_scan_new(const char *hostname, int cores)
{
  struct host_scan *scan = g_new0(struct host_scan, 1);
  refs_init(&scan->refs);
  scan->hostname = g_strdup(hostname);
  scan->core_count = cores;
  scan->cores = g_new0(struct readings, cores);
  return scan;
}

struct host_scan *host_scan_ref(const struct host_scan *scan)
{
  refs_get(&scan->refs);
  return REF_MUTABLE(struct host_scan, scan);
}

void host_scan_unref(struct host_scan *scan)
{
  if (!scan || !refs_put(&scan->refs))
    return;
  g_free(scan->hostname);
  g_free(scan->source);
  g_free(scan->cores);
  g_free(scan);
}

struct scan *scan_new(int conns)
{
  struct scan *scan = g_new0(struct scan, 1);
  refs_init(&scan->refs);
  scan->conn_count = conns;
  scan->conns = g_new0(struct conn_scan *, conns);
  return scan;
}

struct scan *scan_ref(const struct scan *scan)
{
  refs_get(&scan->refs);
  return REF_MUTABLE(struct scan, scan);
}

void scan_unref(struct scan *scan)
{
  if (!scan || !refs_put(&scan->refs))
    return;
  host_scan_unref(scan->host);
  for (int i = 0; i < scan->conn_count; i++)
    conn_scan_unref(scan->conns[i]);
  g_free(scan->conns);
  g_free(scan);
}

/* The guests of connection CONN; RET_COUNT is 0 for one that is not there yet. */
static struct guest **guests_of(const struct scan *scan, int conn, int *ret_count)
{
  const struct conn_scan *c = scan->conns[conn];
  *ret_count = c ? c->guest_count : 0;
  return c ? c->guests : NULL;
}

const struct guest *scan_find_uuid(const struct scan *scan, int conn, const char *uuid, int *ret_conn)
{
  for (int c = 0; c < scan->conn_count; c++) {
    int count;
    struct guest **guests = guests_of(scan, c, &count);
    for (int i = 0; (conn < 0 || conn == c) && i < count; i++) {
      if (strcmp(guests[i]->info->uuid, uuid) != 0)
        continue;
      if (ret_conn)
        *ret_conn = c;
      return guests[i];
    }
  }
  return NULL;
}

static bool is_called(const struct guest *guest, const char *name)
{
  return strcmp(guest->info->name, name) == 0;
}

static bool is_shown_as(const struct guest *guest, const char *name)
{
  g_autofree char *safe = text_safe(guest->info->name);
  return strcmp(safe, name) == 0;
}

static const struct guest *find_by(const struct scan *scan,
                                   bool (*matches)(const struct guest *, const char *), const char *name,
                                   int *ret_conn, int *ret_matches)
{
  const struct guest *found = NULL;
  for (int c = 0; c < scan->conn_count; c++) {
    int count;
    struct guest **guests = guests_of(scan, c, &count);
    for (int i = 0; i < count; i++) {
      if (!matches(guests[i], name))
        continue;
      found = guests[i];
      *ret_conn = c;
      (*ret_matches)++;
    }
  }
  return found;
}

const struct guest *scan_find_name(const struct scan *scan, const char *name, int *ret_conn, int *ret_matches)
{
  int matches = 0, conn = -1;
  const struct guest *found = find_by(scan, is_called, name, &conn, &matches);
  if (!found)
    found = find_by(scan, is_shown_as, name, &conn, &matches);
  if (ret_conn && found)
    *ret_conn = conn;
  if (ret_matches)
    *ret_matches = matches;
  return matches == 1 ? found : NULL;
}

int scan_guest_count(const struct scan *scan, bool active_only)
{
  int n = 0;
  for (int c = 0; c < scan->conn_count; c++) {
    int count;
    struct guest **guests = guests_of(scan, c, &count);
    for (int i = 0; i < count; i++)
      n += !active_only || guest_state_active(guests[i]->state);
  }
  return n;
}
