#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The guest "linux": virtlens-mklinux makes it, it boots, sees a disk on every backend, obeys its shell and its power button."""

import json
import os
import re
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time

QEMU = "qemu-system-x86_64"
MKLINUX = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../conf/guests/virtlens-mklinux")
PATIENCE = 200  # seconds for a boot under emulation, on a loaded machine

# backend: (controller or None, device); the disks' sizes tell them apart
BACKENDS = {
    "virtio-blk": (None, "virtio-blk-pci"),
    "virtio-scsi": ("virtio-scsi-pci,id=vscsi", "scsi-hd,bus=vscsi.0"),
    "scsi-lsi": ("lsi53c895a,id=lsi", "scsi-hd,bus=lsi.0"),
    "ide": (None, "ide-hd,bus=ide.0"),
    "sata": ("ich9-ahci,id=ahci", "ide-hd,bus=ahci.0"),
    "nvme": (None, "nvme,serial=one"),
    "usb": ("qemu-xhci,id=usb", "usb-storage,bus=usb.0"),
}
NICS = ["virtio-net-pci", "e1000", "e1000e", "rtl8139"]


def megabytes(backend):
    return 8 * (1 + list(BACKENDS).index(backend))


class Guest:
    """QEMU with its serial port and its monitor on sockets."""

    def __init__(self, folder, linux):
        self.text = ""
        serial, theirs = socket.socketpair()
        monitor, theirs2 = socket.socketpair()
        args = [QEMU, "-accel", "tcg", "-m", "256", "-nodefaults", "-no-user-config", "-display", "none",
                "-chardev", f"socket,id=serial,fd={theirs.fileno()}", "-serial", "chardev:serial",
                "-chardev", f"socket,id=qmp,fd={theirs2.fileno()}", "-mon", "chardev=qmp,mode=control",
                "-kernel", os.path.join(linux, "vmlinuz"), "-initrd", os.path.join(linux, "initrd.img"),
                "-append", "console=ttyS0 panic=1 quiet"]
        for backend, (controller, device) in BACKENDS.items():
            path = os.path.join(folder, backend)
            with open(path, "wb") as file:
                file.truncate(megabytes(backend) << 20)
            if controller:
                args += ["-device", controller]
            args += ["-blockdev", json.dumps({"driver": "raw", "node-name": "disk-" + backend,
                                              "file": {"driver": "file", "filename": path}}),
                     "-device", f"{device},drive=disk-{backend}"]
        for nic in NICS:
            args += ["-netdev", f"hubport,hubid=0,id=net-{nic}", "-device", f"{nic},netdev=net-{nic},romfile="]
        self.process = subprocess.Popen(args, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno(), theirs2.fileno()])
        theirs.close()
        theirs2.close()
        self.serial, self.monitor = serial, monitor
        self.monitor.sendall(b'{"execute":"qmp_capabilities"}')

    def wait(self, pattern):
        """Read the serial port until PATTERN was said since the last wait."""
        end = time.monotonic() + PATIENCE
        while not re.search(pattern, self.text):
            left = end - time.monotonic()
            readable = left > 0 and select.select([self.serial], [], [], left)[0]
            data = self.serial.recv(65536) if readable else b""
            if not data:
                raise AssertionError(f"{pattern!r} was not said; the end of what was: {self.text[-1500:]!r}")
            self.text += data.decode(errors="replace")
        said, self.text = self.text, ""
        return said

    def type(self, line):
        self.serial.sendall(line.encode() + b"\n")

    def end(self):
        try:
            self.process.wait(PATIENCE)
        finally:
            self.process.kill()
            self.process.wait()


def boots(folder, linux):
    guest = Guest(folder, linux)
    try:
        said = guest.wait("linux# ")
        print(said[said.find("linux 6"):])
        for backend in BACKENDS:
            if not re.search(rf"  (sd|vd|nvme)\S+  {megabytes(backend)} MiB", said):
                raise AssertionError(f"the disk on {backend} ({megabytes(backend)} MiB) was not seen")
        guest.type("echo sum $((6 * 7)); ls -d /sys/class/net/*/device | wc -l | sed 's/^/nics /'")
        said = guest.wait(r"nics \d+\r")
        if "sum 42\r" not in said or f"nics {len(NICS)}\r" not in said:
            raise AssertionError(f"the shell said {said!r}")
        guest.monitor.sendall(b'{"execute":"system_powerdown"}')
        guest.wait("Power down")
    except BaseException:
        guest.process.kill()
        raise
    finally:
        guest.end()


def makes(folder, *options):
    """The folder with the kernel and initramfs, or None where packages cannot be had.  OPTIONS go to virtlens-mklinux."""
    for program in ("depmod", "cpio", "busybox"):
        if not shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin:/sbin"):
            print(f"SKIP: {program} is not installed")
            return None
    linux = os.path.join(folder, "a new", "folder")
    made = subprocess.run([MKLINUX, *options, linux], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    print(made.stderr)
    if made.returncode and re.search("apt knows no package|apt-get download .* failed", made.stderr):
        print("SKIP: the kernel package cannot be downloaded")
        return None
    if made.returncode:
        raise AssertionError(f"virtlens-mklinux ended with {made.returncode}")
    if sorted(os.listdir(linux)) != ["initrd.img", "programs", "vmlinuz"]:
        raise AssertionError(f"in the folder are {os.listdir(linux)}")
    return linux


def refuses(folder):
    """Bad arguments and bad packages: a message, a status, nothing left behind."""
    junk = os.path.join(folder, "junk.deb")
    with open(junk, "w") as file:
        file.write("no package")
    target = os.path.join(folder, "target")
    for status, text, args in [(2, "unknown option", ["--frobnicate"]), (2, "one folder", ["a", "b"]),
                               (1, "cannot be read", ["--deb=/no/such.deb", target]),
                               (1, "not a Debian package", ["--deb=" + junk, target]),
                               (1, "apt knows no package", ["--flavour=nonesuch", target]),
                               (1, "cannot be made", [junk + "/sub"])]:
        ran = subprocess.run([MKLINUX] + args, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if ran.returncode != status or text not in ran.stderr:
            raise AssertionError(f"{args}: status {ran.returncode}, {ran.stderr!r}; expected {status}, {text!r}")
    if os.path.exists(target) and os.listdir(target):
        raise AssertionError(f"left behind: {os.listdir(target)}")


def main():
    if not shutil.which(QEMU):
        print(f"SKIP: {QEMU} is not installed")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        linux = makes(folder)
        if not linux:
            return 77
        refuses(folder)
        boots(folder, linux)
    return 0


if __name__ == "__main__":
    sys.exit(main())
