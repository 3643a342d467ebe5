/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/watch/events.h"

#define DETAILS_MAX 10

/* virsh's own words lower-cased, with its details in brackets; "" where the plain word says it all. */
static const struct {
  const char *word;
  const char *details[DETAILS_MAX];
} lifecycle_table[] = {
    [VIR_DOMAIN_EVENT_DEFINED] = {"defined", {"", "updated", "renamed", "from snapshot"}},
    [VIR_DOMAIN_EVENT_UNDEFINED] = {"undefined", {"", "renamed"}},
    [VIR_DOMAIN_EVENT_STARTED] = {"started", {"", "migrated", "restored", "from snapshot", "event wakeup"}},
    [VIR_DOMAIN_EVENT_SUSPENDED] = {"paused",
                                    {"", "migrated", "ioerror", "watchdog", "restored", "from snapshot",
                                     "API error", "postcopy", "postcopy failed"}},
    [VIR_DOMAIN_EVENT_RESUMED] = {"resumed",
                                  {"", "migrated", "from snapshot", "postcopy", "postcopy failed"}},
    [VIR_DOMAIN_EVENT_STOPPED] = {"shut off",
                                  {"", "destroyed", "crashed", "migrated", "saved", "failed", "from snapshot",
                                   "daemon"}},
    [VIR_DOMAIN_EVENT_SHUTDOWN] = {"shutting down", {"", "guest request", "host request"}},
    [VIR_DOMAIN_EVENT_PMSUSPENDED] = {"suspended", {"memory", "disk"}},
    [VIR_DOMAIN_EVENT_CRASHED] = {"crashed", {"panicked", "crashloaded"}},
};

char *lifecycle_text(int event, int detail)
{
  if (event < 0 || event >= (int)G_N_ELEMENTS(lifecycle_table))
    return g_strdup_printf("changed (event %d, detail %d)", event, detail);
  const char *word = lifecycle_table[event].word;
  const char *more = detail >= 0 && detail < DETAILS_MAX ? lifecycle_table[event].details[detail] : NULL;
  if (!more)
    return g_strdup_printf("%s (%d)", word, detail);
  return *more ? g_strdup_printf("%s (%s)", word, more) : g_strdup(word);
}

static void tell(struct watch *watch, virDomainPtr dom, enum event_kind kind, const char *text)
{
  char uuid[VIR_UUID_STRING_BUFLEN];
  if (virDomainGetUUIDString(dom, uuid) < 0)
    return;
  hub_tell(watch->hub, event_new(kind, watch->hub->conn, uuid, virDomainGetName(dom), text));
}

static void look_again(struct watch *watch, virDomainPtr dom)
{
  char uuid[VIR_UUID_STRING_BUFLEN];
  if (virDomainGetUUIDString(dom, uuid) == 0)
    watch_mark(watch, uuid);
}

static int on_lifecycle(virConnectPtr conn, virDomainPtr dom, int event, int detail, void *opaque)
{
  (void)conn;
  struct watch *watch = opaque;
  g_autofree char *text = lifecycle_text(event, detail);
  look_again(watch, dom);
  tell(watch, dom, EVENT_GUEST, text);
  return 0;
}

static void on_reboot(virConnectPtr conn, virDomainPtr dom, void *opaque)
{
  (void)conn;
  tell(opaque, dom, EVENT_GUEST, "rebooted");
}

static void on_io_error(virConnectPtr conn, virDomainPtr dom, const char *path, const char *alias, int action,
                        const char *reason, void *opaque)
{
  (void)conn;
  (void)action;
  const char *why = reason && *reason ? reason : "no reason given";
  g_autofree char *text = g_strdup_printf("I/O error on %s: %s", path && *path ? path : alias, why);
  tell(opaque, dom, EVENT_WARNING, text);
}

static void on_watchdog(virConnectPtr conn, virDomainPtr dom, int action, void *opaque)
{
  (void)conn;
  (void)action;
  tell(opaque, dom, EVENT_WARNING, "watchdog fired");
}

static void on_device(virConnectPtr conn, virDomainPtr dom, const char *alias, void *opaque)
{
  (void)conn;
  (void)alias;
  look_again(opaque, dom);
}

static void on_metadata(virConnectPtr conn, virDomainPtr dom, int type, const char *nsuri, void *opaque)
{
  (void)conn;
  (void)type;
  (void)nsuri;
  look_again(opaque, dom);
}

static void on_disk(virConnectPtr conn, virDomainPtr dom, const char *from, const char *to, const char *alias,
                    int reason, void *opaque)
{
  (void)conn;
  (void)from;
  (void)to;
  (void)alias;
  (void)reason;
  look_again(opaque, dom);
}

static const struct {
  int id;
  virConnectDomainEventGenericCallback callback;
} watch_table[] = {
    {VIR_DOMAIN_EVENT_ID_LIFECYCLE, VIR_DOMAIN_EVENT_CALLBACK(on_lifecycle)},
    {VIR_DOMAIN_EVENT_ID_REBOOT, VIR_DOMAIN_EVENT_CALLBACK(on_reboot)},
    {VIR_DOMAIN_EVENT_ID_IO_ERROR_REASON, VIR_DOMAIN_EVENT_CALLBACK(on_io_error)},
    {VIR_DOMAIN_EVENT_ID_WATCHDOG, VIR_DOMAIN_EVENT_CALLBACK(on_watchdog)},
    {VIR_DOMAIN_EVENT_ID_DEVICE_ADDED, VIR_DOMAIN_EVENT_CALLBACK(on_device)},
    {VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED, VIR_DOMAIN_EVENT_CALLBACK(on_device)},
    {VIR_DOMAIN_EVENT_ID_METADATA_CHANGE, VIR_DOMAIN_EVENT_CALLBACK(on_metadata)},
    {VIR_DOMAIN_EVENT_ID_DISK_CHANGE, VIR_DOMAIN_EVENT_CALLBACK(on_disk)},
};
G_STATIC_ASSERT(G_N_ELEMENTS(watch_table) <= EVENTS_MAX);

static void on_close(virConnectPtr conn, int reason, void *opaque)
{
  static const char *const why[] = {"the connection broke", "the peer closed the connection",
                                    "the peer did not answer keepalive messages", "it was closed"};
  (void)conn;
  if (reason != VIR_CONNECT_CLOSE_REASON_CLIENT)
    watch_lose(opaque, reason >= 0 && reason < (int)G_N_ELEMENTS(why) ? why[reason] : why[0]);
}

static void unref_watch(void *watch)
{
  watch_unref(watch);
}

void events_watch(struct event_watch *ret, virConnectPtr conn, struct watch *watch)
{
  *ret = (struct event_watch){.watch = watch_ref(watch)};
  for (gsize i = 0; i < G_N_ELEMENTS(watch_table); i++) {
    int id = virConnectDomainEventRegisterAny(conn, NULL, watch_table[i].id, watch_table[i].callback,
                                              watch_ref(watch), unref_watch);
    if (id < 0)
      watch_unref(watch);
    else
      ret->ids[ret->count++] = id;
  }
  /* Drivers without a peer take a close callback and forget it, its free callback too: the reference
   * that it needs is that of RET. */
  ret->close_watched = virConnectRegisterCloseCallback(conn, on_close, watch, NULL) == 0;
}

void events_unwatch(struct event_watch *events, virConnectPtr conn)
{
  for (int i = 0; i < events->count; i++)
    virConnectDomainEventDeregisterAny(conn, events->ids[i]);
  if (events->close_watched)
    virConnectUnregisterCloseCallback(conn, on_close);
  watch_unref(events->watch);
  *events = (struct event_watch){0};
}
