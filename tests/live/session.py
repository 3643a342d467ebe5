#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Sessions as a user has them: started, ended in every way, and what is left of each.

usage: session.py [TEST...]     VIRTLENS: the program (default ./virtlens)
Prints one line per test.  Exit status 77 when none could run.
"""
import csv
import fcntl
import glob
import json
import os
import pty
import resource
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from daemon import Daemon, missing, wait_until  # noqa: E402
from runner import Skip, lab_folder, run_tests  # noqa: E402

VIRTLENS = os.path.abspath(os.environ.get("VIRTLENS", "./virtlens"))
SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
SCHEMA = os.environ.get("SCHEMA", os.path.join(SOURCE, "conf", "virtlens-export.schema.json"))
PULSE = os.path.abspath(os.environ.get("PULSE", "conf/pulse.img"))
PATIENCE = 120  # seconds for what a loaded machine does slowly; what is broken never gets there


class Program:
    """virtlens in batch, its lines read with a deadline."""

    def __init__(self, folder, *words, prefix=(), **more):
        os.makedirs(os.path.join(folder, "state"), exist_ok=True)
        env = dict(os.environ, XDG_STATE_HOME=os.path.join(folder, "state"), LC_ALL="C.UTF-8",
                   XDG_CONFIG_HOME=os.path.join(folder, "config"))
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen([*prefix, VIRTLENS, *words], env=env, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=self.errors, **more)
        self.rest = b""

    def line(self, seconds=PATIENCE):
        """The next line; None at the end of output."""
        deadline = time.monotonic() + seconds
        while b"\n" not in self.rest:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                raise AssertionError("no line in %g s; said: %s" % (seconds, self.said()))
            chunk = os.read(self.process.stdout.fileno(), 65536)
            if not chunk:
                return None
            self.rest += chunk
        text, self.rest = self.rest.split(b"\n", 1)
        return text.decode("utf-8")

    def line_with(self, needle):
        while True:
            text = self.line()
            if text is None:
                raise AssertionError("ended without %r; said: %s" % (needle, self.said()))
            if needle in text:
                return text

    def ticks(self, count):
        for _ in range(count):
            self.line_with(" tick ")

    def end(self, status=0, seconds=PATIENCE):
        """Wait for the end; returns the last line of output."""
        last = ""
        while True:
            text = self.line(seconds)
            if text is None:
                break
            last = text
        got = self.process.wait(seconds)
        assert got == status, "exit status %d, not %d; said: %s" % (got, status, self.said())
        return last

    def signal(self, number):
        self.process.send_signal(number)

    def said(self):
        self.errors.seek(0)
        return self.errors.read().decode("utf-8", "replace")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.errors.close()


def schema():
    with open(SCHEMA) as file:
        return json.load(file)


def read_export(path):
    """The export at PATH, validated by a validator we did not write."""
    import jsonschema

    assert os.stat(path).st_mode & 0o777 == 0o600, "mode of the export"
    with open(path) as file:
        export = json.load(file)
    jsonschema.validate(export, schema())  # by the draft that the schema names
    return export


def journals(folder):
    return glob.glob(os.path.join(folder, "state", "virtlens", "journals", "*.journal"))


def guests_of(export):
    """All guest objects of an export's scans: (scan's number, guest)."""
    for number, scan in enumerate(export["scans"]):
        for guest in scan["guests"]:
            yield number, guest


def mock_driver(folder, *names):
    """A connection to libvirt's test driver with guests of these names."""
    path = os.path.join(folder, "node.xml")
    guests = "".join("<domain type='test'><name>%s</name><memory>8192</memory><os><type>hvm</type></os></domain>" % n
                     for n in names)
    with open(path, "w") as file:
        file.write("<node>%s</node>" % guests)
    return "test://" + path


# ---- tests ----

def test_signals_leave_a_valid_export(folder):
    folder = os.path.join(folder, "with blanks, and commas")
    os.mkdir(folder)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        path = os.path.join(folder, "%s.json" % number.name)
        with Program(folder, "--batch", "-d", "0.1", "--export", path, "test:///default") as program:
            program.ticks(3)
            program.signal(number)
            last = program.end()
        assert last == path, last
        export = read_export(path)
        assert export["complete"] is True
        assert len(export["scans"]) >= 3
        assert journals(folder) == [], journals(folder)


