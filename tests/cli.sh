#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Each command line that must be refused, with its exit status and what is said; and what must
# work without a terminal, a daemon or a guest.  Runs ./virtlens of the build folder.
set -u
program=${VIRTLENS:-./virtlens}
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
export XDG_STATE_HOME="$scratch/state" XDG_CONFIG_HOME="$scratch/config" LC_ALL=C.UTF-8
unset LIBVIRT_DEFAULT_URI
run=0 failed=0 skipped=0

complain() {
  failed=$((failed + 1))
  echo "FAIL $1"
  sed 's/^/     | /' "$scratch/out" "$scratch/err"
}

# expect STATUS PATTERN WORD...: the program's exit status, and an extended regular expression
# that its standard error (or, with status 0, standard output) matches.
expect() {
  status=$1 pattern=$2
  shift 2
  run=$((run + 1))
  timeout 60 "$program" "$@" < /dev/null > "$scratch/out" 2> "$scratch/err"
  got=$?
  if [ "$status" = 0 ]; then where=$scratch/out; else where=$scratch/err; fi
  if [ $got -ne "$status" ]; then
    complain "virtlens $*: exit status $got, not $status"
  elif ! grep -Eq -e "$pattern" "$where"; then
    complain "virtlens $*: no /$pattern/"
  elif grep -q Sanitizer "$scratch/err"; then
    complain "virtlens $*: a sanitizer complains"
  fi
}

check() {
  run=$((run + 1))
  what=$1
  shift
  "$@" || complain "$what"
}

echo "# options and commands"
expect 0 '--readonly' --help
expect 0 '^virtlens [0-9]' --version
expect 0 '^virtlens [0-9]' -V
expect 0 '--from' export --help
expect 2 "no option --hlep.*|did you mean '--help'" --hlep
expect 2 "did you mean '--readonly'" --readnoly
expect 2 'no option --\\x1b' "--$(printf '\033')[31m"
expect 2 'no option -z' -z
expect 2 "did you mean 'replay'" replya file
expect 2 'neither a command nor' ''
expect 2 'takes no argument' --batch=yes
expect 2 'given twice' --batch --batch
expect 2 'given twice' --batch test:///default test:///default
expect 2 'is missing' --export
expect 2 'is missing' --batch -n
expect 2 'empty' --export ''
expect 2 'empty' --config ''
expect 2 'empty' --connect ''
expect 2 'not known' --lab=start
expect 2 'works only with --lab' --tour
expect 2 'works only with --lab' --lab-root /tmp
expect 2 'works only with --batch' -n 5
expect 2 'works only with --batch' --format csv
expect 2 'not a format' --batch --format xml
expect 2 'readonly forbids' --readonly --lab --tour
expect 2 'readonly forbids' --readonly --lab=stop
expect 2 'no key is pressed with --batch' --batch --record-keys keys
expect 2 'FILE is missing' replay
expect 2 'too many' replay one two
expect 2 'does not go with replay' replay --batch file
expect 2 'does not go with' --from journal
expect 2 '--from JOURNAL is missing' export
expect 2 'too many' check qemu:///system
expect 2 'there is no format csv of it, but text and json' check --format csv
expect 2 'not a format' check --format xml
expect 2 'does not go with check' check --readonly
expect 2 'does not go with check' check --config /dev/null
expect 0 '--readonly' check --help
expect 2 'memory: --batch is missing.*|:memory' memory
expect 2 'too many' memory --batch all
expect 2 '--name or --pid, not both' memory --batch --name a --pid 1
expect 2 '--pid: ' memory --batch --pid 0
expect 2 '--pid: ' memory --batch --pid 99999999999
expect 2 'no format openmetrics of it, but text, csv and json' memory --batch --format openmetrics
expect 2 'does not go with watching' --requests
expect 2 'does not go with memory' memory --batch --lab
expect 2 'a database is named as mysql://' memory --batch --sink postgres://host/db
expect 2 'a database is named as mysql://' memory --batch --sink mysql://host
expect 2 'a database is named as mysql://' memory --batch --sink 'mysql://host/db?password=x'
expect 2 'does not begin with /' memory --batch --sink 'mysql://host/db?socket=x'
expect 2 'does not belong in a URL' memory --batch --sink mysql://user:seCret@host/db
expect 2 'does not belong in a URL' --batch -n 1 --sink mysql://user:seCret@host/db test:///default
expect 2 'does not belong in a URL' import mysql://user:seCret@host/db
check 'a password is repeated' sh -c '! grep -r seCret "$@"' sh "$scratch/out" "$scratch/err" "$scratch/state"
expect 2 'a database is named as mysql://' memory --batch --sink mysql://user:seCret@host:port/db
check 'a password is repeated' sh -c '! grep seCret "$@"' sh "$scratch/out" "$scratch/err"
expect 2 '--sink-password-file.*No such file' memory --batch --sink mysql://host/db --sink-password-file "$scratch/nosuch"
expect 2 'works only with --sink' memory --batch --sink-password-file file
expect 2 'does not go with replay' replay --sink mysql://host/db file
expect 2 'DATABASE is missing' import
expect 2 'too many' import mysql://host/db other
expect 2 'too many' export --from journal other
expect 2 'replace its own source' export --from "$scratch/x.json" --to "$scratch/./x.json"
expect 2 'replace its own source' export --from "$scratch/x.json"
expect 1 'nosuch' export --from "$scratch/nosuch.journal"

