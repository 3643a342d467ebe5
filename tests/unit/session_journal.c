/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The blobs and the journal: what goes in comes out. */
#include "tests/unit/test.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/session/journal.h"
#include "core/session/scan_blob.h"
#include "tests/unit/random_scan.h"
#include "tests/unit/session_dir.h"

static const struct scan_slack exact = {0, false};

Test(session_blob, numbers_come_back)
{
  static const double values[] = {
      0,     1,    -1,         127,        128,   65536.5,          9007199254740992.0,
      1e300, 1e-9, 1234.56789, 0.30000001, 86400, 1099511627776.25, -5.5e-7};
  for (size_t i = 0; i < G_N_ELEMENTS(values); i++)
    for (size_t j = 0; j < G_N_ELEMENTS(values); j++)
      for (int form = 0; form < BLOB_FORMS; form++) {
        GByteArray *out = g_byte_array_new();
        blob_put_number(out, (enum blob_form)form, values[i], values[j]);
        struct blob_in in = {out->data, out->data + out->len, false};
        double back = blob_get_number(&in, (enum blob_form)form, values[j]);
        double slack = form == FORM_INTEGER ? 0 : form == FORM_NANO ? 0.6e-9 : fabs(values[i]) * 5.1e-7;
        cr_assert(!in.bad && in.at == in.end, "value %g form %d", values[i], form);
        cr_assert(fabs(back - values[i]) <= slack, "%.17g came back as %.17g in form %d", values[i], back,
                  form);
        g_byte_array_unref(out);
      }
}

Test(session_blob, a_decimal_read_back_is_the_same_decimal)
{
  GRand *rand = g_rand_new_with_seed(7);
  for (int i = 0; i < 20000; i++) {
    double value = g_rand_double(rand) * pow(10, g_rand_int_range(rand, -20, 20)), back[2];
    for (int round = 0; round < 2; round++) {
      GByteArray *out = g_byte_array_new();
      blob_put_decimal(out, round == 0 ? value : back[0]);
      struct blob_in in = {out->data, out->data + out->len, false};
      back[round] = blob_get_decimal(&in);
      g_byte_array_unref(out);
    }
    cr_assert(back[0] == back[1], "%.17g, then %.17g", back[0], back[1]);
    cr_assert(fabs(back[0] - value) <= fabs(value) * 1e-6, "%.17g as %.17g", value, back[0]);
  }
  g_rand_free(rand);
}

Test(session_blob, a_definition_of_the_format_before_is_read)
{
  struct guest_info *info = guest_info_new("a", "u");
  info->nics = g_new0(struct nic_info, 1);
  info->nic_count = 1;
  info->nics[0].mac = g_strdup("52:54:00:00:00:01");
  info->nics[0].ssh_port = 2222;
  info->key_file = g_strdup("/k");
  GByteArray *bytes = info_blob_encode(info);
  struct guest_info *now = info_blob_decode(bytes->data, bytes->len);
  cr_assert_not_null(now);
  cr_assert_eq(now->nics[0].ssh_port, 2222);
  cr_assert_str_eq(now->key_file, "/k");
  g_byte_array_set_size(bytes, bytes->len - 6); /* the key's length and its two bytes, and two of the port */
  cr_assert_null(info_blob_decode(bytes->data, bytes->len));
  bytes->data[0] = 1;
  struct guest_info *before = info_blob_decode(bytes->data, bytes->len);
  cr_assert_not_null(before);
  cr_assert_str_eq(before->nics[0].mac, "52:54:00:00:00:01");
  cr_assert_eq(before->nics[0].ssh_port, 0);
  guest_info_unref(before);
  guest_info_unref(now);
  guest_info_unref(info);
  g_byte_array_unref(bytes);
}

Test(session_blob, bad_bytes_are_found)
{
  static const struct {
    const char *bytes;
    size_t size;
  } bad[] = {{"", 0},
             {"\x80", 1},
             {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 10},
             {"\x05"
              "ab",
              3},
             {"\x03"
              "a\0",
              3}};
  for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
    const uint8_t *at = (const uint8_t *)bad[i].bytes;
    struct blob_in in = {at, at + bad[i].size, false};
    g_autofree char *text = blob_get_text(&in);
    cr_assert(in.bad && !text, "case %zu", i);
  }
}

