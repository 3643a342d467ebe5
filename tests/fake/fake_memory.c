/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Made-up memory requests: a turn with each step of the world, none where the world is read-only. */
#include <string.h>
#include <sys/mman.h>

#include "core/base/clock.h"
#include "tests/fake/fake_private.h"

static const struct {
  int pid;
  const char *name;
  uint64_t calls[MEMORY_CALLS], mapped, freed;
} processes[] = {
    {4711, "qemu-system-x86", {1200, 1100, 3, 40, 0}, UINT64_C(3) << 30, UINT64_C(1) << 30},
    {812, "postgres", {31, 60, 0, 0, 2}, 4 << 20, 24 << 20},
    {31337, "\033[31mevil\007", {2, 0, 0, 1, 0}, 8192, 0},
    {0, "", {7, 7, 0, 0, 0}, 57344, 57344},
};

static const struct memory_request requests[] = {
    {.address = 0,
     .length = 135168,
     .result = 0x7f3c5a021000,
     .change = 135168,
     .pid = 4711,
     .tid = 4715,
     .protection = PROT_READ | PROT_WRITE,
     .call = MEMORY_MMAP,
     .name = "qemu-system-x86"},
    {.address = 0x7f3c5a021000,
     .length = 135168,
     .change = -135168,
     .pid = 4711,
     .tid = 4715,
     .call = MEMORY_MUNMAP,
     .name = "qemu-system-x86"},
    {.address = 0x55d0c0ffe000,
     .result = 0x55d0c0ffe000,
     .change = 8192,
     .pid = 812,
     .tid = 812,
     .call = MEMORY_BRK,
     .name = "postgres"},
    {.address = 1,
     .length = UINT64_MAX,
     .result = -22,
     .pid = 31337,
     .tid = 31337,
     .call = MEMORY_MUNMAP,
     .name = "\033[31mevil\007"},
};

static bool is_wished(const struct memory_wish *wish, int pid)
{
  return wish->whose != MEMORY_PID || wish->pid == pid;
}

static GArray *fake_processes(const struct memory_wish *wish)
{
  GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct memory_process));

  for (size_t i = 0; i < G_N_ELEMENTS(processes); i++) {
    struct memory_process process = {
        .pid = processes[i].pid,
        .sums = {.failed = i == 2, .mapped = processes[i].mapped, .freed = processes[i].freed}};
    g_strlcpy(process.name, processes[i].name, sizeof process.name);
    memcpy(process.sums.calls, processes[i].calls, sizeof process.sums.calls);
    if (wish->requests) {
      process.sums.lost = i == 0 ? 2 : 0;
      process.sums.sent = memory_sums_seen(&process.sums) - process.sums.lost;
    }
    if (is_wished(wish, process.pid))
      g_array_append_val(rows, process);
  }
  return rows;
}

struct memory_turn *fake_turn(const struct memory_wish *wish)
{
  GArray *list = g_array_new(FALSE, FALSE, sizeof(struct memory_request));

  for (size_t i = 0; i < G_N_ELEMENTS(requests) && wish->requests; i++)
    if (is_wished(wish, requests[i].pid))
      g_array_append_val(list, requests[i]);
  struct memory_turn *turn = memory_turn_new(fake_processes(wish), list);
  turn->wall_ns = clock_wall_ns();
  turn->seconds = 1;
  turn->sending = wish->requests;
  return turn;
}

void fake_memory_step(struct engine *engine)
{
  if (!engine->memory_wished)
    return;
  struct memory_turn *turn = fake_turn(&engine->memory_wish);
  if (engine->options.readonly) {
    turn->ended = true;
    turn->problem = g_strdup("virtlens-trace was killed by signal 9 (\033[5mKilled)\ntry again");
    engine->memory_wished = false;
  }
  memory_log_add(engine->memory, turn);
  memory_turn_unref(turn);
  fake_news(engine, NEWS_MEMORY);
}

bool engine_memory_watch(struct engine *engine, const struct memory_wish *wish, G_GNUC_UNUSED GError **err)
{
  if (engine->memory_wish.whose != wish->whose)
    g_clear_pointer(&engine->memory, memory_log_free);
  engine->memory_wish = *wish;
  engine->memory_wished = true;
  if (!engine->memory)
    engine->memory = memory_log_new();
  fake_memory_step(engine);
  return true;
}

void engine_memory_stop(struct engine *engine)
{
  engine->memory_wished = false;
  g_clear_pointer(&engine->memory, memory_log_free);
}

struct memory_log *engine_memory(const struct engine *engine)
{
  return engine->memory;
}

bool engine_delivery(const struct engine *engine, struct delivery *ret)
{
  if (engine->options.sink)
    *ret = (struct delivery){
        .place = g_strdup("mysql://lab@localhost/procesos"),
        .seen = 2500,
        .stored = 2400,
        .waiting = 60,
        .refused = 30,
        .lost = 10,
        .problem = g_strdup("cannot open the database: Can't connect \033[31m(2002)\nis its server up?"),
        .refusal =
            g_strdup("tamanio 3221225472 does not fit: procesos and insertar_proceso take -2147483648 to "
                     "2147483647")};
  return engine->options.sink;
}

void engine_ask_process(struct engine *engine, G_GNUC_UNUSED int conn, G_GNUC_UNUSED const char *uuid)
{
  fake_news(engine, NEWS_PROCESS);
}

int engine_process(G_GNUC_UNUSED const struct engine *engine, const char *uuid, const char **ret_error)
{
  const struct guest *guest = scan_find_uuid(engine->scan, 0, uuid, NULL);
  const bool runs = guest && guest_state_active(guest->state);

  *ret_error = runs ? NULL : "no process of this machine says that it runs this guest";
  return runs ? processes[0].pid : 0;
}
