/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory requests into a database, as far as the session has part in it. */
#include "core/base/path.h"
#include "core/engine/engine_private.h"

#define FINISH_SECONDS 5.0

bool engine_open_feed(struct engine *engine, const struct engine_options *options, GError **err)
{
  g_autofree char *state = path_state();

  if (!options->sink)
    return true;
  engine->feed = feed_start(options->sink, options->sink_password_file, state, err);
  return engine->feed != NULL;
}

/* What is new of DELIVERY, as events. */
static unsigned tell_news(struct engine *engine, const struct delivery *delivery)
{
  unsigned news = 0;
  bool wrong;
  char *text;

  while ((text = delivery_news(delivery, &engine->feed_told, &wrong))) {
    engine_log_event(engine, event_new(wrong ? EVENT_WARNING : EVENT_SESSION, -1, "", NULL, text));
    g_free(text);
    news = NEWS_EVENT;
  }
  return news;
}

unsigned engine_feed(struct engine *engine, const struct memory_turn *turn)
{
  struct delivery delivery;

  if (!engine->feed)
    return 0;
  feed_turn(engine->feed, turn);
  feed_state(engine->feed, &delivery);
  const unsigned news = tell_news(engine, &delivery);
  delivery_clear(&delivery);
  return news;
}

void engine_close_feed(struct engine *engine)
{
  struct delivery delivery;

  if (!engine->feed)
    return;
  feed_finish(g_steal_pointer(&engine->feed), FINISH_SECONDS, &delivery);
  tell_news(engine, &delivery);
  g_autofree char *counts = delivery_text(&delivery);
  g_autofree char *text = g_strdup_printf("memory requests for %s: %s", delivery.place, counts);
  engine_log_event(engine, event_new(delivery.lost ? EVENT_WARNING : EVENT_SESSION, -1, "", NULL, text));
  delivery_clear(&delivery);
}

bool engine_delivery(const struct engine *engine, struct delivery *ret)
{
  if (engine->feed)
    feed_state(engine->feed, ret);
  return engine->feed != NULL;
}
