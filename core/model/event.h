/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Something that happened, with a time.  Whatever happened is an event in the journal. */
#ifndef MODEL_EVENT_H
#define MODEL_EVENT_H

#include <stdint.h>

enum event_kind { EVENT_SESSION, EVENT_CONNECTION, EVENT_GUEST, EVENT_JOB, EVENT_WARNING, EVENT_KINDS };
const char *event_kind_name(enum event_kind kind); /* "session", "connection" ... */
int event_kind_find(const char *name);             /* -1: none */

struct event {
  int64_t wall_ns;
  enum event_kind kind;
  int conn;      /* index; -1: none */
  char uuid[37]; /* "" : none */
  char *guest;   /* name, raw; NULL: none */
  char *text;    /* what happened, without the guest's name: "started", "shut off (destroyed)" */
};
struct event *event_new(enum event_kind kind, int conn, const char *uuid, const char *guest,
                        const char *text);
struct event *event_copy(const struct event *event);
void event_free(struct event *event);
/* "tour-ide: started", safe for the screen.  Caller frees. */
char *event_sentence(const struct event *event);

#endif
