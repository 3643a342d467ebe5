#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The life of real guests: memory saved and restored, definitions changed and changed back, devices that come and go.

Exit status 77 when it cannot run.  VIRTLENS: the program (default ./virtlens)
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from clones import definition, play_on_screen  # noqa: E402
from daemon import missing  # noqa: E402
from runner import run_tests  # noqa: E402
from play import play  # noqa: E402
from remote import Host  # noqa: E402
from snapshots import disk_of  # noqa: E402
from session import lab_folder, read_export  # noqa: E402

LAUNCH = ":launch name=a template=pulse disk=64M\nwait guest a running\n"


def test_saved_and_restored(folder):
    export = read_export(play(folder, LAUNCH + "wait guest a reads > 1/s within 100\n:save a\nwait guest a off\n"
                              ":start a\nwait guest a reads > 1/s within 100\n:save a\nwait guest a off\n"
                              ":save-drop a yes\n:start a\nwait guest a running\n")[0])
    assert all(job["state"] == "done" for job in export["jobs"]), export["jobs"]
    assert {found["saved"] for found in definitions(export)} == {False, True}, "that it is saved is in the export"
    _, said = play(folder, ":save-drop a yes\n", 1)
    assert "it has no saved state" in said, said


def configure(folder, text):
    os.makedirs(os.path.join(folder, "config", "virtlens"))
    with open(os.path.join(folder, "config", "virtlens", "virtlens.conf"), "w") as file:
        file.write("[settings]\n" + text)


def on_screen(folder, script):
    """In a lab whose guests run on afterwards."""
    play_on_screen(folder, script + ":quit\n", "--lab", "--lab-root", lab_folder(folder))


def test_force_is_offered_at_the_deadline(folder):
    configure(folder, "stop-deadline = 1.5\n")
    last, said = play(folder, LAUNCH + ":stop a\n", 1)
    job = read_export(last)["jobs"][-1]
    assert job["state"] == "failed" and 1.5 <= job["duration_seconds"] < 10, job
    assert "not within 2 s" in said and "Add the word force" in said, said
    try:
        on_screen(folder, ":start a\n:stop a\nexpect job failed\nwait text 'a is still running: force it off?'\n"
                  "key n\nexpect guest a running\n:stop a\nexpect job failed\nwait text 'force it off?'\nkey y\n"
                  "wait guest a off\n")
        export = read_export(play(folder, ":start a\n:stop a force\nwait guest a off\n")[0])
        assert [job["state"] for job in export["jobs"]] == ["done", "done"], export["jobs"]
    finally:
        play(folder, "expect guest a off\n")


def test_one_that_fails_does_not_hold_up_the_others(folder):
    play(folder, LAUNCH + ":force-off a yes\n:clone a count=3\n")
    with open(disk_of(folder, "a-03-vdb"), "r+b") as file:
        file.write(b"no image any more")
    path = os.path.join(folder, "session.json")
    on_screen(folder, "wait guest a-03 off\n:tag a-01\n:tag a-02\n:tag a-03\nkey S\nexpect job failed\n"
              "wait text 'started 2 of 3; failed: a-03: '\nexpect guest a-01 running\nexpect guest a-02 running\n"
              "key X\nwait text 'Force off 3 guests?'\nexpect text 'cannot be done: it is not running'\nkey y\n"
              "wait text 'forced off 2 of 2'\n:export '%s'\n" % path)
    export = read_export(path)
    states = [(job["action"], job["guest"], job["state"]) for job in export["jobs"]]
    assert sorted(states[:3]) == [("start", "a-01", "done"), ("start", "a-02", "done"), ("start", "a-03", "failed")], states
    told = [event["text"] for event in export["events"] if event["kind"] == "job" and " of " in event["text"]]
    assert len(told) == 2 and told[0].startswith("started 2 of 3; failed: a-03: cannot start it: "), told
    assert told[1] == "forced off 2 of 2", told


def test_the_question_before_a_deletion_says_what_goes(folder):
    play(folder, LAUNCH + ":force-off a yes\n:clone a count=2\n:snapshot a name=one\n")
    on_screen(folder, "wait guest a off\n:delete a\nwait text 'disks/a.qcow2, needed by a-01, a-02, which would break'\n"
              "expect text 'logs/a.log'\nexpect text 'with it go 1 snapshot'\nkey n\n"
              ":delete a-01\nwait text 'disks/a-01-vdb.qcow2'\nkey y\nwait guest a-01 gone\n"
              "expect text 'delete a-01: done'\n")
    assert not os.path.exists(disk_of(folder, "a-01-vdb")) and os.path.exists(disk_of(folder, "a"))


