/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/event.h"

#include <glib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"

static const char *const kind_names[EVENT_KINDS] = {
    [EVENT_SESSION] = "session", [EVENT_CONNECTION] = "connection", [EVENT_GUEST] = "guest",
    [EVENT_JOB] = "job",         [EVENT_WARNING] = "warning",
};

const char *event_kind_name(enum event_kind kind)
{
  return kind_names[kind];
}

int event_kind_find(const char *name)
{
  for (int i = 0; i < EVENT_KINDS; i++)
    if (!strcmp(kind_names[i], name))
      return i;
  return -1;
}

struct event *event_new(enum event_kind kind, int conn, const char *uuid, const char *guest, const char *text)
{
  struct event *event = g_new0(struct event, 1);
  event->wall_ns = clock_wall_ns();
  event->kind = kind;
  event->conn = conn;
  g_strlcpy(event->uuid, uuid ? uuid : "", sizeof event->uuid);
  event->guest = g_strdup(guest);
  event->text = g_strdup(text ? text : "");
  return event;
}

struct event *event_copy(const struct event *event)
{
  struct event *copy = g_new(struct event, 1);
  *copy = *event;
  copy->guest = g_strdup(event->guest);
  copy->text = g_strdup(event->text);
  return copy;
}

void event_free(struct event *event)
{
  if (!event)
    return;
  g_free(event->guest);
  g_free(event->text);
  g_free(event);
}

char *event_sentence(const struct event *event)
{
  g_autofree char *text = text_safe(event->text);
  if (!event->guest)
    return g_steal_pointer(&text);
  g_autofree char *guest = text_safe(event->guest);
  return g_strdup_printf("%s: %s", guest, text);
}
