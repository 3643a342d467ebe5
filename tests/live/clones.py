#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Clones of real guests, with truth from outside: what their disks hold and stand on, what libvirt calls them.

Exit status 77 when it cannot run.  VIRTLENS: the program (default ./virtlens)
"""
import glob
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from daemon import missing  # noqa: E402
from play import play, run_tests  # noqa: E402
from remote import Host  # noqa: E402
from session import lab_folder, read_export  # noqa: E402
from snapshots import disk_of, holds, pattern  # noqa: E402
from xml.etree import ElementTree  # noqa: E402

SOURCE = ":launch name=a template=pulse disk=64M\nwait guest a running\n:force-off a yes\n"


def chain(path):
    """The files that PATH stands on, itself first, by qemu-img."""
    said = subprocess.run(["qemu-img", "info", "-U", "--backing-chain", "--output=json", path], check=True,
                          stdout=subprocess.PIPE).stdout
    return [os.path.basename(image["filename"]) for image in json.loads(said)]


def definition(folder, name):
    return ElementTree.parse(os.path.join(lab_folder(folder), "etc", "qemu", name + ".xml")).getroot()


def files_of(folder):
    return sorted(os.path.basename(path) for path in glob.glob(os.path.join(lab_folder(folder), "disks", "*")))


def test_linked(folder):
    play(folder, SOURCE)
    pattern(disk_of(folder, "a"), 0x11)
    export = read_export(play(folder, ":clone a count=2\nexpect guest a-01 off\nexpect guest a-02 off\n"
                              ":start a-01\nwait guest a-01 reads > 1/s within 100\n:force-off a-01 yes\n")[0])
    assert [job["state"] for job in export["jobs"]] == ["done"] * 3, export["jobs"]
    second = disk_of(folder, "a-02-vdb")
    assert chain(second) == ["a-02-vdb.qcow2", "a.qcow2"], chain(second)
    assert holds(second, 0x11), "it begins as its source was"
    pattern(second, 0x22)
    assert holds(disk_of(folder, "a"), 0x11), "what a clone writes never reaches its source"
    assert holds(disk_of(folder, "a-01-vdb"), 0x11), "nor another clone"
    uuids = {definition(folder, name).findtext("uuid") for name in ("a", "a-01", "a-02")}
    logs = {definition(folder, name).find("devices/serial/log").get("file") for name in ("a", "a-01", "a-02")}
    assert len(uuids) == 3 and len(logs) == 3, (uuids, logs)


def test_source_is_protected(folder):
    _, said = play(folder, SOURCE + ":clone a name=b\n:start a\n", 1)
    assert "stand on its own and would break: b" in said, said
    play(folder, ":start a force\nwait guest a running\n:force-off a yes\n")
    play(folder, ":delete a yes\nwait guest a gone\n")
    assert files_of(folder) == ["a-boot.qcow2", "a.qcow2", "b-vda.qcow2", "b-vdb.qcow2"], files_of(folder)
    play(folder, ":start b\nwait guest b reads > 1/s within 100\n:force-off b yes\n")


def test_full(folder):
    play(folder, SOURCE)
    pattern(disk_of(folder, "a"), 0x11)
    play(folder, ":snapshot a name=one\n")
    pattern(disk_of(folder, "a"), 0x22)
    play(folder, ":clone a name=now mode=full\n:clone a name=then mode=full snapshot=one\n:delete a yes\n")
    assert chain(disk_of(folder, "now-vdb")) == ["now-vdb.qcow2"]
    assert holds(disk_of(folder, "now-vdb"), 0x22) and holds(disk_of(folder, "then-vdb"), 0x11)
    play(folder, ":start now\nwait guest now reads > 1/s within 100\n:force-off now yes\n")


def test_flatten(folder):
    play(folder, SOURCE)
    pattern(disk_of(folder, "a"), 0x11)
    play(folder, ":clone a count=2\n:flatten a-01\n:start a-02\nwait guest a-02 reads > 1/s within 100\n"
         ":flatten a-02\n:force-off a-02 yes\n:start a\nwait guest a running\n:force-off a yes\n:flatten a\n")
    for name in ("a-01-vdb", "a-02-vdb"):
        assert chain(disk_of(folder, name)) == [name + ".qcow2"], chain(disk_of(folder, name))
        assert holds(disk_of(folder, name), 0x11), name


REFUSED = [
    (":clone a name=a", "is there already"),
    (":clone a name=a/b", "cannot be used"),
    (":clone a name=%s", "stands neither n nor a number"),
    (":clone a name=b count=2", "cannot have one name"),
    (":clone a count=0", "1"),
    (":clone a mode=half", "it is linked or full"),
    (":clone a snapshot=one", "Add mode=full"),
    (":clone a mode=full snapshot=none", "there is no such snapshot"),
]


def test_refused(folder):
    play(folder, SOURCE)
    before = files_of(folder)
    for line, why in REFUSED:
        _, said = play(folder, line + "\n", 1)
        assert why in said, (line, said)
    assert files_of(folder) == before, files_of(folder)
    _, said = play(folder, ":start a\nwait guest a running\n:clone a\n", 1)
    assert "it is not off" in said, said


def test_what_fails_half_way_leaves_nothing(folder):
    play(folder, SOURCE)
    before = files_of(folder)
    with open(disk_of(folder, "b-vdb"), "w"):
        pass  # somebody else's file where the second disk is to go
    _, said = play(folder, ":clone a name=b\n", 1)
    assert "is not overwritten" in said, said
    assert files_of(folder) == sorted(before + ["b-vdb.qcow2"]), files_of(folder)
    os.unlink(disk_of(folder, "b-vdb"))
    with open(disk_of(folder, "a"), "r+b") as file:
        file.write(b"no image any more")
    _, said = play(folder, ":clone a name=b mode=full\n", 1)
    assert "qemu-img" in said, said
    assert files_of(folder) == before, files_of(folder)


def test_on_a_libvirtd(folder):
    with Host(folder) as host:
        host.play(SOURCE)
        pattern(os.path.join(host.pool, "a.qcow2"), 0x11)
        host.play(":clone a\n:clone a name=full mode=full\n:start a-01\nwait guest a-01 reads > 1/s within 100\n"
                  ":force-off a-01 yes\n")
        assert chain(os.path.join(host.pool, "a-01-vdb.qcow2")) == ["a-01-vdb.qcow2", "a.qcow2"]
        assert chain(os.path.join(host.pool, "full-vdb.qcow2")) == ["full-vdb.qcow2"]
        assert holds(os.path.join(host.pool, "full-vdb.qcow2"), 0x11)
        _, said = host.play(":start a\n", 1)
        assert "would break: a-01" in said, said
        host.play(":delete a-01 yes\n:delete full yes\n:start a\nwait guest a running\n:force-off a yes\n:delete a yes\n")
        assert os.listdir(host.pool) == [], os.listdir(host.pool)


if __name__ == "__main__":
    reason = missing()
    if reason:
        print("skipped:", reason)
        sys.exit(77)
    sys.exit(run_tests("clones", globals()))
