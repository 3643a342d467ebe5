#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How long things take, as the kernel is seen to do them: against its own counters, and against real guests.

Exit status 77 where nothing can be traced.  VIRTLENS, VIRTLENS_TRACE: the programs (default: in the build folder)
"""
import collections
import os
import re
import shutil
import signal
import struct
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from console import Screen  # noqa: E402
from daemon import missing  # noqa: E402
from runner import Skip, lab_folder, run_tests  # noqa: E402
from session import read_export  # noqa: E402
from steal import Lab, query_stats  # noqa: E402
from tracing import PATIENCE, TRACE, mount_tracefs, programs_left, wait_for  # noqa: E402
from watch import READ_LOOP  # noqa: E402

STOP = 1  # an order
HELLO, TURN, END, SPANS = 1, 4, 6, 7  # frames
BUCKETS = 40
KEY, SUMS = struct.Struct("=QIIII16s"), struct.Struct("=QQQ%dQ" % BUCKETS)
READ, WRITE = 0, 1
RAN, WAITED = 0, 1
LEFT, TO_QEMU = 0, 1
BLOCK = 4096
PROGRAMS = {"block": ("queued_block", "issued_block", "done_block"), "cpu": ("switched_cpu", "woken_cpu"),
            "exit": ("left_exit", "entered_exit", "to_qemu_exit", "from_qemu_exit", "port_exit", "page_exit")}


def need(kind):
    if not os.path.exists(TRACE):
        raise Skip("virtlens-trace is not built (--without-bpf)")
    mount_tracefs()
    tried = subprocess.run([TRACE, "check", kind], capture_output=True, text=True, timeout=PATIENCE)
    if tried.returncode:
        raise Skip(tried.stderr.strip())


def frames(data):
    """(kind, body) of each."""
    at = 0
    while at < len(data):
        kind, size = struct.unpack_from("=II", data, at)
        yield kind, data[at + 8:at + 8 + size]
        at += 8 + size


class Span:
    def __init__(self, body):
        self.place, self.pid, self.tid, self.what, device, name = KEY.unpack_from(body)
        self.device, self.name = (device >> 20, device & 0xfffff), name.split(b"\0")[0].decode(errors="replace")
        self.count, self.ns, self.bytes, *self.buckets = SUMS.unpack_from(body, KEY.size)


def traced(kind, work):
    """The spans that virtlens-trace tells of while WORK is done."""
    process = subprocess.Popen([TRACE, kind], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    greeting = process.stdout.read(16)
    assert struct.unpack("=II", greeting[:8]) == (HELLO, 8), greeting
    work()
    said, _ = process.communicate(struct.pack("=II16s", STOP, 0, b""), timeout=PATIENCE)
    assert process.returncode == 0, process.returncode
    told = list(frames(said))
    assert told[-1] == (END, b"") and told[-2][0] == TURN, told[-2:]
    size = KEY.size + SUMS.size
    return [Span(body[at:at + size]) for kind, body in told if kind == SPANS for at in range(0, len(body), size)]


class Loop:
    """A disk of the test's own, that nobody else uses."""

    def __init__(self, folder, megabytes):
        path = os.path.join(folder, "disk")
        with open(path, "wb") as file:
            file.write(os.urandom(1 << 20) * megabytes)
        made = subprocess.run(["losetup", "--find", "--show", path], capture_output=True, text=True)
        if made.returncode:
            raise Skip("no loop device is to be had: " + made.stderr.strip())
        self.path = made.stdout.strip()
        status = os.stat(self.path).st_rdev
        self.number = os.major(status), os.minor(status)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run(["losetup", "--detach", self.path], check=True)

    def counted(self):
        """Requests and bytes that the kernel has counted: read, written."""
        with open("/sys/block/%s/stat" % os.path.basename(self.path)) as file:
            fields = [int(field) for field in file.read().split()]
        return fields[0], fields[2] * 512, fields[4], fields[6] * 512


def copy(*words):
    subprocess.run(["dd", *words, "status=none"], check=True, timeout=PATIENCE)


