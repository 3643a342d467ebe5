#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The console of a real guest on the program's own screen, in tmux: what is typed arrives, what it says is seen, and a
guest that shuts down meanwhile gives the table back.

Exit status 77 when it cannot run.  VIRTLENS: the program (default ./virtlens)
"""
import os
import shutil
import stat
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from daemon import missing, wait_until  # noqa: E402
import kept  # noqa: E402
from runner import Skip, lab_folder, run_tests  # noqa: E402
from session import VIRTLENS, read_export  # noqa: E402

PATIENCE = 300  # seconds, for a boot under emulation with a sanitizer on a loaded machine


class Screen:
    """The program in tmux, typed at and read."""

    def __init__(self, folder, *args, width=80, **env):
        self.env = dict(os.environ, XDG_STATE_HOME=os.path.join(folder, "state"), LC_ALL="C.UTF-8",
                        TERM="xterm-256color", XDG_CONFIG_HOME=os.path.join(folder, "config"), **env)
        self.tmux = ["tmux", "-f", "/dev/null", "-S", os.path.join(folder, "tmux")]
        subprocess.run([*self.tmux, "new-session", "-d", "-x", str(width), "-y", "24", VIRTLENS, *args], env=self.env,
                       check=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run([*self.tmux, "kill-server"], env=self.env)

    def text(self):
        return subprocess.run([*self.tmux, "capture-pane", "-p"], env=self.env, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL).stdout.decode(errors="replace")

    def wait(self, text):
        wait_until(lambda: text in self.text(), PATIENCE, "%r; seen:\n%s" % (text, self.text()))

    def type(self, text):
        subprocess.run([*self.tmux, "send-keys", "-l", text], env=self.env, check=True)

    def keys(self, *names):
        subprocess.run([*self.tmux, "send-keys", *names], env=self.env, check=True)

    def command(self, line):
        self.type(":" + line)
        self.keys("Enter")


def linux_lab(folder):
    """A lab's root with the kernel of the guest "linux"."""
    if not shutil.which("tmux"):
        raise Skip("tmux is not installed")
    made = kept.linux_guest(folder)
    if not made:
        raise Skip("there is no kernel for the guest")
    lab = lab_folder(folder)
    os.makedirs(os.path.join(lab, "linux"), exist_ok=True)
    for name in os.listdir(made):
        shutil.copy(os.path.join(made, name), os.path.join(lab, "linux", name))
    return lab


def test_typed_and_seen(folder):
    lab, export, log = linux_lab(folder), os.path.join(folder, "x.json"), os.path.join(folder, "console.log")
    with Screen(folder, "--lab=stop", "--lab-root", lab, "--export", export) as screen:
        screen.wait("n new")
        screen.command("launch name=l template=linux memory=256M")
        screen.wait("done in")
        screen.command("console l log=" + log)
        screen.wait("Console of l")
        screen.keys("Enter")
        screen.wait("linux#")
        screen.type("echo sum $((40+2))")
        screen.keys("Enter")
        screen.wait("sum 42")
        screen.keys("C-c")  # the guest's, not the program's end
        screen.keys("C-]", "C-]")
        screen.wait("STATE")
        screen.keys("o")
        screen.wait("Console of l")
        screen.type("poweroff -f")
        screen.keys("Enter")
        screen.wait("console of l: ")
        screen.wait("STATE")
        screen.keys("q")
        wait_until(lambda: os.path.exists(export), PATIENCE, "the export")
    record = read_export(export)
    assert record["complete"] is True
    assert "its console is written to " + log in [event["text"] for event in record["events"] if event["guest"] == "l"]
    with open(log, "rb") as file:
        assert b"sum 42" in file.read()
    assert stat.S_IMODE(os.stat(log).st_mode) == 0o600


if __name__ == "__main__":
    reason = missing()
    if reason:
        print("skipped:", reason)
        sys.exit(77)
    sys.exit(run_tests("console", globals()))
