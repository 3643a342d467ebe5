#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""One script for the whole of it, everything.play, on the embedded driver and on a libvirtd: it passes, the export lists each
of its actions once, and the images held what they should, which is read after the end from links to them.

Exit status 77 when it cannot run.  VIRTLENS: the program (default ./virtlens)
"""
import json
import os
import shlex
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from daemon import missing  # noqa: E402
from remote import Host  # noqa: E402
from runner import lab_folder, run_tests  # noqa: E402
from session import Program, read_export  # noqa: E402

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "everything.play")
CLONES = ["whole-01", "whole-02", "whole-03"]


def asked():
    """What the script asks for: (action, guest), in order."""
    with open(SCRIPT) as file:
        lines = [shlex.split(line[1:]) for line in file if line.startswith(":")]
    lines = [words for words in lines if words != ["quit"]]
    return [(words[0], words[1].replace("name=", "")) for words in lines]


def hold(images, kept):
    """Links in folder KEPT to all images there are: what a deletion removes is still to be read."""
    for name in os.listdir(images) if os.path.isdir(images) else []:
        held = os.path.join(kept, name)
        if not os.path.exists(held) and name.endswith(".qcow2"):
            os.link(os.path.join(images, name), held)


def play_whole(folder, images, *connection):
    """The export, and the folder with the images that there were."""
    kept = os.path.join(folder, "kept")
    os.mkdir(kept)
    with Program(folder, "--batch", "-d", "0.5", *connection, "--play", SCRIPT) as program:
        last = ""
        for text in iter(program.line, None):
            last = text
            hold(images, kept)
        program.end()
    return read_export(last), kept


def check_export(export):
    jobs = export["jobs"]
    assert [(job["action"], job["guest"]) for job in jobs] == asked(), jobs
    for job in jobs:
        assert job["state"] == "done" and job["duration_seconds"] > 0, job
    assert export["complete"] is True


def content(image, snapshot=None):
    """A raw file of what IMAGE holds, or held."""
    raw = "%s.%s.raw" % (image, snapshot)
    inside = ["-l", "snapshot.name=" + snapshot] if snapshot else []
    subprocess.run(["qemu-img", "convert", *inside, "-f", "qcow2", "-O", "raw", image, raw], check=True)
    return raw


def same(one, other):
    return subprocess.run(["qemu-img", "compare", "-q", "-f", "raw", "-F", "raw", one, other]).returncode == 0


def check_images(kept):
    disk = os.path.join(kept, "whole.qcow2")
    one, two, end = content(disk, "one"), content(disk, "two"), content(disk)
    assert not same(one, two), "the guest wrote between the snapshots"
    assert same(one, end), "the first snapshot is back, and no clone wrote to it"
    for clone in CLONES:
        check_clone(os.path.join(kept, clone + "-vdb.qcow2"), disk)


def told(*words):
    return json.loads(subprocess.run(["qemu-img", *words], check=True, stdout=subprocess.PIPE).stdout)


def check_clone(overlay, source):
    """It stood on the source's disk, and what it wrote is in its own."""
    head = told("info", "--output=json", overlay)
    assert os.path.basename(head["backing-filename"]) == os.path.basename(source), head
    subprocess.run(["qemu-img", "rebase", "-u", "-f", "qcow2", "-b", source, "-F", "qcow2", overlay], check=True)
    assert any(part["depth"] == 0 for part in told("map", "--output=json", overlay)), overlay


def check(folder, images, *connection):
    export, kept = play_whole(folder, images, *connection)
    check_export(export)
    check_images(kept)
    assert os.listdir(images) == [], os.listdir(images)


def test_embedded(folder):
    lab = lab_folder(folder)
    check(folder, os.path.join(lab, "disks"), "--lab=stop", "--lab-root", lab)


def test_on_a_libvirtd(folder):
    with Host(folder) as host:
        check(folder, host.pool, host.daemon.tcp_uri)


if __name__ == "__main__":
    reason = missing()
    if reason:
        print("skipped:", reason)
        sys.exit(77)
    sys.exit(run_tests("whole", globals()))