def test_closed_pipe_ends_the_session(folder):
    for form in ("text", "csv", "json", "openmetrics"):
        path = os.path.join(folder, form + ".json")
        with Program(folder, "--batch", "--format", form, "-d", "0.1", "--export", path, "test:///default") as program:
            program.line()
            program.process.stdout.close()
            assert program.process.wait(PATIENCE) == 0, program.said()
            assert read_export(path)["complete"] is True
            program.process.stdout = open(os.devnull)


def test_kill_9_is_recovered(folder):
    with Program(folder, "--batch", "-d", "0.2", "test:///default") as program:
        program.ticks(8)
        program.signal(signal.SIGKILL)
        program.process.wait(PATIENCE)
    left = journals(folder)
    assert len(left) == 1, left
    with Program(folder, "--batch", "-n", "1", "test:///default") as program:
        program.end()
        assert "virtlens export --from " + left[0] in program.said(), program.said()
    path = os.path.join(folder, "recovered.json")
    with Program(folder, "export", "--from", left[0], "--to", path) as program:
        assert program.end() == path
    export = read_export(path)
    assert export["complete"] is False
    assert len(export["scans"]) >= 7, len(export["scans"])


def test_running_session_is_not_offered(folder):
    with Program(folder, "--batch", "test:///default") as one:
        one.ticks(1)
        with Program(folder, "--batch", "-n", "1", "test:///default") as two:
            two.end()
            assert "--from" not in two.said(), two.said()
        one.signal(signal.SIGTERM)
        one.end()


def test_two_sessions_do_not_mix(folder):
    running = []
    for name in ("left", "right"):
        own = os.path.join(folder, name)
        os.mkdir(own)
        uri = mock_driver(own, name + "-guest")
        running.append((name, Program(folder, "--batch", "-d", "0.1", "-n", "10", uri)))
    for name, program in running:
        with program:
            text = json.dumps(read_export(program.end()))
        other = "right" if name == "left" else "left"
        assert name + "-guest" in text and other + "-guest" not in text, name


def test_one_lab_root_one_program(folder):
    need_qemu()
    root = lab_folder(folder)
    with Program(folder, "--lab", "--lab-root", root, "--batch") as one:
        one.ticks(1)
        with Program(folder, "--lab", "--lab-root", root, "--batch", "-n", "1") as two:
            two.end(status=1)
            assert str(one.process.pid) in two.said(), two.said()
        one.signal(signal.SIGTERM)
        one.end()


def small_folder(folder, size):
    """Words before a command that give it a tmpfs of SIZE at FOLDER."""
    if os.geteuid() != 0 or not shutil.which("unshare"):
        raise Skip("needs root for a mount namespace")
    os.makedirs(folder, exist_ok=True)
    return ["unshare", "--mount", "--propagation", "private", "sh", "-c",
            'mount -t tmpfs -o size=%s none "$0" && exec "$@"' % size, folder]


def test_full_export_folder_is_said_before(folder):
    small = os.path.join(folder, "small")
    with Program(folder, "--batch", "-n", "1", "--export", os.path.join(small, "s.json"), "test:///default",
                 prefix=small_folder(small, "16k")) as program:
        assert program.end(status=3) == ""
        assert small in program.said(), program.said()
    assert journals(folder) == [], journals(folder)


def test_export_folder_that_fills_keeps_the_journal(folder):
    small = os.path.join(folder, "small")
    with Program(folder, "--batch", "-d", "0.1", "--export", os.path.join(small, "s.json"), "test:///default",
                 prefix=small_folder(small, "1200k")) as program:
        program.ticks(1)
        fill_as_seen_by(program.process.pid, os.path.join(small, "filler"))
        program.signal(signal.SIGTERM)
        program.end(status=3)
        left = journals(folder)
        assert len(left) == 1 and left[0] in program.said(), (left, program.said())
    path = os.path.join(folder, "later.json")
    with Program(folder, "export", "--from", left[0], "--to", path) as program:
        program.end()
    assert read_export(path)["complete"] is True


def limit_growth(folder, program):
    """Files of the program may grow no further than the journal's log is now: its disk is full, for the journal."""
    wal = glob.glob(os.path.join(folder, "state", "virtlens", "journals", "*.journal-wal"))
    size = os.path.getsize(wal[0])
    hard = resource.prlimit(program.process.pid, resource.RLIMIT_FSIZE)[1]
    resource.prlimit(program.process.pid, resource.RLIMIT_FSIZE, (size, hard))


