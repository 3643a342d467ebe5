/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sessions read back from journals and exports. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/session/export.h"
#include "core/session/record.h"
#include "tests/unit/random_scan.h"
#include "tests/unit/session_dir.h"

#define SCANS 150

static void same_scans(struct record *record, uint32_t seed, const struct scan_slack *slack)
{
  struct random_session *random = random_session_new(seed, 2, 6);
  cr_assert_eq(record_scan_count(record), SCANS);
  for (uint64_t i = 0; i < SCANS; i++) {
    GError *err = NULL;
    struct scan *then = random_session_next(random), *back = record_scan(record, i, &err);
    cr_assert_not_null(back, "seed %u: %s", seed, err ? err->message : "");
    g_autofree char *why = scan_difference(then, back, slack);
    cr_assert_null(why, "seed %u: %s", seed, why);
    scan_unref(then);
    scan_unref(back);
  }
  const GPtrArray *events = record_events(record), *jobs = record_jobs(record);
  cr_assert_eq(events->len, SCANS);
  cr_assert_eq(jobs->len, SCANS);
  for (unsigned i = 0; i < SCANS; i++) {
    struct event *event = random_event(random);
    struct job *job = random_job(random, i + 1);
    g_autofree char *why = event_difference(event, events->pdata[i], slack->wall_ns);
    g_autofree char *job_why = job_difference(job, jobs->pdata[i], slack->wall_ns);
    cr_assert_null(why, "%s", why);
    cr_assert_null(job_why, "%s", job_why);
    event_free(event);
    job_free(job);
  }
  random_session_free(random);
}

static void both_ways(uint32_t seed)
{
  GError *err = NULL;
  struct session_dir dir;
  session_dir_init(&dir);
  g_autofree char *journal = session_make_journal(&dir, seed, SCANS);
  g_autofree char *json = g_build_filename(dir.path, "a.json", NULL);
  struct record *record = record_open(journal, &err);
  cr_assert_not_null(record, "%s", err ? err->message : "");
  cr_assert(record_complete(record));
  same_scans(record, seed, &(struct scan_slack){0, false});
  record_free(record);
  cr_assert(export_journal(journal, json, &err), "%s", err ? err->message : "");
  record = record_open(json, &err);
  cr_assert_not_null(record, "%s", err ? err->message : "");
  cr_assert(record_complete(record));
  same_scans(record, seed, &(struct scan_slack){NS_PER_MS, true});
  record_free(record);
  session_dir_clear(&dir);
}

Test(session_record, journal_and_export_give_the_same_scans)
{
  both_ways(21);
  both_ways(22);
  both_ways(g_random_int());
}

Test(session_record, scans_are_found_by_time)
{
  struct session_dir dir;
  session_dir_init(&dir);
  g_autofree char *journal = session_make_journal(&dir, 5, SCANS);
  struct record *record = record_open(journal, NULL);
  cr_assert_not_null(record);
  for (uint64_t i = 0; i < SCANS; i++) {
    int64_t time = record_scan_time(record, i);
    cr_assert_eq(record_find(record, time), i);
    cr_assert_eq(record_find(record, time + 1), i);
    cr_assert_eq(record_find(record, time - 1), i == 0 ? 0 : i - 1);
  }
  cr_assert_eq(record_find(record, 0), 0);
  cr_assert_eq(record_find(record, INT64_MAX), SCANS - 1);
  cr_assert_eq(record_scan_time(record, SCANS), 0);
  GError *err = NULL;
  cr_assert_null(record_scan(record, SCANS, &err));
  cr_assert_not_null(err);
  g_error_free(err);
  record_free(record);
  session_dir_clear(&dir);
}

#define HEAD "{\"format\":\"virtlens-session\",\"version\":1,\"complete\":true,\"session\":{\"id\":\"a\"}"
#define GUEST "{\"uuid\":\"u\",\"definitions\":[{\"id\":1,\"name\":\"g\",\"accel\":\"kvm\"}]}"
#define CONN "{\"uri\":\"u\",\"label\":\"l\",\"state\":\"open\",\"elapsed_seconds\":1}"
#define SCAN_OF(guest) "{\"tick\":1,\"elapsed_seconds\":1,\"connections\":[" CONN "],\"guests\":[" guest "]}"
#define GUEST_ROW(rest)                                                                                      \
  "{\"connection\":0,\"definition\":1,\"state\":\"running\",\"age_seconds\":{\"state\":0}" rest "}"

