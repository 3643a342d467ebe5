#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What processes ask of memory, as the kernel is seen to answer: against a program that counts, and against strace.

Exit status 77 where nothing can be traced.  VIRTLENS, VIRTLENS_TRACE: the programs (default: in the build folder)
"""
import csv
import ctypes
import fcntl
import io
import json
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from runner import Skip, lab_folder, run_tests  # noqa: E402

VIRTLENS = os.path.abspath(os.environ.get("VIRTLENS", "./virtlens"))
TRACE = os.path.abspath(os.environ.get("VIRTLENS_TRACE", "./virtlens-trace"))
CALLS = os.path.abspath("tests/live/memory_calls")
TRACEFS = "/sys/kernel/tracing"
KINDS = ("mmap", "munmap", "mremap", "brk", "mprotect")
PATIENCE = 60  # seconds until what must happen has happened
PAGE = 4096
CLONE_NEWNS, MS_REC, MS_PRIVATE = 0x20000, 0x4000, 1 << 18


def expected(rounds):
    """What memory_calls makes of each kind, and how many of them are refused."""
    return dict(mmap=2 * rounds, munmap=2 * rounds, mremap=rounds, brk=3, mprotect=rounds), 2 * rounds


def mount_tracefs():
    """Where nobody has mounted it, for this process and its children alone."""
    libc = ctypes.CDLL(None, use_errno=True)
    if os.path.isdir(TRACEFS + "/events"):
        return
    if (libc.unshare(CLONE_NEWNS) or libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None)
            or libc.mount(b"nodev", TRACEFS.encode(), b"tracefs", 0, None)):
        raise Skip("tracefs is not mounted, and cannot be: " + os.strerror(ctypes.get_errno()))


def need_tracing():
    if not os.path.exists(TRACE):
        raise Skip("virtlens-trace is not built (--without-bpf)")
    mount_tracefs()
    tried = subprocess.run([TRACE, "check"], capture_output=True, text=True, timeout=PATIENCE)
    if tried.returncode:
        raise Skip(tried.stderr.strip())


def wait_for(what, condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "waited in vain: " + what
        select.select([], [], [], 0.02)


def start(folder, *words, program=VIRTLENS, out=None, **options):
    """virtlens memory --batch, tracing."""
    environment = dict(os.environ, HOME=folder, XDG_STATE_HOME=folder)
    process = subprocess.Popen([program, "memory", "--batch", *words], stdin=subprocess.DEVNULL, env=environment,
                               stdout=out or subprocess.PIPE, stderr=subprocess.PIPE, **options)
    if out:
        wait_for("a first line", lambda: os.fstat(out.fileno()).st_size > 0 or process.poll() is not None)
    else:
        process.first = process.stdout.readline()
    return process


def end(process, status=0):
    """Tell it to end; what it wrote, what it said."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    written, said = process.communicate(timeout=PATIENCE)
    said = said.decode()
    assert process.returncode == status, (process.returncode, said)
    return (getattr(process, "first", b"") + (written or b"")).decode(), said


def traced(folder, work, *words):
    """The turns of a trace while WORK is done."""
    process = start(folder, "--format", "json", *words)
    work()
    written, said = end(process)
    turns = [json.loads(line) for line in written.splitlines()]
    assert all(turn["seconds"] >= 0 for turn in turns), turns
    return turns, said


def total(things, key):
    return sum(thing[key] for thing in things)


def ask(name, rounds, *more):
    return subprocess.run([CALLS, name, str(rounds), *more], timeout=PATIENCE).returncode


def children(pid):
    """The processes that PID has started and that are there."""
    found = []
    for thread in os.listdir("/proc/%d/task" % pid):
        with open("/proc/%d/task/%s/children" % (pid, thread)) as file:
            found += [int(word) for word in file.read().split()]
    return found


