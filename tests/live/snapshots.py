#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Snapshots of real guests, with truth from outside: what is on the disk, what virsh's library says.

Exit status 77 when it cannot run.  VIRTLENS: the program (default ./virtlens)
"""
import ctypes
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from runner import lab_folder, run_tests  # noqa: E402
from play import play  # noqa: E402
from remote import Host, define  # noqa: E402
from session import PATIENCE, Program, read_export  # noqa: E402

OFFSET = 60 << 20  # pulse's disk of 64 MiB is far from used up there


def disk_of(folder, name):
    return os.path.join(lab_folder(folder), "disks", name + ".qcow2")


def pattern(path, byte, form="qcow2"):
    """Write a pattern to the image of a guest that is off."""
    subprocess.run(["qemu-io", "-f", form, "-c", "write -P %d %d 64k" % (byte, OFFSET), path], check=True,
                   stdout=subprocess.DEVNULL)


def holds(path, byte, form="qcow2"):
    said = subprocess.run(["qemu-io", "-f", form, "-c", "read -P %d %d 64k" % (byte, OFFSET), path], check=False,
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


def virsh(folder, *commands):
    """What virsh says in the lab, which no program of ours holds now."""
    said = subprocess.run(["virsh", "-q", "-c", "qemu:///embed?root=" + lab_folder(folder), "; ".join(commands)],
                          check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert said.returncode == 0, said
    return said.stdout.decode()


def chain(path):
    """The file names of an image and all behind it."""
    said = json.loads(subprocess.run(["qemu-img", "info", "-U", "--backing-chain", "--output=json", path], check=True,
                                     stdout=subprocess.PIPE).stdout)
    return [os.path.basename(image["filename"]) for image in said]


def told(export, start):
    return [event["text"] for event in export["events"] if event["text"].startswith(start)]


RAW = """<domain type='qemu'><name>raw</name><memory unit='MiB'>16</memory><vcpu>1</vcpu>
<os><type arch='x86_64' machine='pc'>hvm</type></os><devices>
<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='%s'/><target dev='vda' bus='virtio'/></disk>
</devices></domain>"""


def define_raw(folder):
    """A guest on a raw disk, in a lab that is there."""
    play(folder, ":launch name=first template=pulse disk=64M\n:force-off first yes\n:delete first yes\n")
    disk = os.path.join(lab_folder(folder), "disks", "raw.img")
    with open(disk, "wb") as file:
        file.truncate(64 << 20)
    path = os.path.join(folder, "raw.xml")
    with open(path, "w") as file:
        file.write(RAW % disk)
    virsh(folder, "define " + path)
    return disk


def test_raw_disk_gets_files_before_it(folder):
    disk = define_raw(folder)
    _, said = play(folder, ":snapshot raw name=one kind=internal\n", 1)
    assert "disk vda is not qcow2, and only qcow2 images hold snapshots" in said, said
    export = read_export(play(folder, ":snapshot raw name=one\n:snapshot raw name=two\n:start raw\n"
                              ":snapshot raw name=three\n:force-off raw yes\n")[0])
    said = told(export, "snapshot one")[0]
    assert "external, disks: disk vda is not qcow2" in said and "raw-vda.one.qcow2" in said, said
    folder_of = os.path.dirname(disk)
    assert chain(os.path.join(folder_of, "raw-vda.three.qcow2")) == [
        "raw-vda.three.qcow2", "raw-vda.two.qcow2", "raw-vda.one.qcow2", "raw.img"]
    assert virsh(folder, "snapshot-list raw --tree").split() == ["one", "|", "+-", "two", "|", "+-", "three"]
    _, said = play(folder, ":snapshot raw name=four kind=internal\n", 1)
    assert "not mixed in one chain" in said, said
    play(folder, ":delete raw yes\n")
    assert not os.listdir(folder_of), os.listdir(folder_of)


def test_kinds_are_not_mixed(folder):
    _, said = play(folder, ":launch name=m template=pulse disk=64M\n:snapshot m name=one\n:snapshot m kind=external\n", 1)
    assert "script:3" in said and "not mixed in one chain" in said, said
    _, said = play(folder, ":snapshot m memory=yes\n", 1)
    assert "it is off and has no memory to keep" in said, said
    _, said = play(folder, ":snapshot m kind=outer\n", 1)
    assert "it is internal or external" in said, said


def test_memory_in_a_file(folder):
    export = read_export(play(folder, ":launch name=x template=pulse disk=64M\nwait guest x reads > 1/s within 100\n"
                              ":snapshot x name=one kind=external memory=yes\nwait guest x running\n"
                              "wait guest x reads > 1/s within 100\n:force-off x yes\n")[0])
    said = told(export, "snapshot one")[0]
    assert "x.one.memory" in said and "as asked for" in said, said
    memory = os.path.join(lab_folder(folder), "disks", "x.one.memory")
    with open(memory, "rb") as file:
        assert file.read(16).startswith(b"LibvirtQemudSave"), "libvirt's own format"
    xml = virsh(folder, "snapshot-dumpxml x one")
    assert memory in xml and "seconds=" in xml, xml
    play(folder, ":delete x yes\n")
    assert not os.listdir(os.path.dirname(memory)), os.listdir(os.path.dirname(memory))


def test_file_that_is_there_is_left_alone(folder):
    disk = define_raw(folder)
    there = os.path.join(os.path.dirname(disk), "raw-vda.one.qcow2")
    with open(there, "w") as file:
        file.write("somebody's")
    _, said = play(folder, ":snapshot raw name=one\n", 1)
    assert "is there already and is not overwritten" in said, said
    with open(there) as file:
        assert file.read() == "somebody's"


def disk_now(folder, guest):
    """The file that its first disk writes to."""
    return virsh(folder, "domblklist " + guest).split()[1]


def old_libvirt():
    return libvirt_version() < (9, 10)


def libvirt_version():
    said = subprocess.run(["virsh", "--version"], check=True, stdout=subprocess.PIPE).stdout.decode()
    return tuple(int(part) for part in said.strip().split(".")[:2])


def test_external_comes_back(folder):
    disk = define_raw(folder)
    pattern(disk, 0x11, "raw")
    play(folder, ":snapshot raw name=one\n")
    pattern(disk_now(folder, "raw"), 0x22)
    _, said = play(folder, ":start raw\n:revert raw name=one yes\n", 1 if old_libvirt() else 0)
    if not old_libvirt():
        return  # then it is libvirt's own work
    assert "script:2" in said and "the guest must be off" in said, said
    export = read_export(play(folder, ":revert raw name=one yes\n")[0])
    said = told(export, "reverted to one")[0]
    assert "kept as snapshot before-one" in said and "raw-vda.one.qcow2" in said, said
    assert holds(disk_now(folder, "raw"), 0x11), "the first pattern is back"
    assert chain(disk_now(folder, "raw")) == ["raw-vda.one-1.qcow2", "raw.img"]
    assert virsh(folder, "snapshot-list raw --tree").split() == ["one", "|", "+-", "before-one"]
    play(folder, ":start raw\nwait guest raw running\n:force-off raw yes\n:revert raw name=before-one yes\n")
    assert holds(disk_now(folder, "raw"), 0x22), "what was before the first revert is back, too"
    folder_of = os.path.dirname(disk)
    play(folder, ":snapshot-delete raw name=before-one yes\n")
    assert holds(disk_now(folder, "raw"), 0x22), "files that the guest stands on stay"
    assert virsh(folder, "snapshot-list raw --name").split() == ["before-before-one", "one"]
    play(folder, ":revert raw name=one yes\n:snapshot-delete raw name=before-one children yes\n"
         ":snapshot-delete raw name=before-before-one yes\n")
    assert holds(disk_now(folder, "raw"), 0x11)
    assert sorted(os.listdir(folder_of)) == sorted({"raw-vda.one.qcow2", *chain(disk_now(folder, "raw"))}), \
        "of the other branches only the file that snapshot one began is left"
    play(folder, ":delete raw yes\n")
    assert not os.listdir(folder_of), os.listdir(folder_of)


def test_what_it_once_wrote_to_goes_with_it(folder):
    """Images that no snapshot tells of any more, because those that did are deleted or merged."""
    if not old_libvirt():
        return  # then it is libvirt's own work
    disk = define_raw(folder)
    folder_of = os.path.dirname(disk)
    play(folder, ":snapshot raw name=one\n:revert raw name=one yes\n:snapshot raw name=two\n"
         ":snapshot-delete raw name=before-one yes\n:snapshot-delete raw name=one yes\n:revert raw name=two yes\n")
    assert chain(disk_now(folder, "raw")) == ["raw-vda.two-1.qcow2", "raw-vda.one-1.qcow2", "raw.img"]
    play(folder, ":snapshot-delete raw name=before-two yes\n:snapshot-delete raw name=two yes\n:clone raw name=c\n"
         ":delete raw yes\n")
    assert chain(os.path.join(folder_of, "c-vda.qcow2"))[1:] == ["raw-vda.two-1.qcow2", "raw-vda.one-1.qcow2", "raw.img"]
    play(folder, ":delete c yes\n")
    assert not [name for name in os.listdir(folder_of) if name.startswith("raw")], "they go with the last that stood on them"
    define_raw(folder)
    play(folder, ":snapshot raw name=one\n:revert raw name=one yes\n:revert raw name=before-one yes\n"
         ":snapshot-delete raw name=before-before-one yes\n:start raw\nwait guest raw running\n"
         ":snapshot-delete raw name=one yes\n:force-off raw yes\n:snapshot-delete raw name=before-one yes\n")
    assert chain(disk_now(folder, "raw")) == ["raw-vda.before-one-1.qcow2", "raw.img"], "it is merged"
    play(folder, ":delete raw yes\n")
    assert not {"raw.img", "raw-vda.before-one-1.qcow2"} & set(os.listdir(folder_of)), os.listdir(folder_of)
    define_raw(folder)
    play(folder, ":snapshot raw name=one\n:revert raw name=one yes\n:snapshot-delete raw name=one children yes\n"
         ":flatten raw\n:delete raw yes\n")
    assert [name for name in os.listdir(folder_of) if name.startswith("raw")] == ["raw.img"], \
        "what its disks stand on no more is not known to be its own: %r" % os.listdir(folder_of)


KILLER = """\
#!/bin/sh
# In the place of qemu-img: when the COUNT-th overlay is made, the program that asked for it is killed.
%s "$@" || exit
case "$1" in create) echo >> %s; [ "$(wc -l < %s)" -lt %d ] || kill -9 $PPID; esac
"""


def test_killed_in_the_middle_of_a_revert(folder):
    if not old_libvirt():
        return  # then it is libvirt's own work
    play(folder, ":launch name=a template=pulse disk=64M\n:force-off a yes\n:snapshot a name=one kind=external\n")
    disks = os.path.join(lab_folder(folder), "disks")
    there, now = sorted(os.listdir(disks)), virsh(folder, "domblklist a")
    for count in (1, 2):
        bin_folder, counted = os.path.join(folder, "bin%d" % count), os.path.join(folder, "counted%d" % count)
        os.mkdir(bin_folder)
        with open(os.path.join(bin_folder, "qemu-img"), "w") as file:
            file.write(KILLER % (shutil.which("qemu-img"), counted, counted, count))
        os.chmod(file.name, 0o755)
        script = os.path.join(folder, "script")
        with open(script, "w") as file:
            file.write(":revert a name=one yes\n")
        path = "PATH=%s:%s" % (bin_folder, os.environ["PATH"])
        with Program(folder, "--batch", "--lab=stop", "--lab-root", lab_folder(folder), "--play", script,
                     prefix=("env", path)) as program:
            assert program.process.wait(PATIENCE) == -signal.SIGKILL, program.said()
        left = set(os.listdir(disks)) - set(there)
        assert {"a-vda.one-1.qcow2", ".a.job"} <= left, left
        play(folder, "expect guest a off\n")
        assert sorted(os.listdir(disks)) == there, os.listdir(disks)
        assert virsh(folder, "domblklist a") == now and virsh(folder, "snapshot-list a --name").split() == ["one"]
    play(folder, ":revert a name=one yes\n:start a\nwait guest a running\n:force-off a yes\n")
    assert chain(disk_now(folder, "a"))[0] == "a-vda.one-1.qcow2", chain(disk_now(folder, "a"))


def test_external_are_merged(folder):
    disk = define_raw(folder)
    play(folder, ":snapshot raw name=one\n")
    pattern(disk_now(folder, "raw"), 0x33)
    play(folder, ":snapshot raw name=two\n")
    pattern(disk_now(folder, "raw"), 0x44)
    if old_libvirt():
        _, said = play(folder, ":snapshot-delete raw name=one yes\n", 1)
        assert "Delete the later ones first, or start the guest" in said, said
    _, said = play(folder, ":snapshot-delete raw name=one children yes\n", 1)
    assert "one by one" in said, said
    play(folder, ":start raw\nwait guest raw running\n:snapshot-delete raw name=one yes\n:force-off raw yes\n")
    assert chain(disk_now(folder, "raw")) == ["raw-vda.two.qcow2", "raw.img"]
    assert holds(disk_now(folder, "raw"), 0x44)
    play(folder, ":snapshot-delete raw name=two yes\n")
    assert disk_now(folder, "raw") == disk and holds(disk, 0x44, "raw")
    assert os.listdir(os.path.dirname(disk)) == ["raw.img"], os.listdir(os.path.dirname(disk))


def test_memory_in_a_file_comes_back(folder):
    if not old_libvirt():
        return
    export = read_export(play(folder, ":launch name=x template=pulse disk=64M\nwait guest x reads > 1/s within 100\n"
                              ":snapshot x name=one kind=external memory=yes\n:force-off x yes\n"
                              ":revert x name=one yes\nwait guest x running\nwait guest x reads > 1/s within 100\n"
                              ":force-off x yes\n:delete x yes\n")[0])
    for job in export["jobs"]:
        assert job["state"] == "done", job
    assert not os.listdir(os.path.join(lab_folder(folder), "disks")), "no file is left"


def test_another_name_keeps_the_tree(folder):
    define_raw(folder)
    play(folder, ":snapshot raw name=one\n:snapshot raw name=two\n:snapshot raw name=three\n"
         ":snapshot-edit raw name=two rename=deux description=second\n:snapshot-edit raw rename=trois\n")
    assert virsh(folder, "snapshot-list raw --tree").split() == ["one", "|", "+-", "deux", "|", "+-", "trois"]
    assert virsh(folder, "snapshot-current raw --name").strip() == "trois"
    assert "<description>second</description>" in virsh(folder, "snapshot-dumpxml raw deux")
    _, said = play(folder, ":snapshot-edit raw name=deux rename=one\n", 1)
    assert "there is one of this name" in said, said
    play(folder, ":launch name=i template=pulse disk=64M\n:snapshot i name=in\n:snapshot-edit i description=inside\n"
         ":force-off i yes\n")
    assert "<description>inside</description>" in virsh(folder, "snapshot-dumpxml i in")
    _, said = play(folder, ":snapshot-edit i rename=out\n", 1)
    assert "its name is what marks it inside the images" in said, said
    play(folder, ":revert i name=in yes\nwait guest i running\n")


def test_before_what_destroys_if_asked(folder):
    play(folder, ":launch name=o template=pulse disk=64M\nwait guest o running\n:snapshot auto on\n"
         ":reset o yes\n:force-off o yes\n:snapshot auto off\n:start o\n:force-off o yes\n")
    assert virsh(folder, "snapshot-list o --name").split() == ["s1", "s2"]
    assert "<description>before :reset o yes</description>" in virsh(folder, "snapshot-dumpxml o s1")


def test_by_virsh_and_by_us(folder):
    play(folder, ":launch name=v template=pulse disk=64M\n:force-off v yes\n:snapshot v name=ours\n")
    disk = disk_of(folder, "v")
    pattern(disk, 0x55)
    virsh(folder, "snapshot-create-as v theirs")
    pattern(disk, 0x66)
    virsh(folder, "snapshot-revert v ours")
    assert not holds(disk, 0x55) and not holds(disk, 0x66)
    play(folder, ":revert v name=theirs yes\n")
    assert holds(disk, 0x55)
    virsh(folder, "snapshot-delete v theirs")
    _, said = play(folder, ":revert v name=theirs yes\n", 1)
    assert "there is no such snapshot: theirs" in said and "deleted in the meantime" in said, said


def test_risky_is_done_only_when_it_is_meant(folder):
    _, said = play(folder, ":launch name=k template=pulse disk=64M\n:force-off k yes\n:snapshot k name=one\n"
                   ":clone k name=l\n:revert k name=one yes\n", 1)
    assert "script:5" in said and "would break: l" in said, said
    play(folder, ":revert k name=one force yes\n")


def test_full_disk_leaves_nothing_half_made(folder):
    """Where the images are there is no room for one more: the guest runs on, and nothing is left."""
    small = os.path.join(folder, "small")
    os.mkdir(small)
    lab_folder(folder)
    os.chmod(small, 0o711)
    if os.geteuid() != 0:
        return
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m,mode=711", "none", small], check=True)
    try:
        full_disk(folder, small)
    finally:
        subprocess.run(["umount", "-l", small], check=True)


def full_disk(folder, small):
    define_raw(folder)
    disk = os.path.join(small, "raw.img")
    with open(disk, "wb") as file:
        file.truncate(1 << 20)
    path = os.path.join(folder, "raw.xml")
    with open(path, "w") as file:
        file.write(RAW % disk)
    virsh(folder, "undefine raw", "define " + path)
    with open(os.path.join(small, "rest"), "wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
    export = play(folder, ":start raw\n:snapshot raw name=one\nexpect job failed\nexpect guest raw running\n"
                   ":force-off raw yes\n:snapshot raw name=two\nexpect job failed\n")[0]
    for job in read_export(export)["jobs"]:
        assert job["action"] != "snapshot" or "No space left on device" in job["error"], job
    assert sorted(os.listdir(small)) == ["raw.img", "rest"], os.listdir(small)
    assert virsh(folder, "snapshot-list raw --name").split() == []
    assert disk_now(folder, "raw") == disk
    play(folder, ":start raw\nwait guest raw running\n")


def play_on(folder, script):
    """As play, but the guests run on."""
    path = os.path.join(folder, "script")
    with open(path, "w") as file:
        file.write(script)
    with Program(folder, "--batch", "--lab", "--lab-root", lab_folder(folder), "--play", path) as program:
        return program.end()


def test_memory_is_as_it_was(folder):
    registers = "qemu-monitor-command p --hmp info registers"
    play_on(folder, ":launch name=p template=pulse disk=64M\nwait guest p reads > 1/s within 100\n:pause p\n"
            ":snapshot p name=one\n")
    try:
        then = virsh(folder, registers)
        play_on(folder, ":resume p\nwait guest p reads > 1/s within 100\n:pause p\n")
        assert virsh(folder, registers) != then, "it went on"
        play_on(folder, ":revert p name=one yes\nwait guest p paused\n")
        assert virsh(folder, registers) == then, "it is where it was"
    finally:
        play(folder, ":force-off p yes\n:delete p yes\n")


def wait_for_file(path):
    """Told by the kernel: what is to be met half-way is gone soon."""
    made = 0x100  # IN_CREATE
    libc = ctypes.CDLL(None, use_errno=True)
    watch = libc.inotify_init1(os.O_CLOEXEC)
    assert libc.inotify_add_watch(watch, os.path.dirname(path).encode(), made) >= 0, os.strerror(ctypes.get_errno())
    while not os.path.exists(path) and select.select([watch], [], [], PATIENCE)[0]:
        os.read(watch, 65536)
    os.close(watch)


def kill_when(path, pid_file):
    """End the QEMU whose PID_FILE it is as soon as PATH is there."""
    wait_for_file(path)
    with open(pid_file) as file:
        os.kill(int(file.read()), signal.SIGKILL)


def test_guest_ends_during_its_snapshot(folder):
    disks = os.path.join(lab_folder(folder), "disks")
    play(folder, ":launch name=e template=pulse disk=64M memory=256M\n:force-off e yes\n")
    there = sorted(os.listdir(disks))
    pid_file = os.path.join(lab_folder(folder), "run", "qemu", "e.pid")
    killer = threading.Thread(target=kill_when, args=(os.path.join(disks, "e.one.memory"), pid_file))
    killer.start()
    export = read_export(play(folder, ":start e\n:snapshot e name=one kind=external memory=yes\nexpect job failed\n"
                              "wait guest e off\n")[0])
    killer.join()
    assert export["jobs"][-1]["state"] == "failed", export["jobs"]
    assert sorted(os.listdir(disks)) == there, os.listdir(disks)
    assert virsh(folder, "snapshot-list e --name").split() == []
    play(folder, ":start e\nwait guest e reads > 1/s within 100\n")


def work_disk(host, name):
    """The file that the guest's second disk is now."""
    lines = host.daemon.virsh("domblklist", name).splitlines()
    return [line.split()[1] for line in lines if line.split()[0] == "vdb"][0]