static const struct {
  const char *text, *word;
  int code;
} bad_exports[] = {
    {"", "empty", ERROR_GENERAL},
    {"  \n", "empty", ERROR_GENERAL},
    {"hello", "neither a journal nor an export", ERROR_GENERAL},
    {"SQLite format 2", "neither", ERROR_GENERAL},
    {"{", ":1:2: a field's name", ERROR_GENERAL},
    {"{}", "no export", ERROR_GENERAL},
    {"{\"a\":1}", "no export", ERROR_GENERAL},
    {"{\"format\":\"other\"}", ":1:18: \"format\" is not", ERROR_GENERAL},
    {"{\"format\":\"virtlens-session\",\"version\":7}", "version 7, this virtlens knows up to 4",
     ERROR_UNSUPPORTED},
    {"{\"format\":\"virtlens-session\",\"version\":\"1\"}", "positive integer", ERROR_GENERAL},
    {"{\"format\":\"virtlens-session\",\"version\":1}", "which session", ERROR_GENERAL},
    {HEAD, "the file ends before '}'", ERROR_GENERAL},
    {HEAD ",\n\"scans\": [\n{\"tick\":\n", ":4:1: the file ends in the middle", ERROR_GENERAL},
    {HEAD ",\n\"scans\": [ {\"tick\": \"x\"} ]}", ":2:25: \"tick\" is not an integer", ERROR_GENERAL},
    {HEAD ",\"scans\":[{\"tick\":-1}]}", "out of range", ERROR_GENERAL},
    {HEAD ",\"scans\":[{\"elapsed_seconds\":1e99}]}", "out of range", ERROR_GENERAL},
    {HEAD ",\"scans\":[{\"elapsed_seconds\":1e999}]}", "real number overflow", ERROR_GENERAL},
    {HEAD ",\"scans\":[{\"elapsed_seconds\":NaN}]}", "invalid token", ERROR_GENERAL},
    {HEAD ",\"scans\":[1]}", "an object is expected", ERROR_GENERAL},
    {HEAD ",\"scans\":{}}", "'[' expected", ERROR_GENERAL},
    {HEAD ",\"scans\":[{\"tick\":1,\"tick\":2}]}", "duplicate", ERROR_GENERAL},
    {HEAD ",\"scans\":[" SCAN_OF(GUEST_ROW("")) "]}", "\"definition\" names", ERROR_GENERAL},
    {HEAD ",\"guests\":[" GUEST "],\"scans\":[" SCAN_OF("{\"connection\":3,\"definition\":1}") "]}",
     "\"connection\" is out of range", ERROR_GENERAL},
    {HEAD ",\"guests\":[" GUEST "],\"scans\":[" SCAN_OF(GUEST_ROW(",\"cpu_percent\":\"much\"")) "]}",
     "\"cpu_percent\" is neither", ERROR_GENERAL},
    {HEAD ",\"guests\":[{\"definitions\":[]}]}", "\"uuid\" is missing", ERROR_GENERAL},
    {HEAD ",\"guests\":[{\"uuid\":\"u\",\"definitions\":[{\"id\":1,\"name_hex\":\"0g\",\"name\":\"x\"}]}]}",
     "hexadecimal", ERROR_GENERAL},
    {HEAD ",\"guests\":[{\"uuid\":\"u\",\"definitions\":[{\"id\":1,\"name\":\"x\",\"accel\":\"kvm\",\"kind\":"
          "\"odd\"}]}]}",
     "\"kind\" is not a word", ERROR_GENERAL},
    {HEAD ",\"events\":[{\"kind\":\"dance\"}]}", "\"kind\" is not a word", ERROR_GENERAL},
    {HEAD ",\"events\":[{\"kind\":\"guest\",\"time\":\"noon\"}]}", "RFC 3339", ERROR_GENERAL},
    {HEAD ",\"jobs\":[{\"id\":1,\"state\":\"done\"}]}", "\"action\" is missing", ERROR_GENERAL},
    {HEAD ",\"memory\":[{\"processes\":[{\"pid\":-1}]}]}", "\"pid\" is out of range", ERROR_GENERAL},
    {HEAD ",\"memory\":[{\"processes\":[],\"time\":\"noon\"}]}", "RFC 3339", ERROR_GENERAL},
    {HEAD ",\"span_turns\":[{\"turn\":1,\"kind\":\"sleep\"}]}", "\"kind\" is not a word", ERROR_GENERAL},
    {HEAD ",\"span_turns\":[{\"kind\":\"block\",\"spans\":[{\"known_by\":\"none\",\"what\":\"read\","
          "\"place\":\"0x0\","
          "\"histogram\":[{\"log2_ns\":40,\"count\":1}]}]}]}",
     "\"log2_ns\"", ERROR_GENERAL},
    {HEAD ",\"memory_requests\":[{\"turn\":1,\"call\":\"open\"}]}", "\"call\" is not a word", ERROR_GENERAL},
    {HEAD ",\"memory_requests\":[{\"turn\":1,\"call\":\"brk\",\"address\":\"0xg\"}]}",
     "\"address\" is no number", ERROR_GENERAL},
    {HEAD "} x", "more text after the end", ERROR_GENERAL},
    {HEAD ",}", "a field's name", ERROR_GENERAL},
};

