# SPDX-License-Identifier: GPL-2.0-or-later
"""What actions cost: against the same calls made directly, many at once, and while the screen is used.  All in labs of
the embedded driver, where both programs are alone with libvirt."""
import glob
import json
import os
import re
import statistics
import subprocess
from datetime import datetime

from lab import HALT, HALT_SIZE, ms, percentile, table
from lens import Lens, tick_periods

TITLE = "Actions"
BUDGET = 1.1
TOGETHER = 10
CYCLES = 3  # in each process
MEASURED = ["launch", "snapshot", "revert", "clone", "delete"]
LAUNCH = ":launch name=guest template=pulse disk=64M mix=100\n"
CYCLE = (LAUNCH + ":snapshot guest name=one\n:revert guest name=one yes\n:force-off guest yes\n"
         ":clone guest name=clone\n:delete clone yes\n:delete guest yes\n")


def play(args, root, script):
    """A script played headless in the lab at ROOT: the export."""
    path = root + ".play"
    with open(path, "w") as file:
        file.write(script)
    said = subprocess.run([args.virtlens, "--batch", "--lab=stop", "--lab-root", root, "--play", path], check=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, universal_newlines=True,
                          env=dict(os.environ, XDG_STATE_HOME=root + ".state", LC_ALL="C.UTF-8")).stdout
    with open(said.splitlines()[-1]) as file:
        return json.load(file)


def qemu_img(*words):
    subprocess.run(["qemu-img", *words], check=True)


# ---- against the same calls ----

def prepare_bare(args, ours, bare):
    """What virtlens makes in lab OURS, put into lab BARE for the program that makes the same calls."""
    play(args, bare, "")
    play(args, ours, LAUNCH + ":force-off guest yes\n:clone guest name=clone\n")
    for disk, seed in (("guest-boot", "boot"), ("guest", "work")):
        qemu_img("convert", "-f", "qcow2", "-O", "raw", os.path.join(ours, "disks", disk + ".qcow2"),
                 os.path.join(bare, seed + ".raw"))
    names = {"guest-boot": "guest-boot", "guest": "guest-work", "clone-vda": "clone-boot", "clone-vdb": "clone-work"}
    for name in ("guest", "clone"):
        with open(os.path.join(ours, "etc", "qemu", name + ".xml")) as file:
            xml = re.sub("<uuid>.*?</uuid>|<!--.*?-->", "", file.read(), flags=re.S).replace(ours, bare)
        xml = re.sub(r"disks/([a-z-]*)\.qcow2", lambda m: "disks/%s.qcow2" % names[m.group(1)], xml)
        with open(os.path.join(bare, name + ".xml"), "w") as file:
            file.write(xml)
    play(args, ours, ":delete clone yes\n:delete guest yes\n")


def by_action(pairs):
    figures = {}
    for action, seconds in pairs:
        figures.setdefault(action, []).append(seconds)
    return figures


def run_acts(args, bare):
    out = subprocess.run([args.acts, "qemu:///embed?root=" + bare, bare, str(CYCLES)], check=True, stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL,
                         universal_newlines=True).stdout
    return by_action((line.split()[0], float(line.split()[1])) for line in out.splitlines())


def run_lens(args, ours):
    jobs = play(args, ours, CYCLE * CYCLES)["jobs"]
    gaps = [b["started_elapsed_seconds"] - a["ended_elapsed_seconds"] for a, b in zip(jobs, jobs[1:])]
    return by_action((job["action"], job["duration_seconds"]) for job in jobs), gaps


def verdict(ratio):
    return "kept" if ratio <= BUDGET else "missed"


def against_bare(args, folder):
    ours, bare = os.path.join(folder, "ours"), os.path.join(folder, "bare")
    prepare_bare(args, ours, bare)
    rounds, gaps = [], []
    for i in range(args.rounds + 1):
        if i % 2:
            direct = run_acts(args, bare)
        lens, between = run_lens(args, ours)
        if not i % 2:
            direct = run_acts(args, bare)
        if i:  # the first one fills the caches of both
            rounds.append((lens, direct))
            gaps += between
    rows = []
    for action in MEASURED:
        pairs = [[statistics.median(side[action]) for side in pair] for pair in rounds]
        ratios = sorted(a / b for a, b in pairs)
        ratio = statistics.median(ratios)
        rows.append([action, *(ms(statistics.median(side)) for side in zip(*pairs)), "%.2f" % ratio, "%.2f" % ratios[0],
                     "%.2f" % ratios[-1], verdict(ratio)])
    return ("Each action of a script played headless (the job's duration, of the session's JSON) against the same calls of "
            "libvirt and qemu-img in a minimal C program (`tests/bench/acts.c`), each in a lab of its own, taking turns; %d "
            "rounds of %d times each.  A round's ratio is that of its two medians; at most %.1f is asked for.  Guest: pulse, "
            "disk of 64 MiB; the snapshot is of a running guest, with its memory.\n\n"
            % (args.rounds, CYCLES, BUDGET) +
            table(["action", "virtlens ms", "directly ms", "median ratio", "smallest", "largest", ""], rows) +
            "\nBetween the end of a job and the start of the next the script takes %s ms (median; p99 %s).\n"
            % (ms(statistics.median(gaps)), ms(percentile(gaps, .99))))