def test_journal_that_cannot_be_closed_is_exported_whole(folder):
    path = os.path.join(folder, "whole.json")
    with Program(folder, "--batch", "-d", "0.1", "--export", path, "test:///default") as program:
        program.ticks(3)
        limit_growth(folder, program)
        program.ticks(3)
        program.signal(signal.SIGTERM)
        last = program.end(status=3)
        assert last == path, last
        left = journals(folder)
        said = program.said()
        assert len(left) == 1 and "cannot write the journal " + left[0] in said, (left, said)
        assert "The session's JSON has all of it" in said, said
    export = read_export(path)
    assert export["complete"] is True
    ticks = [scan["tick"] for scan in export["scans"]]
    assert ticks[-1] >= 6 and len(ticks) + export["session"]["scans_thinned"] == ticks[-1], ticks
    part = os.path.join(folder, "part.json")
    with Program(folder, "export", "--from", left[0], "--to", part) as program:
        assert program.end() == part
    before = read_export(part)
    assert before["complete"] is False and before["scans"] == export["scans"][:len(before["scans"])]
    assert len(before["scans"]) < len(export["scans"])


def test_tour_without_room_says_so(folder):
    need_qemu()
    small = os.path.join(folder, "small")
    lab_folder(folder)
    with Program(folder, "--lab", "--lab-root", os.path.join(small, "lab"), "--tour", "--batch", "-n", "1",
                 prefix=small_folder(small, "4m")) as program:
        program.end(status=3)
        assert "the tour failed" in program.said() and "disk 257 MiB" in program.said(), program.said()


def test_tour_without_qemu_img_says_so(folder):
    need_qemu()
    only = os.path.join(folder, "bin")
    os.mkdir(only)
    os.symlink(shutil.which("qemu-system-x86_64"), os.path.join(only, "qemu-system-x86_64"))
    with Program(folder, "--lab", "--lab-root", lab_folder(folder), "--tour", "--batch", "-n", "1",
                 prefix=["env", "PATH=" + only]) as program:
        program.end(status=3)
        assert "qemu-img comes with the package" in program.said(), program.said()


def test_daemon_that_lets_nobody_in(folder):
    name = os.path.join(folder, "socket")
    prefix = []
    if os.geteuid() == 0:  # who may everything
        prefix = ["setpriv", "--reuid=65534", "--clear-groups"]
        if subprocess.run([*prefix, VIRTLENS, "--version"], stdout=subprocess.DEVNULL).returncode != 0:
            raise Skip("nobody cannot run " + VIRTLENS)
        os.chmod(folder, 0o711)
        os.mkdir(os.path.join(folder, "state"))
        os.chown(os.path.join(folder, "state"), 65534, -1)
    with socket.socket(socket.AF_UNIX) as daemon:
        daemon.bind(name)
        daemon.listen()
        os.chmod(name, 0)
        with Program(folder, "--batch", "-n", "1", "qemu+unix:///system?socket=" + name, prefix=prefix) as program:
            program.end(status=3)
            assert "Permission denied" in program.said() and "Join the group" in program.said(), program.said()


def test_stalled_reader_does_not_hold_up_a_signal(folder):
    path = os.path.join(folder, "stalled.json")
    with Program(folder, "--batch", "--format", "json", "-d", "0.1", "--export", path, "test:///default") as program:
        pipe = program.process.stdout.fileno()
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, 4096)  # one page: it takes no second line before the first is read
        wait_until(lambda: unread(pipe) > 0, PATIENCE, "output in the pipe")
        for _ in range(3):
            before = recorded(folder)
            wait_until(lambda: recorded(folder) > before, PATIENCE, "the recording to go on")
        program.signal(signal.SIGTERM)
        assert program.process.wait(PATIENCE) == 0, program.said()
    assert read_export(path)["complete"] is True


def unread(pipe):
    return struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)))[0]


def recorded(folder):
    """Bytes of the journal and its log so far."""
    return sum(os.path.getsize(name) for name in glob.glob(os.path.join(folder, "state/virtlens/journals/*")))


