/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/sink.h"

static void drop_conn(void *context, int conn, struct conn_scan *scan)
{
  (void)context;
  (void)conn;
  conn_scan_unref(scan);
}

static void drop_host(void *context, struct host_scan *scan)
{
  (void)context;
  host_scan_unref(scan);
}

static void drop_event(void *context, struct event *event)
{
  (void)context;
  event_free(event);
}

const struct sink sink_nobody = {.conn = drop_conn, .host = drop_host, .event = drop_event};
