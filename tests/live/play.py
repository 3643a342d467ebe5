#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Scripts drive real guests: what is asked for happens, and the export lists every action once.

Exit status 77 when it cannot run.  VIRTLENS: the program (default ./virtlens)
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from runner import lab_folder, run_tests  # noqa: E402
from session import Program, read_export  # noqa: E402

LIFE = """\
# the life of a guest
:launch name=a template=pulse backend=virtio-blk disk=64M
wait guest a running
wait guest a reads > 1/s within 100
:pause a
expect job done
wait guest a paused
:resume a
wait guest a running
:force-off a yes
wait guest a off
:start a
wait guest a running
:force-off a yes
:delete a yes
wait guest a gone
expect guest a gone
:quit
"""
ACTIONS = ["launch", "pause", "resume", "force-off", "start", "force-off", "delete"]


def play(folder, script, status=0, more=()):
    path = os.path.join(folder, "script")
    with open(path, "w") as file:
        file.write(script)
    with Program(folder, "--batch", "--lab=stop", "--lab-root", lab_folder(folder), "--play", path, *more) as program:
        last = program.end(status)
        return last, program.said()


def test_life(folder):
    export = read_export(play(folder, LIFE)[0])
    assert [job["action"] for job in export["jobs"]] == ACTIONS, export["jobs"]
    for job in export["jobs"]:
        assert job["state"] == "done" and job["duration_seconds"] > 0, job
    assert not os.listdir(os.path.join(lab_folder(folder), "disks")), "no disk is left"


NAMELESS = """\
:launch template=pulse disk=64M
:launch disk=64M
wait guest pulse-2 running
:force-off pulse-1 yes
:delete pulse-1 yes
:launch disk=64M backend=ide
expect guest pulse-1 running
:quit
"""


def test_names_are_made_up(folder):
    export = read_export(play(folder, NAMELESS)[0])
    jobs = [(job["guest"], job["detail"].split()[1]) for job in export["jobs"] if job["action"] == "launch"]
    assert jobs == [("pulse-1", "backend=virtio-blk"), ("pulse-2", "backend=virtio-blk"),
                    ("pulse-1", "backend=ide")], jobs
    names = {guest["name"] for guest in export["guests"]}
    assert names == {"pulse-1", "pulse-2"}, names
    slow = [event["guest"] for event in export["events"] if event["text"].startswith("emulated (TCG)")]
    assert slow in ([], ["pulse-1", "pulse-2", "pulse-1"]), "told once for each launch, if it is so: %s" % slow


def test_export_before_the_end(folder):
    path = os.path.join(folder, "asked for.json")
    play(folder, ":export '%s'\n:quit\n" % path)
    assert read_export(path)["complete"] is False


def test_failure(folder):
    _, said = play(folder, "wait guest nobody running within 0.2\n", 1)
    assert "script:1: wait guest nobody running within 0.2: there is no guest nobody" in said, said


def test_templates_are_read_by_the_launch(folder):
    templates = os.path.join(folder, "config", "virtlens", "templates")
    os.makedirs(templates)
    for name, text in (("bad", "base = pulse\nmemory = lots\n"), ("good", "base = pulse\nmemory = 24M\ndisk = 64M\n")):
        with open(os.path.join(templates, name + ".template"), "w") as file:
            file.write("[template]\n" + text)
    last, said = play(folder, ":launch template=bad\n", 1)
    assert "bad.template:3" in said and read_export(last)["jobs"][0]["state"] == "failed", said
    export = read_export(play(folder, ":launch template=good backend=ide\nexpect guest good-1 running\n")[0])
    assert export["jobs"][0]["detail"].startswith("template=good backend=ide"), export["jobs"]
    with open(os.path.join(lab_folder(folder), "etc", "qemu", "good-1.xml")) as file:
        assert ">%d</memory>" % (24 << 10) in file.read(), "what the template says"


def test_steps_do_not_wait_for_the_tick(folder):
    export = read_export(play(folder, ":launch name=a template=pulse disk=64M\n" + ":pause a\n:resume a\n" * 15 + ":quit\n",
                              more=("-d", "60"))[0])
    jobs = export["jobs"]
    gaps = [after["started_elapsed_seconds"] - job["ended_elapsed_seconds"] for job, after in zip(jobs, jobs[1:])]
    assert len(gaps) == 30 and max(gaps) < 20, gaps


def test_question(folder):
    _, said = play(folder, ":launch name=b template=pulse disk=64M\n:force-off b\n", 1)
    assert "asks first" in said and "script:2" in said, said


def test_malformed(folder):
    _, said = play(folder, "\n:lunch\nwiat job\n", 2)
    assert ":2: unknown command" in said and ":3: unknown step" in said, said


if __name__ == "__main__":
    sys.exit(run_tests("play", globals()))
