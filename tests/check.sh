#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The suites plainly and under the sanitizers; with CHECK_STAGES="plain asan tsan clang lint dist" CHECK_LIVE=all, as
# before a release, also a second compiler, lint and the archive, and every live test in every build.
# Prints what failed with the end of its log, and the totals as the last line.
set -u
cd "$(dirname -- "$0")/.." || exit 1
top=$(pwd)
exec < /dev/null
jobs=$(nproc)
passed=0 failed=0 skipped=0
stages=${CHECK_STAGES-plain asan tsan}
started=$(date +%s)
# What the live tests of one stage have made serves those of the next.
TESTS_KEPT=$top/build/tests/live/kept
export TESTS_KEPT

say() {
  printf '%s\n' "check: $*"
}

elapsed() {
  echo "$(($(date +%s) - started)) s"
}

# One thing that is right or wrong as a whole: NAME LOG COMMAND...
judge() {
  name=$1 log=$2
  shift 2
  if "$@" > "$log" 2>&1; then
    passed=$((passed + 1))
    say "$name: passed, $(elapsed)"
    return 0
  fi
  failed=$((failed + 1))
  say "$name: FAILED, $(elapsed); the end of $log:"
  tail -n 60 "$log" | sed 's/^/  | /'
  return 1
}

# Configure FOLDER anew if packages or the build system changed since, then compile all that is tested.
compile() {
  folder=$1
  shift
  mkdir -p "$folder" || return 1
  cd "$folder" || return 1
  stamp="configured $*"
  if ! [ -f Makefile ] || ! [ "$(cat configured.stamp 2> /dev/null)" = "$stamp" ] ||
    [ /var/lib/dpkg/status -nt config.status ] || [ ../configure -nt config.status ]; then
    ../configure --quiet "$@" && echo "$stamp" > configured.stamp || return 1
  fi
  make -s -j "$jobs" all && make -s -j "$jobs" check TESTS=
}

# COMMAND... in a process of its own, so that its folder stays its own.
apart() {
  ("$@")
}

