#!/bin/sh
# usage: embed.sh FILE...: C source of the table of embedded files, on stdout.
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
printf '/* Made by conf/embed.sh. */\n#include "conf/embedded.h"\n\n#include <string.h>\n\n'
n=0
for file in "$@"; do
  n=$((n + 1))
  printf 'static const char file_%d[] = {' "$n"
  od -An -v -tu1 "$file" | sed 's/  *\([0-9][0-9]*\)/ (char)\1,/g'
  printf ' 0};\n'
done
printf '\nconst struct embedded embedded_table[] = {\n'
n=0
for file in "$@"; do
  n=$((n + 1))
  printf '    {"%s", file_%d, sizeof file_%d - 1},\n' "${file##*/}" "$n" "$n"
done
cat <<'END'
    {0}};

const struct embedded *embedded_find(const char *name)
{
  for (const struct embedded *e = embedded_table; e->name; e++)
    if (!strcmp(e->name, name))
      return e;
  return NULL;
}
END