echo "# benchmarks"
expect 2 'bench: it takes one connection' bench -c qemu:///system -c test:///default
expect 1 'results.json' bench --resume --output /nonexistent
expect 2 'has its own plan' bench --resume --plan quick --output /nonexistent
expect 0 '2  emulated      ide tcg qcow2 cache=none' bench --print-plan accels=tcg
expect 2 'there is no plan quikc.*|shipped: .*quick' bench --print-plan --plan quikc
expect 2 'there is no plan /: ' bench --print-plan --plan /
expect 2 '"disksize" is no option of a plan' bench --print-plan disksize=1G
expect 2 'did you mean disk-size=VALUE' bench --print-plan disksize=1G
expect 2 'too many' bench --print-plan ide
expect 2 'backends: there is no "/dev/sda"' bench --simulate backends=/dev/sda
expect 2 'memory: 1 MiB is not between|memory: 1M is not between' bench --simulate --memory 1M
expect 2 'disk-size: ' bench --simulate --disk-size 99999999999T
expect 2 'does not go with bench' bench --readonly
printf '[plan]\nbackends = ide\ndepths = 0\n' > "$scratch/bad.plan"
expect 2 'bad.plan:3:10: depths: ' bench --print-plan --plan "$scratch/bad.plan"
expect 0 '/results.json$' bench --simulate --output "$scratch/bench"
check "a simulation says that it is one" grep -q 'SIMULATED' "$scratch/err"
expect 1 'these results would be replaced' bench --simulate --output "$scratch/bench"
expect 3 'cannot|not writ|o space|ermission|exist|irectory' bench --simulate --output /dev/null/bench