def test_requests_are_those_that_the_kernel_counts(folder):
    need("block")
    if os.geteuid() != 0:
        raise Skip("only root can have a loop device")
    reads, writes = 700, 300
    with Loop(folder, 4) as disk:
        before = disk.counted()

        def work():
            copy("if=" + disk.path, "of=/dev/null", "bs=%d" % BLOCK, "count=%d" % reads, "iflag=direct")
            copy("if=/dev/zero", "of=" + disk.path, "bs=%d" % BLOCK, "count=%d" % writes, "oflag=direct")
        spans = [span for span in traced("block", work) if span.device == disk.number]
        after = disk.counted()
    total = {what: [sum(getattr(span, field) for span in spans if span.what == what) for field in ("count", "bytes")]
             for what in (READ, WRITE)}
    rose = [later - earlier for earlier, later in zip(before, after)]
    assert total[READ] + total[WRITE] == rose, (total, rose)
    by_dd = {what: sum(span.count for span in spans if span.what == what and span.name == "dd") for what in (READ, WRITE)}
    assert by_dd == {READ: reads, WRITE: writes}, by_dd
    for span in spans:
        assert sum(span.buckets) == span.count > 0, span.buckets
        least = sum(count << bucket for bucket, count in enumerate(span.buckets))
        assert least <= span.ns < 2 * least, (span.ns, span.buckets)


def test_the_cgroup_that_is_charged_is_told(folder):
    """A process in a cgroup of its own, on the host's disk."""
    need("block")
    group = "/sys/fs/cgroup/blkio/vl-spans-%d" % os.getpid()
    try:
        os.mkdir(group)
    except OSError as problem:
        raise Skip("no cgroup is to be had: " + problem.strerror)
    try:
        path = os.path.join(folder, "file")
        script = 'echo $$ > %s/cgroup.procs && exec dd if=/dev/zero of=%s bs=64k count=16 oflag=direct status=none' % (group, path)
        spans = traced("block", lambda: subprocess.run(["/bin/sh", "-c", script], check=True, timeout=PATIENCE))
        charged = [span for span in spans if span.place == os.stat(group).st_ino and span.what == WRITE]
    finally:
        os.rmdir(group)
    assert sum(span.bytes for span in charged) >= 16 * 65536, [(s.place, s.name, s.bytes) for s in spans]


class Hog:
    """A process that only runs, in a scheduler's group of its own (those of one terminal share theirs), on one CPU."""

    def __init__(self, cpu, name=""):
        script = "import sys\nif sys.argv[1]: open('/proc/self/comm', 'w').write(sys.argv[1])\nprint(flush=True)\nwhile True: pass"
        self.process = subprocess.Popen([sys.executable, "-c", script, name], stdout=subprocess.PIPE, start_new_session=True)
        self.process.stdout.readline()
        self.pid = self.process.pid
        self.move(cpu)

    def move(self, cpu):
        os.sched_setaffinity(self.pid, {cpu})

    def schedstat(self):
        """Nanoseconds that it ran, and waited to."""
        with open("/proc/%d/schedstat" % self.pid) as file:
            return [int(field) for field in file.read().split()][:2]

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def between(ours, least, most, what):
    """What was traced is no less than SCHEDSTAT says of a time inside the trace and no more than of one around it, but for three
    percent and the time slices at both ends."""
    slices = 30e6
    assert 0.97 * least - slices <= ours <= 1.03 * most + slices, "%s: %.1f ms, by schedstat %.1f to %.1f ms" % (
        what, ours / 1e6, least / 1e6, most / 1e6)


def test_who_ran_where_is_what_schedstat_says(folder):
    """One that moves in the middle, which a look afterwards would take for having been there all along."""
    need("cpu")
    cpus = sorted(os.sched_getaffinity(0))
    if len(cpus) < 2:
        raise Skip("there is one CPU alone")
    hogs = [Hog(cpus[0], "CPU 0/TCG"), Hog(cpus[0]), Hog(cpus[1])]
    vcpu, mover, other = hogs
    at = []

    def look():
        at.append([hog.schedstat() for hog in hogs])

    def until(ns):
        """... the one that moves has run so much more."""
        wait_for("its turn", lambda: mover.schedstat()[0] - at[-1][1][0] >= ns)
        look()

    def work():
        look()
        until(800e6)
        mover.move(cpus[1])
        look()
        until(800e6)
    try:
        look()
        spans = traced("cpu", work)
        look()
    finally:
        for hog in hogs:
            hog.kill()
    ran = collections.Counter()
    for span in spans:
        ran[span.pid, span.place] += span.ns if span.what == RAN else 0
    waited = sum(span.ns for span in spans if span.what == WAITED and span.pid == vcpu.pid)
    before, begun, moving, moved, ended, after = at

    def check(ours, hog, figure, inner, outer, what):
        between(ours, *(end[hog][figure] - begin[hog][figure] for begin, end in (inner, outer)), what)
    check(ran[mover.pid, cpus[0]], 1, 0, (begun, moving), (before, moved), "where it was first")
    check(ran[mover.pid, cpus[1]], 1, 0, (moved, ended), (moving, after), "where it was then")
    check(ran[vcpu.pid, cpus[0]], 0, 0, (begun, ended), (before, after), "the vCPU")
    check(ran[other.pid, cpus[1]], 2, 0, (begun, ended), (before, after), "the other")
    check(waited, 0, 1, (begun, ended), (before, after), "the vCPU's waits")
    assert {span.tid for span in spans if span.pid == vcpu.pid} == {vcpu.pid}, "vCPUs are told apart by thread"
    assert {span.tid for span in spans if span.pid == mover.pid} == {0}
    assert waited > 100e6, "this proves nothing"


