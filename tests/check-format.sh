#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every C file is formatted as .clang-format says.  Versions of clang-format differ in taste: only VERSION judges.
VERSION=14
cd "$(dirname -- "$0")/.." || exit 1
case $(clang-format --version 2> /dev/null) in
*"version $VERSION."*) ;;
*)
  echo "SKIP: clang-format $VERSION is not installed"
  exit 77
  ;;
esac
find core tui man conf tests -name '*.[ch]' ! -name embedded.c ! -name pulse_image.h |
  sort | xargs clang-format --dry-run -Werror 2>&1
