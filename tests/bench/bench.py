#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What watching costs, as ratios in one run, against a bare bulk call (DESIGN section 11).

usage: bench.py --virtlens PROGRAM --bare PROGRAM --results FILE [--guests 1,20,100,200] [--seconds 20]
Starts a libvirtd of its own with idle boot-sector guests of 8 MiB; needs root.
"""
import argparse
import fcntl
import glob
import json
import os
import platform
import pty
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))
from daemon import Daemon, missing  # noqa: E402

TICKS = os.sysconf("SC_CLK_TCK")
HALT = b"\xfa\xf4\xeb\xfd".ljust(510, b"\0") + b"\x55\xaa"  # cli; hlt; jmp
GUEST = """<domain type='%s'><name>%s</name><memory unit='MiB'>8</memory><vcpu>1</vcpu>
<os><type arch='x86_64' machine='pc'>hvm</type></os>
<devices><disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='%s'/>
<target dev='vda' bus='virtio'/><readonly/></disk><memballoon model='virtio'/></devices></domain>"""


def cpu_seconds(pid):
    """User and system time of a process, from /proc/PID/stat (proc(5): fields 14 and 15)."""
    with open("/proc/%d/stat" % pid) as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def pss_mib(pid):
    with open("/proc/%d/smaps_rollup" % pid) as file:
        for line in file:
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


class Screen:
    """virtlens on a pseudo terminal."""

    def __init__(self, program, uri, state, size=(24, 80), extra=()):
        self.began = time.monotonic()
        self.bytes = 0
        env = dict(os.environ, XDG_STATE_HOME=state, XDG_CONFIG_HOME=state, TERM="xterm-256color",
                   LC_ALL="C.UTF-8")
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(program, [program, *extra, uri], env)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", size[0], size[1], 0, 0))
        os.kill(self.pid, signal.SIGWINCH)

    def read(self, seconds):
        """Read what is drawn for SECONDS; returns when the first and last bytes came (monotonic)."""
        deadline, first, text = time.monotonic() + seconds, None, b""
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.fd], [], [], left)[0]:
                return first, text
            try:
                chunk = os.read(self.fd, 65536)
            except OSError:
                return first, text
            first = first or time.monotonic()
            self.bytes += len(chunk)
            text += chunk

    def wait_text(self, needle, seconds):
        deadline, text = time.monotonic() + seconds, b""
        while needle not in text:
            if time.monotonic() > deadline:
                raise AssertionError("no %r on the screen" % needle)
            text += self.read(0.005)[1]
        return time.monotonic() - self.began

    def key_latencies(self, count):
        """Seconds from a key to the first byte drawn, keys sent in quiet moments."""
        result = []
        for i in range(count):
            while self.read(0.02)[0]:
                continue
            sent = time.monotonic()
            os.write(self.fd, b"j" if i % 2 == 0 else b"k")
            first, _ = self.first_byte(5)
            result.append((first or sent + 5) - sent)
        return result

    def first_byte(self, seconds):
        if not select.select([self.fd], [], [], seconds)[0]:
            return None, b""
        chunk = os.read(self.fd, 65536)
        self.bytes += len(chunk)
        return time.monotonic(), chunk

    def quit(self):
        """Quit; returns the export as parsed JSON."""
        os.write(self.fd, b"q")
        text = b""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                chunk = os.read(self.fd, 65536)
            except OSError:
                break
            if not chunk:
                break
            text += chunk
        os.waitpid(self.pid, 0)
        os.close(self.fd)
        # The terminal is restored in the same breath: the path begins behind the last escape sequence.
        path = text.decode(errors="replace").strip().splitlines()[-1].strip()
        path = path[path.index("/"):]
        with open(path) as file:
            return json.load(file)


class Lab:
    """A libvirtd with idle guests."""

    def __init__(self, folder):
        self.folder = folder
        self.image = os.path.join(folder, "halt.img")
        with open(self.image, "wb") as file:
            file.write(HALT)
        self.daemon = Daemon(os.path.join(folder, "d")).start()
        self.count = 0

    def grow(self, count):
        kind = "kvm" if os.access("/dev/kvm", os.R_OK | os.W_OK) else "qemu"
        while self.count < count:
            self.count += 1
            name = "idle-%03d" % self.count
            path = os.path.join(self.folder, name + ".xml")
            with open(path, "w") as file:
                file.write(GUEST % (kind, name, self.image))
            self.daemon.virsh("create", path)

    def cpu(self):
        return cpu_seconds(self.daemon.pid), sum(cpu_seconds(p) for p in self.daemon.guest_pids().values())


def measure_cpu(lab, seconds, client):
    """CPU seconds per second of (client, libvirtd, QEMUs) while CLIENT() runs for SECONDS."""
    before, began = lab.cpu(), time.monotonic()
    own = client(seconds)
    after, span = lab.cpu(), time.monotonic() - began
    return own, (after[0] - before[0]) / span, (after[1] - before[1]) / span


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def tick_periods(export):
    from datetime import datetime
    times = [datetime.fromisoformat(s["time"].replace("Z", "+00:00")).timestamp() for s in export["scans"]]
    return [b - a for a, b in zip(times, times[1:])]


def journal_bytes(state):
    return sum(os.path.getsize(p) for p in glob.glob(os.path.join(state, "virtlens/journals/*")))


def measure(args, lab, guests, state):
    lab.grow(guests)
    row = {"guests": guests}
    idle = measure_cpu(lab, 5, lambda s: time.sleep(s))
    calls = max(5, args.seconds // 2)

    def bare(_):
        out = subprocess.run([args.bare, lab.daemon.uri, str(calls)], check=True, stdout=subprocess.PIPE).stdout
        return [float(x) for x in out.split()]
    (bare_cpu, bare_wall), daemon_cpu, qemu_cpu = measure_cpu(lab, calls, bare)
    period = max(1.0, bare_wall)
    row["bare"] = (bare_cpu, max(0, daemon_cpu - idle[1]) * period, max(0, qemu_cpu - idle[2]) * period, bare_wall)

    screen = Screen(args.virtlens, lab.daemon.uri, state)
    row["first_screen"] = screen.wait_text(b"idle-001", 30)
    screen.read(5)
    journal_before = journal_bytes(state)
    drawn_before, mine = screen.bytes, cpu_seconds(screen.pid)
    _, daemon_cpu, qemu_cpu = measure_cpu(lab, args.seconds, screen.read)
    row["lens"] = ((cpu_seconds(screen.pid) - mine) / args.seconds, max(0, daemon_cpu - idle[1]),
                   max(0, qemu_cpu - idle[2]))
    row["bytes_tick"] = (screen.bytes - drawn_before) / args.seconds
    row["journal"] = (journal_bytes(state) - journal_before) / args.seconds / guests
    row["pss"] = pss_mib(screen.pid)
    row["keys"] = screen.key_latencies(args.keys)
    if guests >= 20:
        victim = sorted(lab.daemon.guest_pids().items())[0][1]
        os.kill(victim, signal.SIGSTOP)
        screen.read(3)
        row["keys_qemu_stopped"] = screen.key_latencies(args.keys)
        os.kill(victim, signal.SIGCONT)
        screen.read(2)
        os.kill(lab.daemon.pid, signal.SIGSTOP)
        screen.read(3)
        row["keys_libvirtd_stopped"] = screen.key_latencies(args.keys)
        os.kill(lab.daemon.pid, signal.SIGCONT)
        screen.read(3)
    export = screen.quit()
    row["periods"] = tick_periods(export)[5:5 + args.seconds]
    return row


def ms(seconds):
    return "%.1f" % (seconds * 1000)


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(str(c) for c in row) + " |" for row in rows]) + "\n"


def report(rows, args):
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "?")
    out = ["# Measured\n", "%s, %s, %d CPUs, Linux %s. One run of `make bench`, interval 1 s, windows of %d s.\n"
           % (time.strftime("%Y-%m-%d"), model, os.cpu_count(), platform.release(), args.seconds),
           "CPU per tick in ms, what the idle guests use anyway taken off. \"bare\": a C program that asks for every "
           "group of every guest with one bulk call (tests/bench/bare.c).\n"]
    out.append(table(["guests", "bare client", "libvirtd", "QEMUs", "wall of the call", "virtlens client", "libvirtd",
                      "QEMUs", "whole, virtlens / bare"],
                     [[r["guests"], *map(ms, r["bare"]), *map(ms, r["lens"]),
                       "%.2f" % (sum(r["lens"]) / max(1e-9, sum(r["bare"][:3])))] for r in rows]))
    out.append(table(["guests", "first screen ms", "tick period median s", "max s", "bytes/tick to the terminal",
                      "PSS MiB", "journal bytes/guest/tick"],
                     [[r["guests"], ms(r["first_screen"]), "%.3f" % statistics.median(r["periods"]),
                       "%.3f" % max(r["periods"]), "%.0f" % r["bytes_tick"], "%.1f" % r["pss"],
                       "%.0f" % r["journal"]] for r in rows if r["periods"]]))
    out.append("Key to repaint, ms (p50 / p99):\n")
    out.append(table(["guests", "all well", "one QEMU stopped", "libvirtd stopped"],
                     [[r["guests"]] + ["%s / %s" % (ms(percentile(r[k], .5)), ms(percentile(r[k], .99))) if k in r else "-"
                                       for k in ("keys", "keys_qemu_stopped", "keys_libvirtd_stopped")] for r in rows]))
    return "\n".join(out)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--virtlens", required=True)
    parser.add_argument("--bare", required=True)
    parser.add_argument("--results", required=True)
    parser.add_argument("--guests", default="1,20,100,200")
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--keys", type=int, default=100)
    args = parser.parse_args()
    args.virtlens, args.bare = os.path.abspath(args.virtlens), os.path.abspath(args.bare)
    if missing():
        print("cannot measure here: " + missing())
        return 77
    with tempfile.TemporaryDirectory(prefix="virtlens-bench-") as folder:
        os.chmod(folder, 0o755)
        lab = Lab(folder)
        try:
            rows = []
            for n in [int(x) for x in args.guests.split(",")]:
                rows.append(measure(args, lab, n, os.path.join(folder, "state-%d" % n)))
                print("%d guests measured" % n, flush=True)
        finally:
            lab.daemon.stop()
    text = report(rows, args)
    with open(args.results, "w") as file:
        file.write(text)
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