static void put_random(struct journal *journal, struct random_session *session, GPtrArray *scans, int count)
{
  GError *err = NULL;
  cr_assert(journal_begin(journal, false, &err));
  for (int i = 0; i < count; i++) {
    struct scan *scan = random_session_next(session);
    g_ptr_array_add(scans, scan);
    cr_assert(journal_put_scan(journal, scan, &err), "%s", err ? err->message : "");
  }
  cr_assert(journal_commit(journal, &err));
}

static void check_scan(struct journal *journal, GPtrArray *scans, unsigned index, uint32_t seed)
{
  GError *err = NULL;
  struct scan *back = journal_get_scan(journal, index, &err);
  cr_assert_not_null(back, "seed %u scan %u: %s", seed, index, err ? err->message : "");
  g_autofree char *why = scan_difference(scans->pdata[index], back, &exact);
  cr_assert_null(why, "seed %u: %s", seed, why);
  scan_unref(back);
}

static void round_trip(uint32_t seed, int conns, int guests, int count)
{
  GError *err = NULL;
  struct journal *journal = journal_create(NULL, &err);
  cr_assert_not_null(journal);
  struct random_session *session = random_session_new(seed, conns, guests);
  g_autoptr(GPtrArray) scans = g_ptr_array_new_with_free_func((GDestroyNotify)scan_unref);
  put_random(journal, session, scans, count);
  uint64_t known;
  cr_assert(journal_count_scans(journal, &known, &err));
  cr_assert_eq(known, (uint64_t)count);
  for (unsigned i = 0; i < scans->len; i++)
    check_scan(journal, scans, i, seed);
  /* backwards, and here and there */
  for (unsigned i = scans->len; i > 0; i -= MIN(i, 37))
    check_scan(journal, scans, i - 1, seed);
  random_session_free(session);
  journal_close(journal);
}

Test(session_journal, random_scans_come_back)
{
  for (uint32_t seed = 1; seed <= 8; seed++)
    round_trip(seed, (int)(seed % 3) + 1, 6, 60);
  round_trip(g_random_int(), 2, 10, 300);
}

Test(session_journal, a_definition_kept_without_its_kind_is_read)
{
  struct guest_info *info = guest_info_new("a", "00000000-0000-0000-0000-000000000001");
  info->accel = ACCEL_XEN;
  info->kind = KIND_XEN_PVH;
  g_autoptr(GByteArray) blob = info_blob_encode(info);
  struct guest_info *whole = info_blob_decode(blob->data, blob->len);
  struct guest_info *before =
      info_blob_decode(blob->data, blob->len - 2); /* behind it is but that it was not asked */
  cr_assert(whole && whole->kind == KIND_XEN_PVH);
  cr_assert(before && before->accel == ACCEL_XEN && before->kind == KIND_UNKNOWN);
  blob->data[blob->len - 2] = KINDS;
  cr_assert_null(info_blob_decode(blob->data, blob->len));
  guest_info_unref(info);
  guest_info_unref(whole);
  guest_info_unref(before);
}

Test(session_journal, what_is_not_finite_is_unknown)
{
  struct journal *journal = journal_create(NULL, NULL);
  struct guest_info *info = guest_info_new("g", "u");
  struct guest *guest = guest_new(info);
  readings_set(&guest->r, GUEST_RD, (double)NAN);
  readings_set(&guest->r, GUEST_WR, (double)INFINITY);
  readings_set(&guest->r, GUEST_CPU, 1);
  struct scan *scan = scan_new(1);
  scan->conns[0] = conn_scan_new("test:///default");
  GPtrArray *guests = g_ptr_array_new();
  g_ptr_array_add(guests, guest);
  conn_scan_take_guests(scan->conns[0], guests);
  cr_assert(journal_begin(journal, false, NULL) && journal_put_scan(journal, scan, NULL) &&
            journal_put_scan(journal, scan, NULL) && journal_commit(journal, NULL));
  struct scan *back = journal_get_scan(journal, 1, NULL);
  cr_assert_not_null(back);
  const struct readings *r = &back->conns[0]->guests[0]->r;
  cr_assert(readings_has(r, GUEST_CPU) && !readings_has(r, GUEST_RD) && !readings_has(r, GUEST_WR));
  scan_unref(back);
  scan_unref(scan);
  guest_info_unref(info);
  journal_close(journal);
}