def test_what_was_done_last_is_taken_back(folder):
    play(folder, LAUNCH + ":force-off a yes\n:snapshot a name=one\n:snapshot a name=two\n")
    before = definition(folder, "a")
    on_screen(folder, "wait guest a off\n:delete a keep-disks\nwait text 'the disks are kept'\n"
              "wait text 'with it go 2 snapshots'\nkey y\nwait guest a gone\nwait text 'U defines it again'\nkey U\n"
              "wait guest a off\nkey S\nwait guest a running\nwait text 'U stops it again'\n"
              "key X\nkey y\nwait guest a off\nwait text 'U starts it again'\nkey U\nwait guest a running\n"
              ":force-off a yes\n:snapshots a\nwait text 'two  (now)'\nexpect text one\n")
    assert definition(folder, "a").findtext("uuid") == before.findtext("uuid")
    assert definition(folder, "a").find("metadata")[0].attrib == before.find("metadata")[0].attrib
    _, said = play(folder, ":delete a keep-disks yes\n:undelete name=b\n", 1)
    assert "no guest b was deleted in this session" in said, said
    _, said = play(folder, ":undelete\n", 1)
    assert "no guest was deleted in this session" in said, said


def test_deleted_and_defined_again_without_a_screen(folder):
    export = read_export(play(folder, LAUNCH + ":force-off a yes\n:delete a keep-disks yes\nwait guest a gone\n"
                              ":undelete name=a\nexpect guest a off\n:start a\nwait guest a reads > 1/s within 100\n")[0])
    assert any(event["text"].endswith(":undelete name=a defines it again") for event in export["events"]), "what to type"
    assert [job["guest"] for job in export["jobs"] if job["action"] == "undelete"] == ["a"], export["jobs"]


def definitions(export):
    """Every definition of a guest in the export, wherever it stands."""
    found = []

    def walk(node):
        if isinstance(node, dict):
            if "saved" in node and "autostart" in node:
                found.append(node)
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)
    walk(export)
    return found


def test_edited_renamed_and_undone(folder):
    play(folder, LAUNCH + ":edit a title='a title' vcpus=2\n:force-off a yes\n"
         ":edit a memory=32M backend=ide\n:start a\nwait guest a reads > 1/s within 100\n:force-off a yes\n")
    root = definition(folder, "a")
    assert root.findtext("vcpu") == "2" and root.findtext("title") == "a title"
    assert int(root.findtext("memory")) == 32768, root.findtext("memory")
    assert {disk.get("bus") for disk in root.findall("devices/disk/target")} == {"ide"}
    play(folder, ":undo a\n")
    root = definition(folder, "a")
    assert {disk.get("bus") for disk in root.findall("devices/disk/target")} == {"virtio"}
    assert root.findtext("vcpu") == "2", "one step back, not two"
    uuid = root.findtext("uuid")
    play(folder, ":rename a name=b\nexpect guest b off\n:start b\nwait guest b running\n:force-off b yes\n:undo b\n"
         "expect guest a off\n:undo a\nexpect guest b off\n")
    assert definition(folder, "b").findtext("uuid") == uuid


BY_FORM = """\
wait guest a off
key E
wait text "Edit a"
wait text "by launch"
key Tab Backspace
text 2
wait text "vCPUs: 2, before: 1"
wait text "paravirtual"
key Tab Tab Left Down Down Down
wait text "backend of vda: ide, before: virtio-blk"
key Enter
wait text "edit a: done"
:quit
"""


def test_edited_by_the_form(folder):
    play(folder, LAUNCH.replace("disk=64M", "disk=64M title='by launch'") + ":force-off a yes\n")
    memory = definition(folder, "a").findtext("memory")
    play_on_screen(folder, BY_FORM, "--lab=stop", "--lab-root", lab_folder(folder))
    root = definition(folder, "a")
    assert (root.findtext("vcpu"), root.findtext("title"), root.findtext("memory")) == ("2", "by launch", memory)
    assert disks_of(folder, "a") == {"hda": "ide", "vdb": "virtio"}
    play(folder, ":start a\nwait guest a reads > 1/s within 100\n:force-off a yes\n:snapshot a name=s kind=external\n"
         ":edit a backend=vdb:ide,hda:virtio-blk\n:undo a\n")
    assert disks_of(folder, "a") == {"hda": "ide", "vdb": "virtio"}
    play(folder, ":snapshot a name=t\n:undo a\n:start a\nwait guest a reads > 1/s within 100\n:force-off a yes\n")
    assert disks_of(folder, "a") == {"vda": "virtio", "hda": "ide"}
    files = [disk.get("file") for disk in definition(folder, "a").findall("devices/disk/source")]
    assert all(".t.qcow2" in file for file in files), "it stays on the images that the snapshot began: %r" % files


