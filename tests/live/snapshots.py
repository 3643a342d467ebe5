#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Snapshots of real guests, with truth from outside: what is on the disk, what virsh's library says.

Exit status 77 when it cannot run.  VIRTLENS: the program (default ./virtlens)
"""
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from play import play, run_tests  # noqa: E402
from session import lab_folder, read_export  # noqa: E402

OFFSET = 60 << 20  # pulse's disk of 64 MiB is far from used up there


def disk_of(folder, name):
    return os.path.join(lab_folder(folder), "disks", name + ".qcow2")


def pattern(path, byte):
    """Write a pattern to the image of a guest that is off."""
    subprocess.run(["qemu-io", "-c", "write -P %d %d 64k" % (byte, OFFSET), path], check=True,
                   stdout=subprocess.DEVNULL)


def holds(path, byte):
    said = subprocess.run(["qemu-io", "-c", "read -P %d %d 64k" % (byte, OFFSET), path], check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout
    return b"Pattern verification failed" not in said


def names_in(path):
    said = subprocess.run(["qemu-img", "snapshot", "-l", path], check=True, stdout=subprocess.PIPE).stdout.decode()
    return [line.split()[1] for line in said.splitlines()[2:]]


def test_disk_comes_back(folder):
    play(folder, ":launch name=a template=pulse disk=64M\nwait guest a running\n:force-off a yes\n")
    disk = disk_of(folder, "a")
    pattern(disk, 0x11)
    play(folder, "expect guest a off\n:snapshot a name=one\n")
    assert names_in(disk) == ["one"], names_in(disk)
    pattern(disk, 0x22)
    assert holds(disk, 0x22) and not holds(disk, 0x11)
    play(folder, ":revert a name=one yes\n")
    assert holds(disk, 0x11), "the first pattern is back"
    play(folder, ":snapshot-delete a name=one yes\n:delete a yes\n")
    assert not os.listdir(os.path.dirname(disk)), "no file is left"


RUNNING = """\
:launch name=r template=pulse disk=64M
wait guest r reads > 1/s within 100
:snapshot r name=base description="before it all"
:snapshot r
:revert r name=base yes
wait guest r running
wait guest r reads > 1/s within 100
:snapshot-delete r name=s1 yes
:revert r yes
:force-off r yes
:delete r yes
wait guest r gone
"""


def test_running(folder):
    export = read_export(play(folder, RUNNING)[0])
    for job in export["jobs"]:
        assert job["state"] == "done", job
    for scan in export["scans"]:
        for guest in scan["guests"]:
            rate = guest["readings"]["read_bytes_per_second"] if "readings" in guest else guest.get("read_bytes_per_second")
            assert rate is None or 0 <= rate < 4e9, "no spike, no negative figure: %r" % rate


def test_refused(folder):
    _, said = play(folder, ":launch name=b template=pulse disk=64M\n:snapshot b name=.. \n", 1)
    assert "script:2" in said, said
    _, said = play(folder, ":snapshot b name=x\n:snapshot b name=x\n", 1)
    assert "there is one of this name" in said, said
    _, said = play(folder, ":revert b name=nothing yes\n", 1)
    assert "there is no such snapshot" in said, said


if __name__ == "__main__":
    sys.exit(run_tests("snapshots", globals()))
