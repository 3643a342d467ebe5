/* SPDX-License-Identifier: GPL-2.0-or-later */
/* usage: print-schema export|check|results: the JSON Schema of that; `make update-schema` keeps all in conf/.
 */
#include <stdio.h>
#include <string.h>

#include "core/bench/store.h"
#include "core/session/checkup_json.h"
#include "core/session/schema.h"

int main(int argc, char **argv)
{
  static const struct {
    const char *name;
    json_t *(*make)(void);
  } schemas[] = {{"export", export_schema}, {"check", checkup_schema}, {"results", bench_results_schema}};

  for (size_t i = 0; i < sizeof(schemas) / sizeof(*schemas) && argc == 2; i++) {
    if (strcmp(schemas[i].name, argv[1]) != 0)
      continue;
    json_t *schema = schemas[i].make();
    int result = json_dumpf(schema, stdout, JSON_INDENT(1));
    json_decref(schema);
    return result == 0 && putchar('\n') != EOF && fflush(stdout) == 0 ? 0 : 1;
  }
  fprintf(stderr, "usage: print-schema export|check|results\n");
  return 2;
}
