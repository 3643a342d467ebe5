/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the threads of a connection share: counted threads, delivery until the end, whose loss is told. */
#include <glib.h>
#include <stdatomic.h>

#include "core/virt/watch/watch.h"
#include "tests/unit/test.h"

static void count_event(void *context, struct event *event)
{
  ++*(int *)context;
  event_free(event);
}

static struct hub *a_hub(int *events)
{
  struct sink sink = {.context = events, .event = count_event};
  return hub_new("test:///default", NULL, false, &sink, 3);
}

Test(virt_hub, nothing_is_delivered_after_the_end)
{
  int events = 0;
  struct hub *hub = a_hub(&events);
  hub_say(hub, EVENT_CONNECTION, "before");
  cr_assert_eq(events, 1);
  cr_assert_eq(hub_stop(hub, 1), 0);
  hub_say(hub, EVENT_CONNECTION, "after");
  cr_assert_eq(events, 1);
  hub_unref(hub);
}

static void until_the_end(struct hub *hub, void *ended)
{
  pthread_mutex_lock(&hub->lock);
  while (!hub->stopping && hub_wait(hub, INT64_MAX))
    continue;
  pthread_mutex_unlock(&hub->lock);
  atomic_store((atomic_bool *)ended, true);
}

Test(virt_hub, the_end_waits_for_threads)
{
  int events = 0;
  atomic_bool ended[3] = {false, false, false};
  struct hub *hub = a_hub(&events);
  for (int i = 0; i < 3; i++)
    cr_assert(hub_thread(hub, "waits", until_the_end, &ended[i]));
  cr_assert_eq(hub_stop(hub, 60), 0);
  for (int i = 0; i < 3; i++)
    cr_assert(atomic_load(&ended[i]));
  hub_unref(hub);
}

struct stuck {
  pthread_mutex_t door;
  atomic_bool through;
};

static void is_stuck(struct hub *hub, void *arg)
{
  struct stuck *stuck = arg;
  (void)hub;
  pthread_mutex_lock(&stuck->door);
  pthread_mutex_unlock(&stuck->door);
  atomic_store(&stuck->through, true);
}

Test(virt_hub, a_thread_that_does_not_come_back_is_left_behind)
{
  int events = 0;
  struct stuck stuck = {.door = PTHREAD_MUTEX_INITIALIZER};
  struct hub *hub = a_hub(&events);
  pthread_mutex_lock(&stuck.door);
  cr_assert(hub_thread(hub, "stuck", is_stuck, &stuck));
  cr_assert_eq(hub_stop(hub, 0.05), 1);
  pthread_mutex_unlock(&stuck.door);
  cr_assert_eq(hub_stop(hub, 60), 0);
  cr_assert(atomic_load(&stuck.through));
  hub_unref(hub);
}

Test(virt_hub, the_loss_of_a_former_connection_is_not_that_of_the_present_one)
{
  int events = 0, worlds[2];
  virConnectPtr former = (virConnectPtr)(void *)&worlds[0], present = (virConnectPtr)(void *)&worlds[1];
  struct hub *hub = a_hub(&events);
  struct watch *watch = watch_new(hub, 1, 0.25, false);
  watch_set_conn(watch, former);
  watch_set_conn(watch, NULL);
  watch_set_conn(watch, present);
  watch_lose(watch, former, "too late");
  cr_assert(!watch->lost && !watch->kicked);
  watch_lose(watch, present, "the cable");
  cr_assert(watch->lost && watch->kicked);
  cr_assert_str_eq(watch->lost_why, "the cable");
  watch_set_conn(watch, former);
  cr_assert_not(watch->lost);
  watch_unref(watch);
  hub_unref(hub);
}

Test(virt_hub, a_guest_that_ends_is_no_lost_connection)
{
  cr_assert_eq(virt_error_code(VIR_ERR_SYSTEM_ERROR, "Cannot recv data: Connection reset by peer"),
               ERROR_LOST);
  cr_assert_eq(virt_error_code(VIR_ERR_SYSTEM_ERROR, "Unable to read from monitor: Connection reset by peer"),
               ERROR_GENERAL);
  cr_assert_eq(virt_error_code(VIR_ERR_SYSTEM_ERROR, "Unable to write to monitor: Broken pipe"),
               ERROR_GENERAL);
  cr_assert_eq(virt_error_code(VIR_ERR_INTERNAL_ERROR, "connection closed due to keepalive timeout"),
               ERROR_LOST);
  cr_assert_eq(virt_error_code(VIR_ERR_SYSTEM_ERROR, "Cannot write data: Broken pipe"), ERROR_LOST);
  cr_assert_eq(virt_error_code(VIR_ERR_RPC, "whatever"), ERROR_LOST);
}
