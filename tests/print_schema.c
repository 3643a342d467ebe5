/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints the JSON Schema of the export: `make update-schema` keeps it in conf/. */
#include <stdio.h>

#include "core/session/schema.h"

int main(void)
{
  json_t *schema = export_schema();
  int result = json_dumpf(schema, stdout, JSON_INDENT(1));
  json_decref(schema);
  return result == 0 && putchar('\n') != EOF && fflush(stdout) == 0 ? 0 : 1;
}
