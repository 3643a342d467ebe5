# SPDX-License-Identifier: GPL-2.0-or-later
"""What watching idle guests costs, tick by tick, against one bulk call of everything."""
import os
import signal
import statistics
import time

from lab import cpu_seconds, ms, percentile, pss_mib, run_bare, table
from lens import Lens, tick_periods

TITLE = "Watching"


def watch(args, lab, state, idle, settings="", without_proc=False):
    """One virtlens for a window: a dict of figures; it is left running as "lens"."""
    lens = Lens(args.virtlens, [lab.daemon.uri], state, settings=settings, without_proc=without_proc)
    row = {"lens": lens, "first": lens.wait_text(b"idle-001", 60)}
    lens.read(5)
    journal, drawn, cpu = lens.journal_bytes(), lens.bytes, cpu_seconds(lens.pid)
    _, (daemon, qemus) = lab.cpu_during(lambda: lens.read(args.seconds))
    row["cpu"] = ((cpu_seconds(lens.pid) - cpu) / args.seconds, max(0, daemon - idle[0]), max(0, qemus - idle[1]))
    row["bytes"] = (lens.bytes - drawn) / args.seconds
    row["journal"] = (lens.journal_bytes() - journal) / args.seconds / lab.count
    row["pss"] = pss_mib(lens.pid)
    return row


def stopped(lens, pid, count):
    """Key latencies while process PID is stopped."""
    os.kill(pid, signal.SIGSTOP)
    try:
        lens.read(3)
        return lens.key_latencies(count)
    finally:
        os.kill(pid, signal.SIGCONT)
        lens.read(3)


def measure(args, lab, guests, folder):
    lab.grow(guests)
    _, idle = lab.cpu_during(lambda: time.sleep(5))
    calls = max(5, args.seconds // 2)
    (bare_cpu, bare_wall), (daemon, qemus) = lab.cpu_during(lambda: run_bare(args.bare, lab.daemon.uri, calls))
    period = max(1.0, bare_wall)
    row = {"guests": guests, "wall": bare_wall,
           "bare": (bare_cpu, max(0, daemon - idle[0]) * period, max(0, qemus - idle[1]) * period)}
    row["remote"] = watch(args, lab, os.path.join(folder, "remote-%d" % guests), idle, without_proc=True)
    row["remote"]["lens"].quit()
    row["plain"] = watch(args, lab, os.path.join(folder, "plain-%d" % guests), idle, settings="graphs = none")
    row["plain"]["lens"].quit()
    row["local"] = watch(args, lab, os.path.join(folder, "local-%d" % guests), idle)
    lens = row["local"]["lens"]
    row["repaint"] = lens.repaint_bytes()
    if guests > 1:  # else there is no row to go to
        row["keys"] = lens.key_latencies(args.keys)
        row["keys_qemu"] = stopped(lens, sorted(lab.daemon.guest_pids().items())[0][1], args.keys)
        row["keys_daemon"] = stopped(lens, lab.daemon.pid, args.keys)
    periods = tick_periods(lens.quit())
    row["periods"] = periods[5:5 + args.seconds]
    return row


def share_of_bare(row, kind):
    return sum(row[kind]["cpu"]) / sum(row["bare"])


def share(row, kind):
    return "1/%.0f" % (1 / max(1e-9, share_of_bare(row, kind)))


def p99_ms(row, kind):
    return percentile(row[kind], .99) * 1000


# What may be spent: guests, what, at most, unit, and how it is had from a row.
BUDGETS = [
    (100, "client CPU of a tick / client CPU of the bare call", 2, "",
     lambda r: r["local"]["cpu"][0] / r["bare"][0]),
    (100, "whole system's CPU of a tick / bare call, libvirt alone", 1 / 5, "", lambda r: share_of_bare(r, "remote")),
    (100, "the same with local readings", 1 / 20, "", lambda r: share_of_bare(r, "local")),
    (200, "median of a tick of 1 s", 1.01, "s", lambda r: statistics.median(r["periods"])),
    (200, "key to repaint, p99", 16, "ms", lambda r: p99_ms(r, "keys")),
    (200, "... while a QEMU is stopped", 16, "ms", lambda r: p99_ms(r, "keys_qemu")),
    (200, "... while libvirtd is stopped", 16, "ms", lambda r: p99_ms(r, "keys_daemon")),
    (200, "start to first full screen", 100, "ms", lambda r: r["local"]["first"] * 1000),
    (200, "bytes of a tick / a full repaint, 80x24", 1 / 3, "", lambda r: r["local"]["bytes"] / r["repaint"]),
    (200, "bytes of a tick without graphs", 770, "", lambda r: r["plain"]["bytes"]),
]


def verdicts(rows):
    at = {row["guests"]: row for row in rows}
    lines = []
    for guests, what, most, unit, figure in BUDGETS:
        if guests not in at:
            continue
        found = figure(at[guests])
        verdict = "kept" if found <= most else "missed, %.1f times as much" % (found / most)
        lines.append([guests, what, "%.3g %s" % (most, unit), "%.3g %s" % (found, unit), verdict])
    return table(["guests", "budget", "at most", "measured", ""], lines) if lines else ""


def report(rows):
    out = ["CPU per tick in ms; what the idle guests use anyway is taken off. \"bare\": a C program that asks for every group "
           "of every guest by one bulk call (`tests/bench/bare.c`). \"libvirt alone\": virtlens cannot see the guests' "
           "processes. \"local\": it can.\n"]
    out.append(table(["guests", "bare: client", "libvirtd", "QEMUs", "wall", "libvirt alone: client", "libvirtd", "QEMUs",
                      "whole / bare", "local: client", "libvirtd", "QEMUs", "whole / bare"],
                     [[r["guests"], *map(ms, r["bare"]), ms(r["wall"]), *map(ms, r["remote"]["cpu"]), share(r, "remote"),
                       *map(ms, r["local"]["cpu"]), share(r, "local")] for r in rows]))
    out.append(table(["guests", "first screen ms", "tick median s", "tick max s", "bytes a tick, graphs", "without",
                      "a full repaint", "PSS MiB", "journal bytes a guest and tick"],
                     [[r["guests"], ms(r["local"]["first"]), "%.3f" % statistics.median(r["periods"]),
                       "%.3f" % max(r["periods"]), "%.0f" % r["local"]["bytes"], "%.0f" % r["plain"]["bytes"], r["repaint"],
                       "%.1f" % r["local"]["pss"], "%.0f" % r["local"]["journal"]] for r in rows]))
    out.append("Key to repaint, ms, p50 / p99 of the keys sent:\n")
    kinds = ("keys", "keys_qemu", "keys_daemon")
    out.append(table(["guests", "all well", "one QEMU stopped", "libvirtd stopped"],
                     [[r["guests"]] + ["%s / %s" % (ms(percentile(r[k], .5)), ms(percentile(r[k], .99))) for k in kinds]
                     for r in rows if kinds[0] in r]))
    out.append(verdicts(rows))
    return "\n".join(out)


def run(args, lab, folder):
    rows = []
    for guests in args.guests:
        rows.append(measure(args, lab, guests, folder))
        print("%d guests measured" % guests, flush=True)
    return report(rows)