Test(session_journal, a_rollback_leaves_no_gap)
{
  GError *err = NULL;
  struct journal *journal = NULL;
  struct session_dir dir;
  session_dir_init(&dir);
  g_autofree char *path = g_build_filename(dir.path, "a.journal", NULL);
  journal = journal_create(path, &err);
  cr_assert_not_null(journal, "%s", err ? err->message : "");
  struct random_session *session = random_session_new(3, 1, 5);
  g_autoptr(GPtrArray) scans = g_ptr_array_new_with_free_func((GDestroyNotify)scan_unref);
  put_random(journal, session, scans, 10);
  struct scan *lost = random_session_next(session);
  cr_assert(journal_begin(journal, false, NULL) && journal_put_scan(journal, lost, NULL));
  journal_rollback(journal);
  scan_unref(lost);
  put_random(journal, session, scans, 10);
  for (unsigned i = 0; i < scans->len; i++)
    check_scan(journal, scans, i, 3);
  random_session_free(session);
  journal_close(journal);
  session_dir_clear(&dir);
}

/* What the program keeps of a scan, by guest and tick (also a figure for the README of the bench). */
static size_t bytes_of(const struct scan *scan, const struct scan *before)
{
  struct scan_layout layout;
  scan_layout_now(&layout);
  GByteArray *blob = scan_blob_encode(scan, before, &layout, session_no_info, NULL);
  size_t bytes = blob->len;
  g_byte_array_unref(blob);
  return bytes;
}

static struct scan *active_scan(int guests, int64_t tick, bool active)
{
  struct scan *scan = scan_new(1);
  scan->tick = (uint64_t)tick;
  scan->mono_ns = tick * 1000000123;
  scan->conns[0] = conn_scan_new("test:///default");
  scan->conns[0]->mono_ns = scan->mono_ns;
  GPtrArray *list = g_ptr_array_new();
  for (int i = 0; i < guests; i++)
    g_ptr_array_add(list, session_steady_guest(i, tick, active));
  conn_scan_take_guests(scan->conns[0], list);
  return scan;
}

static struct guest_info *info_of_scan(void *scan, uint64_t id)
{
  (void)id;
  return ((struct scan *)scan)->conns[0]->guests[0]->info;
}

Test(session_journal, a_guest_takes_few_bytes)
{
  static const struct {
    bool active;
    size_t limit;
  } cases[] = {{true, 480}, {false, 10}};
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    struct scan *before = active_scan(100, 1000, cases[i].active),
                *now = active_scan(100, 1001, cases[i].active);
    size_t bytes = bytes_of(now, before) / 100;
    cr_assert_leq(bytes, cases[i].limit, "%zu bytes per guest and tick", bytes);
    cr_assert_gt(bytes, 0);
    scan_unref(before);
    scan_unref(now);
  }
}

/* A scan without threads is the same in the format before, but for its number. */
Test(session_journal, a_scan_of_the_format_before_is_read)
{
  struct scan_layout layout;
  struct scan *scan = active_scan(1, 1000, true);
  scan_layout_now(&layout);
  GByteArray *bytes = scan_blob_encode(scan, NULL, &layout, session_no_info, NULL);
  for (uint8_t format = 0; format <= SCAN_BLOB_FORMAT + 1; format++) {
    const bool known = format >= SCAN_BLOB_FORMAT_FIRST && format <= SCAN_BLOB_FORMAT;
    bytes->data[0] = format;
    struct scan *back = scan_blob_decode(bytes->data, bytes->len, NULL, &layout, info_of_scan, scan);
    cr_assert_eq(back != NULL, known, "format %d", format);
    if (back)
      scan_unref(back);
  }
  g_byte_array_unref(bytes);
  scan_unref(scan);
}

