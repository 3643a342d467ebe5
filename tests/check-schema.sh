#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The shipped JSON Schemas are those the tables give, and exports and host verification hold to them, as a
# validator says that is not ours.
set -eu
schemas=${srcdir:?}/conf/virtlens
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for what in export check results; do
	tests/print-schema $what > "$work/schema.json"
	cmp -s "$work/schema.json" "$schemas-$what.schema.json" && continue
	echo "conf/virtlens-$what.schema.json is not what the tables give: make update-schema" >&2
	diff "$schemas-$what.schema.json" "$work/schema.json" | head -20 >&2
	exit 1
done
if ! python3 -c 'import jsonschema' 2>/dev/null; then
	echo "python3-jsonschema is not installed" >&2
	exit 77
fi
tests/unit/make-exports "$work"
python3 "$srcdir/tests/validate-export.py" "$schemas-export.schema.json" "$work"/*.export.json
timeout 60 ./virtlens bench --simulate --plan standard --output "$work" seed=3 2> "$work/said" > "$work/name" || {
	cat "$work/said" >&2
	exit 1
}
python3 "$srcdir/tests/validate-results.py" "$schemas-results.schema.json" "$work/results.json"
