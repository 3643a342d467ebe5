#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""core/virt on libvirt's embedded QEMU driver: guests' figures and events without a daemon; guests
that run on are found again by the next process; a stopped QEMU costs its own row.
usage: virt_embedded.py VIRT_WATCH"""
import os
import shutil
import signal
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from daemon import QEMU_CONF  # noqa: E402
from watch import READ_LOOP, Watch, write_guest  # noqa: E402


def pid_of(root, name):
    with open(os.path.join(root, "run", "qemu", name + ".pid")) as file:
        return int(file.read())


def open_root(program, root, folder):
    return Watch(program, "qemu:///embed?root=" + root, os.path.join(folder, "log"))


def has_rates(scan, name):
    return "read_bytes_per_second" in scan["guests"].get(name, {})


def check_figures_and_events(watch, folder):
    for i in range(3):
        name, _, path = write_guest(folder, i, *([READ_LOOP] if i == 0 else []))
        watch.act("create " + path)
        watch.wait_event(name, "started", 60)
    watch.tell("attention " + " ".join("00000000-0000-4000-8000-%012d" % i for i in range(3)))
    watch.wait_scan("rates of all", lambda s: all(has_rates(s, n) for n in ("g000", "g001", "g002")), 60)
    watch.wait_scan("the reading guest to read", lambda s: s["guests"].get("g000", {}).get("read_bytes_per_second", 0) > 0,
                    120)
    watch.act("destroy g002")
    watch.wait_event("g002", "shut off (destroyed)", 60)
    watch.wait_scan("g002 gone", lambda s: "g002" not in s["guests"], 60, watch.mark() - 1)


def check_stopped(watch, root):
    pid = pid_of(root, "g001")
    since = watch.mark()
    os.kill(pid, signal.SIGSTOP)
    try:
        watch.wait_scan("g001 stuck", lambda s: s["guests"]["g001"]["stuck"], 60, since)
        since = watch.mark()
        watch.wait_scan("g000 read meanwhile", lambda s: s["guests"]["g001"]["stuck"] and
                        not s["guests"]["g000"]["stuck"] and s["guests"]["g000"]["ages"]["block"] < 0.4, 60, since)
    finally:
        os.kill(pid, signal.SIGCONT)
    since = watch.mark()
    watch.wait_scan("g001 back", lambda s: not s["guests"]["g001"]["stuck"], 60, since)


def check_found_again(program, root, folder):
    watch = open_root(program, root, folder)
    watch.wait_scan("both guests with rates", lambda s: has_rates(s, "g000") and has_rates(s, "g001"), 120)
    for name in ("g000", "g001"):
        watch.act("destroy " + name)
    watch.wait_scan("all gone", lambda s: s["state"] == "open" and not s["guests"], 60, watch.mark() - 1)
    watch.end()


def end_left_over(root):
    folder = os.path.join(root, "run", "qemu")
    for name in os.listdir(folder) if os.path.isdir(folder) else []:
        if name.endswith(".pid"):
            try:
                os.kill(pid_of(root, name[:-4]), signal.SIGKILL)
            except (ProcessLookupError, ValueError):
                pass


def main(program):
    if not shutil.which("qemu-system-x86_64"):
        print("skipped: qemu-system-x86_64 is not installed")
        return 77
    with tempfile.TemporaryDirectory(prefix="virt-embed-") as folder:
        root = os.path.join(folder, "root")
        os.makedirs(os.path.join(root, "etc"))
        conf = QEMU_CONF if os.geteuid() == 0 else 'stdio_handler = "file"\n'
        with open(os.path.join(root, "etc", "qemu.conf"), "w") as file:
            file.write(conf)
        try:
            watch = open_root(program, root, folder)
            watch.wait_scan("the connection", lambda s: s["state"] == "open", 120)
            check_figures_and_events(watch, folder)
            check_stopped(watch, root)
            watch.end()
            check_found_again(program, root, folder)
        finally:
            end_left_over(root)
    print("ok")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "tests/live/virt_watch"))
