/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What threads leave for the main thread. */
#include "tests/unit/test.h"

#include <poll.h>
#include <stdatomic.h>
#include <sys/resource.h>

#include "core/base/error.h"
#include "core/engine/inbox.h"

static bool readable(const struct inbox *inbox, int wait_ms)
{
  struct pollfd fd = {inbox_fd(inbox), POLLIN, 0};
  return poll(&fd, 1, wait_ms) > 0;
}

Test(inbox, order_and_ownership)
{
  struct inbox *inbox = inbox_new(NULL);
  cr_assert_null(inbox_pop(inbox));
  cr_assert_not(readable(inbox, 0));
  inbox_push(inbox, MESSAGE_NOTICE, 3, g_strdup("first"), g_free);
  inbox_push(inbox, MESSAGE_EVENT, -1, g_strdup("second"), g_free);
  cr_assert(readable(inbox, 0));
  inbox_clear_fd(inbox);
  cr_assert_not(readable(inbox, 0), "cleared once, however many came");
  struct message *message = inbox_pop(inbox);
  cr_assert(message && message->kind == MESSAGE_NOTICE && message->conn == 3);
  g_autofree char *taken = message->payload;
  message->payload = NULL;
  message_free(message);
  cr_assert_str_eq(taken, "first");
  message = inbox_pop(inbox);
  cr_assert(message && message->kind == MESSAGE_EVENT && message->conn == -1);
  message_free(message);
  cr_assert_null(inbox_pop(inbox));
  inbox_push(inbox, MESSAGE_NOTICE, 0, g_strdup("left behind"), g_free);
  inbox_clear_fd(inbox);
  inbox_clear_fd(inbox);
  inbox_free(inbox);
}

#define THREADS 4
#define EACH 500

struct sender {
  struct inbox *inbox;
  int number;
};

static gpointer send_many(gpointer data)
{
  const struct sender *sender = data;
  for (int i = 0; i < EACH; i++)
    inbox_push(sender->inbox, MESSAGE_CONN, sender->number, GINT_TO_POINTER(i + 1), NULL);
  return NULL;
}

Test(inbox, nothing_is_lost_between_threads_and_each_ones_order_is_kept)
{
  struct inbox *inbox = inbox_new(NULL);
  struct sender senders[THREADS];
  GThread *threads[THREADS];
  int last[THREADS] = {0}, got = 0;
  for (int i = 0; i < THREADS; i++) {
    senders[i] = (struct sender){inbox, i};
    threads[i] = g_thread_new("sender", send_many, &senders[i]);
  }
  while (got < THREADS * EACH) {
    cr_assert(readable(inbox, 60000), "the reader is woken: %d came", got);
    inbox_clear_fd(inbox); /* before popping: what comes meanwhile wakes again */
    for (struct message *m = inbox_pop(inbox); m; m = inbox_pop(inbox), got++) {
      cr_assert_eq(GPOINTER_TO_INT(m->payload), last[m->conn] + 1);
      last[m->conn]++;
      message_free(m);
    }
  }
  for (int i = 0; i < THREADS; i++)
    g_thread_join(threads[i]);
  inbox_free(inbox);
}

Test(inbox, without_a_descriptor_there_is_none)
{
  struct rlimit limit;
  g_autoptr(GError) err = NULL;
  getrlimit(RLIMIT_NOFILE, &limit);
  const struct rlimit none = {0, limit.rlim_max};
  setrlimit(RLIMIT_NOFILE, &none);
  struct inbox *inbox = inbox_new(&err);
  setrlimit(RLIMIT_NOFILE, &limit);
  cr_assert_null(inbox);
  cr_assert(g_error_matches(err, ERROR_DOMAIN, ERROR_RESOURCES));
}
