#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The SR-IOV lab itself works: a guest that libvirt gives a virtual function to reads and writes through it.

Exit status 77 when it cannot run.
"""
import os
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import l1  # noqa: E402

GUEST = """\
<domain type='kvm'>
  <name>plain</name>
  <memory unit='MiB'>256</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <kernel>/tmp/vmlinuz</kernel>
    <initrd>/tmp/l2.img</initrd>
    <cmdline>console=ttyS0 panic=-1 quiet</cmdline>
  </os>
  <features><acpi/><apic/></features>
  <cpu mode='custom' match='exact'><model fallback='allow'>qemu64</model></cpu>
  <on_reboot>destroy</on_reboot>
  <devices>
    <controller type='usb' model='none'/>
    <memballoon model='none'/>
    <serial type='file'><source path='/tmp/guest.console'/></serial>
    <hostdev mode='subsystem' type='pci' managed='yes'>
      <source><address domain='0x0000' bus='0x%s' slot='0x%s' function='0x%s'/></source>
    </hostdev>
  </devices>
</domain>
"""
# /lab is 9p, which QEMU of the guest may not map.
START = """\
cp /lab/vmlinuz /lab/l2.img /tmp/ && cat > /tmp/guest.xml << 'END' && virsh -q create /tmp/guest.xml
%sEND
"""
ENDED = """\
tries=0
until grep -q GUEST-DONE /tmp/guest.console || [ $tries -ge 1800 ]; do tries=$((tries + 1)); sleep 0.1; done
cat /tmp/guest.console
"""


def node_device(address):
    return "pci_" + address.replace(":", "_").replace(".", "_")


def test_guest_on_a_function(machine):
    pf = machine.do("sh /lab/setup.sh").split()[-1]
    vf = pf[:-1] + "1"
    assert machine.do("ls /sys/class/iommu").split(), "no IOMMU"
    assert machine.do("cat /sys/bus/pci/devices/%s/sriov_numvfs" % pf).strip() == "2"
    xml = machine.do("virsh nodedev-dumpxml " + node_device(vf))
    assert "phys_function" in xml and "<iommuGroup" in xml, xml
    _, bus, rest = vf.split(":")
    machine.do(START % (GUEST % (bus, *rest.split("."))))
    said = machine.do(ENDED)
    assert "GUEST-READ nvme0n1 " + l1.MAGIC in said, said
    mark = said.split("GUEST-WROTE nvme0n1 ")[1].split()[0]
    machine.do("blockdev --flushbufs /dev/nvme0n1")
    seen = machine.do("dd if=/dev/nvme0n1 bs=512 skip=2048 count=1 2> /dev/null | tr -d '\\0'")
    assert seen.strip() == mark, "through the PF: %r, the guest wrote %r" % (seen, mark)


def main():
    reason = l1.missing()
    if reason:
        print("SKIP: " + reason)
        return 77
    with tempfile.TemporaryDirectory() as folder, l1.Machine(folder) as machine:
        test_guest_on_a_function(machine)
    print("PASS test_guest_on_a_function")
    return 0


if __name__ == "__main__":
    sys.exit(main())
