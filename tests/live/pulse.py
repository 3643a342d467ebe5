#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The guest "pulse" at work: each backend the BIOS can drive, under each accelerator, judged by QEMU's own counters."""

import json
import os
import select
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time

QEMU = "qemu-system-x86_64"
SECTOR = 512
FIRST = 2048 * SECTOR
BOOT_BYTES = 1 << 20  # conf/pulse_image.h says why
SIZE = 4 << 20
PATIENCE = 150  # seconds until a guest must have done its work; a loaded machine is slow, a broken guest never gets there

# backend: (controllers, device of one disk)
BACKENDS = {
    "virtio-blk": ([], "virtio-blk-pci"),
    "virtio-scsi": (["virtio-scsi-pci,id=bus0"], "scsi-hd,bus=bus0.0"),
    "scsi-lsi": (["lsi53c895a,id=bus0"], "scsi-hd,bus=bus0.0"),
    "ide": ([], "ide-hd"),
    "sata": (["ich9-ahci,id=bus0"], "ide-hd,bus=bus0.{n}"),
    "usb": (["qemu-xhci,id=bus0"], "usb-storage,bus=bus0.0"),
    "nvme": ([], "nvme,serial=disk{n}"),
}
COMMON = ["virtio-blk", "virtio-scsi", "ide", "sata"]  # for the second accelerator: the BIOS's drivers are the same


def header(sectors=8, percent=70, order=0, magic=b"VLPULSE1"):
    return struct.pack("<8sHBB", magic, sectors, percent, order)


