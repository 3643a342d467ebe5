#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The life of real guests beyond on and off: saved and restored, autostart, told by what libvirt keeps on the disk.

Exit status 77 when it cannot run.  VIRTLENS: the program (default ./virtlens)
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from play import play, run_tests  # noqa: E402
from session import lab_folder, read_export  # noqa: E402


def kept(folder, name):
    """Paths below the lab's folder of files called NAME."""
    return [os.path.join(where, name) for where, _, files in os.walk(lab_folder(folder)) if name in files]


def texts(export, guest):
    return [event["text"] for event in export["events"] if event["guest"] == guest]


def test_save_and_restore(folder):
    play(folder, ":launch name=a template=pulse disk=64M\nwait guest a reads > 1/s within 100\n:save a\nwait guest a off\n")
    assert len(kept(folder, "a.save")) == 1, "its state is on the disk"
    export = read_export(play(folder, ":start a\nwait guest a running\nwait guest a reads > 1/s within 100\n")[0])
    assert "went on from its saved state" in texts(export, "a"), export["events"]
    assert kept(folder, "a.save") == [], "a state is used once"


def test_saved_state_is_dropped(folder):
    play(folder, ":launch name=a template=pulse disk=64M\nwait guest a running\n:save a\nwait guest a off\n")
    _, said = play(folder, ":save-drop a\n", 1)
    assert "asks first" in said and kept(folder, "a.save"), said
    play(folder, ":save-drop a yes\n")
    assert kept(folder, "a.save") == []
    _, said = play(folder, ":save-drop a yes\n", 1)
    assert "it has no saved state" in said, said
    export = read_export(play(folder, ":start a\nwait guest a running\n")[0])
    assert "went on from its saved state" not in texts(export, "a"), export["events"]


def test_autostart(folder):
    play(folder, ":launch name=a template=pulse disk=64M\n:force-off a yes\n:autostart a on\n")
    links = [path for path in kept(folder, "a.xml") if "autostart" in path]
    assert len(links) == 1, links
    export = read_export(play(folder, "wait guest a running\n:force-off a yes\n:autostart a\n")[0])
    assert not os.path.lexists(links[0]), links
    assert export["guests"][0]["definitions"][0]["autostart"] is True, export["guests"]
    _, said = play(folder, ":autostart a on off\n", 1)
    assert "not both" in said, said


if __name__ == "__main__":
    sys.exit(run_tests("life", globals()))
