/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "core/base/error.h"
#include "core/virt/conn/hub.h"
#include "core/virt/conn/uri.h"

/* A peer that is silent this long is given up: 5 s, three times. */
#define KEEPALIVE_SECONDS 5
#define KEEPALIVE_COUNT 3

static virConnectPtr shared_conn(struct hub *hub)
{
  pthread_mutex_lock(&hub->lock);
  virConnectPtr conn = hub->shared;
  if (conn)
    virConnectRef(conn);
  pthread_mutex_unlock(&hub->lock);
  return conn;
}

virConnectPtr hub_open(struct hub *hub, GError **err)
{
  virConnectPtr conn = shared_conn(hub);
  if (conn)
    return conn;
  if (hub->lab)
    pthread_mutex_lock(&hub->open_lock);
  conn = virConnectOpenAuth(hub->uri, NULL, hub->readonly ? VIR_CONNECT_RO : 0);
  if (hub->lab)
    pthread_mutex_unlock(&hub->open_lock);
  if (!conn) {
    const char *advice = open_advice(hub->uri, virGetLastErrorMessage());
    virt_error(err, advice, "cannot open %s", hub->label);
    return NULL;
  }
  /* Drivers without a peer refuse it: nothing is lost there. */
  virConnectSetKeepAlive(conn, KEEPALIVE_SECONDS, KEEPALIVE_COUNT);
  return conn;
}

virConnectPtr hub_action_conn(struct hub *hub, GError **err)
{
  pthread_mutex_lock(&hub->action_lock);
  if (hub->action && virConnectIsAlive(hub->action) == 0) {
    hub_close_later(hub, hub->action);
    hub->action = NULL;
  }
  if (!hub->action)
    hub->action = hub_open(hub, err);
  if (hub->action)
    virConnectRef(hub->action);
  virConnectPtr conn = hub->action;
  pthread_mutex_unlock(&hub->action_lock);
  return conn;
}

void hub_share_if_world(struct hub *hub, virConnectPtr conn)
{
  /* The test driver's own file. */
  if (g_strcmp0(virConnectGetType(conn), "TEST") != 0 || virConnectRef(conn) < 0)
    return;
  pthread_mutex_lock(&hub->lock);
  hub->shared = conn;
  pthread_mutex_unlock(&hub->lock);
}

void hub_end_sharing(struct hub *hub)
{
  pthread_mutex_lock(&hub->lock);
  virConnectPtr shared = hub->shared;
  hub->shared = NULL;
  pthread_mutex_unlock(&hub->lock);
  hub_close_later(hub, shared);
}
