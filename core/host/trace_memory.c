/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory requests, as virtlens-trace tells of them. */
#include <string.h>

#include "core/host/trace_private.h"

G_STATIC_ASSERT((int)TRACED_MMAP == (int)MEMORY_MMAP && (int)TRACED_MUNMAP == (int)MEMORY_MUNMAP &&
                (int)TRACED_MREMAP == (int)MEMORY_MREMAP && (int)TRACED_BRK == (int)MEMORY_BRK &&
                (int)TRACED_MPROTECT == (int)MEMORY_MPROTECT);
G_STATIC_ASSERT(TRACED_NAME == MEMORY_NAME);

enum { PROCESSES, REQUESTS };
G_STATIC_ASSERT(REQUESTS < TRACE_PARTS);

static void memory_words(const union trace_wish *wish, const char **ret)
{
  ret[0] = "memory";
  ret[1] = wish->memory.protections ? "protections" : NULL;
}

static void order_memory(GByteArray *orders, const union trace_wish *any)
{
  const struct memory_wish *wish = &any->memory;

  if (wish->whose == MEMORY_ALL) {
    trace_order(orders, WIRE_ALL, 0, "");
  } else if (wish->whose == MEMORY_NAMED) {
    trace_order(orders, WIRE_NAMED, 0, wish->name);
  } else {
    trace_order(orders, WIRE_LISTED, 0, "");
    trace_order(orders, WIRE_PID, (uint32_t)wish->pid, "");
  }
  trace_order_every(orders, wish->seconds);
  /* The last: a turn ends with it, which tells that all is done. */
  trace_order(orders, WIRE_SENDING, wish->requests, "");
}

static void memory_gather(GArray *parts[TRACE_PARTS])
{
  parts[PROCESSES] = g_array_new(FALSE, FALSE, sizeof(struct memory_process));
  parts[REQUESTS] = g_array_new(FALSE, FALSE, sizeof(struct memory_request));
}

static void take_requests(GArray *ret, const struct traced_request *requests, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    const struct traced_request *from = &requests[i];
    struct memory_request to = {.mono_ns = (int64_t)from->mono_ns,
                                .address = from->address,
                                .length = from->length,
                                .result = from->result,
                                .change = from->change,
                                .pid = (int)from->pid,
                                .tid = (int)from->tid,
                                .protection = from->protection,
                                .call = (enum memory_call)MIN(from->call, MEMORY_CALLS - 1)};
    g_strlcpy(to.name, from->name, sizeof to.name);
    g_array_append_val(ret, to);
  }
}

static void take_sums(GArray *ret, const struct wire_sums *entries, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    const struct traced_sums *from = &entries[i].sums;
    struct memory_process to = {.pid = (int)entries[i].process.pid,
                                .sums = {.failed = from->failed,
                                         .mapped = from->mapped,
                                         .freed = from->freed,
                                         .sent = from->sent,
                                         .lost = from->lost}};
    memcpy(to.sums.calls, from->calls, sizeof to.sums.calls);
    g_strlcpy(to.name, entries[i].process.name, sizeof to.name);
    g_array_append_val(ret, to);
  }
}

static bool memory_take(GArray *parts[TRACE_PARTS], const struct wire_head *head, const void *body)
{
  if (head->kind == WIRE_REQUESTS)
    take_requests(parts[REQUESTS], body, wire_count(head));
  else if (head->kind == WIRE_SUMS)
    take_sums(parts[PROCESSES], body, wire_count(head));
  else
    return false;
  return true;
}

static void memory_deliver(const struct trace_receiver *receiver, GArray *parts[TRACE_PARTS],
                           const struct trace_moment *moment)
{
  struct memory_turn *turn = memory_turn_new(parts[PROCESSES], parts[REQUESTS]);

  turn->wall_ns = moment->wall_ns;
  turn->mono_ns = moment->mono_ns;
  turn->seconds = moment->seconds;
  turn->sending = moment->sending;
  turn->ended = moment->ended;
  turn->problem = moment->problem;
  receiver->deliver.memory(receiver->context, turn);
}

static const struct trace_class memory_class = {.words = memory_words,
                                                .order = order_memory,
                                                .gather = memory_gather,
                                                .take = memory_take,
                                                .deliver = memory_deliver};

struct trace *trace_memory(const struct memory_wish *wish, trace_deliver_memory *deliver, void *context,
                           GError **err)
{
  const union trace_wish any = {.memory = *wish};
  const struct trace_receiver receiver = {.deliver = {.memory = deliver}, .context = context};

  return trace_start(&memory_class, &any, &receiver, err);
}

void trace_memory_wish(struct trace *trace, const struct memory_wish *wish)
{
  const union trace_wish any = {.memory = *wish};

  trace_wish_anew(trace, &any);
}
