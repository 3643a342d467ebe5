/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory requests in the journal, in the export, and back. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/session/export.h"
#include "core/session/journal.h"
#include "core/session/record.h"
#include "core/session/recorder.h"
#include "tests/unit/session_dir.h"

#define TURNS 4

static void same_sums(const struct memory_sums *a, const struct memory_sums *b, const char *what)
{
  cr_assert(memcmp(a, b, sizeof *a) == 0, "the sums of %s", what);
}

static void same_request(const struct memory_request *a, const struct memory_request *b, int64_t offset)
{
  cr_assert_eq(a->mono_ns / 1000, (b->mono_ns - offset) / 1000);
  cr_assert_eq(a->address, b->address);
  cr_assert_eq(a->length, b->length);
  cr_assert_eq(a->result, b->result);
  cr_assert_eq(a->change, b->change);
  cr_assert_eq(a->pid, b->pid);
  cr_assert_eq(a->tid, b->tid);
  cr_assert_eq(a->protection, b->protection);
  cr_assert_eq(a->call, b->call);
  cr_assert_str_eq(a->name, b->name);
}

/* B's monotonic clock is OFFSET before A's. */
static void same_turn(const struct memory_turn *a, const struct memory_turn *b, int64_t offset)
{
  cr_assert_eq(a->wall_ns / NS_PER_MS, b->wall_ns / NS_PER_MS);
  cr_assert_eq(a->mono_ns / 1000, (b->mono_ns - offset) / 1000);
  cr_assert_float_eq(a->seconds, b->seconds, 1e-9);
  cr_assert_eq(a->sending, b->sending);
  cr_assert_eq(a->ended, b->ended);
  cr_assert_eq(g_strcmp0(a->problem, b->problem), 0);
  same_sums(&a->sums, &b->sums, "a turn");
  cr_assert_eq(a->process_count, b->process_count);
  for (guint i = 0; i < a->process_count; i++) {
    cr_assert_eq(a->processes[i].pid, b->processes[i].pid);
    cr_assert_str_eq(a->processes[i].name, b->processes[i].name);
    same_sums(&a->processes[i].sums, &b->processes[i].sums, "a process");
  }
  cr_assert_eq(a->request_count, b->request_count);
  for (guint i = 0; i < a->request_count; i++)
    same_request(&a->requests[i], &b->requests[i], offset);
}

static void same_turns(struct record *record, int64_t offset)
{
  cr_assert_eq(record_memory_count(record), TURNS);
  for (int i = 0; i < TURNS; i++) {
    g_autoptr(GError) err = NULL;
    struct memory_turn *then = session_turn(i), *back = record_memory(record, (uint64_t)i, true, &err);
    cr_assert_not_null(back, "%s", err ? err->message : "");
    same_turn(then, back, offset);
    memory_turn_unref(then);
    memory_turn_unref(back);
  }
}

static struct record *opened(const char *path)
{
  g_autoptr(GError) err = NULL;
  struct record *record = record_open(path, &err);

  cr_assert_not_null(record, "%s", err ? err->message : "");
  return record;
}

Test(session_memory, journal_and_export_give_the_same_turns)
{
  struct session_dir dir;
  session_dir_init(&dir);
  g_autofree char *journal = session_make_journal(&dir, 3, TURNS),
                  *json = g_build_filename(dir.path, "a.json", NULL);
  struct record *record = opened(journal);

  same_turns(record, 0);
  record_free(record);
  cr_assert(export_journal(journal, json, NULL));
  record = opened(json);
  /* The clock of an import begins where that of the session did, elsewhere. */
  struct memory_turn *first = record_memory(record, 0, false, NULL), *then = session_turn(0);
  const int64_t offset = first->mono_ns - then->mono_ns;
  cr_assert_eq(first->request_count, 0, "they were not wished for");
  same_turns(record, offset);
  memory_turn_unref(first);
  memory_turn_unref(then);
  record_free(record);
  session_dir_clear(&dir);
}

