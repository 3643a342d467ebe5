#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads each batch format of the sample with a parser we did not write, and checks what it says.

usage: check.py SAMPLE-PROGRAM [csv|json|openmetrics|text ...]
"""
import csv
import io
import json
import re
import subprocess
import sys

GUESTS = 9
SAMPLE = sys.argv[1]
# How text_safe shows the sample's names; CSV guards the first two against spreadsheets.
NAMES = {
    "=cmd|' /C calc'!A0", "--help", "42", 'comma, "quote"', "esc\\x1b[31m\\n\\", "line\\x0afeed",
    "g\u00e4st", "bad\\xffbyte", "bidi\\u{202e}x",
}


def output(name):
    text = subprocess.run([SAMPLE, name], check=True, stdout=subprocess.PIPE).stdout.decode("utf-8")
    if name != "json":
        bad = re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
        assert not bad, "%s holds %r" % (name, bad)
    return text


def check_csv():
    rows = list(csv.reader(io.StringIO(output("csv")), strict=True))
    head, body = rows[0], rows[1:]
    assert len(body) == 2 * GUESTS, len(body)
    assert all(len(row) == len(head) for row in rows), "not rectangular"
    assert len(set(head)) == len(head), "a heading twice"
    table = [dict(zip(head, row)) for row in body]
    names = {row["name"] for row in table}
    guarded = {("'" + name if name[0] in "=+-@" else name) for name in NAMES}
    assert names == guarded, names ^ guarded
    for row in table:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", row["time"]), row["time"]
        for field in head[8:]:
            assert row[field] == "" or float(row[field]) >= 0, (field, row[field])
    first = [row for row in table if row["tick"] == "1"]
    second = {row["name"]: row for row in table if row["tick"] == "2"}
    assert all(row["read_bytes_per_second"] == "" for row in first), "a rate in the first scan"
    assert float(second["g\u00e4st"]["read_requests_per_second"]) == 200
    assert second["g\u00e4st"]["read_bytes_total"] == "9007199254740991", second["g\u00e4st"]
    assert abs(float(second["g\u00e4st"]["cpu_percent"]) - 1234.5678901) < 1e-5
    off = second["42"]
    assert off["state"] == "shut off" and all(off[field] == "" for field in head[8:]), off


def check_json():
    lines = output("json").split("\n")
    assert lines.pop() == ""
    assert len(lines) == 2, len(lines)
    scans = [json.loads(line) for line in lines]
    assert json.dumps(scans).count("g\\u00e4st") == 2
    text = json.dumps(scans[0])
    assert "read_bytes_per_second" in text and "null" in text


def check_openmetrics():
    from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse

    parts = output("openmetrics").split("# EOF\n")
    assert parts.pop() == "", "does not end with # EOF"
    assert len(parts) == 2, len(parts)
    for tick, part in enumerate(parts, 1):
        families = {family.name: family for family in parse(part + "# EOF\n")}
        read = families["virtlens_guest_read_bytes"]
        assert read.type == "counter" and read.unit == "bytes", read
        assert {s.labels["name"] for s in read.samples} == NAMES - {"42"}
        assert all(s.name == "virtlens_guest_read_bytes_total" for s in read.samples)
        states = families["virtlens_guest_state"]
        running = {s.labels["name"] for s in states.samples
                   if s.value == 1 and s.labels["virtlens_guest_state"] == "running"}
        assert running == NAMES - {"42"}, running
        assert len(families["virtlens_guest"].samples) == GUESTS
        up = {s.labels["connection"]: s.value for s in families["virtlens_connection_up"].samples}
        assert up == {"qemu:///system": 1, "test+ssh://nowhere/default": 0}, up
        disks = {s.labels["disk"] for s in families["virtlens_disk_read_bytes"].samples}
        assert disks == {"vda", 'we"ird\\disk\\x0a'}, disks
        cores = {s.labels["core"] for s in families["virtlens_core_cpu_percent"].samples}
        assert cores == (set() if tick == 1 else {"0", "2"}), cores
        assert all(f.documentation for f in families.values())


def check_text():
    blocks = output("text").split("\n\n")
    assert len(blocks) == 2, len(blocks)
    for tick, block in enumerate(blocks, 1):
        assert re.search(r"^2026-11-21T\S+Z tick %d$" % tick, block, re.M), block
        rows = [line for line in block.split("\n") if re.search(r" (run|off) ", line)]
        assert len(rows) == GUESTS, rows
        assert len({len(row) for row in rows}) == 1, "columns do not line up"
        for name in NAMES:
            assert any(row.startswith(name + " ") for row in rows), name
    off = next(line for line in blocks[1].split("\n") if line.startswith("42 "))
    assert set(off.split()[4:]) == {"-"}, off


def main():
    failed = 0
    for name in sys.argv[2:] or ["text", "csv", "json", "openmetrics"]:
        try:
            globals()["check_" + name]()
            print("ok   format " + name)
        except ImportError as error:
            print("skip format %s: %s" % (name, error))
        except Exception as error:  # what a parser refuses comes in many classes
            failed += 1
            print("FAIL format %s: %s: %s" % (name, type(error).__name__, error))
    return 1 if failed else 0


sys.exit(main())