def test_another_place_is_asked_for_on_a_terminal(folder):
    first, second = os.path.join(folder, "first"), os.path.join(folder, "second.json")
    os.mkdir(first)
    ours, theirs = pty.openpty()
    env = dict(os.environ, XDG_STATE_HOME=os.path.join(folder, "state"), LC_ALL="C.UTF-8",
               XDG_CONFIG_HOME=os.path.join(folder, "config"))
    process = subprocess.Popen([VIRTLENS, "--batch", "-d", "0.1", "--export", os.path.join(first, "s.json"),
                                "test:///default"], env=env, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    try:
        shown = until_shown(ours, b" tick ", b"")
        os.rmdir(first)
        process.send_signal(signal.SIGTERM)
        shown = until_shown(ours, b"Another file", shown)
        assert b".journal" in shown, shown
        os.write(ours, b"/nosuch/folder/x.json\n")
        shown = until_shown(ours, b"Another file", shown[shown.index(b"Another file") + 12:])
        os.write(ours, second.encode() + b"\n")
        shown = until_shown(ours, b"second.json\r\n", shown[shown.index(b"Another file") + 12:])
        assert process.wait(PATIENCE) == 0, shown
    finally:
        os.close(ours)
        if process.poll() is None:
            process.kill()
        process.wait()
    assert read_export(second)["complete"] is True
    assert journals(folder) == [], journals(folder)


def until_shown(terminal, needle, shown):
    deadline = time.monotonic() + PATIENCE
    while needle not in shown:
        left = deadline - time.monotonic()
        assert left > 0 and select.select([terminal], [], [], left)[0], "no %r after %r" % (needle, shown)
        shown += os.read(terminal, 65536)
    return shown


def fill_as_seen_by(pid, path):
    """Write PATH until its file system, in the mount namespace of PID, has no room."""
    try:
        with open("/proc/%d/root%s" % (pid, path), "wb", buffering=0) as file:
            while file.write(bytes(4096)):
                pass
    except OSError:
        pass


def need_qemu():
    if not shutil.which("qemu-system-x86_64"):
        raise Skip("qemu-system-x86_64 is not installed")


def test_tour_shows_virtio_far_above_ide(folder):
    need_qemu()
    path = os.path.join(folder, "tour.json")
    with Program(folder, "--lab=stop", "--lab-root", lab_folder(folder), "--tour", "--batch", "-n", "5",
                 "--export", path) as program:
        assert program.end() == path
    export = read_export(path)
    read, size = {}, {}
    for _, guest in guests_of(export):
        if guest.get("read_bytes_total") and guest.get("read_requests_total"):
            read[guest["name"]] = guest["read_bytes_total"]
            size[guest["name"]] = guest["read_bytes_total"] / guest["read_requests_total"]
    # The BIOS moves IDE's data sector by sector, virtio's request by request.
    assert size["tour-virtio"] >= 10 * size["tour-ide"], size
    # Only where each of these sectors costs exits does it show as time: under TCG both are as slow as their code.
    emulated = any(d["accel"] == "tcg" for guest in export["guests"] for d in guest["definitions"])
    assert emulated or read["tour-virtio"] >= 10 * read["tour-ide"], read


GUEST = """<domain type='%s'><name>%s</name><memory unit='MiB'>8</memory><vcpu>1</vcpu>
<os><type arch='x86_64' machine='pc'>hvm</type></os><devices>%s<memballoon model='virtio'/></devices></domain>"""
DISK = """<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='%s'/>
<target dev='%s' bus='virtio'/><iotune><read_bytes_sec>524288</read_bytes_sec></iotune><boot order='%d'/></disk>"""  # SeaBIOS leaves alone what has no boot order


def start_pulse(daemon, name):
    """A pulse guest that reads 512 KiB/s, as steadily on a busy machine, on the test's own libvirtd."""
    boot, scratch = (os.path.join(daemon.folder, name + suffix) for suffix in (".boot", ".scratch"))
    shutil.copy(PULSE, boot)
    os.truncate(boot, 1 << 20)
    with open(scratch, "wb") as file:
        file.write(struct.pack("<8sHBB", b"VLPULSE1", 8, 100, 0))
        file.truncate(16 << 20)
    kind = "kvm" if os.access("/dev/kvm", os.R_OK | os.W_OK) else "qemu"
    path = os.path.join(daemon.folder, name + ".xml")
    with open(path, "w") as file:
        file.write(GUEST % (kind, name, DISK % (boot, "vda", 1) + DISK % (scratch, "vdb", 2)))
    daemon.virsh("create", path)
    wait_until(lambda: read_bytes(daemon, name)[0] > 1 << 20, PATIENCE, name + " to read")


def read_bytes(daemon, name):
    """Bytes read from all disks by virsh domstats, and when (monotonic, the middle of the call)."""
    before = time.monotonic()
    text = daemon.virsh("domstats", "--block", name)
    now = (before + time.monotonic()) / 2
    return sum(int(line.split("=")[1]) for line in text.splitlines() if ".rd.bytes=" in line), now


def with_daemon(folder):
    reason = missing()
    if reason:
        raise Skip(reason)
    if not os.path.exists(PULSE):
        raise Skip(PULSE + " is not built")
    daemon = Daemon(os.path.join(folder, "daemon"))
    try:
        return daemon.start()
    except BaseException:
        daemon.stop()
        raise


def test_read_rate_is_that_of_domstats(folder):
    daemon = with_daemon(folder)
    try:
        start_pulse(daemon, "reader")
        with Program(folder, "--batch", "--format", "csv", "-d", "1", daemon.uri) as program:
            head = next(csv.reader([program.line()]))
            rates, truths = [], []
            while len(rates) < 12:
                row = dict(zip(head, next(csv.reader([program.line()]))))
                rate = float(row["read_bytes_per_second"] or 0) if row["name"] == "reader" else 0
                if rate and rate not in rates[-1:]:  # the same again: a busy host kept the answer from coming
                    rates.append(rate)
                    truths.append(read_bytes(daemon, "reader"))
            program.signal(signal.SIGTERM)
            program.end()
    finally:
        daemon.stop()
    span = truths[-1][1] - truths[0][1]
    truth = (truths[-1][0] - truths[0][0]) / span
    mean = sum(rate * (now[1] - before[1]) for rate, before, now in zip(rates[1:], truths, truths[1:])) / span
    assert abs(mean - truth) <= 0.03 * truth, "shown %.0f, domstats %.0f, rates %s" % (mean, truth, rates)


def test_libvirtd_killed_and_started_again(folder):
    daemon = with_daemon(folder)
    path = os.path.join(folder, "returned.json")
    try:
        start_pulse(daemon, "survivor")
        with Program(folder, "--batch", "-d", "0.5", "--export", path, daemon.uri) as program:
            program.line_with("survivor")
            daemon.kill()
            program.line_with(": lost")
            daemon.start()
            program.line_with(": open")
            wait_until(lambda: " - " not in program.line_with("survivor")[:70], PATIENCE, "rates after the return")
            program.signal(signal.SIGTERM)
            program.end()
    finally:
        daemon.stop()
    events = [event["text"] for event in read_export(path)["events"] if event["kind"] == "connection"]
    assert len(events) >= 2, events


def test_hang_up_in_tmux_exports(folder):
    if not shutil.which("tmux"):
        raise Skip("tmux is not installed")
    path = os.path.join(folder, "hangup.json")
    socket = os.path.join(folder, "tmux")
    env = dict(os.environ, XDG_STATE_HOME=os.path.join(folder, "state"), LC_ALL="C.UTF-8", TERM="xterm-256color",
               XDG_CONFIG_HOME=os.path.join(folder, "config"))
    tmux = ["tmux", "-f", "/dev/null", "-S", socket]
    subprocess.run([*tmux, "new-session", "-d", "-x", "80", "-y", "24", VIRTLENS, "-d", "0.2", "--export", path,
                    "test:///default"], env=env, check=True)
    try:
        def screen():
            return subprocess.run([*tmux, "capture-pane", "-p"], env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout

        wait_until(lambda: b"test" in screen().replace(b"test:///", b""), PATIENCE, "the screen")
    finally:
        subprocess.run([*tmux, "kill-server"], env=env)
    wait_until(lambda: os.path.exists(path), PATIENCE, "the export")
    assert read_export(path)["complete"] is True


def test_batch_json_lines_are_scans_of_the_export(folder):
    path = os.path.join(folder, "lines.json")
    with Program(folder, "--batch", "--format", "json", "-d", "0.1", "-n", "3", "--export", path,
                 "test:///default") as program:
        lines = [program.line() for _ in range(3)]
        program.end()
    scans = read_export(path)["scans"]
    by_tick = {scan["tick"]: scan for scan in scans}  # two scans may fall into one millisecond
    for line in lines:
        scan = json.loads(line)
        recorded = by_tick[scan["tick"]]
        for field in ("time", "interval_seconds"):
            assert scan[field] == recorded[field], (scan, recorded)
        for guest, same in zip(scan["guests"], recorded["guests"]):
            same.pop("definition")
            assert guest == same, (guest, same)


if __name__ == "__main__":
    sys.exit(run_tests("session", globals()))
