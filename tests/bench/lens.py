# SPDX-License-Identifier: GPL-2.0-or-later
"""virtlens on a pseudo terminal, as a user has it."""
import fcntl
import glob
import json
import os
import pty
import select
import signal
import struct
import termios
import time
from datetime import datetime

CONFIG = "[settings]\n%s\n"


class Lens:
    """PROGRAM with WORDS.  STATE is its state folder, SETTINGS lines of its configuration.  WITHOUT_PROC: in a process
    namespace of its own, where it sees none of the guests' processes."""

    def __init__(self, program, words, state, size=(24, 80), settings="", without_proc=False):
        self.state = state
        self.bytes = 0
        os.makedirs(os.path.join(state, "virtlens"), exist_ok=True)
        with open(os.path.join(state, "virtlens", "virtlens.conf"), "w") as file:
            file.write(CONFIG % settings)
        env = dict(os.environ, XDG_STATE_HOME=state, XDG_CONFIG_HOME=state, TERM="xterm-256color", LC_ALL="C.UTF-8")
        argv = (["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"] if without_proc else []) + [program, *words]
        self.began = time.monotonic()
        self.child, self.fd = pty.fork()
        if self.child == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", size[0], size[1], 0, 0))
            os.execvpe(argv[0], argv, env)
        self.without_proc = without_proc

    @property
    def pid(self):
        if not self.without_proc:
            return self.child
        with open("/proc/%d/task/%d/children" % (self.child, self.child)) as file:
            return int(file.read().split()[0])

    def read(self, seconds):
        """Read what is drawn for SECONDS: its bytes."""
        deadline, text = time.monotonic() + seconds, b""
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.fd], [], [], left)[0]:
                return text
            try:
                chunk = os.read(self.fd, 65536)
            except OSError:
                return text
            self.bytes += len(chunk)
            text += chunk

    def wait_text(self, needle, seconds):
        """Seconds from the start until NEEDLE was drawn."""
        deadline, text = time.monotonic() + seconds, b""
        while needle not in text:
            if time.monotonic() > deadline:
                raise AssertionError("no %r on the screen" % needle)
            text += self.read(0.002)
        return time.monotonic() - self.began

    def key_latencies(self, count):
        """Seconds from a key to the first byte drawn; each key is sent when nothing was drawn for 20 ms."""
        result = []
        for i in range(count):
            while self.read(0.02):
                continue
            sent = time.monotonic()
            os.write(self.fd, b"j" if i % 2 == 0 else b"k")
            if not select.select([self.fd], [], [], 5)[0]:
                raise AssertionError("a key was not answered within 5 s")
            result.append(time.monotonic() - sent)
            self.read(0)
        return result

    def repaint_bytes(self):
        """What the whole screen costs when it is drawn anew."""
        while self.read(0.02):
            continue
        os.write(self.fd, b"\x0c")
        return len(self.read(0.1))

    def journal_bytes(self):
        return sum(os.path.getsize(p) for p in glob.glob(os.path.join(self.state, "virtlens/journals/*")))

    def quit(self):
        """Quit; returns the export as parsed JSON."""
        os.write(self.fd, b"q")
        return self.end(30)

    def end(self, seconds):
        """The same, when it ends by itself within SECONDS."""
        deadline = time.monotonic() + seconds
        while os.waitpid(self.child, os.WNOHANG)[0] == 0:
            if time.monotonic() > deadline:
                raise AssertionError("it did not end within %g s" % seconds)
            self.read(0.02)
        os.close(self.fd)
        newest = max(glob.glob(os.path.join(self.state, "virtlens/exports/*.json")), key=os.path.getmtime)
        with open(newest) as file:
            return json.load(file)

    def kill(self):
        os.kill(self.child, signal.SIGKILL)
        os.waitpid(self.child, 0)
        os.close(self.fd)


def tick_periods(export):
    """Seconds between one scan and the next."""
    times = [datetime.fromisoformat(s["time"].replace("Z", "+00:00")).timestamp() for s in export["scans"]]
    return [b - a for a, b in zip(times, times[1:])]