Test(session_memory, a_journal_of_the_version_before_has_none)
{
  struct session_dir dir;
  session_dir_init(&dir);
  g_autofree char *journal = session_make_journal(&dir, 4, 5),
                  *json = g_build_filename(dir.path, "a.json", NULL);

  session_sql(journal, "DROP TABLE memory; DROP TABLE memory_process; DROP TABLE memory_request;"
                       "PRAGMA user_version = 1");
  struct record *record = opened(journal);
  cr_assert_eq(record_memory_count(record), 0);
  cr_assert_eq(record_scan_count(record), 5);
  record_free(record);
  cr_assert(export_journal(journal, json, NULL));
  record = opened(json);
  cr_assert_eq(record_memory_count(record), 0);
  record_free(record);
  session_dir_clear(&dir);
}

Test(session_memory, what_a_journal_cannot_take_any_more_is_read_with_it)
{
  struct session_dir dir;
  session_dir_init(&dir);
  g_autofree char *path = session_make_journal(&dir, 5, TURNS);
  g_autoptr(GError) err = NULL;
  struct journal *journal = journal_open_over(path, &err);
  struct memory_turn *turn = session_turn(TURNS);
  uint64_t count;

  cr_assert_not_null(journal, "%s", err ? err->message : "");
  cr_assert(journal_begin(journal, false, &err) && journal_put_memory(journal, turn, &err) &&
                journal_commit(journal, &err),
            "%s", err ? err->message : "");
  cr_assert(journal_count_memory(journal, &count, NULL));
  cr_assert_eq(count, TURNS + 1);
  struct memory_turn *back = journal_get_memory(journal, TURNS + 1, true, &err);
  cr_assert_not_null(back, "%s", err ? err->message : "");
  same_turn(turn, back, 0);
  memory_turn_unref(back);
  memory_turn_unref(turn);
  journal_close(journal);
  session_dir_clear(&dir);
}

static struct memory_turn *turn_of(guint requests)
{
  GArray *processes = g_array_new(FALSE, TRUE, sizeof(struct memory_process));
  GArray *list = g_array_new(FALSE, TRUE, sizeof(struct memory_request));
  const struct memory_process process = {
      .pid = 7, .name = "busy", .sums = {.calls = {[MEMORY_BRK] = requests}, .sent = requests}};

  g_array_append_val(processes, process);
  g_array_set_size(list, requests);
  return memory_turn_new(processes, list);
}

/* Whatever the disk does, seen = stored + lost in what is recorded, and what is stored is there. */
Test(session_memory, what_there_is_no_room_for_is_counted)
{
  struct session_dir dir;
  session_dir_init(&dir);
  const struct recorder_options options = {.dir = dir.path, .command = "test"};
  struct recorder *recorder = recorder_start(&options, NULL);
  g_autofree char *path = g_strdup(recorder_journal(recorder));
  const guint turns = 8, each = 40000;
  void *held = session_sql_hold(path); /* the disk stands still */
  int thinned = 0;

  for (guint i = 0; i < turns; i++) {
    struct memory_turn *turn = turn_of(each);
    thinned += !recorder_memory(recorder, turn);
    memory_turn_unref(turn);
  }
  cr_assert_gt(thinned, 0, "%d", thinned);
  session_sql_release(held);
  cr_assert(recorder_stop(recorder, NULL));
  recorder_free(recorder);
  struct journal *journal = journal_open(path, NULL);
  struct memory_sums all = {0};
  uint64_t stored = 0;
  for (guint nr = 1; nr <= turns; nr++) {
    struct memory_turn *turn = journal_get_memory(journal, nr, true, NULL);
    cr_assert_not_null(turn);
    memory_sums_add(&all, &turn->sums);
    stored += turn->request_count;
    memory_turn_unref(turn);
  }
  cr_assert_eq(memory_sums_seen(&all), turns * each);
  cr_assert_eq(all.sent, stored);
  cr_assert_eq(all.sent + all.lost, turns * each);
  cr_assert_eq(all.lost, (uint64_t)thinned * each);
  journal_close(journal);
  session_dir_clear(&dir);
}
