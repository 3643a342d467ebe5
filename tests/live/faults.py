#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Faults in the middle of things, on real guests: images that are gone, broken or in use, disks that fill, others who act
meanwhile, programs that are killed.  Each is told, nothing half-made remains, and what was there still works.

Exit status 77 when it cannot run.  VIRTLENS: the program (default ./virtlens)
"""
import glob
import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from clones import SOURCE, chain, files_of, fill, play_on_screen  # noqa: E402
from console import Screen  # noqa: E402
from daemon import missing, wait_until  # noqa: E402
from play import play  # noqa: E402
from remote import Host  # noqa: E402
from runner import Skip, lab_folder, run_tests  # noqa: E402
from session import PATIENCE, VIRTLENS, Program, journals, read_export  # noqa: E402
from snapshots import define_raw, disk_now, disk_of, holds, pattern, virsh  # noqa: E402


def each_fails(folder, commands, *says):
    """Each of COMMANDS fails, with one of SAYS in its reason; no file comes or goes."""
    before = files_of(folder)
    script = "".join(":%s\nexpect job failed\n" % command for command in commands)
    jobs = read_export(play(folder, script)[0])["jobs"]
    assert len(jobs) == len(commands), jobs
    for command, job in zip(commands, jobs):
        assert any(text in (job["error"] or "") for text in says), (command, job)
    assert files_of(folder) == before, files_of(folder)


# ---- images ----

USES = ["clone a name=c", "clone a name=c mode=full", "snapshot a name=s", "start a force", "flatten b", "clone b name=c mode=full"]


def source_with_clone(folder):
    play(folder, SOURCE + ":clone a name=b\n")
    return disk_of(folder, "a")


def works_again(folder):
    play(folder, "expect guest c gone\n:start b\nwait guest b reads > 1/s within 100\n:force-off b yes\n")
    assert virsh(folder, "snapshot-list a --name").split() == []


def test_source_that_is_gone_or_broken(folder):
    disk = source_with_clone(folder)
    aside = os.path.join(folder, "aside")
    os.rename(disk, aside)
    each_fails(folder, USES, "No such file or directory")
    with open(disk, "wb") as file:
        file.write(b"no image any more".ljust(1 << 16))
    each_fails(folder, USES, "not in qcow2 format", "probing guessed raw")
    os.rename(aside, disk)
    works_again(folder)


@contextmanager
def held(disk):
    """Another program has it open to write to it."""
    holder = subprocess.Popen(["qemu-io", "-f", "qcow2", disk], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        holder.stdin.write(b"length\n")
        holder.stdin.flush()
        holder.stdout.readline()  # it has answered: it has it open
        yield
    finally:
        holder.communicate(b"quit\n")


def test_source_that_another_program_writes_to(folder):
    disk = source_with_clone(folder)
    with held(disk):
        each_fails(folder, USES, "another program has", "lock")
    works_again(folder)


def test_base_that_was_moved(folder):
    disk = source_with_clone(folder)
    play(folder, ":clone b name=c\n")
    os.rename(disk, disk + ".moved")
    each_fails(folder, ["start c", "snapshot c", "clone c name=d", "clone c name=d mode=full", "flatten c"],
               "'%s': No such file" % disk, "'%s' of storage file" % disk)
    play(folder, ":delete c yes\nwait guest c gone\n")
    os.rename(disk + ".moved", disk)
    play(folder, ":start b\nwait guest b reads > 1/s within 100\n:force-off b yes\n")


# ---- programs that are stepped in for ----

def stand_in(folder, when, do):
    """Words before a command for which qemu-img first does DO, in a shell, when it is called with WHEN among its
    words; after that it is what it was, and then there is a file "done"."""
    only = os.path.join(folder, "bin")
    os.makedirs(only, exist_ok=True)
    path = os.path.join(only, "qemu-img")
    with open(path, "w") as file:
        file.write('#!/bin/sh\ncase "$*" in %s) %s; %s "$@"; : > %s; exit;; esac\nexec %s "$@"\n'
                   % (when, do, shutil.which("qemu-img"), os.path.join(folder, "done"), shutil.which("qemu-img")))
    os.chmod(path, 0o755)
    return ("env", "PATH=%s:%s" % (only, os.environ["PATH"]))


def start_play(folder, script, prefix=(), lab="--lab=stop"):
    """A program that plays SCRIPT behind the words PREFIX."""
    path = os.path.join(folder, "script")
    with open(path, "w") as file:
        file.write(script)
    return Program(folder, "--batch", lab, "--lab-root", lab_folder(folder), "--play", path, prefix=prefix)


def test_disk_that_fills_during_a_copy(folder):
    root = lab_folder(folder)
    os.makedirs(root, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=100m,mode=711", "none", root]
    if subprocess.run(mount, stderr=subprocess.DEVNULL).returncode != 0:
        raise Skip("no small file system is to be had")
    try:
        play(folder, SOURCE)
        fill(disk_of(folder, "a"), 30)
        before, filler = files_of(folder), os.path.join(root, "filler")
        fills = stand_in(folder, "convert*b-vdb*", "cat /dev/zero > %s 2> /dev/null" % filler)
        with start_play(folder, ":clone a name=b mode=full\nexpect job failed\nexpect guest b gone\n", fills) as program:
            job = read_export(program.end())["jobs"][0]
        assert "No space left on device" in job["error"], job
        assert files_of(folder) == before, files_of(folder)
        os.unlink(filler)
        play(folder, ":clone a name=b mode=full\n:start a\nwait guest a running\n:force-off a yes\n")
    finally:
        subprocess.run(["umount", "-l", root], check=True)


def killed_behind(folder, prefix, command, settled=lambda: True):
    """The program, behind the words PREFIX, is killed by kill -9 within COMMAND; when it is SETTLED what that left, the next
    start tells of it: its export's warnings.  The journal of the killed one may not have its job yet, but never its end."""
    with start_play(folder, ":%s\n" % command, prefix) as program:
        assert program.process.wait(PATIENCE) == -signal.SIGKILL, program.said()
    wait_until(settled, PATIENCE, "what it had started to end")
    left = journals(folder)
    assert len(left) == 1, left
    last, said = play(folder, "expect job\n")
    assert "virtlens export --from " + left[0] in said, said
    path = os.path.join(folder, "killed.json")
    with Program(folder, "export", "--from", left[0], "--to", path) as program:
        program.end()
    jobs = [(job["action"], job["state"]) for job in read_export(path)["jobs"]]
    assert jobs in ([], [(command.split()[0], "running")]), jobs
    os.unlink(left[0])
    return [event["text"] for event in read_export(last)["events"] if event["kind"] == "warning"]


