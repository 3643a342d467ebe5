#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""SR-IOV for real, in an emulated machine: virtlens runs there, makes virtual functions, launches a guest on one from
keys, attaches another while it runs, refuses what would break; the guest reads and writes through its function.

Exit status 77 when it cannot run.  VIRTLENS: the program (default ./virtlens)
"""
import json
import os
import sys
import tempfile

import jsonschema

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import l1  # noqa: E402  (it knows where the other live tests are)
from session import schema  # noqa: E402

READY = """\
sh /lab/setup.sh 0
cp /lab/vmlinuz /lab/l2.img /tmp/
mkdir -p /root/.config/virtlens/templates
cat > /root/.config/virtlens/templates/direct.template << 'END'
base = kernel
kernel = /tmp/vmlinuz
initrd = /tmp/l2.img
cmdline = console=ttyS0 panic=-1 quiet stay
backend = sr-iov-nvme
accel = kvm
memory = 256M
END
"""
# On a terminal of its own.
KEYS = """\
TERM=xterm LC_ALL=C.UTF-8 script -qec \
  "stty rows 24 cols 80; /lab/virtlens --lab --lab-root /tmp/lab --play /lab/keys.play --export /tmp/keys.json" \
  /dev/null < /dev/null
"""
BATCH = """\
cat > /tmp/script << 'END'
%s
END
/lab/virtlens --batch --lab%s --lab-root /tmp/lab --play /tmp/script --export /tmp/script.json > /tmp/ticks
"""
LAUNCH = ":launch name=g2 template=kernel kernel=/tmp/vmlinuz initrd=/tmp/l2.img memory=64M accel=kvm " \
         "backend=sr-iov-nvme device=%s\nexpect job failed\n"
# What it was given goes when it is set offline.
ONLINE = "for what in '-r 1 -a 8 -n 1' '-r 0 -a 8 -n 2' '-a 9'; do nvme virt-mgmt /dev/nvme0 -c 2 $what || exit 1; done"
SAID = """\
tries=0
until grep -q '%s' /tmp/lab/logs/g1.log || [ $tries -ge 1200 ]; do tries=$((tries + 1)); sleep 0.1; done
cat /tmp/lab/logs/g1.log
"""


def export_of(machine, path):
    export = json.loads(machine.do("cat " + path))
    jsonschema.validate(export, schema())
    return export


def batch(machine, script, lab=""):
    status, said = machine.run(BATCH % ("wait guest g1 exists\n" + script, lab))
    assert status == 0, said
    return export_of(machine, "/tmp/script.json")


def outcomes(export):
    return [(job["action"], job["state"]) for job in export["jobs"]]


def errors(export):
    return [job["error"] for job in export["jobs"] if job["error"]]


def passed_through(export):
    """The addresses in the last definition of each guest."""
    return {guest["name"]: [device["address"] for device in guest["definitions"][-1]["hostdevs"]]
            for guest in export["guests"]}


def test_what_the_host_offers(machine):
    found = json.loads(machine.run("/lab/virtlens check --format json")[1])
    states = {check["name"]: check["state"] for check in found["checks"]}
    assert states["iommu"] == "ok" and states["interrupt-remapping"] == "ok", states


def test_from_keys(machine):
    status, said = machine.run(KEYS)
    assert status == 0, said
    export = export_of(machine, "/tmp/keys.json")
    assert outcomes(export) == [("make-vfs", "done"), ("launch", "done")], export["jobs"]
    assert passed_through(export) == {"g1": [VF1]}, passed_through(export)


def test_the_guest_works_through_it(machine):
    said = machine.do(SAID % "GUEST-STAYS")
    assert "GUEST-READ nvme0n1 " + l1.MAGIC in said, said
    mark = said.split("GUEST-WROTE nvme0n1 ")[1].split()[0]
    machine.do("blockdev --flushbufs /dev/nvme0n1")
    seen = machine.do("dd if=/dev/nvme0n1 bs=512 skip=2048 count=1 2> /dev/null | tr -d '\\0'")
    assert seen.strip() == mark, "through the PF: %r, the guest wrote %r" % (seen, mark)


def test_refused_beforehand(machine):
    machine.do("nvme virt-mgmt /dev/nvme0 -c 2 -a 7")
    export = batch(machine, LAUNCH % VF1 + LAUNCH % VF2 + ":make-vfs count=0 yes\nexpect job failed\n" +
                   ":snapshot g1 memory=yes\nexpect job failed\n:quit")
    machine.do(ONLINE)
    said = errors(export)
    for words, error in zip(("guest g1 has it", "offline", "is in use: guest g1", "no snapshot can be taken"), said):
        assert words in error, said
    assert len(said) == 4 and passed_through(export) == {"g1": [VF1]}, said


def test_attached_and_detached_while_it_runs(machine):
    export = batch(machine, ":attach g1 vf=%s\nexpect job done\n:quit" % VF2[5:])
    assert passed_through(export) == {"g1": [VF1, VF2]}, passed_through(export)
    machine.do(SAID % "GUEST-SEES nvme1 live")
    export = batch(machine, ":detach g1 device=%s yes\nexpect job done\n:quit" % VF2)
    assert passed_through(export) == {"g1": [VF1]}, passed_through(export)


def test_given_back_in_the_end(machine):
    export = batch(machine, ":force-off g1 yes\n:make-vfs count=0 yes\n:delete g1 yes\n:quit", "=stop")
    assert outcomes(export) == [(action, "done") for action in ("force-off", "make-vfs", "delete")], export["jobs"]
    assert machine.do("cat /sys/bus/pci/devices/%s/sriov_numvfs" % PF).strip() == "0"


PF, VF1, VF2 = "0000:01:00.0", "0000:01:00.1", "0000:01:00.2"
STEPS = (test_what_the_host_offers, test_from_keys, test_the_guest_works_through_it, test_refused_beforehand,
         test_attached_and_detached_while_it_runs, test_given_back_in_the_end)


def main():
    reason = l1.missing()
    if reason:
        print("SKIP: " + reason)
        return 77
    # Each step goes on from the one before: the first that fails is the last.
    with tempfile.TemporaryDirectory(prefix="virtlens-sriov-", dir="/var/tmp") as folder, l1.Machine(folder) as machine:
        assert machine.do(READY).split()[-1] == PF
        for step in STEPS:
            step(machine)
            print("ok   sriov: " + step.__name__[5:].replace("_", " "), flush=True)
    print("sriov: %d passed, 0 failed, 0 skipped" % len(STEPS))
    return 0


if __name__ == "__main__":
    sys.exit(main())
