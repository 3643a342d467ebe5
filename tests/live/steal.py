#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What is stolen from real guests and why they leave their vCPUs, against the kernel's and QEMU's own account.
usage: steal.py [TEST...]"""
import json
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from daemon import Daemon, missing  # noqa: E402
from runner import Skip, run_tests  # noqa: E402
from watch import READ_LOOP, Watch, can_kvm, write_guest  # noqa: E402

WATCH = os.environ.get("VIRT_WATCH", "tests/live/virt_watch")
SPIN = b"\xeb\xfe"  # jmp to itself: a vCPU that never rests
WINDOW = 4  # seconds


class Lab:
    """A guest that runs CODE on a libvirtd of the test's own, watched."""

    def __init__(self, folder, code):
        if missing():
            raise Skip(missing())
        self.folder, self.code = folder, code

    def __enter__(self):
        self.daemon = Daemon(os.path.join(self.folder, "d")).start()
        try:
            name, self.uuid, path = write_guest(self.folder, 0, self.code)
            self.daemon.virsh("create", path)
            self.watch = Watch(WATCH, self.daemon.uri, os.path.join(self.folder, "log"))
            self.watch.tell("attention " + self.uuid)
            self.watch.wait_scan("its figures", lambda s: "steal_percent" in s["guests"].get(name, {}), 60)
            self.pid = self.daemon.guest_pids()[name]
        except BaseException:
            self.daemon.stop()
            raise
        return self

    def __exit__(self, *_):
        self.watch.process.stdin.close()
        self.watch.process.wait(60)
        self.daemon.stop()

    def rivals(self):
        """Who ran on its vCPU's CPU since this was asked last: percent by process."""
        since = self.watch.mark()
        self.watch.tell("rivals " + self.uuid)
        return self.watch.wait("the rivals", lambda line: line["kind"] == "rivals", 60, since)["percent"]

    def read_anew(self):
        """The guest as the next scan has it whose vCPUs were read after now, and when that was."""
        now = self.watch.wait_scan("a scan", lambda s: True, 60, self.watch.mark())["at"]
        scan = self.watch.wait_scan("vCPUs read anew", lambda s: s["at"] - s["guests"]["g000"]["ages"]["vcpu"] > now, 60,
                                    self.watch.mark())
        guest = scan["guests"]["g000"]
        return guest, scan["at"] - guest["ages"]["vcpu"]


def vcpu_thread(pid):
    for tid in os.listdir("/proc/%d/task" % pid):
        with open("/proc/%d/task/%s/comm" % (pid, tid)) as file:
            if "CPU" in file.read():
                return int(tid)
    raise AssertionError("QEMU %d has no vCPU thread" % pid)


def schedstat(pid, tid):
    """Seconds that the thread ran, that it could run and did not, and the time of asking."""
    with open("/proc/%d/task/%d/schedstat" % (pid, tid)) as file:
        ran, waited, _ = file.read().split()
        return int(ran) * 1e-9, int(waited) * 1e-9, time.monotonic()


def check_rivals(began, ended, rivals):
    """Each hog ran as long as the kernel says.  (Others that came and went meanwhile are in no look.)"""
    for pid, (ran, _, at) in began.items():
        ran_later, _, at_later = ended[pid]
        ours, theirs = rivals.get(str(pid), 0), 100 * (ran_later - ran) / (at_later - at)
        assert abs(ours - theirs) <= 3, "hog %d ran %.1f %%, by schedstat %.1f %%: %r" % (pid, ours, theirs, rivals)


def hog(cpu):
    """A busy process in a scheduler's group of its own: those of one terminal share theirs, and steal less."""
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"], start_new_session=True)
    os.sched_setaffinity(process.pid, {cpu})
    return process


def check_steal(lab, hogs, cpu):
    """Over one window, and judged against what the kernel says of it, not against theory."""
    tid = vcpu_thread(lab.pid)
    os.sched_setaffinity(tid, {cpu})
    processes = [hog(cpu) for _ in range(hogs)]
    try:
        first, began = lab.read_anew()
        lab.rivals()
        hogs_began = {p.pid: schedstat(p.pid, p.pid) for p in processes}
        _, truth, truth_began = schedstat(lab.pid, tid)
        last, ended = first, began
        while ended < began + WINDOW:
            last, ended = lab.read_anew()
        _, truth_later, truth_ended = schedstat(lab.pid, tid)
        hogs_ended = {p.pid: schedstat(p.pid, p.pid) for p in processes}
        rivals = lab.rivals()
    finally:
        for process in processes:
            process.kill()
            process.wait()
    ours = 100 * (last["steal_seconds_total"] - first["steal_seconds_total"]) / (ended - began)
    theirs = 100 * (truth_later - truth) / (truth_ended - truth_began)
    assert abs(ours - theirs) <= 3, "%d hogs: steal %.1f %%, by schedstat %.1f %%" % (hogs, ours, theirs)
    check_rivals(hogs_began, hogs_ended, rivals)
    assert theirs > 20, "%d hogs stole no more than %.1f %%: this proves nothing" % (hogs, theirs)


def test_steal_as_schedstat_has_it(folder):
    cpu = min(os.sched_getaffinity(0))
    with Lab(folder, SPIN) as lab:
        for hogs in (1, 2):
            check_steal(lab, hogs, cpu)


def query_stats(daemon, names):
    """The sums over all vCPUs of KVM's counters NAMES, by QEMU's own query-stats."""
    command = json.dumps({"execute": "query-stats", "arguments": {"target": "vcpu", "providers": [
        {"provider": "kvm", "names": names}]}})
    found = dict.fromkeys(names, 0)
    for vcpu in json.loads(daemon.virsh("qemu-monitor-command", "g000", command))["return"]:
        for stat in vcpu["stats"]:
            found[stat["name"]] += stat["value"]
    return found


def exits_at_rest(lab, names):
    """What virtlens and QEMU have counted, of a guest that is paused meanwhile."""
    lab.daemon.virsh("suspend", "g000")
    ours, _ = lab.read_anew()
    truth = query_stats(lab.daemon, names)
    lab.daemon.virsh("resume", "g000")
    return {name: ours[name + "_total"] for name in names}, truth


def test_exits_as_qemu_has_them(folder):
    if not can_kvm():
        raise Skip("only KVM counts exits, and /dev/kvm cannot be used here")
    names = ["exits", "io_exits", "mmio_exits", "halt_exits"]
    with Lab(folder, READ_LOOP) as lab:
        ours, theirs = exits_at_rest(lab, names)
        for _ in range(3):
            lab.read_anew()
        ours_later, theirs_later = exits_at_rest(lab, names)
    for name in names:
        counted, expected = ours_later[name] - ours[name], theirs_later[name] - theirs[name]
        assert abs(counted - expected) <= max(0.01 * expected, 1), "%s: %d, by QEMU %d" % (name, counted, expected)
    assert theirs_later["exits"] > theirs["exits"], "a guest that reads all the time made no exits"


if __name__ == "__main__":
    sys.exit(run_tests("steal", globals()))