def test_external_snapshots_are_volumes(folder):
    with Host(folder) as host:
        host.play(":launch name=a template=pulse disk=64M\nwait guest a running\n:force-off a yes\n")
        pattern(work_disk(host, "a"), 0x11)
        host.play(":snapshot a name=one kind=external\n")
        assert os.path.basename(work_disk(host, "a")) == "a-vdb.one.qcow2"
        pattern(work_disk(host, "a"), 0x22)
        host.play(":revert a name=one yes\n")
        assert holds(work_disk(host, "a"), 0x11), "the first pattern is back"
        assert chain(work_disk(host, "a"))[-1] == "a.qcow2"
        host.play(":start a\nwait guest a reads > 1/s within 100\n:snapshot a name=two kind=external memory=no\n"
                  ":force-off a yes\n:snapshot-delete a name=two yes\n")
        assert holds(work_disk(host, "a"), 0x11)
        host.play(":snapshot-delete a name=one children yes\n")
        assert chain(work_disk(host, "a"))[-1] == "a.qcow2"
        host.play(":delete a yes\nwait guest a gone\n")
        assert os.listdir(host.pool) == [], os.listdir(host.pool)


def test_branches_are_known_where_only_the_host_sees_the_files(folder):
    if not old_libvirt():
        return  # then it makes the files of branches itself, under names of its own
    with Host(folder, hidden=True) as host:
        host.play(":launch name=a template=pulse disk=64M\nwait guest a running\n:force-off a yes\n"
                  ":snapshot a name=one kind=external\n:snapshot a name=two kind=external\n:revert a name=two yes\n")
        assert os.path.basename(work_disk(host, "a")) == "a-vdb.two-1.qcow2"
        _, said = host.play(":start a\nwait guest a running\n:snapshot-delete a name=one yes\n", 1)
        assert "on which others stand" in said and "a-vda.two.qcow2, of snapshot" in said, said
        host.play(":force-off a yes\n:delete a yes\nwait guest a gone\n")
        host.daemon.virsh("pool-refresh", "default")
        assert host.daemon.virsh("vol-list", "default").split() == [], host.daemon.virsh("vol-list", "default")


def test_memory_of_an_external_snapshot_goes_with_it(folder):
    with Host(folder) as host:
        host.play(":launch name=m template=pulse disk=64M\nwait guest m reads > 1/s within 100\n"
                  ":snapshot m name=one kind=external memory=yes\n:force-off m yes\n")
        assert "m.one.memory" in os.listdir(host.pool), os.listdir(host.pool)
        host.play(":snapshot-delete m name=one yes\n")
        assert sorted(os.listdir(host.pool)) == ["m-boot.qcow2", "m.qcow2"], os.listdir(host.pool)


def test_what_could_not_be_removed_again_is_refused_before(folder):
    with Host(folder) as host:
        outside = os.path.join(folder, "outside.qcow2")
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", outside, "64M"], check=True)
        define(host, "o", "file", "file='%s'" % outside)
        _, said = host.play(":snapshot o kind=external\n", 1)
        assert "disk vda is in no storage pool" in said, said
        host.play(":snapshot o name=in\n:snapshot-delete o name=in yes\n")


if __name__ == "__main__":
    sys.exit(run_tests("snapshots", globals()))
