/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The JSON export. */
#include "tests/unit/test.h"

#include <glib/gstdio.h>
#include <jansson.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "core/base/clock.h"
#include "core/session/export.h"
#include "core/session/journal.h"
#include "core/session/json_value.h"
#include "core/session/scan_json.h"
#include "core/session/totals.h"
#include "tests/unit/random_scan.h"
#include "tests/unit/session_dir.h"

static json_t *export_of(const struct session_dir *dir, uint32_t seed, int count)
{
  g_autofree char *journal = session_make_journal(dir, seed, count);
  g_autofree char *json = g_build_filename(dir->path, "out.json", NULL);
  GError *err = NULL;
  cr_assert(export_journal(journal, json, &err), "%s", err ? err->message : "");
  struct stat st;
  cr_assert(stat(json, &st) == 0 && (st.st_mode & 0777) == 0600, "mode %o", st.st_mode);
  json_error_t error;
  json_t *root = json_load_file(json, JSON_REJECT_DUPLICATES, &error);
  cr_assert_not_null(root, "line %d: %s", error.line, error.text);
  return root;
}

Test(session_export, it_has_all_parts)
{
  static const char *const parts[] = {"format",      "version",         "complete",  "generator", "session",
                                      "connections", "guests",          "scans",     "events",    "jobs",
                                      "memory",      "memory_requests", "span_turns"};
  struct session_dir dir;
  session_dir_init(&dir);
  json_t *root = export_of(&dir, 5, 50);
  for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
    cr_assert_not_null(json_object_get(root, parts[i]), "%s", parts[i]);
  cr_assert_eq(json_object_size(root), G_N_ELEMENTS(parts));
  cr_assert_eq(json_array_size(json_object_get(root, "scans")), 50);
  cr_assert_eq(json_array_size(json_object_get(root, "events")), 50);
  cr_assert_eq(json_array_size(json_object_get(root, "connections")), 2);
  cr_assert(json_is_true(json_object_get(root, "complete")));
  json_t *session = json_object_get(root, "session");
  cr_assert_eq(json_number_value(json_object_get(session, "duration_seconds")), 100);
  cr_assert_str_eq(json_string_value(json_object_get(session, "host_hex")), "686f7374ff");
  cr_assert_str_eq(json_string_value(json_object_get(session, "host")), "host\\xff");
  json_decref(root);
  session_dir_clear(&dir);
}

Test(session_export, nothing_in_it_acts_on_a_terminal)
{
  struct session_dir dir;
  session_dir_init(&dir);
  json_decref(export_of(&dir, 9, 100));
  g_autofree char *path = g_build_filename(dir.path, "out.json", NULL), *text = NULL;
  gsize size;
  cr_assert(g_file_get_contents(path, &text, &size, NULL));
  for (gsize i = 0; i < size; i++)
    cr_assert(text[i] == '\n' || (text[i] >= ' ' && text[i] < 0x7f), "byte %02x at %zu",
              (unsigned char)text[i], i);
  cr_assert_null(strstr(text, "nan"));
  cr_assert_null(strstr(text, "inf"));
  session_dir_clear(&dir);
}

Test(session_export, unknown_is_null_and_every_metric_is_named)
{
  struct scan *scan = scan_new(1);
  struct guest_info *info = guest_info_new("g", "u");
  struct guest *guest = guest_new(info);
  readings_set(&guest->r, GUEST_RD, 0);
  scan->conns[0] = conn_scan_new("test:///default");
  GPtrArray *guests = g_ptr_array_new();
  g_ptr_array_add(guests, guest);
  conn_scan_take_guests(scan->conns[0], guests);
  json_t *object = scan_json(scan, &(struct scan_json){0, NULL, NULL});
  json_t *row = json_array_get(json_object_get(object, "guests"), 0);
  int count;
  const struct metric *rows = metric_table(SCOPE_GUEST, &count);
  for (int i = 0; i < count; i++) {
    json_t *value = json_object_get(row, rows[i].name);
    cr_assert_not_null(value, "%s", rows[i].name);
    cr_assert_eq(json_is_null(value), i != GUEST_RD, "%s", rows[i].name);
  }
  cr_assert_null(json_object_get(row, "definition"));
  cr_assert(json_is_null(json_object_get(row, "id")));
  cr_assert(json_is_null(json_object_get(object, "host")));
  json_decref(object);
  guest_info_unref(info);
  scan_unref(scan);
}

/* No field of a guest's row may hide another. */
Test(session_export, field_names_are_unique)
{
  static const char *const fixed[] = {"connection",  "uuid",  "name",  "definition",
                                      "state",       "id",    "run",   "stuck_seconds",
                                      "age_seconds", "vcpus", "disks", "nics"};
  for (size_t i = 0; i < G_N_ELEMENTS(fixed); i++)
    cr_assert_lt(metric_find(SCOPE_GUEST, fixed[i]), 0, "%s", fixed[i]);
  cr_assert_lt(metric_find(SCOPE_DISK, "target"), 0);
  cr_assert_lt(metric_find(SCOPE_NIC, "target"), 0);
  cr_assert_lt(metric_find(SCOPE_HOST, "cores"), 0);
}

/* One scan of one guest, called g, as told. */
struct step {
  enum guest_state state;
  int64_t run;
  double bytes, requests, seconds, rate, latency; /* negative: unknown */
};

static void set(struct readings *r, int id, double value)
{
  if (value >= 0)
    readings_set(r, id, value);
}

