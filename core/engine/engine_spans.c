/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long things take: one kind is traced at a time, as long as somebody wishes for it. */
#include "core/base/error.h"
#include "core/engine/engine_private.h"
#include "core/host/group.h"

/* ---- whose it is ---- */

static void add_cgroups(GHashTable *cgroups, const char *uuid, int pid)
{
  g_autoptr(GArray) ids = group_disk_ids("", pid);

  for (guint i = 0; i < ids->len; i++)
    g_hash_table_insert(cgroups, g_memdup2(&g_array_index(ids, uint64_t, i), sizeof(uint64_t)),
                        g_strdup(uuid));
}

/* The guests of this machine, found without asking anyone. */
static void owners_now(struct span_owners *ret)
{
  g_autoptr(GHashTable) processes = virt_processes();
  GHashTableIter iter;
  gpointer uuid, pid;

  ret->pids = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  ret->cgroups = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
  g_hash_table_iter_init(&iter, processes);
  while (g_hash_table_iter_next(&iter, &uuid, &pid)) {
    g_hash_table_insert(ret->pids, pid, g_strdup(uuid));
    add_cgroups(ret->cgroups, uuid, GPOINTER_TO_INT(pid));
  }
}

/* Called by the trace's thread. */
static void deliver(void *context, struct span_turn *turn)
{
  struct span_owners owners;

  owners_now(&owners);
  span_turn_attribute(turn, &owners);
  g_hash_table_unref(owners.pids);
  g_hash_table_unref(owners.cgroups);
  inbox_push(((struct engine *)context)->inbox, MESSAGE_SPANS, -1, turn, (GDestroyNotify)span_turn_unref);
}

/* ---- what is traced ---- */

static void tell(struct engine *engine, enum event_kind event, enum span_kind kind, const char *became,
                 const char *problem)
{
  g_autofree char *text = g_strdup_printf("tracing of %s %s%s%s", span_kind_text(kind), became,
                                          problem ? ": " : "", problem ? problem : "");
  engine_log_event(engine, event_new(event, -1, "", NULL, text));
}

static bool begin(struct engine *engine, GError **err)
{
  engine->spans.trace = trace_spans(&engine->spans.wish, deliver, engine, err);
  engine->spans.stops = false;
  if (engine->spans.trace)
    tell(engine, EVENT_SESSION, engine->spans.wish.kind, "began", NULL);
  return engine->spans.trace != NULL;
}

bool engine_spans_watch(struct engine *engine, enum span_kind kind, GError **err)
{
  if (engine->replay)
    return error_set(err, ERROR_REFUSED, NULL, "a recorded session is shown: nothing is traced");
  const bool same = engine->spans.wished && engine->spans.wish.kind == kind;
  if (same && engine->spans.trace)
    return true;
  g_clear_pointer(&engine->spans.log, span_log_free);
  engine->spans.wish = (struct span_wish){kind, engine->interval};
  engine->spans.wished = true;
  if (!engine->spans.trace)
    return begin(engine, err);
  engine->spans.stops = true; /* another begins when this one has ended */
  trace_stop(engine->spans.trace);
  return true;
}

void engine_spans_stop(struct engine *engine)
{
  engine->spans.wished = false;
  engine->spans.stops = engine->spans.trace != NULL;
  if (engine->spans.trace)
    trace_stop(engine->spans.trace);
}

const struct span_log *engine_spans(const struct engine *engine, enum span_kind kind)
{
  const struct span_log *log = engine->spans.log;

  return log && span_log_kind(log) == kind ? log : NULL;
}

void engine_add_spans(struct engine *engine, const struct span_turn *turn)
{
  if (engine->spans.log && span_log_kind(engine->spans.log) != turn->kind)
    g_clear_pointer(&engine->spans.log, span_log_free);
  if (!engine->spans.log)
    engine->spans.log = span_log_new(turn->kind);
  span_log_add(engine->spans.log, turn);
}

/* The trace has ended: as was wished, or by itself; begin another where one is wished for. */
static void take_end(struct engine *engine, const struct span_turn *turn)
{
  const bool again = engine->spans.stops && engine->spans.wished;
  g_autoptr(GError) err = NULL;

  trace_free(g_steal_pointer(&engine->spans.trace));
  tell(engine, turn->problem ? EVENT_WARNING : EVENT_SESSION, turn->kind, "ended", turn->problem);
  engine->spans.wished = again;
  if (again && !begin(engine, &err))
    engine_set_notice(engine, true, error_line(err));
}

unsigned engine_take_spans(struct engine *engine, struct message *message)
{
  const struct span_turn *turn = message->payload;

  if (engine->recorder)
    recorder_spans(engine->recorder, turn);
  engine_add_spans(engine, turn);
  if (turn->ended)
    take_end(engine, turn);
  else if (engine->spans.trace)
    trace_took(engine->spans.trace);
  return NEWS_SPANS | (turn->ended ? NEWS_EVENT | NEWS_NOTICE : 0);
}
