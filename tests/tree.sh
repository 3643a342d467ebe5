#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# tree.sh: the tree of HACKING, a line for each module, on stdout: what the comment at the top of its header, or of its only
# file, says it is for.  tree.sh --update writes it into HACKING, tree.sh --check complains where HACKING differs.
set -eu
LC_ALL=C
export LC_ALL
cd "$(dirname -- "$0")/.."

# The first sentence of the comment that FILE begins with.
purpose() {
  awk '
    /SPDX-License-Identifier/ && /\*\/$/ { next }
    /^(#!|# SPDX)/ { next }
    { line = $0 }
    !text && $0 ~ /^\/\* SPDX/ { next }
    !text && !sub(/^[ \t]*(\/\*+|\*|#|""")[ ]*/, "", line) { exit }
    !text && line == "" { next }
    text { sub(/^[ \t]*(\*|#)?[ ]*/, "", line) }
    line ~ /^(include|if|define|ifndef)/ { exit }
    { done = sub(/(\*\/|""").*/, "", line); text = text (text ? " " : "") line }
    done || line == "" || match(text, /[.]( |$)/) { exit }
    END {
      if (match(text, /[.]( |$)/)) text = substr(text, 1, RSTART - 1)
      while (length(text) > 92 && match(text, /[:;,(][^:;,(]*$/)) text = substr(text, 1, RSTART - 1)
      sub(/[ :]+$/, "", text)
      print text
    }' "$1"
}

# The modules of FOLDER: NAME TAB FILE-THAT-TELLS; parts (x_y.c without a header of their own, beside x.h) are left out.
modules() {
  for file in "$1"/*; do
    case $file in
    */local.mk | *.mk | */embedded.c | */pulse_image.h | *.skel.h | *.pyc | */*.in) continue ;;
    *.h) printf '%s\t%s\n' "$(basename "$file" .h)" "$file" ;;
    *.c)
      [ -f "${file%.c}.h" ] && continue
      stem=${file%.c}
      while case $stem in *_*) ;; *) false ;; esac; do
        stem=${stem%_*}
        [ -f "$stem.h" ] && continue 2
      done
      printf '%s\t%s\n' "$(basename "$file")" "$file"
      ;;
    *.sh | *.py | *.S | */with-timeout | */virtlens-mklinux) printf '%s\t%s\n' "$(basename "$file")" "$file" ;;
    esac
  done
}

tree() {
  for folder in core/base core/model core/virt core/virt/conn core/virt/watch core/virt/prepare core/virt/act core/virt/verify core/host core/host/bpf core/host/trace \
    core/session core/bench core/engine tui conf conf/guests conf/plans man \
    tests tests/fake tests/unit tests/screen tests/live tests/formats tests/fuzz tests/bench; do
    [ -d "$folder" ] || continue
    listed=$(modules "$folder")
    [ -n "$listed" ] || continue
    echo "$folder/"
    echo "$listed" | while IFS='	' read -r name file; do
      says=$(purpose "$file")
      printf '  %-22s%s\n' "$name" "${says:+ $says}" | sed 's/ *$//'
    done
  done
}

hacking() {
  sed '/^<!-- tree -->$/q' HACKING
  echo
  tree
  echo
  sed -n '/^<!-- end of tree -->$/,$p' HACKING
}

case ${1-} in
--update)
  hacking > HACKING.new
  mv HACKING.new HACKING
  ;;
--check)
  hacking | diff HACKING - || {
    echo "HACKING's tree is not that of the source: tests/tree.sh --update writes it anew"
    exit 1
  }
  ;;
*) tree ;;
esac
