/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An export read back: any text gives a journal, all of whose scans can be got, or an error. */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>

#include "core/session/import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  g_autofree char *copy = g_memdup2(data, size);
  FILE *file = size > 0 ? fmemopen(copy, size, "r") : NULL;
  if (!file)
    return 0;
  g_autoptr(GError) err = NULL;
  struct journal *journal = import_export(file, "fuzz", &err);
  uint64_t scans = 0;
  if (!journal != (err != NULL))
    g_error("a journal or an error");
  if (journal && !journal_count_scans(journal, &scans, &err))
    g_error("%s", err->message);
  for (uint64_t i = 0; i < scans; i++) {
    struct scan *scan = journal_get_scan(journal, i, &err);
    if (!scan)
      g_error("%s", err->message);
    scan_unref(scan);
  }
  journal_close(journal);
  fclose(file);
  return 0;
}
