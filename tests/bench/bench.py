#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What virtlens costs, as ratios in one run, part by part.

usage: bench.py --virtlens PROGRAM --bare PROGRAM --acts PROGRAM --pulse IMAGE --results FILE [--parts PART,...]
Starts a libvirtd of its own with idle boot-sector guests of 8 MiB; needs root.  Each part writes its section of FILE and
leaves the others.
"""
import argparse
import importlib
import os
import platform
import re
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lab import Lab, accel, missing  # noqa: E402

PARTS = ["influence", "actions", "watching", "memory", "tracing", "views"]


def machine():
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "?")
    return ("%s, %s, %d CPUs, Linux %s, guests under %s, load %.1f when it began"
            % (time.strftime("%Y-%m-%d"), model, os.cpu_count(), platform.release(),
               "KVM" if accel() == "kvm" else "TCG (no /dev/kvm)", os.getloadavg()[0]))


def keep(path, title, text):
    """Put TEXT into section TITLE of the results."""
    old = ""
    if os.path.exists(path):
        with open(path) as file:
            old = file.read()
    sections = dict(re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", old, re.M | re.S))
    sections[title] = text
    with open(path, "w") as file:
        file.write("# Measured\n\nWritten by `make bench`; ratios are of one run.\n\n")
        file.write("\n\n".join("## %s\n\n%s" % (name, body.strip()) for name, body in sections.items()) + "\n")


def main():
    parser = argparse.ArgumentParser()
    for name in ("virtlens", "bare", "acts", "pulse", "results"):
        parser.add_argument("--" + name, required=True, type=os.path.abspath)
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--guests", default="1,20,100,200", type=lambda s: [int(x) for x in s.split(",")])
    parser.add_argument("--seconds", type=int, default=20, help="length of a window")
    parser.add_argument("--keys", type=int, default=200, help="keys sent for each latency")
    parser.add_argument("--minutes", type=float, default=12, help="how long memory is watched")
    parser.add_argument("--rounds", type=int, default=7)
    args = parser.parse_args()
    if missing():
        print("cannot measure here: " + missing())
        return 77
    with tempfile.TemporaryDirectory(prefix="virtlens-bench-", dir="/var/tmp") as folder:
        os.chmod(folder, 0o755)
        lab = Lab(folder)
        try:
            for name in args.parts.split(","):
                part, where = importlib.import_module("part_" + name), machine()
                text = where + ".\n\n" + part.run(args, lab, folder)
                keep(args.results, part.TITLE, text)
                print(text, flush=True)
        finally:
            lab.daemon.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
