#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Clones of real guests, with truth from outside: what their disks hold and stand on, what libvirt calls them.

Exit status 77 when it cannot run.  VIRTLENS: the program (default ./virtlens)
"""
import fcntl
import glob
import json
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import threading
from contextlib import contextmanager

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from console import Screen  # noqa: E402
from daemon import missing, wait_until  # noqa: E402
from runner import Skip, lab_folder, run_tests  # noqa: E402
from play import play  # noqa: E402
from remote import Host  # noqa: E402
from session import PATIENCE, VIRTLENS, Program, read_export  # noqa: E402
from snapshots import disk_of, holds, pattern  # noqa: E402
from xml.etree import ElementTree  # noqa: E402

SOURCE = ":launch name=a template=pulse disk=64M\nwait guest a running\n:force-off a yes\n"


def chain(path):
    """The files that PATH stands on, itself first, by qemu-img."""
    return [os.path.basename(image["filename"]) for image in images(path)]


def images(path):
    said = subprocess.run(["qemu-img", "info", "-U", "--backing-chain", "--output=json", path], check=True,
                          stdout=subprocess.PIPE).stdout
    return json.loads(said)


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
    play(folder, ":start b\nwait guest b reads > 1/s within 100\n:force-off b yes\n:clone b name=c\n:delete b yes\n")
    assert len(files_of(folder)) == 6, files_of(folder)
    play(folder, ":start c\nwait guest c reads > 1/s within 100\n:force-off c yes\n:delete c yes\n")
    assert files_of(folder) == [], "what was left to the clones goes with the last of them"


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


def play_on_screen(folder, script, *connection, patience=PATIENCE):
    """The same as play, on a terminal, where "text" conditions see the screen."""
    path = os.path.join(folder, "script")
    with open(path, "w") as file:
        file.write(script)
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 160, 0, 0))
    env = dict(os.environ, XDG_STATE_HOME=os.path.join(folder, "state"), LC_ALL="C.UTF-8", TERM="xterm",
               XDG_CONFIG_HOME=os.path.join(folder, "config"))
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen([VIRTLENS, "--play", path, *connection], env=env, stdin=theirs, stdout=theirs,
                                   stderr=errors)
        os.close(theirs)
        reader = threading.Thread(target=read_all, args=(ours,))
        reader.start()
        try:
            got = process.wait(patience)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            reader.join()
            os.close(ours)
        errors.seek(0)
        assert got == 0, errors.read().decode("utf-8", "replace")


def read_all(terminal):
    """Until the program behind it has ended."""
    try:
        while os.read(terminal, 65536):
            pass
    except OSError:  # EIO: nobody has its other end any more
        pass


def figure(size):
    """A SIZE in bytes as the screen writes it: 64.0M, 196K."""
    for unit in "KMG":
        size /= 1024
        if size < 999.5:
            break
    return "%.*f%s" % (2 if size < 0.995 else 1 if size < 99.95 else 0, size, unit)


def chain_script(guest, paths):
    """What the screen is to show of GUEST's disks PATHS, by qemu-img."""
    lines = [":chain " + guest]
    for path in paths:
        for image in images(path):
            lines.append('wait text "%s"' % os.path.basename(image["filename"]))
            lines.append('expect text "takes %s of %s"' % (figure(image["actual-size"]), figure(image["virtual-size"])))
    return "\n".join(lines) + "\n"


def test_chain_is_shown(folder):
    play(folder, SOURCE + ":clone a name=b\n:clone b name=c\n:clone b name=d\n")
    assert chain(disk_of(folder, "c-vdb")) == ["c-vdb.qcow2", "b-vdb.qcow2", "a.qcow2"]
    script = "wait guest c off\n" + chain_script("c", [disk_of(folder, "c-vda"), disk_of(folder, "c-vdb")])
    script += 'expect text "also needed by b, d"\nexpect text "also needed by a, b, d"\n:back\n:quit\n'
    lab = ("--lab=stop", "--lab-root", lab_folder(folder))
    play_on_screen(folder, script, *lab)
    os.unlink(disk_of(folder, "a"))
    play_on_screen(folder, 'wait guest c off\n:chain c\nwait text "No such file or directory"\n:quit\n', *lab)


def test_chain_of_a_libvirtd(folder):
    with Host(folder) as host:
        host.play(SOURCE + ":clone a name=b\n")
        script = "wait guest b off\n" + chain_script("b", [os.path.join(host.pool, "b-vdb.qcow2")])
        play_on_screen(folder, script + 'expect text "also needed by a"\n:quit\n', host.daemon.tcp_uri)


