#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The shipped JSON Schema is the one the tables give, and exports hold to it, as a
# validator says that is not ours.
set -eu
schema=${srcdir:?}/conf/virtlens-export.schema.json
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

tests/print-schema > "$work/schema.json"
if ! cmp -s "$work/schema.json" "$schema"; then
	echo "conf/virtlens-export.schema.json is not what the tables give: make update-schema" >&2
	diff "$schema" "$work/schema.json" | head -20 >&2
	exit 1
fi
if ! python3 -c 'import jsonschema' 2>/dev/null; then
	echo "python3-jsonschema is not installed" >&2
	exit 77
fi
tests/unit/make-exports "$work"
python3 "$srcdir/tests/validate-export.py" "$schema" "$work"/*.export.json