# What automake recorded in FOLDER, added up by suite; prints the logs of what failed.
count() {
  folder=$1
  for suite in $(cd "$folder" && find tests -name '*.trs' -exec dirname {} + | sort -u); do
    good=0 bad=0 left=0
    for record in "$folder/$suite"/*.trs; do
      while read -r key result; do
        [ "$key" = ":test-result:" ] || continue
        case $result in
        PASS* | XFAIL*) good=$((good + 1)) ;;
        SKIP*)
          left=$((left + 1))
          say "skipped: $suite/$(basename "$record" .trs): $(tail -n 1 "${record%.trs}.log")"
          ;;
        *)
          bad=$((bad + 1))
          say "FAILED in $folder: $suite/$(basename "$record" .trs); the end of its log:"
          tail -n 60 "${record%.trs}.log" | sed 's/^/  | /'
          ;;
        esac
      done < "$record"
    done
    say "$folder $suite: $good passed, $bad failed, $left skipped"
    passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + left))
  done
}

# Which tests of FOLDER took longest, as tests/with-timeout wrote at the end of their logs.
slowest() {
  (cd "$1" && find tests -name '*.log' -exec sed -n 's|^took \([0-9]*\) s$|\1 {}|p' {} \;) | sort -rn | head -n 8 |
    sed 's|\([0-9]*\) tests/\(.*\)\.log|\2 \1 s|' | paste -s -d ',' | sed 's/,/, /g'
}

# So that no long one is left alone at the end.
longest_first() {
  awk '/snapshots|sriov|clones|faults/ { print; next } { rest = rest $0 "\n" } END { printf "%s", rest }'
}

# Live tests are most of the time, so each runs where it finds most, under one sanitizer at least if that can find
# anything; the others in all builds, and with CHECK_LIVE=all, as before a release, these too.
runs_in() {
  case $2 in
  # QEMU's guests alone; and an emulated machine, too slow for a sanitizer.
  tests/live/pulse.py | tests/live/linux.py | tests/live/sriov/*) builds=build ;;
  # It counts what a program asks of memory, and the thread sanitizer asks for some in it.
  tests/live/tracing.py) builds='build build-asan' ;;
  *)
    [ "${CHECK_LIVE-}" = all ] && return
    case $2 in
    # What a worker does, one thing after the other, with a great many guests.
    tests/live/snapshots.py | tests/live/clones.py | tests/live/faults.py | tests/live/life.py | tests/live/ssh.py | \
      tests/live/console.py | tests/live/screenshot.py | tests/live/bench.py) builds=build-asan ;;
    # What is told by processes beside it.
    tests/live/spans.py) builds='build build-asan' ;;
    # Threads that watch, connections that come and go, jobs at once.
    tests/live/session.py | tests/live/whole.py | tests/live/lost.py | tests/live/remote.py | tests/live/steal.py | \
      tests/live/sink.py | tests/live/virt_*.py | tests/live/lab_*) builds='build build-tsan' ;;
    *) return 0 ;;
    esac
    ;;
  esac
  case " $builds " in *" $1 "*) return 0 ;; *) return 1 ;; esac
}

# Build in FOLDER and run the suites whose names begin with one of the words of SUITES there.
suites() {
  folder=$1 wanted=$2
  shift 2
  mkdir -p "$folder"
  (compile "$folder" "$@") > "$folder/compile.log" 2>&1 || {
    judge "$folder: compile" "$folder/compile.log" sh -c 'cat "$1"; exit 1' - "$top/$folder/compile.log"
    return
  }
  find "$folder/tests" -name '*.trs' -delete
  find "$folder/tests" -name '*.log' -delete
  chosen=$(for test in $(make -s -C "$folder" list-tests); do
    runs_in "$folder" "$test" || continue
    for prefix in $wanted; do
      case $test in "$prefix"*) printf '%s ' "$test" ;; esac
    done
  done)
  # Live tests wait for their guests half of the time, and the rest would make these wait longer.
  live=$(printf '%s\n' $chosen | grep '^tests/live/' | longest_first) rest=$(printf '%s\n' $chosen | grep -v '^tests/live/')
  make -C "$folder" -j "$jobs" check TESTS="$(echo $rest)" > "$folder/check.log" 2>&1 || true
  # The search for leaks is left to the other tests: it stops all threads, and crashes now and then on those of libvirt's
  # embedded driver ("Tracer caught signal 11").
  ASAN_OPTIONS="detect_leaks=0:${ASAN_OPTIONS-}" \
    make -C "$folder" -j "$((jobs + 1))" check TESTS="$(echo $live)" >> "$folder/check.log" 2>&1 || true
  say "$folder: $(elapsed)"
  # A run that ended before the tests did leaves no records to count.
  if ! find "$folder/tests" -name '*.trs' | grep -q .; then
    failed=$((failed + 1))
    tail -n 60 "$folder/check.log"
  fi
  count "$folder"
  say "$folder, slowest: $(slowest "$folder")"
}

for stage in $stages; do
  case $stage in
  plain) suites build tests/ ;;
  # Compiled in two thirds of the time of -g -O2; a report's backtrace needs no more.
  asan) suites build-asan 'tests/unit tests/screen tests/live tests/check-fuzz' --enable-asan --enable-werror 'CFLAGS=-g1 -O1' ;;
  # Not so here: at -O1 GCC 12 takes "has(a, i) != has(b, i)" of tests/unit/scan_difference.c for "has(b, i)" (seen in its code).
  tsan) suites build-tsan 'tests/unit tests/live' --enable-tsan ;;
  clang) mkdir -p build-clang && judge "clang: compile" build-clang/compile.log apart compile build-clang CC=clang --enable-werror ;;
  lint) judge lint build/lint.log make -C build -s lint ;;
  dist) judge distcheck build/distcheck.log make -C build -s distcheck TESTS=tests/unit/base_text ;;
  *)
    say "no stage is called $stage"
    exit 2
    ;;
  esac
done
say "$(elapsed) in all"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