def test_rebase(folder):
    play(folder, SOURCE)
    source, other = disk_of(folder, "a"), disk_of(folder, "other")
    pattern(source, 0x11)
    play(folder, ":clone a name=b\n:clone a name=c\n")
    backed = definition(folder, "b")
    disk = [disk for disk in backed.findall("devices/disk") if "b-vdb" in disk.find("source").get("file")][0]
    stale = ElementTree.SubElement(disk, "backingStore", type="file")
    ElementTree.SubElement(stale, "format", type="qcow2")
    ElementTree.SubElement(stale, "source", file=source)
    ElementTree.SubElement(stale, "backingStore")
    ElementTree.ElementTree(backed).write(os.path.join(lab_folder(folder), "etc", "qemu", "b.xml"))
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", other, "64M"], check=True)
    for line, why in [(":rebase b", "image to stand on is missing"), (":rebase b base=other.qcow2", "vda, vdb"),
                      (":rebase b disk=vdx base=other.qcow2", "no disk vdx"),
                      (":rebase b disk=vdb base=none.qcow2", "there is no such file"),
                      (":rebase b disk=vdb base=b-vdb.qcow2", "would stand on itself"),
                      (":rebase a base=other.qcow2", "its disks stand on their own")]:
        _, said = play(folder, line + "\n", 1)
        assert why in said, (line, said)
    play(folder, ":rebase b disk=vdb base=other.qcow2\n")
    assert chain(disk_of(folder, "b-vdb")) == ["b-vdb.qcow2", "other.qcow2"], chain(disk_of(folder, "b-vdb"))
    assert holds(disk_of(folder, "b-vdb"), 0x11), "it holds what it held"
    assert definition(folder, "b").find("devices/disk/backingStore") is None, "the old base is not in its definition"
    play(folder, ":start b\nwait guest b reads > 1/s within 100\n:force-off b yes\n")
    pattern(source, 0x33)
    assert holds(disk_of(folder, "b-vdb"), 0x11), "the source is no longer behind it"


def test_rebase_onto_a_disk_in_use_changes_nothing(folder):
    _, said = play(folder, SOURCE + ":clone a name=b\n:launch name=r template=pulse disk=64M\nwait guest r running\n"
                   ":rebase b disk=vdb base=r.qcow2\n", 1)
    assert "qemu-img" in said and "lock" in said, said
    assert chain(disk_of(folder, "b-vdb")) == ["b-vdb.qcow2", "a.qcow2"], chain(disk_of(folder, "b-vdb"))


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


def fill(path, mib):
    subprocess.run(["qemu-io", "-c", "write -P 7 0 %dM" % mib, path], check=True, stdout=subprocess.DEVNULL)


def test_a_copy_that_cannot_be_written_to_its_end_leaves_nothing(folder):
    play(folder, SOURCE)
    fill(disk_of(folder, "a"), 60)
    before = files_of(folder)
    script = os.path.join(folder, "script")
    with open(script, "w") as file:
        file.write(":clone a name=b mode=full\n")
    with Program(folder, "--batch", "--lab=stop", "--lab-root", lab_folder(folder), "--play", script,
                 prefix=("prlimit", "--fsize=%d" % (24 << 20))) as program:
        job = read_export(program.end(1))["jobs"][0]
    assert job["state"] == "failed" and "qemu-img" in job["error"], job
    assert files_of(folder) == before, files_of(folder)
    play(folder, "expect guest a off\nexpect guest b gone\n:clone a name=b mode=full\n")
    assert chain(disk_of(folder, "b-vdb")) == ["b-vdb.qcow2"]


@contextmanager
def btrfs_at(folder):
    """A small btrfs, mounted at FOLDER, whose files can share blocks."""
    image = folder + ".btrfs"
    with open(image, "wb") as file:
        file.truncate(512 << 20)
    if not shutil.which("mkfs.btrfs") or subprocess.run(["mkfs.btrfs", "-q", image]).returncode:
        raise Skip("there is no mkfs.btrfs")
    os.makedirs(folder, exist_ok=True)
    if subprocess.run(["mount", "-o", "loop", image, folder], stderr=subprocess.DEVNULL).returncode:
        raise Skip("no btrfs can be mounted")
    try:
        os.chmod(folder, 0o755)
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def shared_extents(path):
    """How many of the file's extents it shares with another file."""
    said = subprocess.run(["filefrag", "-v", path], check=True, stdout=subprocess.PIPE).stdout.decode()
    return len(re.findall(r"\bshared\b", said))


