/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory requests: how they read, and turns added up. */
#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>

#include "core/base/clock.h"
#include "core/model/memory_log.h"
#include "tests/unit/test.h"

static void add_process(GArray *processes, int pid, const char *name, uint64_t mmaps, uint64_t mapped)
{
  struct memory_process process = {.pid = pid, .sums = {.calls = {[MEMORY_MMAP] = mmaps}, .mapped = mapped}};

  g_strlcpy(process.name, name, sizeof process.name);
  g_array_append_val(processes, process);
}

static GArray *new_processes(void)
{
  return g_array_new(FALSE, FALSE, sizeof(struct memory_process));
}

/* Takes both arrays. */
static void add_turn(struct memory_log *log, double seconds, GArray *processes, GArray *requests)
{
  struct memory_turn *turn = memory_turn_new(processes, requests);

  turn->seconds = seconds;
  turn->wall_ns = 1000 * NS_PER_S;
  turn->mono_ns = 10 * NS_PER_S;
  memory_log_add(log, turn);
  memory_turn_unref(turn);
}

Test(model_memory, calls_have_names)
{
  for (int i = 0; i < MEMORY_CALLS; i++)
    cr_assert_eq(memory_call_find(memory_call_name((enum memory_call)i)), i);
  cr_assert_eq(memory_call_find("open"), -1);
}

Test(model_memory, results_are_read_as_the_call_means_them)
{
  static const struct {
    struct memory_request request;
    const char *result, *protection;
    bool failed;
  } rows[] = {
      {{.call = MEMORY_MMAP, .result = 0x7f0000001000, .protection = PROT_READ | PROT_WRITE},
       "0x7f0000001000",
       "rw-",
       false},
      {{.call = MEMORY_MMAP, .result = -ENOMEM, .protection = PROT_EXEC}, "ENOMEM", "--x", true},
      {{.call = MEMORY_MUNMAP, .result = 0, .protection = PROT_READ}, "0", "", false},
      {{.call = MEMORY_MUNMAP, .result = -EINVAL}, "EINVAL", "", true},
      {{.call = MEMORY_MREMAP, .result = -4095}, "-4095", "", true},
      {{.call = MEMORY_MREMAP, .result = -4096}, "0xfffffffffffff000", "", false},
      {{.call = MEMORY_BRK, .address = 0, .result = 0x5000}, "0x5000", "", false},
      {{.call = MEMORY_BRK, .address = 0x5000, .result = 0x5000}, "0x5000", "", false},
      {{.call = MEMORY_BRK, .address = 0x9000, .result = 0x5000}, "0x5000", "", true},
      {{.call = MEMORY_MPROTECT, .protection = PROT_NONE}, "0", "---", false},
  };

  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    memory_protection_buf buf;
    g_autofree char *result = memory_request_result(&rows[i].request);
    cr_assert_str_eq(result, rows[i].result, "row %zu", i);
    cr_assert_str_eq(memory_protection(buf, &rows[i].request), rows[i].protection, "row %zu", i);
    cr_assert_eq(memory_request_failed(&rows[i].request), rows[i].failed, "row %zu", i);
  }
}

Test(model_memory, turns_are_added_up_by_process_and_name)
{
  struct memory_log *log = memory_log_new();
  GArray *first = new_processes(), *second = new_processes();

  cr_assert_null(memory_log_newest(log));
  add_process(first, 7, "sh", 10, 4096);
  add_process(first, 8, "ls", 1, 0);
  add_process(second, 7, "sh", 2, 4096);
  add_process(second, 7, "cat", 5, 0); /* the same process runs another program */
  add_turn(log, 1, first, NULL);
  add_turn(log, 1, second, NULL);

  const GPtrArray *rows = memory_log_rows(log, MEMORY_BY_CALLS);
  const struct memory_row *top = rows->pdata[0], *next = rows->pdata[1], *last = rows->pdata[2];
  cr_assert_eq(rows->len, 3);
  cr_assert_str_eq(top->name, "cat");
  cr_assert_str_eq(next->name, "sh");
  cr_assert_eq(memory_sums_seen(&next->total), 12);
  cr_assert_eq(memory_sums_seen(&next->turn), 2);
  cr_assert_eq(memory_sums_seen(&last->turn), 0, "it was quiet");
  cr_assert_eq(memory_sums_seen(memory_log_total(log)), 18);
  cr_assert_str_eq(((const struct memory_row *)memory_log_rows(log, MEMORY_BY_MAPPED)->pdata[0])->name, "sh");
  memory_log_free(log);
}

