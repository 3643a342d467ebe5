/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory requests: one trace at a time, as long as somebody wishes for it. */
#include "core/base/error.h"
#include "core/engine/engine_private.h"

/* Called by the trace's thread. */
static void deliver(void *context, struct memory_turn *turn)
{
  inbox_push(((struct engine *)context)->inbox, MESSAGE_MEMORY, -1, turn, (GDestroyNotify)memory_turn_unref);
}

static void tell(struct engine *engine, enum event_kind kind, const char *text)
{
  engine_log_event(engine, event_new(kind, -1, "", NULL, text));
}

static bool begin(struct engine *engine, GError **err)
{
  engine->trace = trace_memory(&engine->memory_wish, deliver, engine, err);
  engine->trace_stops = false;
  if (engine->trace)
    tell(engine, EVENT_SESSION, "tracing of memory requests began");
  return engine->trace != NULL;
}

/* The same processes, so that what was seen of them can be added to. */
static bool is_same_whose(const struct memory_wish *a, const struct memory_wish *b)
{
  return a->whose == b->whose && a->pid == b->pid && g_str_equal(a->name, b->name);
}

bool engine_memory_watch(struct engine *engine, const struct memory_wish *wish, GError **err)
{
  const struct memory_wish before = engine->memory_wish;

  if (engine->replay)
    return error_set(err, ERROR_REFUSED, NULL, "a recorded session is shown: nothing is traced");
  if (!engine->memory_wished || !is_same_whose(&before, wish))
    g_clear_pointer(&engine->memory, memory_log_free);
  engine->memory_wish = *wish;
  engine->memory_wish.requests = wish->requests || engine->feed;
  engine->memory_wished = true;
  if (!engine->trace)
    return begin(engine, err);
  if (before.protections != wish->protections)
    engine->trace_stops = true; /* another begins when this one has ended */
  if (engine->trace_stops)
    trace_stop(engine->trace);
  else
    trace_memory_wish(engine->trace, &engine->memory_wish);
  return true;
}

void engine_memory_stop(struct engine *engine)
{
  engine->memory_wished = false;
  engine->trace_stops = engine->trace != NULL;
  if (engine->trace)
    trace_stop(engine->trace);
}

struct memory_log *engine_memory(const struct engine *engine)
{
  return engine->memory;
}

void engine_add_turn(struct engine *engine, const struct memory_turn *turn)
{
  if (!engine->memory)
    engine->memory = memory_log_new();
  memory_log_add(engine->memory, turn);
}

/* The trace has ended: as was wished, or by itself; begin another where one is wished for. */
static void take_end(struct engine *engine, const struct memory_turn *turn)
{
  const bool again = engine->trace_stops && engine->memory_wished;
  g_autofree char *text = g_strdup_printf("tracing of memory requests ended%s%s", turn->problem ? ": " : "",
                                          turn->problem ? turn->problem : "");
  g_autoptr(GError) err = NULL;

  trace_free(g_steal_pointer(&engine->trace));
  tell(engine, turn->problem ? EVENT_WARNING : EVENT_SESSION, text);
  engine->memory_wished = again;
  if (again && !begin(engine, &err))
    engine_set_notice(engine, true, error_line(err));
}

unsigned engine_take_memory(struct engine *engine, struct message *message)
{
  const struct memory_turn *turn = message->payload;
  struct memory_turn *kept = NULL;
  const unsigned news = engine_feed(engine, turn);

  if (engine->recorder && !recorder_memory(engine->recorder, turn))
    turn = kept = memory_turn_thin(turn); /* what is shown is what is recorded */
  engine_add_turn(engine, turn);
  if (turn->ended)
    take_end(engine, turn);
  else if (engine->trace)
    trace_took(engine->trace);
  memory_turn_unref(kept);
  return news | NEWS_MEMORY | (turn->ended ? NEWS_EVENT | NEWS_NOTICE : 0);
}