# ---- many at once ----

def screen(args, root, *more):
    state = root + ".screen"
    return Lens(args.virtlens, ["--lab=stop", "--lab-root", root, *more], state)


def halted_source(args, folder, root):
    """A guest 'src' that sleeps when it runs: what starting it costs is not hidden by what it does."""
    image = os.path.join(folder, "halt-%s.img" % os.path.basename(root))
    with open(image, "wb") as file:
        file.write(HALT)
        file.truncate(HALT_SIZE)
    play(args, root, ":launch name=src template=image image=%s memory=16M\n:force-off src yes\n" % image)


def started(export):
    return [job for job in export["jobs"] if job["action"] == "start"]


def together(args, root):
    """Seconds from the first start to the last end of clones that are tagged and started."""
    path = root + ".play"
    with open(path, "w") as file:
        file.write("wait guest src off\n:filter src-\n:tag all\n:start\nwait job\n:tag none\n:quit\n")
    jobs = started(screen(args, root, "--play", path).end(120))
    assert len(jobs) == TOGETHER and all(job["state"] == "done" for job in jobs), jobs
    return max(j["ended_elapsed_seconds"] for j in jobs) - min(j["started_elapsed_seconds"] for j in jobs)


def one_by_one(args, root, names):
    return sum(job["duration_seconds"] for job in started(play(args, root, "".join(":start %s\n" % n for n in names))))


def many(args, folder):
    root = os.path.join(folder, "many")
    halted_source(args, folder, root)
    play(args, root, ":clone src count=%d\n" % TOGETHER)
    names = ["src-%02d" % n for n in range(1, TOGETHER + 1)]
    pairs = [(together(args, root), one_by_one(args, root, names)) for _ in range(args.rounds)]
    at_once, in_turn = zip(*pairs)
    ratios = sorted(a / b for a, b in pairs)
    return ("%d linked clones, tagged and started together on the screen, against the sum of their durations when a script "
            "starts one after the other; %d rounds.\n\n" % (TOGETHER, args.rounds) +
            table(["together ms", "one after the other ms", "median ratio", "smallest", "largest"],
                  [[ms(statistics.median(at_once)), ms(statistics.median(in_turn)), "%.2f" % statistics.median(ratios),
                    "%.2f" % ratios[0], "%.2f" % ratios[-1]]]))


# ---- beside a copy ----

def wall(job, field):
    """When JOB started or ended, in seconds since the epoch."""
    asked = datetime.fromisoformat(job["time"].replace("Z", "+00:00")).timestamp()
    return asked + job[field + "_elapsed_seconds"] - job["started_elapsed_seconds"]


def ticks_within(export, first, last):
    def inside(scan):
        return first < datetime.fromisoformat(scan["time"].replace("Z", "+00:00")).timestamp() < last
    return tick_periods({"scans": [scan for scan in export["scans"] if inside(scan)]})


def copying(root):
    """Bytes of the copies that are there: a copy that grows is under way."""
    return sum(os.stat(path).st_blocks for path in glob.glob(os.path.join(root, "disks", "copy-*.qcow2")))


def beside_copy(args, folder):
    root = os.path.join(folder, "copy")
    halted_source(args, folder, root)
    play(args, root, ":clone src count=9\n:attach src size=2G\n")
    for disk in glob.glob(os.path.join(root, "disks", "src*vdb*.qcow2")):
        subprocess.run(["qemu-io", "-f", "qcow2", "-c", "write -P 7 0 1G", "-c", "write -P 7 1G 1G", disk], check=True, stdout=subprocess.DEVNULL)
    lens = screen(args, root)
    lens.wait_text(b"src-09", 60)
    lens.read(5)
    without = lens.key_latencies(args.keys)
    lens.read(args.seconds)
    os.write(lens.fd, b":clone src name=copy-%02d mode=full count=20\r")
    while not copying(root):
        lens.read(0.02)
    beside = lens.key_latencies(args.keys)
    lens.read(args.seconds)
    os.write(lens.fd, b":cancel\r")
    lens.read(2)
    export = lens.quit()
    job = [job for job in export["jobs"] if job["action"] == "clone"][-1]
    assert job["state"] in ("cancelled", "failed") and job["duration_seconds"] > args.seconds, job
    began, ended = wall(job, "started"), wall(job, "ended")
    rows = [["without", without, ticks_within(export, began - args.seconds, began)],
            ["beside it", beside, ticks_within(export, began, ended)]]
    return ("What full clones (copies of a disk with 2 GiB) under way cost who is at the screen; %d keys, a tick of 1 s.\n\n"
            % args.keys +
            table(["", "key to repaint ms, p50", "p99", "largest", "tick s, median", "largest"],
                  [[name, ms(percentile(keys, .5)), ms(percentile(keys, .99)), ms(max(keys)),
                    "%.3f" % statistics.median(ticks), "%.3f" % max(ticks)] for name, keys, ticks in rows]))


def run(args, lab, folder):
    return "\n".join(part(args, folder) for part in (against_bare, many, beside_copy))
