#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What is told on machines that cannot give a function to a guest: one without an IOMMU, one whose IOMMU cannot remap
interrupts.  Nothing is launched: what virtlens checks and refuses beforehand is compared with what the machine is.

Exit status 77 when it cannot run.  VIRTLENS: the program (default ./virtlens)
"""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import l1  # noqa: E402  (it knows where the other live tests are)
from runner import run_tests  # noqa: E402

# A function that only waits for a guest: the drive keeps it offline, which comes after all that the host lacks.
FUNCTION = """\
pf=/sys/bus/pci/devices/$(sh /lab/setup.sh 0)
echo 0 > "$pf"/sriov_drivers_autoprobe
echo 1 > "$pf"/sriov_numvfs
basename "$(readlink "$pf"/virtfn0)"
"""
# libvirt's test driver has a guest without any QEMU; the host is the machine all the same.
ATTACH = """\
printf ':attach test vf=%s\\nexpect job failed\\n:quit\\n' > /tmp/script
/lab/virtlens --batch test:///default --play /tmp/script --export /tmp/script.json > /tmp/ticks
cat /tmp/script.json
"""


def told_on(folder, iommu):
    """The states of `virtlens check` there, and why a function cannot be attached."""
    with l1.Machine(folder, iommu) as machine:
        function = machine.do(FUNCTION).split()[-1]
        checks = json.loads(machine.run("/lab/virtlens check --format json")[1])["checks"]
        job = json.loads(machine.do(ATTACH % function))["jobs"][0]
    return {check["name"]: check["state"] for check in checks}, job["error"]


def test_no_iommu(folder):
    states, error = told_on(folder, l1.NO_IOMMU)
    assert states["iommu"] == "missing", states
    assert "IOMMU: no IOMMU" in error, error


def test_no_interrupt_remapping(folder):
    states, error = told_on(folder, l1.NO_REMAPPING)
    assert states["iommu"] == "ok" and states["interrupt-remapping"] == "missing", states
    assert "the IOMMU cannot remap interrupts: vfio refuses the device" in error, error


if __name__ == "__main__":
    reason = l1.missing()
    if reason:
        print("SKIP: " + reason)
        sys.exit(77)
    sys.exit(run_tests("sriov-variants", globals()))