Test(model_memory, however_many_processes_come_the_sums_stay_whole)
{
  struct memory_log *log = memory_log_new();
  const int turns = 5, each = MEMORY_LOG_ROWS / 2;

  for (int t = 0; t < turns; t++) {
    GArray *processes = new_processes();
    for (int i = 0; i < each; i++)
      add_process(processes, 1 + t * each + i, "short", 1, 4096);
    add_turn(log, 1, processes, NULL);
  }
  const GPtrArray *rows = memory_log_rows(log, MEMORY_BY_CALLS);
  struct memory_sums sums = {0};
  for (guint i = 0; i < rows->len; i++)
    memory_sums_add(&sums, &((const struct memory_row *)rows->pdata[i])->total);
  cr_assert_leq(rows->len, MEMORY_LOG_ROWS);
  cr_assert_eq(memory_sums_seen(&sums), (uint64_t)turns * (uint64_t)each);
  cr_assert_eq(sums.mapped, memory_log_total(log)->mapped);
  for (int i = 0; i < each; i++) /* those that are active now are still told apart */
    cr_assert_gt(memory_sums_seen(&((const struct memory_row *)rows->pdata[i])->turn), 0, "%d", i);
  memory_log_free(log);
}

Test(model_memory, the_last_requests_are_kept_in_their_order)
{
  struct memory_log *log = memory_log_new();
  const guint turns = 3, each = MEMORY_LOG_REQUESTS / 2;

  for (guint t = 0; t < turns; t++) {
    GArray *requests = g_array_new(FALSE, TRUE, sizeof(struct memory_request));
    g_array_set_size(requests, each);
    for (guint i = 0; i < each; i++)
      g_array_index(requests, struct memory_request, i).length = t * each + i;
    g_array_index(requests, struct memory_request, 0).mono_ns = 9 * NS_PER_S;
    add_turn(log, 1, new_processes(), requests);
  }
  cr_assert_eq(memory_log_request_count(log), MEMORY_LOG_REQUESTS);
  cr_assert_eq(memory_log_request(log, 0)->length, each);
  cr_assert_eq(memory_log_request(log, MEMORY_LOG_REQUESTS - 1)->length, turns * each - 1);
  cr_assert_eq(memory_log_wall_ns(log, memory_log_request(log, 0)), 999 * NS_PER_S);
  memory_log_free(log);
}

Test(model_memory, rates_are_those_of_turns_that_are_long_enough)
{
  struct memory_log *log = memory_log_new();
  double rates[4];

  for (int i = 1; i <= 2; i++) {
    GArray *processes = new_processes();
    add_process(processes, 1, "x", 10 * (uint64_t)i, 1000);
    add_turn(log, 0.5, processes, NULL);
    add_turn(log, 0.001, new_processes(), NULL); /* a wish came into force */
  }
  memory_log_rates(log, MEMORY_RATE_CALLS, rates, 4);
  cr_assert(isnan(rates[0]) && isnan(rates[1]));
  cr_assert_float_eq(rates[2], 20, 1e-9);
  cr_assert_float_eq(rates[3], 40, 1e-9);
  memory_log_rates(log, MEMORY_RATE_MAPPED, rates, 1);
  cr_assert_float_eq(rates[0], 2000, 1e-9);
  memory_log_free(log);
}
