#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""core/virt on libvirt's embedded QEMU driver: guests' figures and events without a daemon; guests
that run on are found again by the next process; a stopped QEMU costs its own row; each role's threads used what the
kernel says.
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


def by_role(pid):
    """What the kernel says of each role's threads: CPU seconds by their stat, run-queue delay by their schedstat; of
    "all", ended ones included."""
    tick, found = os.sysconf("SC_CLK_TCK"), {}
    for tid in os.listdir("/proc/%d/task" % pid):
        folder = "/proc/%d/task/%s/" % (pid, tid)
        with open(folder + "stat") as stat, open(folder + "schedstat") as schedstat:
            head, _, rest = stat.read().rpartition(")")
            comm, fields = head.partition("(")[2], rest.split()
            role = "main loop" if int(tid) == pid else "vCPU" if "CPU" in comm else comm
            cpu, delay = found.get(role, (0, 0))
            found[role] = (cpu + (int(fields[11]) + int(fields[12])) / tick, delay + int(schedstat.read().split()[1]) * 1e-9)
    with open("/proc/%d/stat" % pid) as stat:
        fields = stat.read().rpartition(")")[2].split()
    found["all"] = ((int(fields[11]) + int(fields[12])) / tick, None)
    return found


def at_rest(watch, name, pid):
    """What virtlens and the kernel say of a process that is stopped meanwhile: both of the same moment."""
    os.kill(pid, signal.SIGSTOP)
    try:
        now = watch.wait_scan("a scan", lambda s: name in s["guests"], 30, watch.mark())["tick"]
        # The look of the next tick may have begun before the stop took hold of every thread.
        scan = watch.wait_scan("scans of the stopped guest", lambda s: s["tick"] >= now + 2, 30, watch.mark())
        threads = scan["guests"][name]["threads"]
        ours = {role: (r["cpu_seconds_total"], r.get("delay_seconds_total")) for role, r in threads.items()}
        ours["all"] = (sum(cpu for cpu, _ in ours.values()), None)
        return ours, by_role(pid)
    finally:
        os.kill(pid, signal.SIGCONT)


def check_threads(watch, root):
    """Each role's CPU time within 3 % or a tick (each of user and system time), its delay as the kernel has it."""
    pid, ticks = pid_of(root, "g000"), 2 / os.sysconf("SC_CLK_TCK")
    # A thread just made has not given itself its name when it is seen first.
    watch.wait_scan("its vCPU's thread", lambda s: "vCPU" in s["guests"]["g000"]["threads"], 60, watch.mark())
    ours, theirs = at_rest(watch, "g000", pid)
    busy = theirs["vCPU"][0] + 2
    watch.wait_scan("2 s of the vCPU's time", lambda s: s["guests"]["g000"]["threads"]["vCPU"]["cpu_seconds_total"] > busy,
                    120, watch.mark())
    later, truth = at_rest(watch, "g000", pid)
    for role in ("vCPU", "main loop", "all"):
        used, expected = later[role][0] - ours[role][0], truth[role][0] - theirs[role][0]
        assert abs(used - expected) <= max(0.03 * expected, ticks), "%s used %g s, by stat %g s" % (role, used, expected)
    for role in ("vCPU", "main loop"):
        assert abs(later[role][1] - truth[role][1]) < 1e-6, "%s waited %r s, by schedstat %r s" % (
            role, later[role][1], truth[role][1])


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
            check_threads(watch, root)
            check_stopped(watch, root)
            watch.end()
            check_found_again(program, root, folder)
        finally:
            end_left_over(root)
    print("ok")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "tests/live/virt_watch"))