def killed(folder, when, command):
    """The same, when qemu-img is called with WHEN."""
    done = os.path.join(folder, "done")
    warnings = killed_behind(folder, stand_in(folder, when, "kill -9 $PPID"), command, lambda: os.path.exists(done))
    os.unlink(done)
    return warnings


def at_removal(path):
    """Words before a command that is killed when it is about to remove PATH."""
    if not shutil.which("strace") or subprocess.run(["strace", "-o", "/dev/null", "true"], stderr=subprocess.DEVNULL).returncode:
        raise Skip("strace is not to be had")
    return ("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=unlink", "-e", "inject=unlink:signal=KILL", "-P", path)


def removed(warnings, *names):
    return sorted(os.path.basename(text.split(":")[0]) for text in warnings if ": removed; " in text) == sorted(names)


def test_killed_while_making_a_guest(folder):
    play(folder, SOURCE)
    before = files_of(folder)
    for when, command, names in [
            ("*x.qcow2", "launch name=x template=pulse disk=64M", ["x-boot.qcow2", "x.qcow2"]),
            ("*x-vdb*", "clone a name=x", ["x-vda.qcow2", "x-vdb.qcow2"]),
            ("convert*x-vda*", "clone a name=x mode=full", ["x-vda.qcow2"])]:
        warnings = killed(folder, when, command)
        assert removed(warnings, *names), (command, warnings)
        assert files_of(folder) == before, files_of(folder)
    play(folder, ":clone a name=x\n:start x\nwait guest x running\n:force-off x yes\n")


def test_killed_in_a_deletion(folder):
    play(folder, SOURCE)
    before = files_of(folder)
    play(folder, ":clone a name=b\n")
    definition = os.path.join(lab_folder(folder), "etc", "qemu", "b.xml")
    for path, names in [(definition, []), (disk_of(folder, "b-vdb"), ["b-vdb.qcow2"])]:
        warnings = killed_behind(folder, at_removal(path), "delete b yes")
        assert removed(warnings, *names), (path, warnings)
        assert os.path.exists(definition) == (not names), "it is there as a whole, or gone"
        assert ("a job for guest b was cut short: :delete b ends it" in warnings) == (not names), warnings
    assert files_of(folder) == before, files_of(folder)


