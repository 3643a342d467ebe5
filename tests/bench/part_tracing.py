# SPDX-License-Identifier: GPL-2.0-or-later
"""What it costs that memory requests are seen: to the process that makes them, and to virtlens."""
import os
import resource
import statistics
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))
import tracing  # noqa: E402
from lab import table  # noqa: E402

TITLE = "Memory requests"
CALLS = 20000  # rounds of tests/live/memory_calls
CONSUMED_CALLS = 100000  # a second
MODES = (("nobody looks", None), ("of another process", ["--name", "vl-other"]), ("counted", []),
         ("each request", ["--requests", "--format", "csv"]))


def used_by_children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def used_by(pid):
    """CPU seconds of a process that is there."""
    with open("/proc/%d/stat" % pid) as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def work(calls):
    """Its CPU time per call, in ns."""
    before = used_by_children()
    subprocess.run([tracing.CALLS, "vl-bench", str(CALLS)], check=True)
    return (used_by_children() - before) / calls * 1e9


def traced(folder, words, calls):
    """The same while that is traced, and the CPU time of virtlens and virtlens-trace per call."""
    with open(os.path.join(folder, "out"), "wb") as out:
        process = tracing.start(folder, *words, out=out)
        pids = [process.pid] + tracing.children(process.pid)
        before = sum(map(used_by, pids))
        cost = work(calls)
        consumed = (sum(map(used_by, pids)) - before) / calls * 1e9
        tracing.end(process)
    return cost, consumed


def run(args, lab, folder):
    tracing.mount_tracefs()
    calls = sum(tracing.expected(CALLS)[0].values())
    found = {name: [] for name, _ in MODES}
    for _ in range(args.rounds):
        for name, words in MODES:
            found[name].append((work(calls), 0) if words is None else traced(folder, words, calls))
    off = statistics.median(cost for cost, _ in found[MODES[0][0]])
    rows = []
    for name, _ in MODES:
        costs, consumed = zip(*found[name])
        rows.append([name, "%.0f" % statistics.median(costs), "%.0f to %.0f" % (min(costs), max(costs)),
                     "%.2f" % (statistics.median(costs) / off), "%.0f" % statistics.median(consumed),
                     "%.1f %%" % (statistics.median(consumed) * CONSUMED_CALLS / 1e7)])
    return ("A process that does nothing but ask for memory, %d calls, %d rounds; CPU time in ns per call.  Each request is "
            "also written as CSV.\n\n" % (calls, args.rounds)
            + table(["seen", "its own", "spread", "ratio", "virtlens and virtlens-trace", "the same at 100 k calls/s, of a core"],
                    rows))
