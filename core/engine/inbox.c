/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/engine/inbox.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/base/error.h"

struct inbox {
  GAsyncQueue *queue;
  int fd;
};

struct inbox *inbox_new(GError **err)
{
  struct inbox *inbox = g_new0(struct inbox, 1);
  inbox->queue = g_async_queue_new_full((GDestroyNotify)message_free);
  inbox->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (inbox->fd >= 0)
    return inbox;
  error_set_errno(err, ERROR_RESOURCES, errno, NULL, "no descriptor to wake the program by");
  inbox_free(inbox);
  return NULL;
}

void inbox_free(struct inbox *inbox)
{
  if (!inbox)
    return;
  g_async_queue_unref(inbox->queue);
  if (inbox->fd >= 0)
    close(inbox->fd);
  g_free(inbox);
}

void inbox_push(struct inbox *inbox, enum message_kind kind, int conn, void *payload,
                GDestroyNotify free_payload)
{
  struct message *message = g_new(struct message, 1);
  *message = (struct message){kind, conn, payload, free_payload};
  g_async_queue_push(inbox->queue, message);
  const uint64_t one = 1;
  /* Fails only when the counter is at its end, and then the reader is awake anyway. */
  if (write(inbox->fd, &one, sizeof one) < 0)
    return;
}

struct message *inbox_pop(struct inbox *inbox)
{
  return g_async_queue_try_pop(inbox->queue);
}

void message_free(struct message *message)
{
  if (!message)
    return;
  if (message->payload && message->free_payload)
    message->free_payload(message->payload);
  g_free(message);
}

int inbox_fd(const struct inbox *inbox)
{
  return inbox->fd;
}

void inbox_clear_fd(struct inbox *inbox)
{
  uint64_t count;
  if (read(inbox->fd, &count, sizeof count) < 0)
    return;
}
