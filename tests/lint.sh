#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# lint.sh FLAG...: clang-tidy and cppcheck over the C files of this tree, with no complaint allowed; in the build folder,
# FLAG... are the compiler's.
set -u
build=$(pwd)
cd "$(dirname -- "$0")/.." || exit 1
status=0
files() {
  # The runner without Criterion compiles only where it is used.
  find core tui man tests -name '*.c' ! -name plain_runner.c ! -name '*.bpf.c' | sort
}
# What clang-tidy counts on stderr ("12 warnings generated") are those of system headers, which it does not show.
files | xargs -n 4 -P "$(nproc)" sh -c '
  count=$1; shift
  flags=; while [ "$count" -gt 0 ]; do flags="$flags $1"; count=$((count - 1)); shift; done
  clang-tidy --quiet "$@" -- $flags 2> /dev/null' - $(($# + 1)) "-I$build" "$@" || status=1
cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 --enable=warning,performance,portability \
  --suppressions-list=tests/cppcheck.txt -j "$(nproc)" -I . -I "$build" core tui man tests || status=1
for script in bootstrap .ci/run tests/*.sh tests/with-timeout conf/*.sh conf/guests/*.sh; do
  sh -n "$script" || status=1
done
exit $status