def programs_left(names=("done_mmap", "done_munmap", "done_mremap", "done_brk", "asked_brk")):
    """Those of ours that the kernel has."""
    bpftool = shutil.which("bpftool", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if not bpftool:
        raise Skip("bpftool is not installed")
    listed = subprocess.run([bpftool, "--json", "prog"], capture_output=True, text=True, check=True)
    return [row["name"] for row in json.loads(listed.stdout)
            if row.get("name") in names]


def test_every_call_is_counted_exactly(folder):
    need_tracing()
    rounds = 1000
    turns, said = traced(folder, lambda: ask("vl-count", rounds), "--name", "vl-count", "--protections")
    calls, refused = expected(rounds)
    assert {kind: total(turns, kind) for kind in KINDS} == calls, turns[-3:]
    assert total(turns, "failed") == refused
    grown = rounds * 2 * PAGE + rounds * 2 * PAGE + 2 * PAGE  # mmap, mremap, brk
    assert total(turns, "mapped_bytes") == total(turns, "freed_bytes") == grown
    assert "seen %d;" % sum(calls.values()) in said, said
    assert total(turns, "stored") == total(turns, "lost") == 0, "requests were not asked for"


def test_mprotect_is_seen_on_wish_alone(folder):
    need_tracing()
    turns, _ = traced(folder, lambda: ask("vl-plain", 5), "--name", "vl-plain")
    assert total(turns, "mprotect") == 0 and total(turns, "mmap") == 10, turns


def test_each_request_is_told_as_it_was(folder):
    need_tracing()
    process = start(folder, "--format", "csv", "--requests", "--name", "vl-each", "--protections")
    ask("vl-each", 3)
    written, said = end(process)
    rows = list(csv.DictReader(io.StringIO(written)))
    calls, refused = expected(3)
    assert len(rows) == sum(calls.values()), len(rows)
    assert "seen %d = written %d + lost 0" % (len(rows), len(rows)) in said, said
    assert [row["call"] for row in rows[:6]] == ["mmap", "mmap", "mremap", "mprotect", "munmap", "munmap"], rows[:6]
    first, moved = rows[0], rows[2]
    assert (first["length"], first["protection"], first["change_bytes"]) == (str(2 * PAGE - 1), "rw-", str(2 * PAGE))
    assert moved["address"] == first["result"] and moved["length"] == str(4 * PAGE), (first, moved)
    assert rows[3]["address"] == moved["result"] and rows[3]["protection"] == "r--", rows[3]
    assert rows[4]["address"] == moved["result"] and rows[4]["result"] == "0", rows[4]
    assert [row["result"] for row in rows if row["change_bytes"] == "0" and row["result"] == "EINVAL"] == ["EINVAL"] * refused
    assert int(rows[-1]["change_bytes"]) == -2 * PAGE, rows[-1]
    assert all(row["pid"] == row["thread"] == first["pid"] for row in rows)


def test_counts_are_those_of_strace(folder):
    need_tracing()
    strace = shutil.which("strace")
    if not strace:
        raise Skip("strace is not installed")
    program, report = os.path.join(folder, "vl-strace"), os.path.join(folder, "report")
    shutil.copy(os.path.realpath(sys.executable), program)
    work = [strace, "-f", "-c", "-o", report, "-e", "trace=" + ",".join(KINDS), program, "-c", "import json, csv, ssl"]
    environment = dict(os.environ, PYTHONHOME=sys.prefix)
    turns, _ = traced(folder, lambda: subprocess.run(work, timeout=PATIENCE, check=True, env=environment),
                      "--name", "vl-strace", "--protections")
    counted = dict.fromkeys(KINDS, 0)
    with open(report) as file:
        for line in file:
            fields = line.split()
            if fields and fields[-1] in counted:
                counted[fields[-1]] = int(fields[3])
    assert counted["mmap"] > 10, counted
    assert {kind: total(turns, kind) for kind in KINDS} == counted, counted


def test_a_flood_is_accounted_for(folder):
    """Each request of two processes that do nothing else, as fast as they can."""
    need_tracing()
    rounds = 20000
    with open(os.path.join(folder, "requests"), "w+b") as out:
        process = start(folder, "--format", "csv", "--requests", "--name", "vl-flood", "--protections", out=out)
        began = time.monotonic()
        workers = [subprocess.Popen([CALLS, "vl-flood", str(rounds)]) for _ in range(2)]
        assert [worker.wait(PATIENCE) for worker in workers] == [0, 0]
        speed = 2 * sum(expected(rounds)[0].values()) / (time.monotonic() - began)
        _, said = end(process)
        out.seek(0)
        rows = sum(1 for _ in out) - 1
    seen, written, lost = map(int, re.search(r"seen (\d+) = written (\d+) \+ lost (\d+)", said).groups())
    assert seen == 2 * sum(expected(rounds)[0].values()), said
    assert seen == written + lost and written == rows, (said, rows)
    print("     %.0f calls/s, %d lost" % (speed, lost))


def test_what_is_lost_is_counted(folder):
    """Nobody reads what is written, until the kernel's buffer is full."""
    need_tracing()
    rounds = 40000
    process = start(folder, "--format", "csv", "--requests", "--name", "vl-lost", "--protections")
    ask("vl-lost", rounds)
    written, said = end(process)
    seen, stored, lost = map(int, re.search(r"seen (\d+) = written (\d+) \+ lost (\d+)", said).groups())
    assert seen == stored + lost == sum(expected(rounds)[0].values()), said
    assert lost > 0, said
    assert len(written.splitlines()) - 1 == stored, said


def test_very_many_processes_that_are_soon_over(folder):
    need_tracing()
    count, rounds = 1500, 1
    turns, _ = traced(folder, lambda: ask("vl-short", rounds, "fork", str(count)), "--name", "vl-short")
    calls, _ = expected(rounds)
    processes = [process for turn in turns for process in turn["processes"]]
    assert total(turns, "mmap") == count * calls["mmap"], total(turns, "mmap")
    assert total(turns, "brk") == count * calls["brk"]
    assert len({process["pid"] for process in processes}) == count and None not in {p["pid"] for p in processes}


def test_names_cannot_speak_to_the_terminal(folder):
    need_tracing()
    name = "\033[2J\n,\"=x"
    process = start(folder)
    ask(name, 4)
    written, _ = end(process)
    assert "\\x1b[2J\\x0a,\"=x" in written and "\033" not in written, [line for line in written.splitlines() if "2J" in line]
    process = start(folder, "--format", "csv", "--name", name)
    ask(name, 4)
    written, _ = end(process)
    rows = list(csv.DictReader(io.StringIO(written)))
    assert sum(int(row["mmap"]) for row in rows) == 8 and "\033" not in written, rows


def test_old_system_calls_are_not_seen(folder):
    """As the manual says: it is to be known if that changes."""
    need_tracing()
    status = []
    turns, _ = traced(folder, lambda: status.append(ask("vl-int80", 0, "int80")), "--name", "vl-int80")
    if status == [77]:
        raise Skip("this kernel takes no system calls by int 0x80")
    assert status == [0], status
    assert total(turns, "mmap") == 0 and total(turns, "brk") == 3, turns


def test_a_process_alone_is_seen_by_its_number(folder):
    need_tracing()
    shell = subprocess.Popen(["/bin/sh", "-c", 'read line; exec "$0" vl-pid 7', CALLS], stdin=subprocess.PIPE)

    def work():
        ask("vl-other", 7)
        shell.communicate(b"go\n", timeout=PATIENCE)
    turns, _ = traced(folder, work, "--pid", str(shell.pid))
    processes = [process for turn in turns for process in turn["processes"]]
    assert {process["pid"] for process in processes} == {shell.pid}, processes
    assert sum(process["mmap"] for process in processes if process["name"] == "vl-pid") == 14, processes


def test_no_death_leaves_anything_in_the_kernel(folder):
    need_tracing()
    wait_for("the end of what others trace", lambda: not programs_left())
    process = start(folder)
    assert programs_left()
    os.kill(children(process.pid)[0], signal.SIGKILL)
    _, said = end(process, 3)
    assert "killed by signal 9" in said, said
    wait_for("an empty kernel", lambda: not programs_left())
    process = start(folder)
    helper = children(process.pid)[0]
    process.kill()
    process.wait(PATIENCE)
    wait_for("an empty kernel", lambda: not programs_left())
    wait_for("the end of virtlens-trace", lambda: not os.path.exists("/proc/%d" % helper))


def test_a_tracer_that_stands_still_holds_up_nobody(folder):
    need_tracing()
    process = start(folder)
    os.kill(children(process.pid)[0], signal.SIGSTOP)
    began = time.monotonic()
    _, said = end(process, 3)
    assert "did not end when told to" in said and time.monotonic() - began < 10, said
    wait_for("an empty kernel", lambda: not programs_left())


def copy_for_nobody(folder):
    os.chmod(folder, 0o755)
    return shutil.copy(VIRTLENS, folder), shutil.copy(TRACE, folder)


def test_without_the_privilege_the_reason_is_told(folder):
    need_tracing()
    if os.geteuid() != 0:
        raise Skip("only root can be nobody")
    program, _ = copy_for_nobody(folder)
    process = start(folder, program=program, user=65534, group=65534, extra_groups=[])
    _, said = end(process, 3)
    assert "has not the capabilities" in said and "setcap cap_bpf,cap_perfmon,cap_dac_read_search=p" in said, said
    os.chmod(os.path.join(folder, "virtlens-trace"), 0o750)
    process = start(folder, program=program, user=65534, group=65534, extra_groups=[])
    _, said = end(process, 3)
    assert "Permission denied" in said and "group" in said, said
    os.remove(os.path.join(folder, "virtlens-trace"))
    process = start(folder, program=program, user=65534, group=65534, extra_groups=[])
    _, said = end(process, 3)
    assert "there is no virtlens-trace here" in said and "--with-bpf" in said, said


def test_the_tracer_has_its_capabilities_alone_and_drops_them(folder):
    need_tracing()
    setcap = shutil.which("setcap", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if os.geteuid() != 0 or not setcap:
        raise Skip("setcap needs root, and to be installed")
    program, tracer = copy_for_nobody(folder)
    if subprocess.run([setcap, "cap_bpf,cap_perfmon,cap_dac_read_search=p", tracer], capture_output=True).returncode:
        raise Skip("this file system takes no capabilities")
    process = start(folder, "--format", "json", "--name", "vl-nobody", program=program, user=65534, group=65534,
                    extra_groups=[])
    with open("/proc/%d/status" % children(process.pid)[0]) as file:
        status = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
    ask("vl-nobody", 10)
    written, _ = end(process)
    assert total([json.loads(line) for line in written.splitlines()], "mmap") == 20, written
    assert {int(status[key], 16) for key in ("CapPrm", "CapEff", "CapInh", "CapAmb")} <= {0, 1 << 39}, status
    assert status["NoNewPrivs"] == "1" and status["Uid"].split() == ["65534"] * 4, status


def test_the_tracer_takes_nothing_but_orders(folder):
    need_tracing()
    for order, answer in ((struct.pack("=II16s", 99, 0, b""), struct.pack("=II", 5, 22)),  # unknown
                          (struct.pack("=II16s", 3, 0, b""), struct.pack("=II", 5, 22)),  # a turn of 0 ms
                          (struct.pack("=II16s", 5, 0, b"x" * 16), struct.pack("=II", 5, 22))):  # an endless name
        done = subprocess.run([TRACE, "memory"], input=order, capture_output=True, timeout=PATIENCE)
        assert done.returncode == 1 and done.stdout.endswith(struct.pack("=II", 5, 8) + answer), done
    assert subprocess.run([TRACE, "memory"], input=b"", capture_output=True, timeout=PATIENCE).returncode == 0
    for words in ([], ["memory", "x"], ["check", "x"], ["memory", "protections", "/etc/shadow"]):
        done = subprocess.run([TRACE, *words], capture_output=True, timeout=PATIENCE)
        assert done.returncode == 1 and b"Usage" in done.stderr and not done.stdout, (words, done)


def fake_tracer(folder, script):
    """A virtlens with another program in the place of virtlens-trace."""
    program = shutil.copy(VIRTLENS, folder)
    path = os.path.join(folder, "virtlens-trace")
    with open(path, "w") as file:
        file.write("#!/bin/sh\n" + script)
    os.chmod(path, 0o755)
    return program


def test_a_tracer_that_talks_nonsense_is_not_believed(folder):
    for script, reason in (
            ("echo nonsense, more of it", "not in its protocol"),
            (r"printf '\001\000\000\000\010\000\000\000\143\000\000\000\000\020\000\000'", "speaks version 99"),
            (r"printf '\001\000\000\000\011\000\000\000\001\000\000\000\000\020\000\000'", "not in its protocol"),
            (r"printf '\003\000\000\000\150\000\000\000'", "not in its protocol"),  # sums before the greeting
            ("exit 5", "ended by itself, with status 5"),
            ("kill -SEGV $$", "killed by signal 11")):
        process = start(folder, program=fake_tracer(folder, script + "\n"))
        _, said = end(process, 3)
        assert reason in said, (script, said)


class Screen:
    """virtlens on a terminal of its own, which is read as it comes."""

    def __init__(self, folder, *words):
        environment = dict(os.environ, HOME=folder, XDG_STATE_HOME=folder, TERM="xterm", LC_ALL="C.UTF-8", COLUMNS="100",
                           LINES="30")
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.execve(VIRTLENS, [VIRTLENS, *words], environment)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        self.said = b""

    def read(self):
        if select.select([self.terminal], [], [], 0.05)[0]:
            try:
                self.said += os.read(self.terminal, 65536)
            except OSError:
                return False
        return True

    def type(self, keys, answer):
        """Type KEYS, and wait until the screen, drawn anew again and again, shows ANSWER."""
        os.write(self.terminal, keys.encode())

        def shows():
            self.said = b""
            os.write(self.terminal, b"\f")
            while select.select([self.terminal], [], [], 0.2)[0] and self.read():
                pass
            return answer.encode() in self.said
        wait_for("%r on the screen" % answer, shows)

    def finish(self):
        """Quit; the session's JSON."""
        self.said = b""
        os.write(self.terminal, b"\033q")
        wait_for("the end", lambda: not self.read())
        os.waitpid(self.pid, 0)
        os.close(self.terminal)
        with open(re.findall(r"(/\S+\.json)", self.said.decode(errors="replace"))[-1]) as file:
            return json.load(file)


def test_what_the_screen_shows_is_in_the_session(folder):
    need_tracing()
    screen = Screen(folder, "test:///default")
    wait_for("the table", lambda: screen.read() and b"test" in screen.said)
    screen.type(":memory name=vl-screen protections\r", "seen 0")
    ask("vl-screen", 10)
    calls, _ = expected(10)
    each = sum(calls.values())
    screen.type("", "seen %d" % each)
    screen.type("\t", "by process")
    screen.type("", "nothing yet")
    ask("vl-screen", 10)
    screen.type("", "EINVAL")
    session = screen.finish()
    turns, requests = session["memory"], session["memory_requests"]
    assert total(turns, "seen") == 2 * each, [turn["seen"] for turn in turns]
    assert {kind: total(turns, kind) for kind in KINDS} == {kind: 2 * n for kind, n in calls.items()}
    assert total(turns, "stored") == len(requests) == each and total(turns, "lost") == 0, len(requests)
    assert all(turn["seen"] == turn["stored"] + turn["lost"] for turn in turns if turn["each_request"])
    assert {request["name"] for request in requests} == {"vl-screen"}
    assert [event["text"] for event in session["events"] if "tracing" in event["text"]] == [
        "tracing of memory requests began", "tracing of memory requests ended"]


def process_of(guest):
    """The QEMU that runs GUEST, by its command line; None: there is none."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/cmdline" % pid, "rb") as file:
                if b"guest=%s," % guest.encode() in file.read():
                    return int(pid)
        except OSError:  # it ended meanwhile
            pass
    return None


def test_a_guest_is_seen_by_the_process_that_runs_it(folder):
    """Its QEMU asks for memory, or gives some back, to take a snapshot: which of these first is its own affair."""
    need_tracing()
    screen = Screen(folder, "--lab=stop", "--lab-root", lab_folder(folder))
    wait_for("the screen", lambda: screen.read() and b"lab" in screen.said)
    os.write(screen.terminal, b":launch name=vl-traced template=pulse\r")
    wait_for("the guest", lambda: screen.read() and process_of("vl-traced"))
    pid = process_of("vl-traced")
    screen.type("", "running")
    screen.type(":memory vl-traced\r", "of the process of vl-traced")
    screen.type("", "seen ")
    ask("vl-another", 10)
    screen.type(":snapshot vl-traced name=one\r", "qemu-system")
    session = screen.finish()
    seen = [process for turn in session["memory"] for process in turn["processes"]]
    assert seen and {process["pid"] for process in seen} == {pid}, seen
    assert sum(total(seen, call) for call in ("mmap", "munmap", "mremap", "brk")) > 0, seen
    wait_for("the end of the guest", lambda: not process_of("vl-traced"))


if __name__ == "__main__":
    sys.exit(run_tests("tracing", globals()))
