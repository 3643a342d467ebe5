#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Guests on a libvirtd of the test's own, as on another host: disks are volumes of its pool, figures come by its calls.

Exit status 77 when it cannot run.  VIRTLENS: the program (default ./virtlens)
"""
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from daemon import Daemon, missing, wait_until  # noqa: E402
from runner import run_tests  # noqa: E402
from session import Program, read_export  # noqa: E402


def read_text(path):
    with open(path, errors="replace") as file:
        return file.read()


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


def test_a_connection_lost_while_waiting_is_told_as_that(folder):
    with Host(folder, more='log_filters = "1:qemu.qemu_monitor"\n') as host:
        host.play(":launch name=a template=pulse disk=64M\nwait guest a running\n")
        with host.start_play(":stop a\n") as program:
            wait_until(lambda: '"execute":"system_powerdown"' in read_text(host.daemon.log), 60, "the guest to be asked")
            host.daemon.kill()
            job = read_export(program.end(1))["jobs"][0]
        # Where the daemon's answer was still on its way, it is the request itself whose outcome is not known.
        told = ("the connection went away", "cannot ask it to shut down: End of file")
        assert job["state"] == "unknown" and any(words in job["error"] for words in told), job


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