Test(session_record, bad_exports_are_refused_with_the_place)
{
  struct session_dir dir;
  session_dir_init(&dir);
  g_autofree char *path = g_build_filename(dir.path, "bad.json", NULL);
  for (size_t i = 0; i < G_N_ELEMENTS(bad_exports); i++) {
    GError *err = NULL;
    cr_assert(g_file_set_contents(path, bad_exports[i].text, -1, NULL));
    cr_assert_null(record_open(path, &err), "%s", bad_exports[i].text);
    cr_assert_not_null(err, "%s", bad_exports[i].text);
    cr_assert_not_null(strstr(err->message, bad_exports[i].word), "%s\ngives: %s", bad_exports[i].text,
                       err->message);
    cr_assert_not_null(strstr(err->message, path), "%s", err->message);
    cr_assert_eq(err->code, bad_exports[i].code, "%s", err->message);
    g_error_free(err);
  }
  session_dir_clear(&dir);
}

Test(session_record, unknown_fields_and_any_order_are_taken)
{
  static const char text[] =
      "{\"later\":[1,[2],{\"a\":[]}],\"x\":null,\"guests\":[" GUEST "],\"events\":[],"
      "\"scans\":[" SCAN_OF(GUEST_ROW(
          ",\"new_metric\":5,\"cpu_percent\":12.5")) "],"
                                                     "\"session\":{\"id\":\"a\"},\"version\":1,\"format\":"
                                                     "\"virtlens-session\",\"complete\":false}";
  struct session_dir dir;
  session_dir_init(&dir);
  g_autofree char *path = g_build_filename(dir.path, "a.json", NULL);
  GError *err = NULL;
  cr_assert(g_file_set_contents(path, text, -1, NULL));
  struct record *record = record_open(path, &err);
  cr_assert_not_null(record, "%s", err ? err->message : "");
  cr_assert_not(record_complete(record));
  struct scan *scan = record_scan(record, 0, &err);
  cr_assert_not_null(scan);
  double cpu = 0;
  cr_assert(readings_get(&scan->conns[0]->guests[0]->r, GUEST_CPU, &cpu));
  cr_assert_eq(cpu, 12.5);
  cr_assert_str_eq(scan->conns[0]->guests[0]->info->name, "g");
  scan_unref(scan);
  record_free(record);
  session_dir_clear(&dir);
}

Test(session_record, a_truncated_export_is_refused_wherever_it_ends)
{
  struct session_dir dir;
  session_dir_init(&dir);
  g_autofree char *journal = session_make_journal(&dir, 5, 6);
  g_autofree char *json = g_build_filename(dir.path, "a.json", NULL), *text = NULL;
  gsize size;
  cr_assert(export_journal(journal, json, NULL) && g_file_get_contents(json, &text, &size, NULL));
  for (gsize length = 0; length + 2 < size; length += 1 + length / 40) {
    cr_assert(g_file_set_contents(json, text, (gssize)length, NULL));
    cr_assert_not(session_read_all(json), "cut at %zu of %zu", length, size);
  }
  session_dir_clear(&dir);
}

Test(session_record, files_that_cannot_be_read_are_said)
{
  GError *err = NULL;
  cr_assert_null(record_open("/nonexistent/x", &err));
  cr_assert_not_null(strstr(err->message, "No such file"), "%s", err->message);
  g_clear_error(&err);
  cr_assert_null(record_open("/", &err));
  cr_assert_not_null(strstr(err->message, "directory"), "%s", err->message);
  g_clear_error(&err);
}

Test(session_record, tells_what_kind_of_machine_the_host_was)
{
  struct session_dir dir;
  session_dir_init(&dir);
  g_autofree char *journal = session_make_journal(&dir, 11, 3),
                  *json = g_build_filename(dir.path, "kind.json", NULL);
  const char *const files[] = {journal, json};
  cr_assert(export_journal(journal, json, NULL));
  for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
    struct record *record = record_open(files[i], NULL);
    cr_assert_eq(record_host_kind(record), KIND_XEN_PVH, "%s", files[i]);
    record_free(record);
  }
  session_sql(journal, "ALTER TABLE session DROP COLUMN host_kind; PRAGMA user_version = 3");
  struct record *older = record_open(journal, NULL);
  cr_assert_not_null(older);
  cr_assert_eq(record_host_kind(older), KIND_UNKNOWN, "a journal of the version before does not say");
  cr_assert_eq(record_scan_count(older), 3);
  record_free(older);
  session_dir_clear(&dir);
}