def test_no_death_leaves_anything_in_the_kernel(folder):
    need("block")
    for kind, names in PROGRAMS.items():
        if subprocess.run([TRACE, "check", kind], capture_output=True, timeout=PATIENCE).returncode:
            continue  # without KVM the kernel has none of its tracepoints
        wait_for("the end of what others trace", lambda: not programs_left(names))
        process = subprocess.Popen([TRACE, kind], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        process.stdout.read(16)
        assert programs_left(names), kind
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=PATIENCE)
        wait_for("an empty kernel", lambda: not programs_left(names))


def test_orders_about_what_is_seen_are_refused(folder):
    need("block")
    order = struct.pack("=II16s", 4, 0, b"")  # see every process
    done = subprocess.run([TRACE, "block"], input=order, capture_output=True, timeout=PATIENCE)
    kind, problem = list(frames(done.stdout))[-1]
    assert done.returncode == 1 and kind == 5 and struct.unpack("=Ii", problem)[0] == 5, done


def test_exits_are_those_that_qemu_counts(folder):
    """A guest that reads its IDE disk, port by port: what goes to QEMU is what QEMU says that came."""
    need("exit")
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        raise Skip("only KVM has exits, and /dev/kvm cannot be used here")
    if missing():
        raise Skip(missing())
    with Lab(folder, READ_LOOP) as lab:
        lab.daemon.virsh("suspend", "g000")
        before = query_stats(lab.daemon, ["fpu_reload"])

        def work():
            lab.daemon.virsh("resume", "g000")
            wait_for("exits", lambda: query_stats(lab.daemon, ["fpu_reload"])["fpu_reload"] > before["fpu_reload"] + 1000)
            lab.daemon.virsh("suspend", "g000")
        spans = [span for span in traced("exit", work) if span.pid == lab.pid]
        after = query_stats(lab.daemon, ["fpu_reload"])
    told = sum(span.count for span in spans if span.what == TO_QEMU)
    rose = after["fpu_reload"] - before["fpu_reload"]
    if not any(span.what == LEFT for span in spans):
        print("     kvm_exit never fires here")
    assert abs(told - rose) <= max(0.01 * rose, 2), (told, rose)


def at_the_end(screen, words):
    """The end of what is shown, which grows, once it has WORDS."""
    def shown():
        screen.keys("End")
        return words in screen.text()
    wait_for("%r on the screen" % words, shown)
    return screen.text()


def test_the_guests_requests_are_its_own(folder):
    """A guest that reads and writes its disk without the cache: what its disk is asked for is in the session."""
    need("block")
    if missing() or not shutil.which("tmux"):
        raise Skip(missing() or "tmux is not installed")
    export = os.path.join(folder, "x.json")
    with Screen(folder, "--lab=stop", "--lab-root", lab_folder(folder), "--export", export) as screen:
        screen.wait("n new")
        screen.command("launch name=p template=pulse cache=none")
        screen.wait("done in")
        screen.command("where p")
        screen.wait("in words")
        text = at_the_end(screen, "Known by")
        assert re.search(r"(read|write) +[0-9.k]+/s +p50 +[0-9.]+[um]?s +p99", text), text
        screen.command("steal p")
        text = at_the_end(screen, "Exact: the kernel's scheduler")
        assert "its waits" in text, text
        screen.keys("Escape")  # what lies below is traced again
        at_the_end(screen, "Known by")
        screen.keys("Escape")
        screen.wait("n new")
        screen.keys("q")
        wait_for("the export", lambda: os.path.exists(export))
    session = read_export(export)
    guest = next(row["uuid"] for row in session["guests"] if row["name"] == "p")
    own = [span for turn in session["span_turns"] for span in turn["spans"]
           if turn["kind"] == "block" and span["uuid"] == guest]
    assert {turn["kind"] for turn in session["span_turns"]} == {"block", "cpu"}
    assert own and all(span["known_by"] in ("cgroup", "process") for span in own), session["span_turns"][-2:]
    assert session["span_turns"][-1]["ended"] and not session["span_turns"][-1]["problem"]
    print("     %d requests, by %s" % (sum(span["count"] for span in own), own[0]["known_by"]))


if __name__ == "__main__":
    sys.exit(run_tests("spans", globals()))