def test_killed_in_a_merge_of_a_guest_that_runs(folder):
    disk = define_raw(folder)
    play(folder, ":snapshot raw name=one\n")
    pattern(disk_now(folder, "raw"), 0x33)
    play(folder, ":snapshot raw name=two\n")
    merged = disk_now(folder, "raw").replace(".two.", ".one.")
    with start_play(folder, ":start raw\nwait guest raw running\n", lab="--lab") as program:
        program.end()  # the guest goes on
    warnings = killed_behind(folder, at_removal(merged), "snapshot-delete raw name=one yes")
    assert "a job for guest raw was cut short: :snapshot-delete raw name=one ends it" in warnings, warnings
    assert os.path.exists(merged)
    play(folder, ":snapshot-delete raw name=one yes\n")
    assert not os.path.exists(merged) and virsh(folder, "snapshot-list raw --name").split() == ["two"]
    assert chain(disk_now(folder, "raw")) == ["raw-vda.two.qcow2", "raw.img"] and holds(disk, 0x33, "raw")


def test_killed_while_copying_into_a_clone(folder):
    play(folder, SOURCE + ":clone a name=b\n")
    pattern(disk_of(folder, "a"), 0x11)
    assert killed(folder, "rebase*b-vdb*", "flatten b") == []
    assert holds(disk_of(folder, "b-vdb"), 0x11), "it holds what it held"
    play(folder, ":flatten b\n:start b\nwait guest b reads > 1/s within 100\n:force-off b yes\n")
    assert chain(disk_of(folder, "b-vdb")) == ["b-vdb.qcow2"]


def test_killed_in_an_external_snapshot(folder):
    disk = define_raw(folder)
    pattern(disk, 0x11, "raw")
    assert removed(killed(folder, "create*raw-vda.one.qcow2*", "snapshot raw name=one"), "raw-vda.one.qcow2")
    assert disk_now(folder, "raw") == disk and holds(disk, 0x11, "raw")
    play(folder, ":snapshot raw name=one\n")
    pattern(disk_now(folder, "raw"), 0x22)
    warnings = killed(folder, "create*raw-vda.one-1.qcow2*", "revert raw name=one yes")
    assert removed(warnings, "raw-vda.one-1.qcow2"), warnings
    assert holds(disk_now(folder, "raw"), 0x22), "it is where it was"
    play(folder, ":revert raw name=one yes\n")
    assert holds(disk_now(folder, "raw"), 0x11)


# ---- others ----

def test_what_others_remove_during_the_question(folder):
    if not shutil.which("tmux"):
        raise Skip("tmux is not installed")
    with Host(folder) as host:
        host.play(SOURCE + ":snapshot a name=one\n:snapshot a name=two\n")
        with Screen(folder, host.daemon.uri) as screen:
            screen.wait("virtio-blk")
            screen.command("revert a name=one")
            screen.wait("Revert a?")
            host.daemon.virsh("snapshot-delete", "a", "one")
            screen.keys("y")
            screen.wait("there is no such snapshot: one")
            screen.command("delete a")
            screen.wait("Delete a?")
            host.daemon.virsh("undefine", "a", "--snapshots-metadata")
            screen.keys("y")
            screen.wait("gone")
        assert sorted(os.listdir(host.pool)) == ["a-boot.qcow2", "a.qcow2"], "nothing of it was removed"


def newest_export(folder):
    return read_export(max(glob.glob(os.path.join(folder, "state", "virtlens", "exports", "*")), key=os.path.getmtime))


THIRTY = """\
wait guest a off
:clone a name=copy-%02d count=30
:filter copy-
:tag all
:snapshot name=one
wait job done within 300
:delete yes
wait job done within 300
wait guest copy-30 gone
:quit
"""


def test_thirty_jobs_at_once(folder):
    play(folder, SOURCE)
    before = files_of(folder)
    play_on_screen(folder, THIRTY, "--lab=stop", "--lab-root", lab_folder(folder), patience=600)
    jobs = newest_export(folder)["jobs"]
    assert len(jobs) == 61, len(jobs)
    for action in ("snapshot", "delete"):
        whom = [job["guest"] for job in jobs if job["action"] == action and job["state"] == "done"]
        assert sorted(whom) == ["copy-%02d" % n for n in range(1, 31)], (action, whom)
    assert files_of(folder) == before, files_of(folder)


if __name__ == "__main__":
    reason = missing()
    if reason:
        print("skipped:", reason)
        sys.exit(77)
    sys.exit(run_tests("faults", globals()))
