/* SPDX-License-Identifier: GPL-2.0-or-later */
/* usage: make-exports DIR: exports of random sessions, for a validator of JSON Schema. */
#include <glib/gstdio.h>
#include <stdio.h>

#include "core/session/export.h"
#include "tests/unit/session_dir.h"

static bool make(const char *folder, uint32_t seed, int scans)
{
  struct session_dir dir = {g_strdup(folder)};
  g_autofree char *journal = session_make_journal(&dir, seed, scans);
  g_autofree char *json = g_strdup_printf("%s/%u.export.json", folder, seed);
  g_autoptr(GError) err = NULL;
  if (seed % 2 == 0)
    session_sql(journal, "UPDATE session SET end_wall_ns = 0");
  bool ok = export_journal(journal, json, &err);
  if (!ok)
    fprintf(stderr, "%s\n", err->message);
  g_free(dir.path);
  return ok;
}

int main(int argc, char **argv)
{
  if (argc != 2)
    return 2;
  bool ok = make(argv[1], 1, 40) && make(argv[1], 2, 12) && make(argv[1], 3, 0);
  return ok ? 0 : 1;
}
