/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A connection's life, and what others may ask of it. */
#include "core/virt/virt.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/virt/conn/lab.h"
#include "core/virt/conn/uri.h"
#include "core/virt/reader.h"
#include "core/virt/state.h"

static void init_locks(struct virt *virt)
{
  pthread_condattr_t attr;
  pthread_condattr_init(&attr);
  pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
  pthread_cond_init(&virt->wake, &attr);
  pthread_condattr_destroy(&attr);
  pthread_mutex_init(&virt->lock, NULL);
  pthread_mutex_init(&virt->deliver, NULL);
  pthread_mutex_init(&virt->action_lock, NULL);
  pthread_mutex_init(&virt->open_lock, NULL);
}

static bool open_lab(struct virt *virt, GError **err)
{
  virt->lab = lab_open(virt->options.lab_root, err);
  if (!virt->lab)
    return false;
  virt->uri = g_strdup(lab_uri(virt->lab));
  virt->label = g_strdup("lab");
  return true;
}

static struct virt *make(const struct virt_options *options, const struct sink *sink, int conn)
{
  struct virt *virt = g_new0(struct virt, 1);
  atomic_init(&virt->refs, 1);
  init_locks(virt);
  virt->options = *options;
  virt->options.uri = virt->asked_uri = g_strdup(options->uri);
  virt->options.lab_root = virt->asked_root = g_strdup(options->lab_root);
  virt->sink = *sink;
  virt->conn = conn;
  virt->interval = options->interval_seconds;
  virt->attention = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  virt->processes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  virt->marked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  virt->results = g_ptr_array_new_with_free_func(reader_answer_free);
  virt->readers = g_ptr_array_new_with_free_func(reader_free);
  return virt;
}

struct virt *virt_new(const struct virt_options *options, const struct sink *sink, int conn, GError **err)
{
  struct virt *virt = make(options, sink, conn);
  if (options->lab && !open_lab(virt, err)) {
    virt_unref(virt);
    return NULL;
  }
  if (!options->lab) {
    virt->uri = uri_to_open(options->uri);
    virt->label = uri_label(options->uri);
  }
  if (!virt_thread(virt, "virt-scan", scanner_main, NULL)) {
    error_set(err, ERROR_RESOURCES, "End other programs and try again.", "cannot start a thread for %s",
              virt->label);
    virt_unref(virt);
    return NULL;
  }
  return virt;
}

struct virt *virt_ref(struct virt *virt)
{
  atomic_fetch_add(&virt->refs, 1);
  return virt;
}

static void destroy(struct virt *virt)
{
  if (virt->lab)
    lab_close(virt->lab);
  g_free(virt->asked_uri);
  g_free(virt->asked_root);
  g_free(virt->uri);
  g_free(virt->label);
  g_free(virt->lost_why);
  g_hash_table_unref(virt->attention);
  g_hash_table_unref(virt->marked);
  g_hash_table_unref(virt->processes);
  g_ptr_array_unref(virt->results);
  g_ptr_array_unref(virt->readers);
  pthread_mutex_destroy(&virt->lock);
  pthread_mutex_destroy(&virt->deliver);
  pthread_mutex_destroy(&virt->action_lock);
  pthread_mutex_destroy(&virt->open_lock);
  pthread_cond_destroy(&virt->wake);
  g_free(virt);
}

void virt_unref(struct virt *virt)
{
  if (atomic_fetch_sub(&virt->refs, 1) == 1)
    destroy(virt);
}

void virt_unref_opaque(void *virt)
{
  virt_unref(virt);
}

static void stop_delivery(struct virt *virt)
{
  pthread_mutex_lock(&virt->deliver);
  virt->silent = true;
  pthread_mutex_unlock(&virt->deliver);
}

void virt_free(struct virt *virt, double deadline_seconds)
{
  if (!virt)
    return;
  int64_t deadline_ns = clock_mono_ns() + (int64_t)(deadline_seconds * (double)NS_PER_S);
  stop_delivery(virt);
  virConnectPtr action = NULL;
  if (pthread_mutex_trylock(&virt->action_lock) == 0) {
    action = virt->action;
    virt->action = NULL;
    pthread_mutex_unlock(&virt->action_lock);
  }
  virt_close_later(virt, action);
  pthread_mutex_lock(&virt->lock);
  virt->stopping = true;
  pthread_cond_broadcast(&virt->wake);
  while (virt->threads > 0 && virt_wait(virt, deadline_ns))
    continue;
  int left = virt->threads;
  pthread_mutex_unlock(&virt->lock);
  if (left > 0)
    g_message("%s: %d threads are still in a call of libvirt and are left behind", virt->label, left);
  virt_unref(virt);
}

/* ---- how it is watched ---- */

static void wake_with(struct virt *virt, bool kick)
{
  virt->kicked |= kick;
  pthread_cond_broadcast(&virt->wake);
}

void virt_set_interval(struct virt *virt, double seconds)
{
  pthread_mutex_lock(&virt->lock);
  virt->interval = seconds;
  wake_with(virt, false);
  pthread_mutex_unlock(&virt->lock);
}

void virt_set_attention(struct virt *virt, const char *const *uuids)
{
  pthread_mutex_lock(&virt->lock);
  g_hash_table_remove_all(virt->attention);
  for (int i = 0; uuids && uuids[i]; i++)
    g_hash_table_add(virt->attention, g_strdup(uuids[i]));
  pthread_mutex_unlock(&virt->lock);
}

void virt_kick(struct virt *virt)
{
  pthread_mutex_lock(&virt->lock);
  wake_with(virt, true);
  pthread_mutex_unlock(&virt->lock);
}

void virt_mark(struct virt *virt, const char *uuid)
{
  pthread_mutex_lock(&virt->lock);
  g_hash_table_add(virt->marked, g_strdup(uuid));
  wake_with(virt, true);
  pthread_mutex_unlock(&virt->lock);
}

/* ---- delivery ---- */

void virt_publish(struct virt *virt, struct conn_scan *scan)
{
  pthread_mutex_lock(&virt->deliver);
  if (virt->silent)
    conn_scan_unref(scan);
  else
    virt->sink.conn(virt->sink.context, virt->conn, scan);
  pthread_mutex_unlock(&virt->deliver);
}

void virt_publish_host(struct virt *virt, struct host_scan *scan)
{
  pthread_mutex_lock(&virt->deliver);
  if (virt->silent)
    host_scan_unref(scan);
  else
    virt->sink.host(virt->sink.context, scan);
  pthread_mutex_unlock(&virt->deliver);
}

void virt_tell(struct virt *virt, struct event *event)
{
  event->conn = virt->conn;
  pthread_mutex_lock(&virt->deliver);
  if (virt->silent)
    event_free(event);
  else
    virt->sink.event(virt->sink.context, event);
  pthread_mutex_unlock(&virt->deliver);
}

void virt_say(struct virt *virt, enum event_kind kind, const char *text)
{
  virt_tell(virt, event_new(kind, virt->conn, "", NULL, text));
}

const struct virt_options *virt_options(const struct virt *virt)
{
  return &virt->options;
}

const char *virt_lab_root(const struct virt *virt)
{
  return virt->lab ? lab_root(virt->lab) : NULL;
}
