# SPDX-License-Identifier: GPL-2.0-or-later
"""What each view costs while it is open: the guest it is about, and the host; and what the kernel's own statistics say of an
event that a view has traced."""
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))
import tracing  # noqa: E402
from lab import cpu_seconds, table  # noqa: E402
from lens import Lens  # noqa: E402
from part_influence import requests, start  # noqa: E402

TITLE = "Views"
STATISTICS = "/proc/sys/kernel/bpf_stats_enabled"
SETTLE = 1.5  # seconds from a key to a view at work
# What is typed to open each, and to close it; the first is what all others are compared with.
VIEWS = (("none (the table)", "", ""), ("where", ":where busy\r", "\033"), ("steal", ":steal busy\r", "\033"),
         ("exits", ":exits busy\r", "\033"), ("host", ":host\r", "\033"), ("memory, by process", ":memory busy\r", "\033"),
         ("memory, all, one by one", ":memory all\r\t", "\033"))


@contextlib.contextmanager
def statistics_on():
    """The kernel counts how often BPF programs run, and for how long, which costs some ns each; put back afterwards."""
    with open(STATISTICS) as file:
        before = file.read()
    try:
        with open(STATISTICS, "w") as file:
            file.write("1")
        yield
    finally:
        with open(STATISTICS, "w") as file:
            file.write(before)


def programs():
    """The kernel's BPF programs by id: how often each ran, and for how many ns."""
    bpftool = shutil.which("bpftool", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if not bpftool:
        return {}
    listed = subprocess.run([bpftool, "--json", "prog"], capture_output=True, text=True, check=True)
    return {row["id"]: (row.get("run_cnt", 0), row.get("run_time_ns", 0)) for row in json.loads(listed.stdout)}


class Used:
    """CPU seconds, requests of the guest, and runs of BPF programs but those that OTHERS had loaded before, so far."""

    def __init__(self, lab, lens, others):
        ours = [lens.pid] + tracing.children(lens.pid)
        self.time = time.monotonic()
        self.lens = sum(cpu_seconds(pid) for pid in ours)
        self.libvirtd, self.qemu = lab.cpu()
        self.requests = requests(lab)
        runs = [figures for number, figures in programs().items() if number not in others]
        self.runs, self.run_ns = sum(count for count, _ in runs), sum(ns for _, ns in runs)

    def since(self, before):
        """Rates from BEFORE to now, but for the ns of a run."""
        span, runs = self.time - before.time, self.runs - before.runs
        return {"requests": (self.requests - before.requests) / span, "lens": (self.lens - before.lens) / span,
                "libvirtd": (self.libvirtd - before.libvirtd) / span, "runs": runs / span,
                "ns": (self.run_ns - before.run_ns) / runs if runs else None}


def measure(lab, lens, view, others, seconds):
    _, opening, closing = view
    os.write(lens.fd, opening.encode())
    lens.read(SETTLE)
    before = Used(lab, lens, others)
    lens.read(seconds)
    found = Used(lab, lens, others).since(before)
    os.write(lens.fd, closing.encode())
    lens.read(SETTLE)
    return found


def middle(values):
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def row(name, found, baseline):
    ratios = sorted(one["requests"] / other["requests"] for one, other in zip(found, baseline))
    ns = middle([one["ns"] for one in found])
    return [name, "%.3f" % statistics.median(ratios), "%.3f to %.3f" % (ratios[0], ratios[-1]),
            "%.1f" % (100 * middle([one["lens"] for one in found])),
            "%.1f" % (100 * middle([one["libvirtd"] for one in found])),
            "%.0f" % middle([one["runs"] for one in found]), "-" if ns is None else "%.0f" % ns]


def run(args, lab, folder):
    tracing.mount_tracefs()
    start(args, lab, folder)
    found = {view[0]: [] for view in VIEWS}
    seconds = args.seconds / 10
    with statistics_on():
        others = set(programs())
        lens = Lens(args.virtlens, [lab.daemon.uri], os.path.join(folder, "views"))
        lens.wait_text(b"busy", 60)
        for _ in range(args.rounds):
            for view in VIEWS:
                found[view[0]].append(measure(lab, lens, view, others, seconds))
        lens.quit()
    lab.daemon.virsh("destroy", "busy")
    baseline = found[VIEWS[0][0]]
    return ("Requests per second of a guest that reads without a pause while a view of it is open, as a share of those while only "
            "the table is; %d rounds of %g s each.  CPU in percent of a core: virtlens with virtlens-trace, and libvirtd.  Of "
            "the kernel's programs: how often they ran a second, and how long each time by the kernel's own statistics, which "
            "are part of it.\n\n" % (args.rounds, seconds)
            + table(["open", "guest, median", "spread", "virtlens", "libvirtd", "runs/s", "ns a run"],
                    [row(view[0], found[view[0]], baseline) for view in VIEWS]))
