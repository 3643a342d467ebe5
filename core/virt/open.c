/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening and closing libvirt connections, and the threads that wait for them. */
#include <signal.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/virt/conn/uri.h"
#include "core/virt/state.h"

/* A peer that is silent this long is given up: 5 s, three times. */
#define KEEPALIVE_SECONDS 5
#define KEEPALIVE_COUNT 3

/* ---- threads ---- */

struct start {
  struct virt *virt;
  char name[16];
  void (*fn)(struct virt *virt, void *arg);
  void *arg;
};

static void *run(void *context)
{
  struct start start = *(struct start *)context;
  g_free(context);
  pthread_setname_np(pthread_self(), start.name);
  start.fn(start.virt, start.arg);
  pthread_mutex_lock(&start.virt->lock);
  start.virt->threads--;
  pthread_cond_broadcast(&start.virt->wake);
  pthread_mutex_unlock(&start.virt->lock);
  virt_unref(start.virt);
  return NULL;
}

static void count_threads(struct virt *virt, int delta)
{
  pthread_mutex_lock(&virt->lock);
  virt->threads += delta;
  pthread_mutex_unlock(&virt->lock);
}

bool virt_thread(struct virt *virt, const char *name, void (*fn)(struct virt *virt, void *arg), void *arg)
{
  pthread_t thread;
  sigset_t all, old;
  struct start *start = g_new0(struct start, 1);
  *start = (struct start){.virt = virt_ref(virt), .fn = fn, .arg = arg};
  g_strlcpy(start->name, name, sizeof start->name);
  count_threads(virt, 1);
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &old); /* signals are for the main thread */
  int rc = pthread_create(&thread, NULL, run, start);
  pthread_sigmask(SIG_SETMASK, &old, NULL);
  if (rc == 0) {
    pthread_detach(thread);
    return true;
  }
  count_threads(virt, -1);
  virt_unref(virt);
  g_free(start);
  return false;
}

bool virt_wait(struct virt *virt, int64_t deadline_ns)
{
  struct timespec ts = {.tv_sec = deadline_ns / NS_PER_S, .tv_nsec = deadline_ns % NS_PER_S};
  return pthread_cond_timedwait(&virt->wake, &virt->lock, &ts) == 0;
}

bool virt_stopping(struct virt *virt)
{
  pthread_mutex_lock(&virt->lock);
  bool stopping = virt->stopping;
  pthread_mutex_unlock(&virt->lock);
  return stopping;
}

/* ---- opening ---- */

static virConnectPtr shared_conn(struct virt *virt)
{
  pthread_mutex_lock(&virt->lock);
  virConnectPtr conn = virt->shared;
  if (conn)
    virConnectRef(conn);
  pthread_mutex_unlock(&virt->lock);
  return conn;
}

virConnectPtr virt_open(struct virt *virt, GError **err)
{
  virConnectPtr conn = shared_conn(virt);
  if (conn)
    return conn;
  if (virt->lab)
    pthread_mutex_lock(&virt->open_lock);
  conn = virConnectOpenAuth(virt->uri, NULL, virt->options.readonly ? VIR_CONNECT_RO : 0);
  if (virt->lab)
    pthread_mutex_unlock(&virt->open_lock);
  if (!conn) {
    const char *advice = open_advice(virt->uri, virGetLastErrorMessage());
    virt_error(err, advice, "cannot open %s", virt->label);
    return NULL;
  }
  /* Drivers without a peer refuse it: nothing is lost there. */
  virConnectSetKeepAlive(conn, KEEPALIVE_SECONDS, KEEPALIVE_COUNT);
  return conn;
}

static void close_now(struct virt *virt, void *conn)
{
  (void)virt;
  virConnectClose(conn);
}

void virt_close_later(struct virt *virt, virConnectPtr conn)
{
  /* With no thread to be had the connection is kept: a leak is better than a hang. */
  if (conn)
    virt_thread(virt, "virt-close", close_now, conn);
}

virConnectPtr virt_action_conn(struct virt *virt, GError **err)
{
  pthread_mutex_lock(&virt->action_lock);
  if (virt->action && virConnectIsAlive(virt->action) == 0) {
    virt_close_later(virt, virt->action);
    virt->action = NULL;
  }
  if (!virt->action)
    virt->action = virt_open(virt, err);
  if (virt->action)
    virConnectRef(virt->action);
  virConnectPtr conn = virt->action;
  pthread_mutex_unlock(&virt->action_lock);
  return conn;
}
