# SPDX-License-Identifier: GPL-2.0-or-later
"""What watching costs the guest's own I/O: pulse's requests with and without virtlens beside it."""
import os
import shutil
import statistics
import struct
import time

from lab import accel, table
from lens import Lens

TITLE = "What watching costs the guest"
GUEST = """<domain type='%s'><name>busy</name><memory unit='MiB'>16</memory><vcpu>1</vcpu>
<os><type arch='x86_64' machine='pc'>hvm</type></os><devices>
<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='%s'/><target dev='vda' bus='virtio'/>
<boot order='1'/></disk>
<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='%s'/><target dev='vdb' bus='virtio'/>
<boot order='2'/></disk><memballoon model='virtio'/></devices></domain>"""


def start(args, lab, folder):
    boot, scratch = (os.path.join(folder, name) for name in ("boot.img", "scratch.img"))
    shutil.copy(args.pulse, boot)
    os.truncate(boot, 1 << 20)
    with open(scratch, "wb") as file:
        file.write(struct.pack("<8sHBB", b"VLPULSE1", 8, 100, 0))
        file.truncate(64 << 20)
    lab.create("busy", GUEST % (accel(), boot, scratch))


def requests(lab):
    for line in lab.daemon.virsh("domstats", "--block", "busy").splitlines():
        key, _, value = line.strip().partition("=")
        if key == "block.1.rd.reqs":
            return int(value)
    raise AssertionError("no figures of the busy guest")


def rate(lab, seconds):
    began, before = time.monotonic(), requests(lab)
    time.sleep(seconds)
    after = requests(lab)
    return (after - before) / (time.monotonic() - began)


def run(args, lab, folder):
    start(args, lab, folder)
    rate(lab, 5)
    ratios = []
    for i in range(args.rounds):
        bare = rate(lab, args.seconds / 2)
        lens = Lens(args.virtlens, [lab.daemon.uri], os.path.join(folder, "influence-%d" % i))
        lens.wait_text(b"busy", 60)
        lens.read(3)
        began, before = time.monotonic(), requests(lab)
        lens.read(args.seconds / 2)
        watched = (requests(lab) - before) / (time.monotonic() - began)
        lens.quit()
        ratios.append(watched / ((bare + rate(lab, args.seconds / 2)) / 2))
    lab.daemon.virsh("destroy", "busy")
    ratios.sort()
    return ("Requests per second of a guest that reads without a pause, watched at a tick of 1 s, as a share of those before "
            "and after; %d rounds, %d other guests.\n\n" % (args.rounds, lab.count) +
            table(["median", "smallest", "largest"],
                  [["%.3f" % x for x in (statistics.median(ratios), ratios[0], ratios[-1])]]))