def test_a_copy_shares_blocks_where_the_file_system_can(folder):
    lab = lab_folder(folder)
    with btrfs_at(lab):
        play(folder, SOURCE)
        pattern(disk_of(folder, "a"), 0x11)
        export = read_export(play(folder, ":clone a name=b mode=full\n")[0])
        assert any("shared blocks (reflink)" in event["text"] for event in export["events"]), export["events"]
        subprocess.run(["sync", "-f", lab], check=True)
        assert shared_extents(disk_of(folder, "b-vdb")) > 0
        assert chain(disk_of(folder, "b-vdb")) == ["b-vdb.qcow2"]
        pattern(disk_of(folder, "a"), 0x22)
        assert holds(disk_of(folder, "b-vdb"), 0x11), "what its source writes never reaches it"
        play(folder, ":start b\nwait guest b reads > 1/s within 100\n:force-off b yes\n")
        for command, copy in [(":snapshot a name=s\n:clone a name=c mode=full\n", "c"), (":clone b name=l\n", None),
                              (":clone l name=d mode=full\n", "d")]:
            export = read_export(play(folder, command)[0])
            assert not any("reflink" in event["text"] for event in export["events"]), export["events"]
            if copy:
                assert chain(disk_of(folder, copy + "-vdb")) == [copy + "-vdb.qcow2"]
                assert "Snapshot list" not in subprocess.run(["qemu-img", "info", disk_of(folder, copy + "-vdb")],
                                                             stdout=subprocess.PIPE, text=True).stdout
        full_of_data(disk_of(folder, "b-vdb"), lab)
        play(folder, ":clone b name=many-%d count=3 mode=full\n")
        _, said = play(folder, ":snapshot b name=s\n:clone b name=e mode=full\n", 1)
        assert "make room there" in said, said


def full_of_data(disk, folder):
    """Let its disk, and other files, take so much of the file system of FOLDER that no second one has room."""
    subprocess.run(["qemu-img", "resize", "-q", disk, "512M"], check=True)
    subprocess.run(["qemu-io", "-f", "qcow2", "-c", "write -P 1 64M 150M", disk], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["sync", "-f", folder], check=True)
    room = os.statvfs(folder)
    with open(os.path.join(folder, "rest"), "wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(room.f_bavail * room.f_frsize - (100 << 20), 1))


def test_no_room_for_a_copy_is_told_before(folder):
    os.makedirs(lab_folder(folder), exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=100m,mode=755", "none", lab_folder(folder)]
    if subprocess.run(mount, stderr=subprocess.DEVNULL).returncode != 0:
        print("     (not root, no small file system: not tried)")
        return
    try:
        play(folder, SOURCE)
        fill(disk_of(folder, "a"), 60)
        before = files_of(folder)
        _, said = play(folder, ":clone a name=b mode=full\n", 1)
        assert " free" in said and "make room there" in said, said
        assert files_of(folder) == before, files_of(folder)
        play(folder, ":clone a name=b\nexpect guest b off\n")
    finally:
        subprocess.run(["umount", "-l", lab_folder(folder)], check=True)


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


HELD_BACK = """#!/bin/sh
for target; do :; done
case $1:$target in convert:*/b-vdb.qcow2)
  exec 3< %s
  head -c 30M /dev/urandom > "$target"
  cat <&3
esac
exec %s "$@"
"""


@contextmanager
def copies_held_back(folder):
    """A folder with a qemu-img that comes half-way when it copies to b-vdb.qcow2, and what lets it go on."""
    programs, gate = os.path.join(folder, "bin"), os.path.join(folder, "gate")
    os.mkdir(programs)
    os.mkfifo(gate)
    with open(os.path.join(programs, "qemu-img"), "w", opener=lambda path, flags: os.open(path, flags, 0o755)) as file:
        file.write(HELD_BACK % (gate, shutil.which("qemu-img")))
    held = [os.open(gate, os.O_RDWR)]  # whoever reads it waits for the end of this

    def let_go():
        os.close(held.pop())

    try:
        yield programs, let_go
    finally:
        if held:
            let_go()


def test_a_copy_on_a_libvirtd_tells_how_far_it_is_and_goes_when_it_was_cancelled(folder):
    with copies_held_back(folder) as (programs, let_go), Host(folder, programs=programs) as host:
        host.play(SOURCE)
        fill(os.path.join(host.pool, "a.qcow2"), 60)
        before = sorted(os.listdir(host.pool))
        with Screen(folder, host.daemon.tcp_uri, width=200) as screen:
            wait_until(lambda: re.search(r"\ba +off ", screen.text()), PATIENCE, "the guest")
            screen.command("clone a name=b mode=full")
            wait_until(lambda: re.search(r"copying a disk \((4|5)\d %\)", screen.text()), PATIENCE, "half of it")
            screen.command("cancel")
            screen.wait("libvirt does not stop its copy")
            assert "b-vdb.qcow2" in os.listdir(host.pool), "it is still being made"
            let_go()
            wait_until(lambda: sorted(os.listdir(host.pool)) == before, 20, "what was made to go; seen:\n" + screen.text())
            screen.command("clone a name=c mode=full")
            screen.wait("clone a: done in")
            screen.keys("q")
        assert chain(os.path.join(host.pool, "c-vdb.qcow2")) == ["c-vdb.qcow2"]


if __name__ == "__main__":
    reason = missing()
    if reason:
        print("skipped:", reason)
        sys.exit(77)
    sys.exit(run_tests("clones", globals()))