class Guest:
    """A QEMU with pulse on its first disk and SCRATCH (a path or None) as its second."""

    def __init__(self, folder, image, accel, backend, scratch):
        controllers, device = BACKENDS[backend]
        ours, theirs = socket.socketpair()
        self.serial = os.path.join(folder, "serial")
        boot = os.path.join(folder, "boot")
        shutil.copy(image, boot)
        os.truncate(boot, BOOT_BYTES)
        args = [QEMU, "-accel", accel, "-m", "8", "-nodefaults", "-display", "none", "-no-user-config",
                "-chardev", f"socket,id=qmp,fd={theirs.fileno()}", "-mon", "chardev=qmp,mode=control",
                "-chardev", "file,id=serial,path=" + self.serial.replace(",", ",,"), "-serial", "chardev:serial"]
        for controller in controllers:
            args += ["-device", controller]
        for n, path in enumerate(p for p in (boot, scratch) if p):
            args += ["-blockdev", json.dumps({"driver": "raw", "node-name": f"disk{n}",
                                              "file": {"driver": "file", "filename": path}}),
                     "-device", f"{device.format(n=n)},drive=disk{n},id=dev{n},bootindex={n + 1}"]
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(args, stdin=subprocess.DEVNULL, stdout=self.errors, stderr=self.errors,
                                        pass_fds=[theirs.fileno()])
        theirs.close()
        self.monitor = ours.makefile("rw")
        self.socket = ours
        if not self.monitor.readline():
            raise RuntimeError(f"QEMU did not start: {self.complaint()}")
        self.ask("qmp_capabilities")

    def complaint(self):
        self.process.wait(10)
        self.errors.seek(0)
        return self.errors.read().decode(errors="replace").strip()

    def ask(self, command):
        self.monitor.write(json.dumps({"execute": command}) + "\n")
        self.monitor.flush()
        while True:
            line = self.monitor.readline()
            if not line:
                raise RuntimeError(f"QEMU went away: {self.complaint()}")
            answer = json.loads(line)
            if "return" in answer or "error" in answer:
                return answer["return"]

    def counters(self):
        for entry in self.ask("query-blockstats"):
            if entry.get("node-name") == "disk1" or "dev1" in entry.get("qdev", ""):
                return entry["stats"]
        return None

    def said(self):
        try:
            with open(self.serial, "rb") as file:
                return file.read().decode(errors="replace")
        except FileNotFoundError:
            return ""

    def wait(self, condition, what):
        """Poll until CONDITION gives something; between polls wait for QEMU's end, which is an error."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = condition()
            if found:
                return found
            readable, _, _ = select.select([self.socket], [], [], 0.1)
            if readable and not self.socket.recv(1, socket.MSG_PEEK):
                raise RuntimeError(f"QEMU went away: {self.complaint()}")
            if readable:
                self.monitor.readline()
        raise AssertionError(f"{what} did not happen in {PATIENCE} s; serial port: {self.said()!r}, disk: {self.counters()}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.monitor.close()
        self.socket.close()
        self.errors.close()


def scratch_disk(folder, head, size=SIZE):
    path = os.path.join(folder, "scratch")
    with open(path, "wb") as file:
        file.write(head)
        file.truncate(size)
    return path


def equal(got, expected, what):
    if got != expected:
        raise AssertionError(f"{what}: {got!r}, expected {expected!r}")


def works(folder, image, accel, backend):
    """70 % of requests of 4 KiB read, 30 % write; nothing before sector 2048 changes."""
    head = header()
    path = scratch_disk(folder, head)

    def enough(guest):
        stats = guest.counters()
        return stats if stats["rd_operations"] > 200 and stats["wr_operations"] > 100 else None

    with Guest(folder, image, accel, backend, path) as guest:
        stats = guest.wait(lambda: enough(guest), "300 requests")
        equal(guest.said(), "pulse: 8 sectors a request, 70 % reads\r\n", "serial port")
    reads, writes = stats["rd_operations"], stats["wr_operations"]
    share = reads / (reads + writes)
    # The BIOS reads too, and IDE counts each sector of a request that is under way.
    if abs(share - 0.7) > 0.01 + 10 / (reads + writes):
        raise AssertionError(f"{share:.3f} of {reads + writes} requests read, expected 0.7")
    request = SECTOR if backend == "ide" else 8 * SECTOR  # SeaBIOS moves IDE's data by the sector, with the CPU
    equal(stats["wr_bytes"], writes * request, "bytes written")
    with open(path, "rb") as file:
        equal(file.read(FIRST), head + bytes(FIRST - len(head)), "the sectors before 2048")


def fills(folder, image, accel, order):
    """Writing only, in 127-sector requests that do not divide the disk: every whole slot gets written, nothing after."""
    head = header(127, 0, order)
    path = scratch_disk(folder, head)
    slot = 127 * SECTOR
    slots = (SIZE - FIRST) // slot
    wanted = slots * (2 if order == 0 else 40)
    with Guest(folder, image, accel, "virtio-blk", path) as guest:
        guest.wait(lambda: guest.counters()["wr_operations"] >= wanted, f"{wanted} requests")
    with open(path, "rb") as file:
        equal(file.read(FIRST), head + bytes(FIRST - len(head)), "the sectors before 2048")
        for n in range(slots):
            if not any(file.read(slot)):
                raise AssertionError(f"slot {n} of {slots} was never written")
        rest = file.read()
        equal(rest, bytes(len(rest)), "the sectors after the last slot")


def complains(folder, image, accel, scratch, text):
    with Guest(folder, image, accel, "virtio-blk", scratch) as guest:
        guest.wait(lambda: guest.said().endswith("\r\n"), "a line on the serial port")
        equal(guest.said(), text, "serial port")
        if scratch:
            equal(guest.counters()["wr_operations"], 0, "writes")


def complaints(folder, image, accel):
    bad = "pulse: second disk has no pulse header\r\n"
    small = "pulse: second disk is too small\r\n"
    complains(folder, image, accel, None, "pulse: no second disk\r\n")
    for head in (b"", header(magic=b"VLPULSE2"), header(magic=b"XLPULSE1"), header(0), header(128), header(65535),
                 header(percent=101)):
        complains(folder, image, accel, scratch_disk(folder, head), bad)
    for size in (SECTOR, FIRST, FIRST + 7 * SECTOR):
        complains(folder, image, accel, scratch_disk(folder, header(), size), small)


def accelerators():
    yield "tcg"
    if os.access("/dev/kvm", os.R_OK | os.W_OK):
        yield "kvm"
    else:
        print("SKIP: kvm: /dev/kvm is not there or not for us")


def run(name, test, *args):
    with tempfile.TemporaryDirectory(prefix="pulse test,") as folder:
        try:
            test(folder, *args)
        except (AssertionError, RuntimeError) as error:
            print(f"FAIL: {name}: {error}", flush=True)
            return 1
    print(f"PASS: {name}", flush=True)
    return 0


def main():
    image = sys.argv[1] if len(sys.argv) > 1 else "conf/pulse.img"
    if not shutil.which(QEMU):
        print(f"SKIP: {QEMU} is not installed")
        return 77
    failed = 0
    for accel in accelerators():
        for backend in BACKENDS if accel == "tcg" else COMMON:
            failed += run(f"{accel}: works on {backend}", works, image, accel, backend)
        failed += run(f"{accel}: sequential order fills the disk", fills, image, accel, 0)
        failed += run(f"{accel}: random order fills the disk", fills, image, accel, 1)
    failed += run("complaints", complaints, image, "tcg")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
