#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: validate-export.py SCHEMA EXPORT...

Exit 0 when every EXPORT holds to SCHEMA, and when the validator refuses each
of some spoilt copies of the first (a validator that takes everything proves nothing).
"""
import copy
import json
import sys

import jsonschema


def refuse_constant(word):
    raise ValueError(f"{word} is not JSON")


def load(path):
    with open(path, encoding="ascii") as file:
        return json.load(file, parse_constant=refuse_constant)


def spoil_version(export):
    export["version"] += 1


def spoil_metric(export):
    export["scans"][-1]["guests"][0]["cpu_percent"] = "much"


def spoil_missing(export):
    del export["scans"][-1]["guests"][0]["read_bytes_total"]


def spoil_extra(export):
    export["guests"][0]["totals"]["surprise"] = 1


def spoil_time(export):
    export["session"]["begin"] = 5


SPOILERS = [spoil_version, spoil_metric, spoil_missing, spoil_extra, spoil_time]


def main(schema_path, *paths):
    schema = load(schema_path)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    if not paths:
        sys.exit("no export to validate")
    for path in paths:
        for error in validator.iter_errors(load(path)):
            sys.exit(f"{path}: {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
    first = load(paths[0])
    for spoil in SPOILERS if first["scans"] and first["scans"][-1]["guests"] else []:
        export = copy.deepcopy(first)
        spoil(export)
        if validator.is_valid(export):
            sys.exit(f"the validator takes an export after {spoil.__name__}")
    print(f"{len(paths)} exports are valid")


if __name__ == "__main__":
    main(*sys.argv[1:])
