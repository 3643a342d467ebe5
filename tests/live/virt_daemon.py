#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""core/virt against real guests on a libvirtd of the test's own: events, counters, a QEMU that
stops, a daemon that dies and comes back.  usage: virt_daemon.py VIRT_WATCH"""
import os
import re
import signal
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from daemon import Daemon, missing  # noqa: E402
from watch import READ_LOOP, Watch, write_guest  # noqa: E402


def read_everywhere(scan, names):
    """All of NAMES have their disks' figures, and rates."""
    guests = scan["guests"]
    return scan["state"] == "open" and all(
        n in guests and "block" in guests[n]["ages"] and "read_bytes_per_second" in guests[n] for n in names)


def check_readings(watch, names):
    scan = watch.wait_scan("rates of all guests", lambda s: read_everywhere(s, names))
    guest = scan["guests"]["g000"]
    assert guest["state"] == "running" and guest["backend"] == "virtio-blk", guest
    for field in ("cpu_percent", "vcpu_percent", "steal_percent", "proxy_percent", "memory_bytes"):
        assert guest[field] >= 0, (field, guest)
    assert len(guest["disks"]) == 2, guest
    first = watch.wait_scan("a first scan with guests", lambda s: s["state"] == "open" and s["guests"])
    assert not any("read_bytes_per_second" in g for g in first["guests"].values()), "a rate in the first scan"


def domstats_read_bytes(daemon, name):
    out = daemon.virsh("domstats", "--block", "--nowait", name)
    found = re.search(r"block\.1\.rd\.bytes=(\d+)", out)
    return int(found.group(1)) if found else None


def read_total(scan):
    """None where there is no reading yet."""
    disks = scan["guests"].get("g000", {}).get("disks", [])
    return disks[1].get("read_bytes_total") if len(disks) > 1 else None


def domstats_sure(daemon, name):
    value = None
    while value is None:  # another watcher's call held the monitor: ask again
        value = domstats_read_bytes(daemon, name)
    return value


def check_counters(watch, daemon):
    """What is published lies between what virsh says before and after; rates match totals."""
    watch.wait_scan("the guest's first reads", lambda s: (read_total(s) or 0) > 0, 120)
    low = domstats_sure(daemon, "g000")
    since = watch.mark()
    scans = [watch.wait_scan("a fresh reading", lambda s: (read_total(s) or 0) >= low, 30, since)]
    for _ in range(6):
        scans.append(watch.wait_scan("the next reading", lambda s: (read_total(s) or 0) > read_total(scans[-1]), 30, since))
    high = domstats_sure(daemon, "g000")
    assert low <= read_total(scans[0]) < read_total(scans[-1]) <= high, (low, [read_total(s) for s in scans], high)
    read_at = [s["at"] - s["guests"]["g000"]["ages"]["block"] for s in scans]
    by_totals = (read_total(scans[-1]) - read_total(scans[0])) / (read_at[-1] - read_at[0])
    rates = [s["guests"]["g000"]["disks"][1]["read_bytes_per_second"] for s in scans[1:]]
    spans = [b - a for a, b in zip(read_at, read_at[1:])]
    by_rates = sum(r * t for r, t in zip(rates, spans)) / sum(spans)
    assert abs(by_rates / by_totals - 1) < 0.03, (by_rates, by_totals)


def check_events(watch, daemon, folder):
    name, _, path = write_guest(folder, 90)
    daemon.virsh("define", path)
    watch.wait_event(name, "defined")
    for run in (1, 2):
        since = watch.mark()
        daemon.virsh("start", name)
        watch.wait_event(name, "started", 30, since)
        scan = watch.wait_scan("run %d" % run, lambda s: name in s["guests"] and s["guests"][name]["id"] >= 0 and
                               "block" in s["guests"][name]["ages"], 30, since)
        assert scan["guests"][name]["run"] == run, scan["guests"][name]
        assert "read_bytes_per_second" not in scan["guests"][name], "a rate at the start of a run"
        daemon.virsh("suspend", name)
        watch.wait_event(name, "paused", 30, since)
        watch.wait_scan("paused", lambda s: s["guests"].get(name, {}).get("state") == "paused", 30, since)
        since = watch.mark()
        daemon.virsh("destroy", name)
        watch.wait_event(name, "shut off (destroyed)", 30, since)
        scan = watch.wait_scan("shut off", lambda s: s["guests"].get(name, {}).get("state") == "shut off", 30, since)
        assert "cpu_seconds_total" not in scan["guests"][name], "figures of a guest that does not run"
    daemon.virsh("desc", "--config", "--title", name, "--new-desc", "new title")
    watch.wait_scan("the new title", lambda s: s["guests"].get(name, {}).get("title") == "new title", 60)
    since = watch.mark()
    daemon.virsh("undefine", name)
    watch.wait_event(name, "undefined", 30, since)
    watch.wait_scan("it gone", lambda s: name not in s["guests"], 30, since)