REFUSED = [
    (":rename a name=b", "is there already"),
    (":rename a name=..", "cannot be used"),
    (":rename a", "the new name is missing"),
    (":edit a", "nothing to change"),
    (":edit a vcpus=0", "1"),
    (":edit a memory=1", "less than 1 MiB"),
    (":edit a backend=abacus", "there is no such backend"),
    (":edit a backend=vdb:ide,vdx:ide", "it has no disk vdx"),
    (":edit a backend=sr-iov-nvme", "a function is attached by"),
    (":attach a", "what is to be attached is missing"),
    (":attach a size=1G nic=e1000", "one device at a time"),
    (":attach a size=0", "an empty disk"),
    (":attach a size=1G backend=abacus", "there is no such one"),
    (":attach a size=1G backend=sr-iov-nvme", "a function is attached by vf=ADDRESS"),
    (":attach a nic=sr-iov-vf", "a function is attached by vf=ADDRESS"),
    (":attach a file=/nonexistent/x.img", "x.img"),
    (":attach a size=1G backend=virtio-scsi", "it has no controller virtio-scsi"),
    (":detach a device=vdz yes", "it has no disk or NIC vdz"),
    (":autostart a on", "in the lab nothing starts by itself"),
    (":undo a", "no change of its definition is kept"),
]


def test_refused(folder):
    play(folder, LAUNCH + ":launch name=b template=pulse disk=64M\n:force-off a yes\n")
    before = definition(folder, "a")
    for line, why in REFUSED:
        _, said = play(folder, line + "\n", 1)
        assert why in said, (line, said)
    assert definition(folder, "a").findtext("vcpu") == before.findtext("vcpu")


def disks_of(folder, name):
    return {disk.get("dev"): disk.get("bus") for disk in definition(folder, name).findall("devices/disk/target")}


def test_devices_come_and_go(folder):
    image = os.path.join(folder, "own.img")
    with open(image, "wb") as file:
        file.truncate(1 << 20)
    os.chmod(folder, 0o755)
    os.chmod(image, 0o666)
    play(folder, LAUNCH + ":attach a size=16M\n:attach a file=%s\n:force-off a yes\n"
         ":attach a nic=e1000\n:start a\nwait guest a running\n:force-off a yes\n" % image)
    assert disks_of(folder, "a") == {"vda": "virtio", "vdb": "virtio", "vdc": "virtio", "vdd": "virtio"}
    mac = definition(folder, "a").find("devices/interface/mac").get("address")
    play(folder, ":detach a device=vdc yes\n:detach a device=%s yes\n" % mac)
    assert "vdc" not in disks_of(folder, "a") and definition(folder, "a").find("devices/interface") is None
    _, said = play(folder, ":attach a file=%s\n" % image, 1)
    assert "is a disk of this guest already" in said, said
    _, said = play(folder, ":clone a name=b\n:attach b file=%s\n" % image, 1)
    assert "is a disk of a already" in said, said


def test_on_a_libvirtd(folder):
    with Host(folder) as host:
        host.play(LAUNCH + ":save a\nwait guest a off\n:start a\nwait guest a running\n:autostart a on\n")
        assert "Autostart:      enable" in host.daemon.virsh("dominfo", "a")
        host.play(":autostart a\n:edit a vcpus=2\n:undo a\n")
        assert "Autostart:      disable" in host.daemon.virsh("dominfo", "a")
        host.daemon.virsh("undefine", "a")  # transient from now on
        _, said = host.play(":save a\n", 1)
        assert "it is transient" in said, said
        _, said = host.play(":edit a vcpus=2\n", 1)
        assert "it is transient" in said, said


if __name__ == "__main__":
    reason = missing()
    if reason:
        print("skipped:", reason)
        sys.exit(77)
    sys.exit(run_tests("life", globals()))
