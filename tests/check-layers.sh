#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# check-layers.sh [--self-test | ROOT]: proves what HACKING promises of the source in ROOT (default: this tree):
#  - includes go only in the directions of the table below;
#  - a library's headers are seen only in the rooms that may use it;
#  - headers do not include one another in a circle, and modules (x.c, x.h, x_part.c) hang together in no larger
#    knot than KNOT;
#  - functions and files keep their sizes.
# --self-test plants each fault in turn in a small tree and expects to be told.
set -u
LC_ALL=C
export LC_ALL

# Room, and the rooms whose headers it may include beside its own.  conf holds data, compiled in.
ROOMS='
core/base
core/model        core/base
core/virt/conn    core/model core/base
core/virt/watch   core/virt/conn core/model core/base
core/virt/prepare core/virt/conn core/model core/base conf
core/virt/act     core/virt/prepare core/virt/conn core/model core/base
core/virt/verify  core/virt/watch core/virt/prepare core/virt/conn core/model core/base
core/virt         core/virt/watch core/virt/act core/virt/verify core/virt/prepare core/virt/conn core/model core/base
core/host/bpf
core/host/trace   core/host/bpf
core/host         core/host/trace core/host/bpf core/model core/base
core/database     core/model core/base
core/session      core/database core/model core/base conf
core/bench        core/session core/host core/virt core/model core/base conf
core/engine       core/base core/model core/virt core/host core/database core/session core/bench conf
tui               core/engine core/model core/base conf
man               tui core/engine core/model core/base conf
conf/guests
conf
'
# Programs join rooms, so they may also see what they join.
PROGRAMS='
tui/main.c    core/session
'

# Header (a prefix), and the rooms that may include it.
LIBRARIES='
libvirt/       core/virt/conn
libxml/        core/virt/conn
libmnl/        core/virt/watch
statgrab.h     core/host
bpf/           core/host/bpf core/host/trace
sqlite3.h      core/session
errmsg.h       core/database
mysql          core/database
mariadb/       core/database
jansson.h      core/session core/bench core/engine
cairo          core/bench
pango/         core/bench
png.h          core/virt/act
curses.h       tui
ncurses        tui
panel.h        tui
term.h         tui
vterm.h        tui
'
KNOT=1           # modules: none sees another that sees it
FILE_LINES=600
FUNCTION_LINES=100
FUNCTION_USUAL=60   # lines of 95 % of the functions

# FILE ROOM-OF-FILE INCLUDED, for every #include; system headers keep their <.
includes() {
  find core tui man conf -name '*.[ch]' ! -name embedded.c ! -name pulse_image.h 2> /dev/null | sort |
    xargs awk '/^[ \t]*#[ \t]*include/ {
      room = FILENAME; sub(/\/[^\/]*$/, "", room)
      name = $0; sub(/^[^<"]*/, "", name); sub(/[>"].*$/, "", name)
      if (match($0, /"[^"]*"/)) name = substr($0, RSTART + 1, RLENGTH - 2)
      print FILENAME, room, name
    }' /dev/null
}

# Complaints about stdin, as includes prints it.
judge_includes() {
  awk -v rooms="$ROOMS" -v libraries="$LIBRARIES" -v programs="$PROGRAMS" '
    BEGIN {
      for (n = split(rooms, row, "\n"); n > 0; n--) {
        k = split(row[n], word, " ")
        if (k) known[word[1]] = 1
        for (i = 1; i <= k; i++) may[word[1], word[i]] = 1
      }
      for (n = split(libraries, row, "\n"); n > 0; n--) {
        k = split(row[n], word, " ")
        for (i = 2; i <= k; i++) { library[word[1]] = 1; uses[word[1], word[i]] = 1 }
      }
      for (n = split(programs, row, "\n"); n > 0; n--) {
        k = split(row[n], word, " ")
        for (i = 2; i <= k; i++) may[word[1], word[i]] = 1
      }
    }
    !($2 in known) { print $1 ": the room " $2 " is not in the table of tests/check-layers.sh"; next }
    $3 ~ /^</ {
      for (prefix in library)
        if (index(substr($3, 2), prefix) == 1 && !((prefix, $2) in uses))
          print $1 ": includes " $3 ">, which is not for " $2
      next
    }
    $3 == "config.h" { next }
    {
      room = $3
      if (!sub(/\/[^\/]*$/, "", room)) { print $1 ": includes \"" $3 "\", write its path from the top"; next }
      if (!(($2, room) in may) && !(($1, room) in may)) print $1 ": includes " $3 ", but " $2 " may not see " room
    }'
}

# Complaints about circles: of headers, and of modules in knots larger than KNOT.
judge_knots() {
  awk -v limit="$KNOT" '
    function module(file) {
      sub(/\.[ch]$/, "", file)
      while (match(file, /_[^_\/]*$/)) {
        whole = substr(file, 1, RSTART - 1)
        if (!(whole in stem)) break
        file = whole
      }
      return file
    }
    $3 !~ /^</ && $3 ~ /\// { from[++n] = $1; to[n] = $3; name = $1; sub(/\.[ch]$/, "", name); stem[name] = 1 }
    { name = $1; sub(/\.[ch]$/, "", name); stem[name] = 1 }
    END {
      for (i = 1; i <= n; i++) {
        if (from[i] ~ /\.h$/) add("header ", from[i], to[i])
        a = module(from[i]); b = module(to[i])
        if (a != b) add("module ", a, b)
      }
      knots("header ", 1)
      knots("module ", limit)
    }
    function add(kind, a, b) { edge[kind a, ++out[kind a]] = kind b; node[kind a] = 1; node[kind b] = 1 }
    function reach(start, v,    i, todo, count) {
      split("", seen); count = 1; todo[1] = start
      while (count > 0) {
        v = todo[count--]
        for (i = 1; i <= out[v]; i++) if (!(edge[v, i] in seen)) { seen[edge[v, i]] = 1; todo[++count] = edge[v, i] }
      }
      for (v in seen) path[start, v] = 1
    }
    function knots(kind, most,    v, w, size, text) {
      for (v in node) if (index(v, kind) == 1) reach(v)
      for (v in node) {
        if (index(v, kind) != 1 || (v in told) || !((v, v) in path)) continue
        size = 0; text = ""
        for (w in node) if (((v, w) in path) && ((w, v) in path)) { size++; told[w] = 1; text = text " " substr(w, 8) }
        if (size > most || kind == "header ") print "a knot of " size " " kind "files:" text
      }
    }'
}

