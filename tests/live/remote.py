#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Guests on a libvirtd of the test's own, as on another host: disks are volumes of its pool, figures come by its calls.

Exit status 77 when it cannot run.  VIRTLENS: the program (default ./virtlens)
"""
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from console import Screen  # noqa: E402
from daemon import Daemon, missing  # noqa: E402
from runner import Skip, run_tests  # noqa: E402
from session import Program, read_export  # noqa: E402


class Host:
    """A libvirtd with a running pool 'default'; with HIDDEN its files are where only that libvirtd sees them."""

    def __init__(self, folder, hidden=False, **options):
        self.daemon = Daemon(os.path.join(folder, "d"), listen=True, **options)
        self.pool = "/var/lib/libvirt/virtlens-pool" if hidden else os.path.join(folder, "pool")
        self.hidden = hidden
        self.folder = folder

    def __enter__(self):
        if not self.hidden:
            os.mkdir(self.pool)
        self.daemon.start()
        self.daemon.virsh("pool-define-as", "default", "dir", "--target", self.pool)
        self.daemon.virsh("pool-build", "default")
        self.daemon.virsh("pool-start", "default")
        return self

    def __exit__(self, *_):
        self.daemon.stop()

    def start_play(self, script, uri=None):
        path = os.path.join(self.folder, "script")
        with open(path, "w") as file:
            file.write(script)
        return Program(self.folder, "--batch", "--play", path, uri or self.daemon.tcp_uri)

    def play(self, script, status=0, uri=None):
        """The last line of output, and what was said on stderr."""
        with self.start_play(script, uri) as program:
            last = program.end(status)
            return last, program.said()


LIFE = """\
:launch name=a template=pulse disk=64M
wait guest a running
wait guest a reads > 1/s within 100
:force-off a yes
wait guest a off
"""


def format_of(path):
    said = subprocess.run(["qemu-img", "info", path], check=True, stdout=subprocess.PIPE).stdout.decode()
    return [line.split(": ")[1] for line in said.splitlines() if line.startswith("file format")]


def test_disks_are_volumes(folder):
    with Host(folder) as host:
        export = read_export(host.play(LIFE)[0])
        assert all(job["state"] == "done" for job in export["jobs"]), export["jobs"]
        assert sorted(os.listdir(host.pool)) == ["a-boot.qcow2", "a.qcow2"], os.listdir(host.pool)
        for name in os.listdir(host.pool):
            assert format_of(os.path.join(host.pool, name)) == ["qcow2"], name
        host.play(":delete a yes\nwait guest a gone\n")
        assert os.listdir(host.pool) == [], os.listdir(host.pool)


def test_too_much_memory_is_refused_before(folder):
    with Host(folder) as host:
        _, said = host.play(":launch name=a template=pulse memory=8T\n", 1)
        assert "the host has" in said, said
        assert os.listdir(host.pool) == [], os.listdir(host.pool)


OTHER = """<domain type='qemu'><name>%s</name><memory unit='MiB'>8</memory><os><type arch='x86_64'>hvm</type></os>
<devices><disk type='%s' device='disk'><driver name='qemu' type='qcow2'/><source %s/><target dev='vda'/></disk></devices>
</domain>"""


def define(host, name, kind, source):
    path = os.path.join(host.folder, name + ".xml")
    with open(path, "w") as file:
        file.write(OTHER % (name, kind, source))
    host.daemon.virsh("define", path)


def test_delete_leaves_what_others_need(folder):
    with Host(folder) as host:
        host.play(LIFE)
        overlay = os.path.join(folder, "over.qcow2")
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2", "-b",
                        os.path.join(host.pool, "a.qcow2"), overlay], check=True)
        define(host, "by-overlay", "file", "file='%s'" % overlay)
        define(host, "by-pool", "volume", "pool='default' volume='a-boot.qcow2'")
        host.play(":delete a yes\nwait guest a gone\n", uri=host.daemon.uri)
        assert sorted(os.listdir(host.pool)) == ["a-boot.qcow2", "a.qcow2"], os.listdir(host.pool)


def test_functions_of_another_host_are_told_by_its_libvirt(folder):
    if not shutil.which("tmux"):
        raise Skip("tmux is not installed")
    with Host(folder) as host:
        devices = host.daemon.virsh("nodedev-list", "--cap", "pci").split()
        xmls = [host.daemon.virsh("nodedev-dumpxml", name) for name in devices]
        able = [xml for xml in xmls if "type='virt_functions'" in xml]
        with Screen(folder, host.daemon.tcp_uri) as screen:
            screen.wait("no guests here")
            screen.command("vfs")
            screen.wait("vfio")
            said = " ".join(screen.text().split())
            assert ("no device of this host has virtual functions" in said) == (not able), said
            assert ("on: devices are in IOMMU groups" in said) == any("<iommuGroup" in xml for xml in xmls), said
            assert "interrupt remapping unknown not told by libvirt" in said, said
        _, said = host.play(":make-vfs count=1 yes\n", 1)
        assert "cannot be made from here" in said, said


NETWORK = """<network><name>vfs</name><forward mode='hostdev' managed='yes'><pf dev='lo'/></forward></network>"""


def test_networks_of_functions_are_told_from_others(folder):
    with Host(folder) as host:
        path, kernel = os.path.join(folder, "network.xml"), os.path.join(folder, "kernel")
        with open(path, "w") as file:
            file.write(NETWORK)
        open(kernel, "w").close()  # it is never started
        host.daemon.virsh("net-define", path)
        for nic, network, why in [("sr-iov-vf", "vfs", "network vfs: it is not active"),
                                  ("sr-iov-vf", "other", "network other: there is no such one")]:
            command = ":launch name=a template=kernel kernel='%s' disk=64M nic=%s network=%s\n" % (kernel, nic, network)
            _, said = host.play(command, 1)
            assert why in said, said
        assert os.listdir(host.pool) == [] and host.daemon.virsh("list", "--all", "--name").split() == []


def test_macs_are_given_and_not_twice(folder):
    with Host(folder) as host:
        host.play(":launch name=a template=pulse disk=64M nic=e1000 mac=52:54:00:AB:cd:01\n"
                  ":attach a nic=virtio-net mac=52:54:00:ab:cd:02\n:force-off a yes\n")
        xml = host.daemon.virsh("dumpxml", "a")
        assert "52:54:00:ab:cd:01" in xml and "52:54:00:ab:cd:02" in xml, xml
        for command in ("launch name=b template=pulse disk=64M nic=e1000 mac=52:54:00:ab:cd:01",
                        "attach a nic=virtio-net mac=52:54:00:ab:cd:02"):
            _, said = host.play(":%s\n" % command, 1)
            assert "guest a has it" in said, said
        _, said = host.play(":attach a nic=virtio-net vlan=5\n", 1)
        assert "only virtual functions" in said, said
        assert len(os.listdir(host.pool)) == 2, os.listdir(host.pool)


TRANSIENT = """<domain type='qemu'><name>t</name><memory unit='MiB'>8</memory><os><type arch='x86_64'>hvm</type></os>
</domain>"""


def test_transient_guests_are_refused_what_needs_a_definition(folder):
    with Host(folder) as host:
        path = os.path.join(folder, "t.xml")
        with open(path, "w") as file:
            file.write(TRANSIENT)
        host.daemon.virsh("create", path)
        for command in ("save t", "autostart t on", "edit t vcpus=2", "undo t"):
            _, said = host.play("wait guest t running\n:%s\n" % command, 1)
            assert "it is transient" in said, said
        host.play(":force-off t yes\nwait guest t gone\n")


if __name__ == "__main__":
    reason = missing()
    if reason:
        print("skipped:", reason)
        sys.exit(77)
    sys.exit(run_tests("remote", globals()))
