# SPDX-License-Identifier: GPL-2.0-or-later
"""Idle guests on a libvirtd of our own, and what processes cost."""
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))
from daemon import Daemon, missing  # noqa: E402,F401

TICKS = os.sysconf("SC_CLK_TCK")
# cli; mask both interrupt controllers; give the timer (channel 0, mode 0) one last short count; hlt for good.  A timer
# that runs on wakes QEMU 18 times a second although the guest sleeps.
HALT = b"\xfa\xb0\xff\xe6\x21\xe6\xa1\xb0\x30\xe6\x43\xb0\x01\xe6\x40\xe6\x40\xf4\xeb\xfd".ljust(510, b"\0") + b"\x55\xaa"
HALT_SIZE = 1 << 20  # SeaBIOS boots no disk of one sector, and waits for another one, awake
IDLE = """<domain type='%s'><name>%s</name><memory unit='MiB'>8</memory><vcpu>1</vcpu>
<os><type arch='x86_64' machine='pc'>hvm</type></os>
<devices><disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='%s'/>
<target dev='vda' bus='virtio'/><readonly/></disk><memballoon model='virtio'/></devices></domain>"""


def accel():
    return "kvm" if os.access("/dev/kvm", os.R_OK | os.W_OK) else "qemu"


def cpu_seconds(pid):
    """CPU time of all threads of a process, to the nanosecond, from their schedstat (proc(5)); user and system time of
    its stat would be 10 ms steps."""
    total = 0
    for thread in os.listdir("/proc/%d/task" % pid):
        try:
            with open("/proc/%d/task/%s/schedstat" % (pid, thread)) as file:
                total += int(file.read().split()[0])
        except FileNotFoundError:
            continue  # the thread ended
    return total / 1e9


def pss_mib(pid):
    with open("/proc/%d/smaps_rollup" % pid) as file:
        for line in file:
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    raise AssertionError("no Pss in smaps_rollup")


class Lab:
    """A libvirtd and as many idle guests as are asked for."""

    def __init__(self, folder):
        self.folder = folder
        self.image = os.path.join(folder, "halt.img")
        with open(self.image, "wb") as file:
            file.write(HALT)
            file.truncate(HALT_SIZE)
        self.daemon = Daemon(os.path.join(folder, "d")).start()
        self.count = 0

    def create(self, name, xml):
        path = os.path.join(self.folder, name + ".xml")
        with open(path, "w") as file:
            file.write(xml)
        self.daemon.virsh("create", path)

    def grow(self, count):
        """Start idle guests until there are COUNT."""
        names = ["idle-%03d" % n for n in range(self.count + 1, count + 1)]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda name: self.create(name, IDLE % (accel(), name, self.image)), names))
        self.count = max(self.count, count)

    def cpu(self):
        """CPU seconds so far: (libvirtd, QEMUs)."""
        return cpu_seconds(self.daemon.pid), sum(cpu_seconds(pid) for pid in self.daemon.guest_pids().values())

    def cpu_during(self, action):
        """What ACTION() returned, and CPU per second of (libvirtd, QEMUs) while it ran."""
        before, began = self.cpu(), time.monotonic()
        result = action()
        span = time.monotonic() - began
        after = self.cpu()
        return result, [(b - a) / span for a, b in zip(before, after)]


def run_bare(program, uri, calls):
    """The yardstick: (client CPU, wall) seconds per call."""
    out = subprocess.run([program, uri, str(calls)], check=True, stdout=subprocess.PIPE).stdout
    return [float(x) for x in out.split()]


# ---- figures as text ----

def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def ms(seconds):
    return "%.1f" % (seconds * 1000)


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(str(c) for c in row) + " |" for row in rows]) + "\n"