judge_sizes() {
  find core tui man conf tests -name '*.[ch]' ! -name embedded.c ! -name pulse_image.h | sort | xargs wc -l |
    awk -v most="$FILE_LINES" '$2 != "total" && $1 >= most { print $2 ": " $1 " lines; a file stays under " most }'
  find core tui man conf tests -name '*.c' ! -name embedded.c | sort |
    ctags -L - --languages=C --c-kinds=f --fields=+ne --sort=no -f - 2> /dev/null |
    awk -F '\t' -v most="$FUNCTION_LINES" -v usual="$FUNCTION_USUAL" '
      {
        line = end = 0
        for (i = 4; i <= NF; i++) { if ($i ~ /^line:/) line = substr($i, 6); if ($i ~ /^end:/) end = substr($i, 5) }
        if (!end) next
        size = end - line + 1; count++
        if (size > usual) { long++; names = names "\n  " $2 ": " $1 ": " size }
        if (size > most) print $2 ": " $1 " has " size " lines; a function has at most " most
      }
      END {
        if (long * 20 > count) print long " of " count " functions are longer than " usual " lines, 5 % may be:" names
      }'
}

# Every complaint about the tree in the current folder.
judge() {
  includes > "$work/includes"
  judge_includes < "$work/includes"
  judge_knots < "$work/includes"
  judge_sizes
}

check() {
  cd "$1" || exit 1
  complaints=$(judge)
  [ -z "$complaints" ] && return 0
  printf '%s\n' "$complaints"
  return 1
}

# A sound tree in $work/tree, then the fault FILE gets the lines of stdin; EXPECTED must be among the complaints.
plant() {
  rm -rf "$work/tree"
  for room in core/base core/model core/virt core/virt/act core/virt/watch core/session core/engine tui; do
    mkdir -p "$work/tree/$room"
    name=$(basename "$room")
    echo '#include <glib.h>' > "$work/tree/$room/$name.h"
    printf '#include "%s"\nint %s(void)\n{\n  return 0;\n}\n' "$room/$name.h" "$name" > "$work/tree/$room/$name.c"
  done
  mkdir -p "$work/tree/man" "$work/tree/conf" "$work/tree/tests"
  echo '#include <glib.h>' > "$work/tree/core/model/other.h"
  printf '#include "%s"\n' core/model/other.h core/model/model.h > "$work/tree/core/model/other.c"
  complaints=$(check "$work/tree") || { echo "self-test: a sound tree is blamed: $complaints"; exit 1; }
  cat >> "$work/tree/$1"
  complaints=$(check "$work/tree") && { echo "self-test: not found: $2"; exit 1; }
  case $complaints in
  *"$2"*) ;;
  *)
    echo "self-test: expected '$2', got: $complaints"
    exit 1
    ;;
  esac
}

self_test() {
  echo '#include "core/model/model.h"' | plant core/base/base.h 'core/base may not see core/model' || return 1
  echo '#include "tui/tui.h"' | plant core/engine/engine.c 'core/engine may not see tui' || return 1
  echo '#include "core/virt/virt.h"' | plant tui/tui.c 'tui may not see core/virt' || return 1
  echo '#include "core/virt/watch/watch.h"' | plant core/virt/act/act.c 'core/virt/act may not see core/virt/watch' || return 1
  echo '#include "model.h"' | plant core/model/model.c 'write its path from the top' || return 1
  echo '#include <libvirt/libvirt.h>' | plant core/engine/engine.c 'not for core/engine' || return 1
  echo '  #  include <sqlite3.h>' | plant tui/tui.c 'not for tui' || return 1
  echo '#include <curses.h>' | plant core/model/model.h 'not for core/model' || return 1
  echo '#include "core/base/base.h"' | plant core/base/base.h 'a knot of 1 header' || return 1
  awk 'BEGIN { print "int f(void)\n{"; for (i = 0; i < 98; i++) print "  ;"; print "}" }' | plant tui/tui.c 'at most 100' || return 1
  awk 'BEGIN { print "int f(void)\n{"; for (i = 0; i < 58; i++) print "  ;"; print "}" }' | plant tui/tui.c '5 % may be' || return 1
  awk 'BEGIN { for (i = 0; i < 600; i++) print "" }' | plant core/virt/virt.c 'stays under 600' || return 1
  KNOT=1
  echo '#include "core/model/other.h"' | plant core/model/model.c 'a knot of 2 module' || return 1
  echo "self-test: every planted fault was found"
}

command -v ctags > /dev/null && ctags --version | grep -q Universal || {
  echo "SKIP: universal-ctags is not installed"
  exit 77
}
top=$(cd "$(dirname -- "$0")/.." && pwd) || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
case ${1-} in
--self-test) self_test ;;
*) check "${1-$top}" ;;
esac