echo "# reports of benchmarks"
results=$scratch/bench/results.json
expect 2 'report: FILE is missing' report
expect 2 'two files of results' report compare "$results"
expect 2 'fail-if works only with report compare' report --fail-if 'iops < 1%' "$results"
expect 2 'there is no such figure' report compare --fail-if 'speed < 1%' "$results" "$results"
expect 2 'not a format' report --format openmetrics "$results"
expect 1 'nosuch' report "$scratch/nosuch.json"
expect 2 'bad.plan:1:[0-9]+: ' report "$scratch/bad.plan"
head -c 1000 "$results" > "$scratch/torn.json"
expect 2 'torn.json:[0-9]+:[0-9]+: ' report "$scratch/torn.json"
expect 0 'SIMULATED' report --format text "$results"
expect 0 '^randread 4 KiB qd1,simulated,ide,emulated,.*,iops_per_s,5,' report --format csv "$results"
expect 0 '^[|] virtio-blk ' report -f markdown "$results"
expect 0 'detailed_analysis.txt$' report "$results"
check "a report says that it tells of a simulation" grep -q SIMULATED "$scratch/bench/detailed_analysis.txt"
check "the page stands alone" grep -q "default-src 'none'" "$scratch/bench/report.html"
expect 0 'no difference that can be shown' report compare "$results" "$results"
expect 0 'iops|IOPS' report compare --fail-if 'iops < -10%' "$results" "$results"
sed 's/"iops_per_s": \([0-9]*\)\.[0-9]*,/"iops_per_s": \1e-1,/' "$results" > "$scratch/slow.json"
run=$((run + 1))
"$program" report compare --fail-if 'iops < -10%' "$results" "$scratch/slow.json" > "$scratch/out" 2> "$scratch/err"
if [ $? -ne 1 ] || ! grep -q '^FAILED: iops < -10%' "$scratch/out"; then complain "a limit that is passed fails"; fi

echo "# numbers"
for bad in '' ' ' -1 0 0.05 61 1e999 1e1 nan inf -inf 0x1 abc '1 parsec' 99999999999999999999 1,5 --; do
  expect 2 '--delay: ' --batch -d "$bad"
done
for bad in '' ' ' -1 0 1.5 1e3 1e999 nan 0x10 abc 5x 99999999999999999999 -99999999999999999999; do
  expect 2 '--count: ' --batch -n "$bad"
done

echo "# configuration"
printf '[settings]\ninterval = 1e999\nnosuch = 1\n[keys.main]\nn = nosuchcommand\n' > "$scratch/bad.conf"
expect 2 'bad.conf:2:' --config "$scratch/bad.conf" --batch -n 1 test:///default
expect 2 'bad.conf:3:' --config "$scratch/bad.conf" --batch -n 1 test:///default
expect 2 'bad.conf:5:' --config "$scratch/bad.conf" --batch -n 1 test:///default
mkdir -p "$XDG_CONFIG_HOME/virtlens/themes"
printf 'good = red\nnosuch = blue\n' > "$XDG_CONFIG_HOME/virtlens/themes/torn.theme"
for row in 'theme = nosuch|no theme "nosuch" \(' 'theme = torn|torn:2:1: no such role: "nosuch"' \
  'columns = guest,cpuu%|no such column: "cpuu%" \(did you mean CPU%' 'sort = nosuch down|no such column to sort by' \
  'sort = guest sideways|no such order: "sideways"' 'graphs = perhaps|"perhaps" is not auto'; do
  setting=${row%%|*} name=${row%% =*}
  printf '[settings]\n# one line\n%s\n' "$setting" > "$scratch/bad.conf"
  expect 2 "bad.conf:3:$((${#name} + 4)): $name: ${row#*|}" --config "$scratch/bad.conf" --batch -n 1 test:///default
done
expect 2 'nosuch.conf' --config "$scratch/nosuch.conf" --batch -n 1 test:///default
expect 2 '.' --config "$scratch" --batch -n 1 test:///default

echo "# terminals and descriptors"
expect 2 'not a terminal' test:///default
grep -q -- --batch "$scratch/err" || complain 'the message does not name --batch'
printf ':quit\n' > "$scratch/quit.play"
expect 2 'not a terminal' --play "$scratch/quit.play" test:///default
expect 3 'cannot write' --batch --play "$scratch/quit.play" --export /nonexistent/x test:///default
if command -v script > /dev/null; then
  for term in '' dumb nosuchterminal; do
    run=$((run + 1))
    TERM=$term timeout 60 script -qec "$program test:///default" "$scratch/out" > /dev/null < /dev/null
    got=$?
    [ $got -eq 2 ] || complain "TERM='$term': exit status $got, not 2"
    grep -q -- --batch "$scratch/out" || complain "TERM='$term': the message does not name --batch"
  done
