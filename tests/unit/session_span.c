/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long things take, in the journal, in the export, and back. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/model/exit_reason.h"
#include "core/session/export.h"
#include "core/session/journal.h"
#include "core/session/record.h"
#include "tests/unit/session_dir.h"

#define TURNS 5

static void same_span(const struct span *a, const struct span *b)
{
  cr_assert(span_is_same(a, b), "%s %s: not what was put", a->uuid, a->name);
  cr_assert_eq(memcmp(&a->sums, &b->sums, sizeof a->sums), 0);
}

/* B's monotonic clock is OFFSET before A's. */
static void same_turn(const struct span_turn *a, const struct span_turn *b, int64_t offset)
{
  cr_assert_eq(a->kind, b->kind);
  cr_assert_eq(a->wall_ns / NS_PER_MS, b->wall_ns / NS_PER_MS);
  cr_assert_eq(a->mono_ns / 1000, (b->mono_ns - offset) / 1000);
  cr_assert_float_eq(a->seconds, b->seconds, 1e-9);
  cr_assert_eq(a->ended, b->ended);
  cr_assert_eq(g_strcmp0(a->problem, b->problem), 0);
  cr_assert_eq(a->count, b->count);
  for (guint i = 0; i < a->count; i++)
    same_span(&a->spans[i], &b->spans[i]);
}

static struct record *opened(const char *path)
{
  g_autoptr(GError) err = NULL;
  struct record *record = record_open(path, &err);

  cr_assert_not_null(record, "%s", err ? err->message : "");
  return record;
}

static void same_turns(struct record *record, int64_t offset)
{
  cr_assert_eq(record_span_count(record), TURNS);
  for (int i = 0; i < TURNS; i++) {
    g_autoptr(GError) err = NULL;
    struct span_turn *then = session_spans(i), *back = record_spans(record, (uint64_t)i, &err);
    cr_assert_not_null(back, "%s", err ? err->message : "");
    same_turn(then, back, offset);
    span_turn_unref(then);
    span_turn_unref(back);
  }
}

Test(session_span, journal_and_export_give_the_same_turns)
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
  struct span_turn *first = record_spans(record, 0, NULL), *then = session_spans(0);
  same_turns(record, first->mono_ns - then->mono_ns);
  span_turn_unref(first);
  span_turn_unref(then);
  record_free(record);
  session_dir_clear(&dir);
}

/* Numbers of reasons say nothing to whoever reads the export. */
Test(session_span, the_export_names_the_reasons_of_exits)
{
  struct session_dir dir;
  session_dir_init(&dir);
  g_autofree char *journal = session_make_journal(&dir, 3, TURNS),
                  *json = g_build_filename(dir.path, "a.json", NULL), *text = NULL;
  struct span_turn *exits = session_spans(SPAN_EXIT);

  cr_assert(export_journal(journal, json, NULL));
  cr_assert(g_file_get_contents(json, &text, NULL, NULL));
  for (guint i = 0; i < exits->count; i++) {
    const struct span *span = &exits->spans[i];
    g_autofree char *name = span->what == SPAN_LEFT ? exit_reason_name(span->place)
                                                    : exit_to_qemu_name(span->place),
                    *field = g_strdup_printf("\"place_name\":\"%s\"", name);
    cr_assert_not_null(strstr(text, field), "%s", field);
  }
  span_turn_unref(exits);
  session_dir_clear(&dir);
}

Test(session_span, a_journal_of_the_version_before_has_none)
{
  struct session_dir dir;
  session_dir_init(&dir);
  g_autofree char *journal = session_make_journal(&dir, 4, 5);

  session_sql(journal, "DROP TABLE span_turn; DROP TABLE span; PRAGMA user_version = 2");
  struct record *record = opened(journal);
  cr_assert_eq(record_span_count(record), 0);
  cr_assert_eq(record_scan_count(record), 5);
  record_free(record);
  session_dir_clear(&dir);
}

Test(session_span, what_cannot_be_is_refused)
{
  static const char *const harms[] = {"UPDATE span SET buckets = '99:1'", "UPDATE span SET owner = 'x'",
                                      "UPDATE span_turn SET kind = 'x'", "DELETE FROM span_turn WHERE n = 2"};

  for (size_t i = 0; i < G_N_ELEMENTS(harms); i++) {
    struct session_dir dir;
    session_dir_init(&dir);
    g_autofree char *journal = session_make_journal(&dir, 5, TURNS);
    g_autoptr(GError) err = NULL;
    session_sql(journal, harms[i]);
    struct record *record = opened(journal);
    struct span_turn *turn = record_spans(record, 1, &err);
    cr_assert(!turn && err && strstr(err->message, "damaged"), "%s: %s", harms[i],
              err ? err->message : "read");
    record_free(record);
    session_dir_clear(&dir);
  }
}

/* A disk that cannot be written any more: turns go on beside the journal. */
Test(session_span, turns_beside_a_journal_that_is_full)
{
  struct session_dir dir;
  session_dir_init(&dir);
  g_autofree char *path = session_make_journal(&dir, 6, TURNS);
  g_autoptr(GError) err = NULL;
  struct journal *journal = journal_open_over(path, &err);
  struct span_turn *turn = session_spans(TURNS);
  uint64_t count;

  cr_assert(journal && journal_begin(journal, false, &err) && journal_put_spans(journal, turn, &err) &&
                journal_commit(journal, &err),
            "%s", err ? err->message : "");
  cr_assert(journal_count_spans(journal, &count, NULL));
  cr_assert_eq(count, TURNS + 1);
  struct span_turn *back = journal_get_spans(journal, TURNS + 1, &err);
  cr_assert_not_null(back, "%s", err ? err->message : "");
  same_turn(turn, back, 0);
  span_turn_unref(back);
  span_turn_unref(turn);
  journal_close(journal);
  session_dir_clear(&dir);
}
