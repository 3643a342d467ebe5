/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What happened last. */
#include "core/base/units.h"
#include "tui/pane.h"

enum role event_role(const struct event *event)
{
  return event->kind == EVENT_WARNING ? ROLE_WARN : ROLE_TEXT;
}

void events_pane_draw(const struct app *app, struct canvas *canvas, struct rect rect)
{
  const GPtrArray *events = engine_events(app_engine(app));
  int shown = MIN((int)events->len, rect.h);
  for (int i = 0; i < shown; i++) {
    const struct event *event = g_ptr_array_index(events, events->len - (guint)shown + (guint)i);
    g_autofree char *time = units_time_of_day(event->wall_ns);
    g_autofree char *sentence = event_sentence(event);
    int x = canvas_put(canvas, rect.x + 1, rect.y + i, ROLE_DIM, time) + 1;
    canvas_put_fit(canvas, x, rect.y + i, rect.x + rect.w - 1 - x, event_role(event), sentence);
  }
  if (shown == 0)
    canvas_put(canvas, rect.x + 1, rect.y, ROLE_DIM, "nothing has happened yet");
}
