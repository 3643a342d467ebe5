#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Benchmarks of real guests: fio's figures against QEMU's counters, a benchmark that is killed and goes on, one that is
stopped, what is refused before anything starts; nothing of it is left behind.

Exit status 77 when it cannot run.  VIRTLENS: the program (default ./virtlens)
"""
import json
import os
import re
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kept  # noqa: E402
from daemon import missing, wait_until  # noqa: E402
from play import play  # noqa: E402
from remote import Host  # noqa: E402
from runner import Skip, lab_folder, run_tests  # noqa: E402
from session import PATIENCE, Program, read_export  # noqa: E402

SHORT = ["accels=tcg", "runs=1", "runs-max=1", "duration=1", "warmup=0.3", "disk-size=16M", "disturbance=100"]


def bench_lab(folder):
    """A lab's root with a guest linux that has fio."""
    if not shutil.which("fio"):
        raise Skip("fio is not installed")
    made = kept.linux_guest(folder)
    if not made:
        raise Skip("there is no kernel for the guest")
    lab = lab_folder(folder)
    shutil.copytree(made, os.path.join(lab, "linux"), dirs_exist_ok=True)
    return lab


def bench(folder, lab, output, *words):
    return Program(folder, "bench", "--lab", "--lab-root", lab, "--output", os.path.join(folder, output), *words)


def results(folder, output):
    with open(os.path.join(folder, output, "results.json")) as file:
        return json.load(file)


def files(*folders):
    return [name for folder in folders if os.path.isdir(folder) for name in os.listdir(folder)
            if os.path.isfile(os.path.join(folder, name))]


def assert_nothing_is_left(lab):
    left = files(*(os.path.join(lab, place) for place in ("etc/qemu", "disks", "logs", "run/qemu")))
    left = [name for name in left if "virtlens-bench" in name]
    assert not left, left
    assert not processes(lab), processes(lab)


def processes(lab):
    """The QEMUs whose disks are in LAB."""
    found = subprocess.run(["pgrep", "-f", "qemu-system.*" + re.escape(lab)], stdout=subprocess.PIPE, text=True).stdout
    return [int(pid) for pid in found.split()]


def wait_for_guest(program, lab):
    """Until PROGRAM has one in LAB; AssertionError when it ended before."""
    wait_until(lambda: processes(lab) or program.process.poll() is not None, PATIENCE, "a guest")
    assert program.process.poll() is None, program.said()


def measured(found):
    return [run for run in found["runs"] if not run.get("failure")]


def test_killed_and_resumed(folder):
    """Two backends.  Killed in the second run; another benchmark is refused meanwhile; the first run is kept, what was
    left is cleaned up, and the second is done."""
    lab = bench_lab(folder)
    two = ["backends=virtio-blk,ide", "workloads=randrw", *SHORT]
    with bench(folder, lab, "out", *two, "--together") as program:
        wait_until(lambda: os.path.exists(os.path.join(folder, "out", "results.json")), PATIENCE, "the first run")
        wait_for_guest(program, lab)
        program.signal(signal.SIGKILL)
        program.process.wait()
    first = measured(results(folder, "out"))
    assert len(first) == 1, first
    with bench(folder, lab, "out", "--resume", "--together") as program:
        last = program.end()
    assert last == os.path.join(folder, "out", "results.json"), last
    found = results(folder, "out")
    assert found["complete"], found
    assert measured(found)[0] == first[0], "the first run was changed"
    assert sorted(run["cell"] for run in measured(found)) == [0, 1], found["runs"]
    for run in measured(found):
        check_figures(run["figures"])
    assert_nothing_is_left(lab)
    for made in found["plan"]["cells"]:
        disks = re.findall(r"<source file='([^']*)'", made["domain_xml"])
        assert disks and all(disk.startswith(os.path.join(lab, "disks", "virtlens-bench-")) for disk in disks), disks


def check_figures(figures):
    """fio in the guest and QEMU beside it counted the same work; whatever is told is plausible."""
    told, counted = figures["throughput_bytes_per_s"], figures["counted_bytes_per_s"]
    assert told > 0 and abs(told - counted) <= 0.05 * counted, (told, counted)
    assert 0 < figures["latency_p50_s"] <= figures["latency_p99_s"] <= figures["latency_p99_9_s"], figures
    assert 0 < figures["qemu_cpu_percent"] <= 100 * os.cpu_count(), figures
    assert 0 < figures["boot_firmware_s"] + figures["boot_kernel_s"] + figures["boot_userspace_s"], figures
    parts = sum(figures["boot_%s_s" % part] for part in ("firmware", "kernel", "userspace"))
    assert abs(parts - figures["boot_s"]) < 1e-6, figures


