/* SPDX-License-Identifier: GPL-2.0-or-later */
/* usage: HARNESS FILE|FOLDER...: feed each file to the harness, as libFuzzer does with a corpus. */
#include <glib.h>
#include <stdio.h>

#include "tests/fuzz/fuzz.h"

static unsigned feed(const char *path)
{
  unsigned fed = 0;
  if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
      g_autofree char *inner = g_build_filename(path, name, NULL);
      fed += feed(inner);
    }
    return fed;
  }
  g_autofree char *data = NULL;
  gsize size;
  if (!g_file_get_contents(path, &data, &size, NULL))
    return 0;
  /* A copy of just that size, so that a sanitizer sees a read beyond it. */
  g_autofree uint8_t *copy = g_memdup2(data, size);
  LLVMFuzzerTestOneInput(copy, size);
  return 1;
}

int main(int argc, char **argv)
{
  unsigned fed = 0;
  for (int i = 1; i < argc; i++)
    fed += feed(argv[i]);
  printf("%u inputs\n", fed);
  return fed > 0 ? 0 : 1;
}
