/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/memory.h"

#include <string.h>
#include <sys/mman.h>

static const char *const names[] = {[MEMORY_MMAP] = "mmap",
                                    [MEMORY_MUNMAP] = "munmap",
                                    [MEMORY_MREMAP] = "mremap",
                                    [MEMORY_BRK] = "brk",
                                    [MEMORY_MPROTECT] = "mprotect"};
G_STATIC_ASSERT(G_N_ELEMENTS(names) == MEMORY_CALLS);

#define ERRNO_MAX 4095 /* results from -4095 to -1 are errors */

const char *memory_call_name(enum memory_call call)
{
  return names[call];
}

int memory_call_find(const char *name)
{
  for (int i = 0; i < MEMORY_CALLS; i++)
    if (strcmp(names[i], name) == 0)
      return i;
  return -1;
}

uint64_t memory_sums_seen(const struct memory_sums *sums)
{
  uint64_t seen = 0;

  for (int i = 0; i < MEMORY_CALLS; i++)
    seen += sums->calls[i];
  return seen;
}

void memory_sums_add(struct memory_sums *to, const struct memory_sums *sums)
{
  for (int i = 0; i < MEMORY_CALLS; i++)
    to->calls[i] += sums->calls[i];
  to->failed += sums->failed;
  to->mapped += sums->mapped;
  to->freed += sums->freed;
  to->sent += sums->sent;
  to->lost += sums->lost;
}

bool memory_request_failed(const struct memory_request *request)
{
  if (request->call == MEMORY_BRK)
    return request->address != 0 && request->address != (uint64_t)request->result;
  return request->result < 0 && request->result >= -ERRNO_MAX;
}

char *memory_request_result(const struct memory_request *request)
{
  const bool error = request->result < 0 && request->result >= -ERRNO_MAX;
  const char *name = error ? strerrorname_np((int)-request->result) : NULL;

  if (name)
    return g_strdup(name);
  if (error)
    return g_strdup_printf("%" G_GINT64_FORMAT, request->result);
  return g_strdup_printf("%#" G_GINT64_MODIFIER "x", (uint64_t)request->result);
}

const char *memory_protection(memory_protection_buf buf, const struct memory_request *request)
{
  const uint32_t bits = request->protection;
  const bool has = request->call == MEMORY_MMAP || request->call == MEMORY_MPROTECT;

  g_snprintf(buf, sizeof(memory_protection_buf), "%c%c%c", bits & PROT_READ ? 'r' : '-',
             bits & PROT_WRITE ? 'w' : '-', bits & PROT_EXEC ? 'x' : '-');
  return has ? buf : "";
}

struct memory_turn *memory_turn_new(GArray *processes, GArray *requests)
{
  struct memory_turn *turn = g_new0(struct memory_turn, 1);

  refs_init(&turn->refs);
  turn->process_count = processes ? processes->len : 0;
  turn->processes = processes ? (struct memory_process *)(void *)g_array_free(processes, FALSE) : NULL;
  turn->request_count = requests ? requests->len : 0;
  turn->requests = requests ? (struct memory_request *)(void *)g_array_free(requests, FALSE) : NULL;
  for (guint i = 0; i < turn->process_count; i++)
    memory_sums_add(&turn->sums, &turn->processes[i].sums);
  return turn;
}

struct memory_turn *memory_turn_thin(const struct memory_turn *turn)
{
  GArray *processes = g_array_new(FALSE, FALSE, sizeof(struct memory_process));

  for (guint i = 0; i < turn->process_count; i++) {
    struct memory_process process = turn->processes[i];
    process.sums.lost += process.sums.sent;
    process.sums.sent = 0;
    g_array_append_val(processes, process);
  }
  struct memory_turn *thin = memory_turn_new(processes, NULL);
  thin->wall_ns = turn->wall_ns;
  thin->mono_ns = turn->mono_ns;
  thin->seconds = turn->seconds;
  thin->sending = turn->sending;
  thin->ended = turn->ended;
  thin->problem = g_strdup(turn->problem);
  return thin;
}

struct memory_turn *memory_turn_ref(const struct memory_turn *turn)
{
  refs_get(&turn->refs);
  return REF_MUTABLE(struct memory_turn, turn);
}

void memory_turn_unref(struct memory_turn *turn)
{
  if (!turn || !refs_put(&turn->refs))
    return;
  g_free(turn->problem);
  g_free(turn->processes);
  g_free(turn->requests);
  g_free(turn);
}