def test_stopped(folder):
    """Told to end while a guest boots: it is deleted, the file is there and says so."""
    lab = bench_lab(folder)
    with bench(folder, lab, "out", "backends=virtio-blk", "baseline=virtio-blk", *SHORT, "--together") as program:
        wait_for_guest(program, lab)
        program.signal(signal.SIGINT)
        program.end(1)
        assert "--resume" in program.said(), program.said()
    found = results(folder, "out")
    assert not found["complete"] and not found["runs"], found
    assert_nothing_is_left(lab)


def test_refused(folder):
    """What is missing is said before a guest is made; so is that another benchmark runs."""
    lab = bench_lab(folder)
    listed = os.path.join(lab, "linux", "programs")
    os.rename(listed, listed + ".away")
    with bench(folder, lab, "none", *SHORT, "--together") as program:
        program.end(3)
        assert "has no fio" in program.said() and "virtlens-mklinux" in program.said(), program.said()
    assert not os.path.exists(os.path.join(lab, "disks")) or not files(os.path.join(lab, "disks"))
    os.rename(listed + ".away", listed)
    with bench(folder, lab, "one", "backends=virtio-blk", "baseline=virtio-blk", *SHORT) as program:
        wait_for_guest(program, lab)
        with bench(folder, os.path.join(folder, "lab2"), "two", *SHORT) as second:
            second.end(1)
            assert "another benchmark runs" in second.said() and "--together" in second.said(), second.said()
        program.signal(signal.SIGINT)
        program.process.wait(PATIENCE)


def test_pulse(folder):
    """Where Linux cannot run: QEMU's counters are all there is, and the result says whose figures they are."""
    lab = lab_folder(folder)
    with bench(folder, lab, "out", "guest=pulse", "backends=ide", "workloads=read", *SHORT, "--together") as program:
        program.end()
    found = results(folder, "out")
    figures = measured(found)[0]["figures"]
    assert figures["iops_per_s"] > 0 and figures["latency_mean_s"] > 0, figures
    assert figures["latency_p99_s"] is None, figures
    # A request is the guest's, 4 KiB; QEMU sees its eight sectors one by one.
    assert abs(figures["iops_per_s"] * 4096 / figures["throughput_bytes_per_s"] - 1) < 1e-6, figures
    assert found["plan"]["cells"][0]["guest"] == "pulse", found["plan"]["cells"]
    assert_nothing_is_left(lab)


def test_as_a_job_of_a_session(folder):
    """The session tells of it, and where the results are."""
    plan, output = os.path.join(folder, "short.plan"), os.path.join(folder, "out")
    with open(plan, "w") as file:
        file.write("[plan]\nguest = pulse\nbackends = ide\nbaseline = ide\nworkloads = read\n")
        file.writelines("%s = %s\n" % tuple(word.split("=")) for word in SHORT)
    last, _ = play(folder, ":bench plan=%s output=%s\nwait job done within 300\n:quit\n" % (plan, output))
    export = read_export(last)
    assert [job["action"] for job in export["jobs"]] == ["bench"], export["jobs"]
    told = [event["text"] for event in export["events"] if os.path.join(output, "results.json") in event["text"]]
    assert len(told) == 1 and "1 runs, complete" in told[0], export["events"]
    assert results(folder, "out")["complete"]
    assert_nothing_is_left(lab_folder(folder))


NAMESPACE = "https://virtlens.example/xmlns/1"  # core/virt/conn/xml.h
LEFT_OVER = """<domain type='qemu'><name>virtlens-bench-1</name><memory unit='MiB'>8</memory>
<metadata><v:guest xmlns:v='%s' template='bench'/></metadata><os><type arch='x86_64'>hvm</type></os></domain>"""


def test_left_over_guests_are_swept_on_this_machine_alone(folder):
    """Elsewhere they may be of a benchmark that runs, on yet another machine."""
    if missing():
        raise Skip(missing())
    with Host(folder) as host:
        path = os.path.join(folder, "left.xml")
        with open(path, "w") as file:
            file.write(LEFT_OVER % NAMESPACE)
        host.daemon.virsh("define", path)
        for uri, there in ((host.daemon.tcp_uri, ["virtlens-bench-1"]), (host.daemon.uri, [])):
            # There is no kernel for its guest: it ends before it begins.
            with Program(folder, "bench", "--connect", uri, "--output", os.path.join(folder, "out"), "guest=linux",
                         "disk-size=16M") as program:
                program.end(3)
            left = host.daemon.virsh("list", "--all", "--name").split()
            assert left == there, (uri, left, program.said())


if __name__ == "__main__":
    sys.exit(run_tests("bench", dict(globals())))