def check_stopped_qemu(watch, daemon, names):
    pid = daemon.guest_pids()["g001"]
    since = watch.mark()
    os.kill(pid, signal.SIGSTOP)
    try:
        stuck = watch.wait_scan("g001 stuck", lambda s: s["guests"]["g001"]["stuck"], 60, since)
        since = watch.mark()
        others = [n for n in names if n != "g001"]
        # Everyone else is read again and again, and nobody else is called stuck.
        last = {n: stuck["guests"][n]["ages"]["block"] for n in others}
        for n in others:
            watch.wait_scan("%s read while g001 is stuck" % n, lambda s: s["guests"]["g001"]["stuck"] and
                            s["guests"][n]["ages"]["block"] < max(last[n], 0.4) and not s["guests"][n]["stuck"], 60, since)
        kept = watch.wait_scan("a scan", lambda s: True, 30, since)["guests"]["g001"]
        assert "read_bytes_total" in kept and kept["ages"]["block"] > 0, kept
    finally:
        os.kill(pid, signal.SIGCONT)
    since = watch.mark()
    watch.wait_scan("g001 back", lambda s: not s["guests"]["g001"]["stuck"] and
                    s["guests"]["g001"]["ages"]["block"] < 0.4, 60, since)


def check_restart(watch, daemon, names):
    since = watch.mark()
    os.kill(daemon.pid, signal.SIGSTOP)
    watch.tell("kick")  # so that it waits for an answer when the daemon dies
    daemon.kill()
    lost = watch.wait_scan("the loss", lambda s: s["state"] == "lost", 60, since)
    assert lost["error"] and set(names) <= set(lost["guests"]), lost["error"]
    assert "no error" not in lost["error"], lost["error"]
    assert "read_bytes_total" in lost["guests"]["g000"], "the last values are gone"
    since = watch.mark()
    daemon.start()
    watch.wait("the event of its return", lambda l: l["kind"] == "event" and "connected again" in l["text"], 60, since)
    back = watch.wait_scan("all guests", lambda s: read_everywhere(s, names), 60, since)
    assert all(back["guests"][n]["run"] == 1 for n in names), "the daemon's restart taken for a guest's"
    assert back["guests"]["g000"]["read_bytes_per_second"] >= 0
    since = watch.mark()
    daemon.virsh("destroy", "g002")
    watch.wait_event("g002", "shut off (destroyed)", 30, since)


def check_stopped_daemon(program, daemon, folder):
    watch = Watch(program, daemon.uri, os.path.join(folder, "log"))
    watch.wait_scan("guests", lambda s: "g000" in s["guests"])
    os.kill(daemon.pid, signal.SIGSTOP)
    try:
        watch.tell("kick")
        watch.end()
    finally:
        os.kill(daemon.pid, signal.SIGCONT)


def main(program):
    reason = missing()
    if reason:
        print("skipped:", reason)
        return 77
    with tempfile.TemporaryDirectory(prefix="virt-daemon-") as folder:
        daemon = Daemon(os.path.join(folder, "d")).start()
        try:
            names = []
            for i in range(6):
                name, _, path = write_guest(folder, i, *([READ_LOOP] if i == 0 else []))
                daemon.virsh("create", path)
                names.append(name)
            watch = Watch(program, daemon.uri, os.path.join(folder, "log"))
            watch.tell("attention " + " ".join("00000000-0000-4000-8000-%012d" % i for i in range(6)))
            check_readings(watch, names)
            check_counters(watch, daemon)
            check_events(watch, daemon, folder)
            check_stopped_qemu(watch, daemon, names)
            check_restart(watch, daemon, names)
            watch.end()
            check_stopped_daemon(program, daemon, folder)
        finally:
            daemon.stop()
    print("ok")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "tests/live/virt_watch"))
