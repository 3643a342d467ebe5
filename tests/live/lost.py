#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A libvirtd that is killed in the middle of a job: what became of the job is looked up when there is one again, and told.
Truth from outside: a gate makes it certain what the daemon did, and virsh says what is there.

Exit status 77 when it cannot run.  VIRTLENS: the program (default ./virtlens)
"""
import os
import signal
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import gate as at  # noqa: E402
from daemon import missing  # noqa: E402
from gate import Gate  # noqa: E402
from remote import Host  # noqa: E402
from runner import run_tests  # noqa: E402
from session import PATIENCE, read_export  # noqa: E402

LAUNCH = "launch name=a template=pulse disk=64M"


class Lossy:
    """A host behind a gate."""

    def __init__(self, folder):
        self.host = Host(folder)

    def __enter__(self):
        self.host.__enter__()
        self.gate = Gate(self.host.daemon.port)
        return self

    def __exit__(self, *_):
        self.gate.close()
        self.host.__exit__()

    def begin(self, command, procedure, answered, skip=0):
        """A program that does COMMAND, and whose libvirtd is killed at the gate."""
        self.gate.arm(procedure, answered, skip)
        program = self.host.start_play(":%s\n" % command, self.gate.uri)
        assert self.gate.hit.wait(PATIENCE), "libvirt was never asked for procedure %d; %s" % (procedure, program.said())
        self.host.daemon.kill()
        return program

    def lose(self, command, procedure, answered, skip=0):
        """COMMAND's job, whose libvirtd comes back; what is told of it."""
        with self.begin(command, procedure, answered, skip) as program:
            self.host.daemon.start()
            *_, last = iter(program.line, None)
        export = read_export(last)
        job = export["jobs"][0]
        told = job["error"] or "".join(e["text"] for e in export["events"] if "looked up afterwards" in e["text"])
        assert "the connection was lost while" in told and "looked up afterwards" in told, (job, told)
        return job, told

    def lose_before(self, command, procedure, words):
        job, told = self.lose(command, procedure, False)
        assert job["state"] == "failed" and "not done: " + words in told, (job, told)

    def lose_after(self, command, procedure, words, skip=0):
        job, told = self.lose(command, procedure, True, skip)
        assert job["state"] == "done" and "afterwards: " + words in told, (job, told)

    def state(self, guest):
        return self.host.daemon.virsh("domstate", guest).strip()

    def guests(self):
        return self.host.daemon.virsh("list", "--all", "--name").split()

    def snapshots(self):
        return self.host.daemon.virsh("snapshot-list", "a", "--name").split()

    def files(self):
        return sorted(os.listdir(self.host.pool))


def test_launch_clone_and_delete(folder):
    with Lossy(folder) as lossy:
        lossy.lose_before(LAUNCH, at.DEFINE, "a is not there")
        assert lossy.guests() == [] and lossy.files() == [], lossy.files()
        lossy.lose_before(LAUNCH, at.CREATE, "a is shut off")
        assert lossy.state("a") == "shut off"
        lossy.host.play(":delete a yes\n")
        lossy.lose_after(LAUNCH, at.CREATE, "a is running")
        assert lossy.state("a") == "running"
        lossy.host.play(":force-off a yes\n")
        lossy.lose_before("clone a name=b-%d count=2", at.DEFINE, "b-1 is not there")
        assert lossy.guests() == ["a"] and lossy.files() == ["a-boot.qcow2", "a.qcow2"], lossy.files()
        lossy.lose_after("clone a name=b", at.DEFINE, "b is shut off")
        assert sorted(lossy.guests()) == ["a", "b"]
        lossy.lose_before("delete b yes", at.UNDEFINE, "the guest is shut off")
        assert sorted(lossy.guests()) == ["a", "b"]
        lossy.lose_after("delete b yes", at.VOLUME_DELETE, "the guest is gone", skip=1)
        assert lossy.guests() == ["a"] and lossy.files() == ["a-boot.qcow2", "a.qcow2"], lossy.files()
        job, told = lossy.lose("delete a yes", at.UNDEFINE, True)
        assert job["state"] == "failed" and all(name in told for name in lossy.files()), (job, told)
        assert lossy.guests() == [] and lossy.files() == ["a-boot.qcow2", "a.qcow2"], lossy.files()


def test_snapshot_and_revert(folder):
    with Lossy(folder) as lossy:
        lossy.host.play(":%s\nwait guest a running\n" % LAUNCH)
        lossy.lose_before("snapshot a name=one", at.SNAPSHOT_CREATE, "the guest is running; snapshot one is not there")
        assert lossy.snapshots() == [], lossy.snapshots()
        lossy.lose_after("snapshot a name=one", at.SNAPSHOT_CREATE, "the guest is running; snapshot one is there")
        assert lossy.snapshots() == ["one"], lossy.snapshots()
        lossy.host.play(":snapshot a name=two\n")
        lossy.lose_before("revert a name=one yes", at.REVERT, "the guest is running, its current snapshot is two")
        assert lossy.host.daemon.virsh("snapshot-current", "a", "--name").strip() == "two"
        lossy.lose_after("revert a name=one yes", at.REVERT, "the guest is running, its current snapshot is one")
        assert lossy.host.daemon.virsh("snapshot-current", "a", "--name").strip() == "one"
        again = "the guest is running, its current snapshot is one"
        lossy.lose_before("revert a name=one yes", at.REVERT, again)
        lossy.lose_after("revert a name=one yes", at.REVERT, again)
        assert "virtlens-revert" not in lossy.host.daemon.virsh("dumpxml", "a"), "its witness is gone"


def test_a_stop_and_quitting_meanwhile(folder):
    with Lossy(folder) as lossy:
        lossy.host.play(":%s\nwait guest a running\n" % LAUNCH)
        lossy.lose_before("stop a", at.SHUTDOWN, "the guest is running")
        with lossy.begin("stop a", at.SHUTDOWN, True) as program:
            program.signal(signal.SIGTERM)
            *_, last = iter(program.line, None)
        job = read_export(last)["jobs"][0]
        assert job["state"] == "unknown", job
        lossy.host.daemon.start()
        assert lossy.state("a") == "running"


if __name__ == "__main__":
    reason = missing()
    if reason:
        print("skipped:", reason)
        sys.exit(77)
    sys.exit(run_tests("lost", globals()))
