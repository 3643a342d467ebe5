#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The life of real guests beyond on and off: saved and restored, renamed, edited, and back again.

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


def test_autostart_is_refused_in_the_lab(folder):
    _, said = play(folder, ":launch name=a template=pulse disk=64M\n:autostart a on\n", 1)
    assert "the lab has no daemon" in said, said


def definitions(export):
    """The newest one of each guest: the first may be one not read yet."""
    newest = [guest["definitions"][-1] for guest in export["guests"]]
    return [(d["name"], d["vcpus"], d["memory_bytes"] >> 20, d["title"]) for d in newest]


def test_rename_and_undo(folder):
    play(folder, ":launch name=a template=pulse disk=64M\n:launch name=other template=pulse disk=64M\n:force-off a yes\n")
    for bad, why in (("..", "cannot be used"), ("other", "there is a guest called")):
        _, said = play(folder, ":rename a name=%s\n" % bad, 1)
        assert why in said, said
    _, said = play(folder, ":start other\nwait guest other running\n:rename other name=b\n", 1)
    assert "it is not off" in said, said
    play(folder, ":rename a name=b\nwait guest b off\n:start b\nwait guest b running\n:force-off b yes\n")
    play(folder, ":undo b\nwait guest a off\nwait guest b gone\n:start a\nwait guest a running\n")


WORK = ":start a\nwait guest a running\nwait guest a reads > 1/s within 100\n:force-off a yes\n"


def test_edit_and_undo(folder):
    play(folder, ":launch name=a template=pulse disk=64M vcpus=1 memory=16M\n:force-off a yes\n")
    _, said = play(folder, ":undo a\n", 1)
    assert "no change of its definition is known" in said, said
    for bad in ("vcpus=0", "memory=1", "vcpus=x", ""):
        play(folder, ":edit a %s\n" % bad, 1)
    play(folder, ":edit a vcpus=2 memory=24M title='two of them'\n")
    edited = read_export(play(folder, WORK)[0])
    assert definitions(edited) == [("a", 2, 24, "two of them")], definitions(edited)
    play(folder, ":undo a\n")
    undone = read_export(play(folder, WORK)[0])
    assert definitions(undone) == [("a", 1, 16, None)], definitions(undone)


def test_edit_says_what_holds_when(folder):
    export = read_export(play(folder, ":launch name=a template=pulse disk=64M\nwait guest a running\n"
                                      ":edit a vcpus=2 title=now\n")[0])
    said = [text for text in texts(export, "a") if text.startswith("changed")]
    assert len(said) == 1 and "title: now" in said[0] and "vcpus: at its next start (" in said[0], said


if __name__ == "__main__":
    sys.exit(run_tests("life", globals()))
