/* SPDX-License-Identifier: GPL-2.0-or-later */
/* usage: make-seeds JOURNAL-DIR IMPORT-DIR: the inputs that fuzzing began with, of random sessions. */
#include <stdio.h>

#include "core/session/export.h"
#include "core/session/scan_blob.h"
#include "tests/unit/random_scan.h"
#include "tests/unit/session_dir.h"

static void add(GByteArray *out, const GByteArray *blob)
{
  uint8_t length[] = {(uint8_t)blob->len, (uint8_t)(blob->len >> 8)};
  g_byte_array_append(out, length, sizeof length);
  g_byte_array_append(out, blob->data, blob->len);
}

static bool save(const char *dir, const char *kind, unsigned seed, const GByteArray *out)
{
  g_autofree char *path = g_strdup_printf("%s/%s-%u", dir, kind, seed);
  return g_file_set_contents(path, (const char *)out->data, out->len, NULL);
}

static bool make_scans(const char *dir, unsigned seed)
{
  struct scan_layout layout;
  struct scan *before = NULL;
  struct random_session *session = random_session_new(seed, 2, 2);
  g_autoptr(GByteArray) out = g_byte_array_new();
  scan_layout_now(&layout);
  g_byte_array_append(out, (const uint8_t *)"s", 1);
  for (int i = 0; i < 4; i++) {
    struct scan *scan = random_session_next(session);
    g_autoptr(GByteArray) blob = scan_blob_encode(scan, before, &layout, session_no_info, NULL);
    add(out, blob);
    scan_unref(before);
    before = scan;
  }
  scan_unref(before);
  random_session_free(session);
  return save(dir, "scans", seed, out);
}

/* The definition of the first guest that comes. */
static bool make_info(const char *dir, unsigned seed)
{
  struct random_session *session = random_session_new(seed, 1, 2);
  g_autoptr(GByteArray) out = g_byte_array_new();
  g_byte_array_append(out, (const uint8_t *)"i", 1);
  while (out->len == 1) {
    struct scan *scan = random_session_next(session);
    if (scan->conns[0]->guest_count > 0) {
      g_autoptr(GByteArray) blob = info_blob_encode(scan->conns[0]->guests[0]->info);
      g_byte_array_append(out, blob->data, blob->len);
    }
    scan_unref(scan);
  }
  random_session_free(session);
  return save(dir, "info", seed, out);
}

static bool make_export(const char *folder, unsigned seed)
{
  struct session_dir dir;
  session_dir_init(&dir);
  g_autofree char *journal = session_make_journal(&dir, seed, 2);
  g_autofree char *json = g_strdup_printf("%s/export-%u", folder, seed);
  bool ok = export_journal(journal, json, NULL);
  session_dir_clear(&dir);
  return ok;
}

int main(int argc, char **argv)
{
  bool ok = argc == 3;
  for (unsigned seed = 1; seed <= 6 && ok; seed++)
    ok = make_scans(argv[1], seed) && make_info(argv[1], seed) && make_export(argv[2], seed);
  if (!ok)
    fprintf(stderr, "usage: make-seeds JOURNAL-DIR IMPORT-DIR\n");
  return ok ? 0 : 2;
}
