/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where all threads leave what they have for the main thread. */
#ifndef ENGINE_INBOX_H
#define ENGINE_INBOX_H

#include <glib.h>

enum message_kind {
  MESSAGE_CONN,
  MESSAGE_HOST,
  MESSAGE_EVENT,
  MESSAGE_JOB,
  MESSAGE_ANSWER,
  MESSAGE_LOOKED, /* char *: UUID of the guest that was asked what it is inside */
  MESSAGE_SAVED,
  MESSAGE_RESULTS,
  MESSAGE_NOTICE, /* char *: what went well */
  MESSAGE_FAULT,  /* char *: what did not */
  MESSAGE_FRAME,
  MESSAGE_CONSOLE, /* no payload */
  MESSAGE_MEMORY,
  MESSAGE_SPANS
};

struct message {
  enum message_kind kind;
  int conn;
  void *payload;
  GDestroyNotify free_payload;
};

struct inbox;
/* ERROR_RESOURCES when there is no descriptor to be had. */
struct inbox *inbox_new(GError **err);
void inbox_free(struct inbox *inbox); /* with what is still in it */
/* Any thread; takes PAYLOAD. */
void inbox_push(struct inbox *inbox, enum message_kind kind, int conn, void *payload,
                GDestroyNotify free_payload);
/* Main thread: the next message, or NULL. */
struct message *inbox_pop(struct inbox *inbox);
/* Free MESSAGE, and its payload unless it was taken (set to NULL). */
void message_free(struct message *message);
int inbox_fd(const struct inbox *inbox); /* readable when something is there */
void inbox_clear_fd(struct inbox *inbox);

#endif