else
  skipped=$((skipped + 1)); echo "skip TERM: script(1) is not installed"
fi
run=$((run + 1))
"$program" --help > /dev/full 2> "$scratch/err"
[ $? -eq 1 ] || complain '--help to a full device'

echo "# batch"
expect 0 '^/.*\.json$' --batch -n 1 test:///default
check 'the last line is no path of a file' test -s "$(tail -n 1 "$scratch/out")"
expect 0 '^/.*/session\.json$' --batch -n 2 -d 0.1 --export "$scratch/session.json" test:///default
check 'the export is no JSON' python3 -m json.tool "$scratch/session.json" "$scratch/pretty.json"
expect 0 '^time,tick,' --batch -n 1 --format csv test:///default
check 'the path is not on standard error' grep -q '\.json$' "$scratch/err"
expect 1 'nosuch' --batch -n 1 nosuch:///default
expect 1 'unix:|socket' --batch -n 1 'qemu+unix:///system?socket=/nosuch/socket'
expect 3 '/nosuch' --batch -n 1 --export /nosuch/folder/session.json test:///default
check 'a session began' test ! -s "$scratch/out"
state=$XDG_STATE_HOME
XDG_STATE_HOME=/proc/nosuch
expect 3 '/proc/nosuch' --batch -n 1 test:///default
expect 3 '/proc/nosuch' --lab --batch -n 1
XDG_STATE_HOME=$state
expect 3 '/proc/nosuch' --lab --lab-root /proc/nosuch --batch -n 1
run=$((run + 1))
PATH=/nosuch /usr/bin/timeout 60 "$program" --lab --lab-root "$scratch/lab" --batch -n 1 > "$scratch/out" 2> "$scratch/err" < /dev/null
[ $? -eq 3 ] || complain 'no QEMU: the exit status is not 3'
grep -q 'the lab needs QEMU' "$scratch/err" || complain 'no QEMU: it is not said'
run=$((run + 1))
timeout 60 "$program" --batch -n 2 -d 0.1 --export "$scratch/closed.json" test:///default <&- >&- 2>&-
[ $? -eq 0 ] || complain 'all descriptors closed'
check 'closed descriptors: the export is no JSON' python3 -m json.tool "$scratch/closed.json" "$scratch/pretty.json"
run=$((run + 1))
timeout 60 "$program" --batch -n 1 test:///default > /dev/full 2> "$scratch/err"
[ $? -eq 1 ] || complain 'standard output full'
check 'nothing is left to recover' test -z "$(ls -A "$XDG_STATE_HOME/virtlens/journals")"

echo "# manual and completion"
if command -v man > /dev/null; then
  for page in man/virtlens.1 man/virtlens.5; do
    run=$((run + 1))
    warnings=$(MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 > /dev/null)
    [ -z "$warnings" ] || complain "$page: $warnings"
  done
else
  skipped=$((skipped + 1)); echo "skip manual: man(1) is not installed"
fi
cat > "$scratch/complete" <<'END'
. man/completion/virtlens
ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _virtlens; echo "${COMPREPLY[*]}"; }
compopt() { :; }
[ "$(ask virtlens --for)" = --format ] || exit 1
[ "$(ask virtlens --format j)" = json ] || exit 2
[ "$(ask virtlens repl)" = replay ] || exit 3
[ "$(ask virtlens repo)" = report ] || exit 7
[ "$(ask virtlens bench --plan th)" = thorough ] || exit 8
[ "$(ask virtlens ch)" = check ] || exit 5
[ "$(ask virtlens check --fo)" = --format ] || exit 6
[ "$(ask virtlens export --fr)" = --from ] || exit 4
END
check 'bash completion' bash "$scratch/complete"

echo "cli: $run run, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