static struct scan *step_scan(int64_t tick, const struct step *step, const struct guest_info *info)
{
  struct scan *scan = scan_new(1);
  scan->conns[0] = conn_scan_new("test:///default");
  scan->conns[0]->state = CONN_OPEN;
  GPtrArray *guests = g_ptr_array_new();
  if (step) {
    struct guest *guest = guest_new(info);
    guest->state = step->state;
    guest->run = step->run;
    for (int g = 0; g < GROUP_COUNT; g++)
      guest->at_ns[g] = tick * NS_PER_S;
    set(&guest->r, GUEST_RD_BYTES, step->bytes);
    set(&guest->r, GUEST_IO_REQS, step->requests);
    set(&guest->r, GUEST_IO_TIME, step->seconds);
    set(&guest->r, GUEST_RD, step->rate);
    set(&guest->r, GUEST_LAT, step->latency);
    g_ptr_array_add(guests, guest);
  }
  conn_scan_take_guests(scan->conns[0], guests);
  return scan;
}

static uint64_t one(void *context, const struct guest_info *info)
{
  (void)context;
  (void)info;
  return 1;
}

static json_t *totals_of(const struct step *const *steps, int count)
{
  struct guest_info *info = guest_info_new("g", "u");
  struct totals *totals = totals_new();
  for (int i = 0; i < count; i++) {
    struct scan *scan = step_scan(i + 1, steps[i], info);
    totals_add(totals, scan, one, NULL);
    scan_unref(scan);
  }
  cr_assert_eq(totals_count(totals), 1);
  json_t *object = totals_json(totals, 0);
  totals_free(totals);
  guest_info_unref(info);
  return object;
}

static double number(const json_t *object, const char *part, const char *name)
{
  const json_t *value = json_object_get(part ? json_object_get(object, part) : object, name);
  return json_is_number(value) ? json_number_value(value) : -1;
}

Test(session_export, totals_of_a_guest_that_ran_before)
{
  static const struct step a = {GUEST_RUNNING, 1, 1000, 10, 1, -1, -1},
                           b = {GUEST_RUNNING, 1, 1600, 20, 2, 600, 0.1},
                           c = {GUEST_RUNNING, 1, 1800, 50, 3.5, 200, 0.05};
  json_t *totals = totals_of((const struct step *const[]){&a, &b, &c}, 3);
  cr_assert_eq(number(totals, NULL, "read_bytes_total"), 800);
  cr_assert_eq(number(totals, "first", "read_bytes_total"), 1000);
  cr_assert_eq(number(totals, "last", "read_bytes_total"), 1800);
  cr_assert_eq(number(totals, "mean", "read_bytes_per_second"), 400);
  cr_assert_eq(number(totals, "max", "read_bytes_per_second"), 600);
  cr_assert_float_eq(number(totals, "mean", "latency_average_seconds"), 2.5 / 40, 1e-12);
  cr_assert_eq(number(totals, NULL, "runs"), 1);
  cr_assert(json_is_null(json_object_get(totals, "write_bytes_total")));
  json_decref(totals);
}

Test(session_export, totals_over_restarts)
{
  static const struct step off = {GUEST_SHUTOFF, 0, -1, -1, -1, -1, -1},
                           a = {GUEST_RUNNING, 1, 1000, -1, -1, -1, -1},
                           b = {GUEST_RUNNING, 1, 1500, -1, -1, 500, -1},
                           gap = {GUEST_RUNNING, 1, -1, -1, -1, -1, -1},
                           c = {GUEST_RUNNING, 2, 300, -1, -1, -1, -1},
                           fell = {GUEST_RUNNING, 2, 200, -1, -1, -1, -1};
  json_t *totals = totals_of((const struct step *const[]){&off, &a, &gap, &b, &off, &c, &fell}, 7);
  /* Both runs began here: 1500 and 300; what fell is no work undone. */
  cr_assert_eq(number(totals, NULL, "read_bytes_total"), 1800);
  cr_assert_eq(number(totals, NULL, "runs"), 2);
  json_decref(totals);
  totals = totals_of((const struct step *const[]){NULL, &a, &b}, 3);
  cr_assert_eq(number(totals, NULL, "read_bytes_total"), 1500, "launched while the session ran");
  json_decref(totals);
}

Test(session_export, a_target_that_cannot_be_written_is_said)
{
  struct session_dir dir;
  session_dir_init(&dir);
  g_autofree char *journal = session_make_journal(&dir, 5, 5);
  g_autofree char *json = g_build_filename(dir.path, "no", "out.json", NULL);
  GError *err = NULL;
  cr_assert_not(export_journal(journal, json, &err));
  cr_assert_not_null(strstr(err->message, "out.json"), "%s", err->message);
  g_clear_error(&err);
  /* A full disk: nothing is left behind. */
  cr_assert_not(export_journal(journal, "/dev/full", &err));
  cr_assert_not_null(strstr(err->message, "/dev/full"), "%s", err->message);
  g_clear_error(&err);
  cr_assert_not(export_journal("/nonexistent/journal", "/dev/null", &err));
  cr_assert_not_null(err);
  g_clear_error(&err);
  session_dir_clear(&dir);
}

Test(session_export, names_of_files)
{
  static const char *const names[][2] = {{"/a.b/virtlens-1.journal", "virtlens-1.json"},
                                         {"x", "x.json"},
                                         {".journal", ".journal.json"},
                                         {"a.b.c", "a.b.json"}};
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *name = export_name(names[i][0]);
    cr_assert_str_eq(name, names[i][1]);
  }
  g_autofree char *stamp = export_stamp(INT64_C(1795250047123456789));
  cr_assert_str_eq(stamp, "2026-11-21T083407Z");
}

Test(session_export, seconds_are_exact_to_the_nanosecond)
{
  json_t *value = json_seconds(INT64_C(123456123456789));
  cr_assert(json_real_value(value) == 123456.123456789);
  json_decref(value);
  value = json_elapsed(0, 5);
  cr_assert(json_is_null(value));
  json_decref(value);
}