static void damage(const char *path, const char *sql)
{
  session_sql(path, sql);
}

static void refused(const char *path, const char *word)
{
  GError *err = NULL;
  struct journal *journal = journal_open(path, &err);
  uint64_t count = 0;
  struct scan *scan = NULL;
  if (journal && journal_count_scans(journal, &count, &err))
    for (uint64_t i = 0; i < count && (scan = journal_get_scan(journal, i, &err)); i++)
      scan_unref(scan);
  cr_assert_not_null(err, "not refused; \"%s\" expected", word);
  cr_assert_not_null(strstr(err->message, word), "%s", err->message);
  cr_assert_not_null(strstr(err->message, path), "%s", err->message);
  g_error_free(err);
  journal_close(journal);
}

Test(session_journal, what_is_wrong_is_said)
{
  static const struct {
    const char *sql, *word;
  } cases[] = {
      {"PRAGMA user_version = 99", "version 99"},
      {"PRAGMA application_id = 1", "no journal"},
      {"UPDATE scan SET body = x'ff00' WHERE n = 5", "scan 5"},
      {"UPDATE scan SET body = substr(body, 1, length(body) - 1) WHERE n = 7", "scan 7"},
      {"UPDATE scan SET key = 0", "missing"},
      {"DELETE FROM scan WHERE n = 4", "missing"},
      {"DELETE FROM guest", "malformed"},
      {"UPDATE metric SET name = 'new_metric' WHERE scope = 2 AND number = 3", "metrics"},
      {"DROP TABLE scan", "no such table"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    struct session_dir dir;
    session_dir_init(&dir);
    g_autofree char *path = session_make_journal(&dir, 5, 20);
    damage(path, cases[i].sql);
    refused(path, cases[i].word);
    session_dir_clear(&dir);
  }
}

Test(session_journal, a_damaged_file_is_no_crash)
{
  struct session_dir dir;
  session_dir_init(&dir);
  g_autofree char *path = session_make_journal(&dir, 11, 40);
  g_autofree char *good = NULL;
  gsize size;
  cr_assert(g_file_get_contents(path, &good, &size, NULL));
  GRand *rand = g_rand_new_with_seed(5);
  int errors = 0;
  for (int round = 0; round < 60; round++) {
    g_autofree char *bad = g_memdup2(good, size);
    gsize length = round % 3 ? size : (gsize)g_rand_int_range(rand, 0, (int)size);
    for (int i = 0; i < 20 && round % 3; i++)
      bad[g_rand_int_range(rand, round % 3 == 1 ? 100 : 4096, (int)size)] = (char)g_rand_int(rand);
    cr_assert(g_file_set_contents(path, bad, (gssize)length, NULL));
    errors += session_read_all(path) ? 0 : 1;
  }
  cr_assert_gt(errors, 20, "only %d of 60 noticed", errors);
  g_rand_free(rand);
  session_dir_clear(&dir);
}

Test(session_journal, more_metrics_later_do_not_matter)
{
  struct session_dir dir;
  session_dir_init(&dir);
  g_autofree char *path = session_make_journal(&dir, 5, 20);
  /* A journal of a version whose tables had the same metrics in another order. */
  damage(path, "UPDATE metric SET number = -1 WHERE scope = 0 AND number = 0;"
               "UPDATE metric SET number = 0 WHERE scope = 0 AND number = 1;"
               "UPDATE metric SET number = 1 WHERE scope = 0 AND number = -1;");
  struct journal *journal = journal_open(path, NULL);
  cr_assert_not_null(journal);
  struct random_session *session = random_session_new(5, 2, 6);
  for (int i = 0; i < 20; i++) {
    struct scan *then = random_session_next(session), *back = journal_get_scan(journal, (uint64_t)i, NULL);
    cr_assert_not_null(back);
    cr_assert_eq(then->host != NULL, back->host != NULL);
    if (then->host)
      cr_assert_eq(readings_has(&then->host->r, 0), readings_has(&back->host->r, 1), "scan %d", i);
    scan_unref(then);
    scan_unref(back);
  }
  random_session_free(session);
  journal_close(journal);
  session_dir_clear(&dir);
}
